"""The text in the QR code on a citizen card (căn cước, CCCD), read without keeping the card.

Seven fields parted by `|`: citizen number, the former identity number (may be empty), full name,
date of birth as ddMMyyyy, sex, address, date of issue as ddMMyyyy. Cards made since July 2024 put
more behind these, such as the parents' names; some older ones end early. The code carries no
signature, so what it says is no better proof than what is typed: it spares the typing, and staff
still look at the card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tangthu.text.names import valid_name
from tangthu.text.normal import normalise
from tangthu.text.phones import read_citizen_number

LONGEST_TEXT = 1000
_SIGN = "|"
_NUMBER, _NAME, _BIRTH, _ADDRESS = 0, 2, 3, 5
_FEWEST = 4
_LONGEST_NAME, _LONGEST_ADDRESS = 150, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenCard:
    """What the library takes from the card; the rest of it is not even read."""

    number: str
    name: str
    birth_on: date | None
    address: str


def looks_like_a_card(text: str) -> bool:
    """Tell whether somebody scanned a card where a number is typed."""
    return _SIGN in text


def read_card(text: str) -> CitizenCard | None:
    """Read the text of a card's QR code; None for a text that is not one.

    A card whose day or month of birth is unknown has zeros there, and no date is given.
    """
    if len(text) > LONGEST_TEXT:
        return None
    parts = [normalise(part) for part in text.split(_SIGN)]
    if len(parts) < _FEWEST:
        return None
    number = read_citizen_number(parts[_NUMBER])
    name = parts[_NAME]
    if number is None or not valid_name(name) or len(name) > _LONGEST_NAME:
        return None
    birth = parts[_BIRTH]
    if birth and not (len(birth) == 8 and birth.isascii() and birth.isdigit()):
        return None
    address = parts[_ADDRESS] if len(parts) > _ADDRESS else ""
    return CitizenCard(
        number=number.digits,
        name=name,
        birth_on=_day(birth),
        address=address[:_LONGEST_ADDRESS],
    )


def _day(digits: str) -> date | None:
    if not digits:
        return None
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
