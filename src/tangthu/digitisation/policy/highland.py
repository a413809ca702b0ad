"""Putting back the letters of Ê Đê, Gia Rai and M'Nông that no recognition model can write.

The models know neither ƀ č ĕ ĭ ŏ ŭ nor ơ̆ ư̆: `Ƀuôn` is read `Buôn`, `Čư` comes out as `šư` or
`Cư`. A name or word of the gazetteer is put back where a document's page has one that differs in
nothing but such letters. Vietnamese looks alike (`buôn bán`, `Buôn Hồ`), so a word that could be
Vietnamese is put back only on a line that reads as another language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.text import fold
from tangthu.text.normal import match_apostrophes
from tangthu.text.syllables import looks_vietnamese, syllable

LONGEST_ENTRY = 80
MOST_WORDS = 6
SPECIAL = frozenset("ƀčĕĭŏŭ\u0306")
_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
# What the models make of č, apart from c: they know š and è from elsewhere, and see ¢ in stains.
_MISREAD = str.maketrans("š¢ç", "ccc")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name or word as it is written; `is_distinct` of a name that no Vietnamese looks like."""

    words: tuple[str, ...]
    is_distinct: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names and words by what the engine makes of them; `longest` is of how many words."""

    entries: Mapping[Key, Entry]
    longest: int

    def at(self, keys: Sequence[str], start: int) -> Entry | None:
        """Return the longest entry that stands at this word."""
        for length in range(min(self.longest, len(keys) - start), 0, -1):
            found = self.entries.get(tuple(keys[start : start + length]))
            if found is not None:
                return found
        return None


def read_names(text: str) -> Iterator[str]:
    """Yield the names of a list: one a line, what follows # is a remark."""
    for line in text.splitlines():
        name = " ".join(unicodedata.normalize("NFC", line.split("#")[0]).split())
        if name:
            yield match_apostrophes(name)[:LONGEST_ENTRY]


def gazetteer(names: Iterable[str]) -> Gazetteer:
    """Build the look-up. Of names that look alike to the engine the first is taken."""
    entries: dict[Key, Entry] = {}
    for name in names:
        words = tuple(name.split()[:MOST_WORDS])
        key = tuple(map(key_of, words))
        if all(key) and any(map(is_special, words)):
            is_name = name[0].isupper() and any(map(_is_foreign, words))
            entries.setdefault(key, Entry(words, is_name))
    return Gazetteer(entries, max(map(len, entries), default=0))


def repair(layout: Layout, known: Gazetteer) -> Layout:
    """Return the page with the letters put back; each word changed is marked as repaired."""
    if not known.entries:
        return layout
    blocks = tuple(
        Block(tuple(_repaired(line, known) for line in block.lines)) for block in layout.blocks
    )
    return replace(layout, blocks=blocks)


def key_of(word: str) -> str:
    """Return a word as the engine may read it: small, without any mark, č and its mistakes as c."""
    core = _CORE.match(word)
    return fold(core[2].lower().translate(_MISREAD)) if core else ""


def is_special(word: str) -> bool:
    """Tell whether the word has a letter that the models do not know."""
    letters = unicodedata.normalize("NFD", word.lower())
    return any(_is_special_letter(letters, at) for at in range(len(letters)))


def _is_special_letter(letters: str, at: int) -> bool:
    sign = letters[at]
    if sign == "\u0306":
        # A breve is Vietnamese on an a alone.
        return letters[max(at - 1, 0)] != "a"
    return sign in SPECIAL or (sign == "\u030c" and letters[max(at - 1, 0)] == "c")


def _repaired(line: Line, known: Gazetteer) -> Line:
    keys = [key_of(word.text) for word in line.words]
    highland = _reads_as_highland(line, keys, known)
    words: list[Word] = []
    while len(words) < len(line.words):
        start = len(words)
        entry = known.at(keys, start)
        if entry is None or not (highland or entry.is_distinct):
            words.append(line.words[start])
            continue
        pairs = zip(line.words[start:], entry.words, strict=False)
        words.extend(_with_letters(word, wanted) for word, wanted in pairs)
    return Line(tuple(words))


def _reads_as_highland(line: Line, keys: Sequence[str], known: Gazetteer) -> bool:
    """Tell whether most of a line's words cannot be Vietnamese, or stand in the gazetteer."""
    words = [word.text for word, key in zip(line.words, keys, strict=True) if key.isalpha()]
    foreign = sum(
        _is_foreign(text) or (known.at(keys, at) is not None and not _has_tone(text))
        for at, text in enumerate(word.text for word in line.words)
        if keys[at].isalpha()
    )
    return bool(words) and foreign * 2 > len(words)


def _is_foreign(word: str) -> bool:
    core = _CORE.match(word)
    plain = unicodedata.normalize("NFC", core[2].lower()) if core else ""
    return bool(plain) and not looks_vietnamese(plain) and not looks_vietnamese(fold(plain))


def _has_tone(word: str) -> bool:
    core = _CORE.match(word)
    read = syllable(unicodedata.normalize("NFC", core[2].lower())) if core else None
    return read is not None and bool(read.tone)


def _with_letters(word: Word, wanted: str) -> Word:
    """Return the word as the gazetteer writes it, in its own capitals and between its own signs."""
    core = _CORE.match(word.text)
    if core is None or not is_special(wanted):
        return word
    text = core[1] + _in_case_of(core[2], wanted) + core[3]
    if text == word.text:
        return word
    return replace(word, text=text, repaired=True, original=word.original or word.text)


def _in_case_of(pattern: str, wanted: str) -> str:
    letters = [sign for sign in pattern if sign.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return wanted.upper()
    if letters and letters[0].isupper():
        return wanted[0].upper() + wanted[1:]
    return wanted[0].lower() + wanted[1:]
