"""Cutting text into words, the same way for the index, the query and the highlight.

Vietnamese writes a space between syllables, so a word here is a syllable; phrases
are the business of the search engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from tangthu.text.normal import APOSTROPHES, compose


def _marks_of_other_scripts() -> str:
    blocks = (*range(0x0483, 0x3100), *range(0xA66F, 0xAC00))
    return "".join(chr(c) for c in blocks if unicodedata.category(chr(c)).startswith("M"))


_MARKS = "\u0300-\u036f" + _marks_of_other_scripts()
_SILENT = "\u00ad\u200b-\u200d\u2060\ufeff"
_APOSTROPHE = f"['{APOSTROPHES}]"
_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_LETTER = rf"(?:(?!{_IDEOGRAPH})[\w{_MARKS}{_SILENT}])"
_ELIDED = r"\b(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu)"
_VOWEL = "[aeiouyhàâäæéèêëîïôöœùûü]"

WORD = re.compile(rf"[\w{_MARKS}]+")
"""A run of letters, marks and digits of any script."""

_AWKWARD = re.compile(rf"[_+#{_SILENT}']|{_APOSTROPHE}|\.\d|{_IDEOGRAPH}")
_ANY_WORD = re.compile(
    rf"{_IDEOGRAPH}"
    rf"|\b[a-z](?:\+\+|\#)(?!{_LETTER})"
    r"|(?<![\w.])\d{1,3}(?:\.\d{3})+(?!\w|\.\d)"
    rf"|{_ELIDED}(?={_APOSTROPHE}{_VOWEL})"
    rf"|(?:\bh{_APOSTROPHE}[ \u00a0])?{_LETTER}+(?:{_APOSTROPHE}{_LETTER}+)*",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(rf"(?<=\w\w){_APOSTROPHE}s$", re.IGNORECASE)
_INSIDE = re.compile(rf"{_APOSTROPHE}|[{_SILENT} \u00a0.]")


class Word(NamedTuple):
    """A word and where it stands: `s[start:end]` is what was typed."""

    text: str
    start: int
    end: int


def tokens(s: str) -> list[str]:
    """Return the words of `s` in order, composed, in the case in which they were typed.

    M'gar, M’gar and H’ Hen each make one word, without the apostrophe; l'enfant
    makes two and women's is women. 25.000 is one number, C++ and C# are words, a
    Han or Nôm character is a word by itself. Other punctuation parts words.
    """
    text = compose(s)
    if not _AWKWARD.search(text):
        return WORD.findall(text)
    return [word.text for word in word_spans(text)]


def word_spans(s: str) -> Iterator[Word]:
    """Yield the words of `tokens(s)` with their places in `s` as it was given."""
    for match in _ANY_WORD.finditer(s.replace("_", " ")):
        text = _INSIDE.sub("", _POSSESSIVE.sub("", match[0]))
        if text:
            yield Word(compose(text), match.start(), match.end())
