"""Tables that a library writes itself, for fonts that nobody documented.

The eight-bit fonts made for Ê Đê, Jarai, Bahnar and M'nông around 2000 have no
published tables; a library that owns such texts can write down what it sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tangthu.text.normal import compose

_ENTRY = re.compile(r"(?P<sign>\S{1,4})\s*=\s*(?P<letter>\S{1,4})\s*(?:#.*)?")
_BYTE = re.compile(r"0x([0-9A-Fa-f]{2})")


class MappingRefused(ValueError):
    """A line of the table is not `sign = letter`; `line` is its number, from 1."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text!r} is not of the form sign = letter")
        self.line = line
        self.text = text


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each sign that the font misuses stands for."""

    letters: dict[str, str]

    def reread(self, s: str) -> str:
        """Return `s` with every sign of the table, longest first, replaced by its letter."""
        if not self.letters:
            return s
        longest_first = sorted(map(re.escape, self.letters), key=len, reverse=True)
        return compose(re.sub("|".join(longest_first), lambda sign: self.letters[sign[0]], s))


def read_mapping(table: str) -> Mapping:
    """Read a table of lines such as `¨ = ƀ` or `0xA8 = ƀ`; lines begun with # are comments.

    Raises MappingRefused at the first line of another form.
    """
    letters: dict[str, str] = {}
    for number, line in enumerate(table.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(text)
        if entry is None:
            raise MappingRefused(number, text)
        byte = _BYTE.fullmatch(entry["sign"])
        letters[chr(int(byte[1], 16)) if byte else entry["sign"]] = compose(entry["letter"])
    return Mapping(letters)
