"""How a text travels as SMS: its alphabet, its parts, and Vietnamese without marks.

3GPP TS 23.038: a text whose every character stands in the GSM 7-bit alphabet has 160 units in one
message and 153 in each of several; characters of the extension count twice. Any other text goes
as UCS-2, with 70 and 67 units of 16 bits. Vietnamese with its marks is always UCS-2, so that the
same words cost more than twice as much.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MOST_SEGMENTS = 6
"""More than gateways pass on, and more than anybody reads."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_PLAIN = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "ƀ": "b",
        "Ƀ": "B",
        "•": "-",
        "–": "-",
        "—": "-",
        "…": "...",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "\u00a0": " ",
        "₫": "d",
    }
)


class Alphabet(StrEnum):
    """In what a text is written on its way."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class SmsSize:
    """What a text costs: units of its alphabet, and messages that are charged."""

    alphabet: Alphabet
    units: int
    segments: int

    @property
    def room(self) -> int:
        """How many units still fit into the messages that are paid for."""
        single, several = _ROOM[self.alphabet]
        return (single if self.segments <= 1 else several * self.segments) - self.units


_ROOM = {Alphabet.GSM7: (160, 153), Alphabet.UCS2: (70, 67)}


def measure(text: str) -> SmsSize:
    """Return what the text costs as SMS. A character is never cut in two at a boundary."""
    widths = _gsm_widths(text)
    alphabet = Alphabet.UCS2 if widths is None else Alphabet.GSM7
    if widths is None:
        widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    units = sum(widths)
    single, several = _ROOM[alphabet]
    return SmsSize(alphabet, units, 1 if units <= single else _segments(widths, several))


def plain(text: str) -> str:
    """Return the text without Vietnamese and highland marks: Đắk Lắk is Dak Lak."""
    bare = unicodedata.normalize("NFD", text.translate(_PLAIN))
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", letters)


def fitted(text: str, most: int = MOST_SEGMENTS) -> str:
    """Return as much of the text as fits into so many messages, ending in dots if it is cut."""
    if measure(text).segments <= most:
        return text
    shortest, longest = 0, len(text)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if measure(text[:middle].rstrip() + "...").segments <= most:
            shortest = middle
        else:
            longest = middle - 1
    return text[:shortest].rstrip() + "..."


def _gsm_widths(text: str) -> list[int] | None:
    widths = list[int]()
    for character in text:
        if character in _BASIC:
            widths.append(1)
        elif character in _EXTENDED:
            widths.append(2)
        else:
            return None
    return widths


def _segments(widths: list[int], room: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments
