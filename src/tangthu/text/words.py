"""Cutting text into words, the same way for the index, the query and the highlight.

Vietnamese writes a space between syllables, so a word here is a syllable; phrases
are the business of the search engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from tangthu.text.memory import Memory
from tangthu.text.normal import APOSTROPHES, INVISIBLE, compose


def _marks_of_other_scripts() -> str:
    blocks = (*range(0x0483, 0x3100), *range(0xA66F, 0xAC00))
    return "".join(chr(c) for c in blocks if unicodedata.category(chr(c)).startswith("M"))


_MARKS = "\u0300-\u036f" + _marks_of_other_scripts()
_SILENT = f"{INVISIBLE}\u00ad\u200c\u200d"
_APOSTROPHE = f"['{APOSTROPHES}]"
_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_LETTER = rf"(?:(?!{_IDEOGRAPH}|{_APOSTROPHE})[\w{_MARKS}{_SILENT}])"
_ELIDED = r"\b(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu)"
_VOWEL = "[aeiouyhàâäæéèêëîïôöœùûü]"

WORD = re.compile(rf"[\w{_MARKS}]+")
"""A run of letters, marks and digits of any script."""

_ANY_WORD = re.compile(
    rf"{_IDEOGRAPH}"
    rf"|\b[a-z](?:\+\+|\#)(?!{_LETTER})"
    r"|(?<![\w.])\d{1,3}(?:\.\d{3})+(?!\w|\.\d)"
    rf"|{_ELIDED}(?={_APOSTROPHE}{_VOWEL})"
    rf"|(?:\bh{_APOSTROPHE} )?{_LETTER}+(?:{_APOSTROPHE}{_LETTER}+)*",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(rf"(?<=\w\w){_APOSTROPHE}s$", re.IGNORECASE)
_EDGES = '.,:;/()[]-"?!'
_AWKWARD = re.compile(rf"[_+#`'{INVISIBLE}]|\.\d")
_PARTED = tuple(f"{sign} " for sign in f"'{APOSTROPHES}")
_PARTICLE_AND_SPACE = re.compile(rf"(\bh{_APOSTROPHE}) (?={_LETTER})", re.IGNORECASE)
_INSIDE = re.compile(rf"{_APOSTROPHE}|[{_SILENT} .]")


LONGEST_WORD = 64
"""Letters beyond these do not tell words apart; they are cut, in the index and in the query."""


class Word(NamedTuple):
    """A word and where it stands: `s[start:end]` is what was typed."""

    text: str
    start: int
    end: int


def tokens(s: str) -> list[str]:
    """Return the words of `s` in order, composed, in the case in which they were typed.

    M'gar, M’gar and H’ Hen each make one word, without the apostrophe; l'enfant
    makes two and women's is women. 25.000 is one number, C++ and C# are words, a
    Han or Nôm character is a word by itself. Other punctuation parts words. Of a
    word longer than `LONGEST_WORD` the beginning is given.
    """
    if any(parted in s for parted in _PARTED):
        s = _PARTICLE_AND_SPACE.sub(r"\1", s)
    return [word for chunk in s.split() for word in _WORDS[chunk]]


def word_spans(s: str) -> Iterator[Word]:
    """Yield the words of `tokens(s)` with their places in `s` as it was given."""
    for match in _ANY_WORD.finditer(s.replace("_", " ")):
        text = _INSIDE.sub("", _POSSESSIVE.sub("", compose(match[0])))
        if text:
            yield Word(compose(text)[:LONGEST_WORD], match.start(), match.end())


def _words_of(chunk: str) -> tuple[str, ...]:
    """Return the words between two spaces, without the general search where it is not needed."""
    if chunk.isascii():
        bare = chunk.strip(_EDGES)
        if bare.isalnum():
            return (bare[:LONGEST_WORD],)
        if not _AWKWARD.search(chunk):
            return tuple([word[:LONGEST_WORD] for word in WORD.findall(chunk)])
    return tuple(word.text for word in word_spans(chunk))


_WORDS = Memory(_words_of)
