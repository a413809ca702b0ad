"""The one form in which text is stored and compared.

Unicode's NFC is not enough for the scripts of the Central Highlands: it keeps
the two typing orders of `ê̆` apart, and leaves `é̂` where the writer meant `ế`.
"""

from __future__ import annotations

import re
import unicodedata

from tangthu.text.memory import Memory

HORN, CIRCUMFLEX, BREVE = "\u031b", "\u0302", "\u0306"
GRAVE, HOOK, TILDE, ACUTE, DOT_BELOW = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
TONES = GRAVE + HOOK + TILDE + ACUTE + DOT_BELOW
"""The five written tones in dictionary order: huyền, hỏi, ngã, sắc, nặng."""

APOSTROPHES = "\u2019\u02bc\u2018\u00b4\u0060\u2032\u02b9\u02bb\uff07"
"""Signs that readers and cataloguers type for the apostrophe of H’Hen or M’gar."""

_RANK = {HORN: 0, CIRCUMFLEX: 1, BREVE: 2} | dict.fromkeys(TONES, 3)
_STRAY_MARK = re.compile("[\u0300-\u036f]")
_MARKED_VOWEL = re.compile("([AEIOUYaeiouy])([\u0300-\u036f]{2,})")

# The soft hyphen is not among these: in a misread TCVN3 text it is the letter ư.
INVISIBLE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_JOINERS = re.compile("[\u200c\u200d]")
_NEEDS_JOINERS = re.compile("[\u0590-\u10ff\U0001f000-\U0001faff\u2600-\u27bf]")

_FALSE_D = re.compile("[\u00f0\u00d0\u0189\u0256]")
_TRUE_D = {0xF0: "đ", 0xD0: "Đ", 0x189: "Đ", 0x256: "đ"}
_WORD_WITH_FALSE_D = re.compile(r"[^\W\d_]*[\u00f0\u00d0\u0189\u0256][^\W\d_]*")
_ICELANDIC = frozenset("áéíóúýðþæöøÁÉÍÓÚÝÐÞÆÖØ")

_APOSTROPHE_TABLE = dict.fromkeys(map(ord, APOSTROPHES), "'")


def normalise(s: str) -> str:
    """Return `s` on one line, composed, with marks, đ and spaces in their one form.

    Marks on a vowel are put in the order horn, circumflex, breve, tone before
    composing. Every run of white space becomes one space; zero-width and control
    characters go, so misread legacy text must be repaired before. Apostrophes and the place of
    the tone stay as typed.
    """
    if s.isascii() and not _INVISIBLE.search(s):
        return " ".join(s.split())
    return " ".join(filter(None, map(_NORMAL_WORDS.__getitem__, s.split())))


def clean(s: str) -> str:
    """Return `s` normalised line by line, for notes and addresses whose lines matter.

    Empty lines at either end go, and of several empty lines one stays.
    """
    lines = "\n".join(normalise(line) for line in s.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def match_apostrophes(s: str) -> str:
    """Return `s` with every sign that stands for an apostrophe written as `'`."""
    return s if s.isascii() and "`" not in s else s.translate(_APOSTROPHE_TABLE)


def compose(s: str) -> str:
    """Return `s` in NFC, with several marks on one vowel in their one order.

    Vowels that bear a mark unknown to Vietnamese and Ê Đê are left to NFC alone.
    """
    composed = s if unicodedata.is_normalized("NFC", s) else unicodedata.normalize("NFC", s)
    if not _STRAY_MARK.search(composed):
        return composed
    apart = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _MARKED_VOWEL.sub(_in_order, apart))


def true_d(s: str) -> str:
    """Return `s` with the look-alikes ð, Ð, Ɖ, ɖ written as đ and Đ where they stand for it.

    Icelandic and Faroese words are left alone: there ð never begins a word, and
    no letter bears a mark that those languages lack.
    """
    return _WORD_WITH_FALSE_D.sub(_with_true_d, s) if _FALSE_D.search(s) else s


def _in_order(match: re.Match[str]) -> str:
    vowel, marks = match.groups()
    if not all(mark in _RANK for mark in marks):
        return match[0]
    return vowel + "".join(sorted(marks, key=_RANK.__getitem__))


def _with_true_d(match: re.Match[str]) -> str:
    word = match[0]
    begins = bool(_FALSE_D.match(word))
    foreign = any(not letter.isascii() and letter not in _ICELANDIC for letter in word)
    return word.translate(_TRUE_D) if begins or foreign else word


def _without_invisible(s: str) -> str:
    s = _INVISIBLE.sub("", s)
    if _JOINERS.search(s) and not _NEEDS_JOINERS.search(s):
        s = _JOINERS.sub("", s)
    return s


def _normal_word(word: str) -> str:
    return true_d(compose(_without_invisible(word)))


_NORMAL_WORDS = Memory(_normal_word)
