"""Reading ALTO of strangers: by Expat, in one pass, with no tree and no entities.

Versions 2, 3 and 4 differ in their namespace and in what we pass over. What is not text
(illustrations, styles, glyphs) is passed over; damaged numbers are read as 0.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from xml.parsers import expat

from tangthu.formats.alto.layout import Block, Box, Layout, Line, Word

LARGEST = 64 * 1024**2
"""Bytes: a newspaper page with a glyph for every letter has 20 million."""

DEEPEST = 40
MOST_WORDS = 100_000
LONGEST_WORD = 1_000
FARTHEST = 1_000_000
"""No box lies beyond it: the largest picture taken in has a side of 100,000."""

_EDITED = "repaired"


class NotAlto(ValueError):
    """The bytes are no ALTO, are damaged, or are more than one page can be."""


def read(data: bytes) -> Layout:
    """Return the first page of an ALTO document. Raises NotAlto.

    A document type declaration is refused, and with it every entity but XML's own five.
    """
    if len(data) > LARGEST:
        raise NotAlto("larger than one page can be")
    collector = _Collector()
    try:
        collector.parser.Parse(data, True)  # noqa: FBT003
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotAlto(str(error)) from error
    if not collector.is_alto or collector.pages == 0:
        raise NotAlto("there is no page of ALTO in it")
    return collector.layout()


class _Collector:
    """Expat's handlers, and the page that is being put together."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.is_alto = False
        self.pages = 0
        self._depth = 0
        self._count = 0
        self._size = (0, 0)
        self._blocks: list[Block] = []
        self._lines: list[Line] = []
        self._words: list[Word] = []
        self._word: Word | None = None
        self._alternative: list[str] | None = None

    def layout(self) -> Layout:
        """Return what was read. Without a size, the page is as large as its text."""
        width, height = self._size
        for box in (word.box for block in self._blocks for ln in block.lines for word in ln.words):
            width, height = max(width, box[0] + box[2]), max(height, box[1] + box[3])
        return Layout(width, height, tuple(self._blocks))

    def _refuse(self, *_declaration: object) -> None:
        raise NotAlto("a document type is declared")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotAlto("nested too deeply")
        local = name.rpartition(":")[2]
        if self._depth == 1:
            self.is_alto = local.lower() == "alto"
        match local:
            case "Page":
                self._begin_page(attributes)
            case "String" if self.pages == 1:
                self._word = self._word_of(attributes)
            case "HYP" if self.pages == 1 and self._words:
                self._hyphen(attributes.get("CONTENT", ""))
            case "ALTERNATIVE" if attributes.get("PURPOSE") == _EDITED:
                self._alternative = []

    def _begin_page(self, attributes: Mapping[str, str]) -> None:
        self.pages += 1
        if self.pages == 1:
            self._size = (_whole(attributes.get("WIDTH")), _whole(attributes.get("HEIGHT")))

    def _word_of(self, attributes: Mapping[str, str]) -> Word | None:
        text = _clean(attributes.get("CONTENT", ""))
        if not text:
            return None
        self._count += 1
        if self._count > MOST_WORDS:
            raise NotAlto("more words than one page can have")
        tags = attributes.get("TAGREFS", "").split()
        return Word(
            text,
            _box(attributes),
            confidence=_confidence(attributes.get("WC")),
            repaired=_EDITED in tags,
            corrected=attributes.get("CS", "").lower() in {"true", "1"},
        )

    def _hyphen(self, sign: str) -> None:
        """Put the hyphen at the line's end where it stands in print."""
        last = self._words[-1]
        if sign and not last.text.endswith(sign):
            text = _clean(last.text + sign)
            self._words[-1] = Word(text, last.box, last.confidence, corrected=last.corrected)

    def _characters(self, text: str) -> None:
        if self._alternative is not None:
            self._alternative.append(text[:LONGEST_WORD])

    def _end(self, name: str) -> None:
        self._depth -= 1
        match name.rpartition(":")[2]:
            case "ALTERNATIVE":
                self._end_alternative()
            case "String" if self._word is not None:
                self._words.append(self._word)
                self._word = None
            case "TextLine" if self._words:
                self._lines.append(Line(tuple(self._words)))
                self._words = []
            case "TextBlock" if self._lines:
                self._blocks.append(Block(tuple(self._lines)))
                self._lines = []

    def _end_alternative(self) -> None:
        if self._alternative is not None and self._word is not None:
            word, original = self._word, _clean("".join(self._alternative))
            self._word = Word(
                word.text, word.box, word.confidence, word.repaired, original, word.corrected
            )
        self._alternative = None


def _clean(text: str) -> str:
    """Return one word, composed: without signs that cannot be shown, or spaces."""
    kept = "".join(sign for sign in text[:LONGEST_WORD] if sign.isprintable() and sign != " ")
    return unicodedata.normalize("NFC", kept)


def _box(attributes: Mapping[str, str]) -> Box:
    left, top = _whole(attributes.get("HPOS")), _whole(attributes.get("VPOS"))
    return (left, top, _whole(attributes.get("WIDTH")), _whole(attributes.get("HEIGHT")))


def _whole(text: str | None) -> int:
    number = _number(text)
    return round(min(max(number, 0.0), FARTHEST)) if number is not None else 0


def _confidence(text: str | None) -> float | None:
    number = _number(text)
    return min(max(number, 0.0), 1.0) if number is not None else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return None if number != number else number
