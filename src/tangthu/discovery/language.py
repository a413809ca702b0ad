"""The language of the catalogue's search box, parsed into the query tree.

    mắt biếc                     both words, with or without their marks
    "mắt biếc"                   side by side
    tác giả: nguyễn nhật ánh     a field holds for the words after it (also tac gia: author:)
    thơ -tuyển                   without a word
    toán*                        words that begin so
    thơ OR truyện, thơ hoặc truyện
    chủ đề: (cà phê | ca cao)    grouping
    1990-2000   1990-   năm: 2005

Whatever is typed has a meaning: `parse` never refuses. What it had to leave out it says in notes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from tangthu.discovery.query import (
    Everything,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    YearRange,
    both,
    either,
)
from tangthu.text import fold, normalise, place_variants, tokens

MAX_CHARACTERS = 1000
MAX_WORDS = 40
MAX_DEPTH = 8
SHORTEST_PREFIX = 2


class Note(StrEnum):
    """What the parser had to do to make sense of the input."""

    SHORTENED = "shortened"
    TOO_MANY_WORDS = "too_many_words"
    UNBALANCED_QUOTE = "unbalanced_quote"
    PREFIX_TOO_SHORT = "prefix_too_short"
    TOO_DEEP = "too_deep"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question understood: the tree, and what the asker should know about it."""

    tree: Node
    notes: tuple[Note, ...] = ()


_FIELDS = {
    Field.TITLE: ("nhan de", "title", "ten sach", "ti"),
    Field.AUTHOR: ("tac gia", "author", "tg", "au"),
    Field.SUBJECT: ("chu de", "subject", "de muc", "tu khoa", "keyword", "su"),
    Field.PUBLISHER: ("nxb", "nha xuat ban", "publisher", "pb"),
    Field.SERIES: ("tung thu", "series", "se"),
    Field.NOTE: ("phu chu", "ghi chu", "note"),
    Field.CONTENTS: ("muc luc", "noi dung", "contents"),
    Field.IDENTIFIER: (
        "isbn", "issn", "id", "barcode", "ma vach", "dkcb", "so dkcb", "so dang ky",
    ),
    Field.CALL_NUMBER: ("ky hieu", "ki hieu", "ky hieu xep gia", "phan loai", "call"),
    Field.LANGUAGE: ("ngon ngu", "language", "lang"),
}  # fmt: skip
_YEAR_NAMES = frozenset({"nam", "nam xb", "nam xuat ban", "year"})
_FIELD_BY_NAME = {name: field for field, names in _FIELDS.items() for name in names}
_LONGEST_NAME = max(len(name.split()) for name in (*_FIELD_BY_NAME, *_YEAR_NAMES))

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PUNCTUATION = str.maketrans({"：": ":", "–": "-", "—": "-", "−": "-", "（": "(", "）": ")"})
_ISBN = re.compile(r"(?<![\d-])97[89](?:[ -]?\d){10}(?![\d-])")
_PIECE = re.compile(r'-?"[^"]*"|[()|]|-(?=\()|[^\s()|"]+')
_YEARS = re.compile(r"(\d{4})?-(\d{4})?|(\d{4})")
_PLACED = frozenset({Field.ANY, Field.TITLE, Field.SUBJECT, Field.PUBLISHER, Field.SERIES})
_DATED = frozenset({Field.ANY, Field.AUTHOR, Field.SUBJECT, Field.PUBLISHER, Field.SERIES})
_LONGEST_PLACE = 3
_SHORTEST_PLACE = 5
"""Shorter names of one word, as Kho, are common words too."""
_EITHER_WORDS = frozenset({"OR", "|"})
_NOT_WORDS = frozenset({"NOT"})


@dataclass(frozen=True, slots=True)
class _Piece:
    """A lexical piece: a word, a phrase, a field name or a sign."""

    kind: str
    text: str
    negative: bool = False
    field: Field | None = None


def parse(text: str) -> Parsed:
    """Translate what was typed into a tree. Never raises; bounded in time and size."""
    notes: list[Note] = []
    pieces = _pieces(_cleaned(text, notes), notes)
    tree = _Reader(_limited(pieces, notes), notes).everything()
    return Parsed(tree, tuple(dict.fromkeys(notes)))


def _cleaned(text: str, notes: list[Note]) -> str:
    if len(text) > MAX_CHARACTERS:
        notes.append(Note.SHORTENED)
        text = text[:MAX_CHARACTERS].rpartition(" ")[0] or text[:MAX_CHARACTERS]
    # Control characters, and halves of surrogate pairs, which no index can take.
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    text = normalise(text).translate(_QUOTES).translate(_PUNCTUATION)
    text = _ISBN.sub(lambda isbn: re.sub("[ -]", "", isbn.group()), text)
    if text.count('"') % 2:
        notes.append(Note.UNBALANCED_QUOTE)
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    return text


def _pieces(text: str, notes: list[Note]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for raw in _PIECE.findall(text):
        if raw in {"(", ")", "|"} or raw == "-":
            pieces.append(_Piece(raw, raw))
        elif raw.endswith('"'):
            pieces.append(_Piece("phrase", raw.strip('-"'), negative=raw.startswith("-")))
        else:
            _add_word(pieces, raw)
    return _without_empty(pieces, notes)


def _add_word(pieces: list[_Piece], raw: str) -> None:
    name, colon, rest = raw.partition(":")
    if colon and _add_field(pieces, name):
        if rest:
            _add_word(pieces, rest)
        return
    negative = len(raw) > 1 and raw.startswith("-")
    pieces.append(_Piece("word", raw[1:] if negative else raw, negative=negative))


def _add_field(pieces: list[_Piece], last: str) -> bool:
    """Make a field of a name that ends at this colon and may have begun some words before."""
    before: list[_Piece] = []
    for piece in reversed(pieces[-_LONGEST_NAME:]):
        if piece.kind != "word":
            break
        before.insert(0, piece)
        if piece.negative:
            break
    while True:
        words = [*(piece.text for piece in before), last]
        negative = before[0].negative if before else last.startswith("-")
        name = " ".join(fold(" ".join(words)).strip("- ").split())
        if name in _YEAR_NAMES or name in _FIELD_BY_NAME:
            del pieces[len(pieces) - len(before) :]
            field = _FIELD_BY_NAME.get(name)
            kind = "field" if field else "years"
            pieces.append(_Piece(kind, name, negative=negative, field=field))
            return True
        if not before:
            return False
        del before[0]


def _without_empty(pieces: list[_Piece], notes: list[Note]) -> list[_Piece]:
    """Drop words with nothing to look for, and say so where a prefix is too short."""
    kept: list[_Piece] = []
    for piece in pieces:
        if piece.kind == "word" and piece.text.endswith("*"):
            stem = piece.text.rstrip("*")
            if len("".join(tokens(stem))) < SHORTEST_PREFIX:
                notes.append(Note.PREFIX_TOO_SHORT)
                piece = replace(piece, text=stem)
            else:
                piece = replace(piece, kind="prefix", text=stem)
        if piece.kind in {"word", "phrase"} and not tokens(piece.text):
            continue
        kept.append(piece)
    return kept


def _limited(pieces: list[_Piece], notes: list[Note]) -> list[_Piece]:
    kept: list[_Piece] = []
    words = 0
    for piece in pieces:
        if piece.kind in {"word", "prefix", "phrase"}:
            words += max(1, len(tokens(piece.text)))
            if words > MAX_WORDS:
                notes.append(Note.TOO_MANY_WORDS)
                break
        kept.append(piece)
    return kept


class _Reader:
    """A recursive descent over the pieces, at most `MAX_DEPTH` groups deep."""

    def __init__(self, pieces: list[_Piece], notes: list[Note]) -> None:
        self._pieces = pieces
        self._notes = notes
        self._at = 0

    def everything(self) -> Node:
        parts = []
        while self._at < len(self._pieces):
            parts.append(self._alternatives(Field.ANY, depth=0))
            self._skip(")")
        return both(*parts)

    def _alternatives(self, field: Field, *, depth: int) -> Node:
        branches = [self._sequence(field, depth=depth)]
        while self._is_either():
            self._at += 1
            branches.append(self._sequence(field, depth=depth))
        present = [branch for branch in branches if not isinstance(branch, Everything)]
        return either(*present)

    def _sequence(self, field: Field, *, depth: int) -> Node:
        """Read parts that must all match, up to an OR or the end of the group."""
        parts: list[Node] = []
        while (piece := self._peek()) and piece.kind != ")" and not self._is_either():
            self._at += 1
            if piece.kind in {"field", "years"} and not piece.negative:
                field = piece.field or Field.ANY
                if piece.kind == "years":
                    parts.append(self._years())
            else:
                parts.append(self._part(piece, field, depth=depth))
        return both(*_with_places(parts))

    def _part(self, piece: _Piece, field: Field, *, depth: int) -> Node:
        match piece.kind:
            case "-":
                return _not(self._next_part(field, depth=depth))
            case "(":
                return self._group(field, depth=depth)
            case "field":
                return _not(self._field_words(piece.field or field, depth=depth))
            case "years":
                return _not(self._years())
            case "word" if piece.text in _NOT_WORDS and self._peek():
                return _not(self._next_part(field, depth=depth))
            case "word" if piece.text == "AND":
                return Everything()
        leaf = _leaf(piece, field)
        return Not(leaf) if piece.negative else leaf

    def _next_part(self, field: Field, *, depth: int) -> Node:
        piece = self._peek()
        if piece is None or piece.kind == ")":
            return Everything()
        self._at += 1
        return self._part(replace(piece, negative=False), field, depth=depth + 1)

    def _field_words(self, field: Field, *, depth: int) -> Node:
        """Read the words of a negated field: up to the next field, sign or negation."""
        parts: list[Node] = []
        while (piece := self._peek()) and not piece.negative and not self._is_either():
            if piece.kind not in {"word", "prefix", "phrase"}:
                break
            self._at += 1
            parts.append(self._part(piece, field, depth=depth))
        return both(*parts)

    def _group(self, field: Field, *, depth: int) -> Node:
        if depth >= MAX_DEPTH:
            self._notes.append(Note.TOO_DEEP)
            return Everything()
        inside = self._alternatives(field, depth=depth + 1)
        self._skip(")")
        return inside

    def _years(self) -> Node:
        piece = self._peek()
        if piece is None or piece.kind != "word":
            return Everything()
        text = f"-{piece.text}" if piece.negative else piece.text
        if (years := _year_range(text, alone=False)) is None:
            return Everything()
        self._at += 1
        return years

    def _is_either(self) -> bool:
        piece = self._peek()
        if piece is None:
            return False
        if piece.kind == "|":
            return True
        if piece.kind != "word" or piece.negative or self._at == 0:
            return False
        is_or = piece.text in _EITHER_WORDS or piece.text.casefold() == "hoặc"
        return is_or and self._at + 1 < len(self._pieces)

    def _peek(self) -> _Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _skip(self, kind: str) -> None:
        piece = self._peek()
        if piece is not None and piece.kind == kind:
            self._at += 1


def _with_places(parts: list[Node]) -> list[Node]:
    """Let the name of a place be written in its other ways: Đắk Lắk, Đăk Lăk, Daklak, Darlac."""
    known: list[Node] = []
    at = 0
    while at < len(parts):
        for length in range(_LONGEST_PLACE, 0, -1):
            if place := _place(parts[at : at + length], length):
                known.append(place)
                at += length
                break
        else:
            known.append(parts[at])
            at += 1
    return known


def _place(parts: list[Node], length: int) -> Node | None:
    terms = [part for part in parts if isinstance(part, Term)]
    if len(terms) != length or len({term.field for term in terms}) != 1:
        return None
    if terms[0].field not in _PLACED:
        return None
    text = " ".join(term.text for term in terms)
    if length == 1 and len(text) < _SHORTEST_PLACE:
        return None
    others = place_variants(text)[1:]
    if not others:
        return None
    return Or((both(*terms), *(Phrase(other, terms[0].field) for other in others)))


def _leaf(piece: _Piece, field: Field) -> Node:
    if piece.kind == "phrase":
        return Phrase(piece.text, field)
    if piece.kind == "prefix":
        return Prefix(piece.text, field)
    if field in _DATED and (years := _year_range(piece.text, alone=True)):
        # A history of 1930-1945 was hardly published then: its title says so.
        return years if years.last is None else Or((years, Phrase(piece.text)))
    return Term(piece.text, field)


def _year_range(text: str, *, alone: bool) -> YearRange | None:
    """Read `1990-2000`, `1990-`; under a year field also `-2000` and `1990`."""
    found = _YEARS.fullmatch(text)
    if found is None or text == "-":
        return None
    first, last, single = (int(year) if year else None for year in found.groups())
    if alone and (first is None or not 1000 <= first <= 2999):
        return None
    if single is not None:
        return YearRange(single, single)
    if first is not None and last is not None and first > last:
        first, last = last, first
    return YearRange(first, last)


def _not(part: Node) -> Node:
    return part if isinstance(part, Everything) else Not(part)
