"""Keys that put text in the order of a Vietnamese or an Ê Đê alphabet.

A key is compared byte by byte, so any database sorts by it without knowing the
language. Words are compared one by one ("nothing before something"): first by
letters, then, when all letters agree, by tones and foreign marks.
"""

from __future__ import annotations

import zlib
from functools import partial

from tangthu.text.folding import fold
from tangthu.text.memory import Memory
from tangthu.text.normal import BREVE, TONES, compose, normalise
from tangthu.text.syllables import TONED
from tangthu.text.words import tokens

FIELD_BREAK = "|"
"""Parts a text in fields, each compared in full before the next: `An | Nguyễn | Văn`."""

LONGEST_KEY = 250
"""No key has more bytes than this."""

_MOST_FIELDS = 3
_LETTER_BYTES = 200
_WORD_BREAK, _LEVEL_BREAK, _FIELD_END = b"\x02", b"\x01", b"\x00"
_PLAIN_WORD = 0x03
_NUMBER, _FIRST_LETTER, _OTHER_SCRIPT = 0x10, 0x20, 0xF0


def _weights(alphabet: str) -> dict[str, int]:
    return {letter: _FIRST_LETTER + at for at, letter in enumerate(alphabet.split())}


# Letters foreign to an alphabet stand in it where the Latin alphabet has them.
_VIETNAMESE = _weights("a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z")
_EDE = _weights(
    "a ă â b ƀ c č d đ e ĕ ê ê̆ f g h i ĭ j k l m n ñ o ŏ ô ô̆ ơ ơ̆ p q r s t u ŭ ư ư̆ v w x y z"
)


def sort_key(s: str, language: str = "vi") -> bytes:
    """Return the key of `s` in the alphabet of `language`: `rad` is Ê Đê, all else Vietnamese.

    Tones rank ngang, huyền, hỏi, ngã, sắc, nặng, below all letters (CLDR's order
    for `vi`); where in the syllable a tone is written does not count. Numbers sort
    by value, before letters; punctuation and quotes are ignored; other scripts
    follow Latin. Texts that differ only in what is ignored get distinct keys all
    the same, in an order that never changes.
    """
    text = normalise(s)
    fields = text.split(FIELD_BREAK, _MOST_FIELDS - 1)
    words = _EDE_WORDS if language == "rad" else _VIETNAMESE_WORDS
    room = _LETTER_BYTES // len(fields)
    body = b"".join([_field_key(field, words, room) for field in fields])
    tie = zlib.crc32(text.encode("utf-8", "surrogatepass")).to_bytes(4, "big")
    return body[: LONGEST_KEY - len(tie)] + tie


def _field_key(field: str, words: Memory[tuple[bytes, int]], room: int) -> bytes:
    weighed = [words[word] for word in tokens(field)]
    letters = _WORD_BREAK.join([letters for letters, _ in weighed])[:room]
    marks = bytes([mark for _, mark in weighed]).rstrip(bytes([_PLAIN_WORD]))
    return letters + _LEVEL_BREAK + marks + _FIELD_END


def _weigh(word: str, weights: dict[str, int]) -> tuple[bytes, int]:
    """Return the weights of the word's letters, and one weight for its first mark."""
    letters = bytearray()
    marks: list[int] = []
    digits = ""
    for letter in _letters(compose(word.casefold()), weights):
        if letter.isdecimal():
            digits += str(int(letter))
            continue
        letters += _number(digits)
        digits = ""
        weight, mark = _letter_weight(letter, weights)
        letters += weight
        marks += mark
    letters += _number(digits)
    return bytes(letters), marks[0] if marks else _PLAIN_WORD


def _letters(word: str, weights: dict[str, int]) -> list[str]:
    found: list[str] = []
    for letter in word:
        if letter == BREVE and found and found[-1] + letter in weights:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _letter_weight(letter: str, weights: dict[str, int]) -> tuple[bytes, list[int]]:
    if letter in weights:
        return bytes([weights[letter]]), []
    if letter in TONED:
        vowel, tone = TONED[letter]
        return bytes([weights[vowel]]), [_PLAIN_WORD + 1 + TONES.index(tone)]
    folded = fold(letter)
    foreign_mark = [0x10 + ord(letter) % 0xE0]
    if all(base in weights for base in folded):
        return bytes([weights[base] for base in folded]), foreign_mark
    return b"".join([_other_script(base) for base in folded]), []


def _other_script(letter: str) -> bytes:
    return bytes([_OTHER_SCRIPT]) + ord(letter).to_bytes(3, "big")


def _number(digits: str) -> bytes:
    if not digits:
        return b""
    significant = digits.lstrip("0") or "0"
    return bytes([_NUMBER, min(len(significant), 0xFF)]) + significant.encode("ascii")


_VIETNAMESE_WORDS = Memory(partial(_weigh, weights=_VIETNAMESE))
_EDE_WORDS = Memory(partial(_weigh, weights=_EDE))
