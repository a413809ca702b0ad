"""Vietnamese telephone and citizen numbers in the form in which they are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Eleven-digit mobile numbers became ten-digit ones in 2018.
_MOVED_PREFIXES = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36",
    "167": "37", "168": "38", "169": "39", "186": "56", "188": "58", "199": "59",
}  # fmt: skip
_SEPARATORS = re.compile(r"[\s.\-()/\u00a0\u2010-\u2015]+")
_DOMESTIC = re.compile(r"(?:(?:\+|00)?84\(?0?|0)([1-9]\d{7,9})")
_CITIZEN = re.compile(r"(\d{3})(\d)(\d{2})\d{6}", re.ASCII)
_FIRST_CENTURY = 1900


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """What the twelve digits of a citizen number tell about its holder."""

    digits: str
    province_code: str
    is_female: bool
    birth_year: int


def normalise_phone(number: str) -> str | None:
    """Return a Vietnamese telephone number as `+84…`; None for what cannot be one.

    Takes 0…, 84…, +84… and 0084…, with any spaces, dots or hyphens; the eleven-digit
    mobile numbers of before 2018 get the prefix that replaced theirs.
    """
    match = _DOMESTIC.fullmatch(_SEPARATORS.sub("", number))
    if match is None or not match[1].isascii():
        return None
    digits = match[1]
    if len(digits) == 10 and digits[:3] in _MOVED_PREFIXES:
        digits = _MOVED_PREFIXES[digits[:3]] + digits[3:]
    return f"+84{digits}"


def local_phone(number: str) -> str:
    """Return a stored number as people dial it at home: `0912345678`."""
    return f"0{number[3:]}" if number.startswith("+84") else number


def read_citizen_number(number: str) -> CitizenNumber | None:
    """Read a citizen number (CCCD): twelve digits, spaces and dots allowed; None if it is not one.

    The number has no check digit; only its length and its province, 001 to 096, can
    be judged. The fourth digit tells sex and century: 0 and 1 the 1900s, 2 and 3 the 2000s.
    """
    match = _CITIZEN.fullmatch(_SEPARATORS.sub("", number))
    if match is None or not 1 <= int(match[1]) <= 96:
        return None
    century, female = divmod(int(match[2]), 2)
    return CitizenNumber(
        digits=match[0],
        province_code=match[1],
        is_female=bool(female),
        birth_year=_FIRST_CENTURY + 100 * century + int(match[3]),
    )
