"""Barcodes and accession numbers in the one form in which they are kept and compared."""

from __future__ import annotations

import re

from tangthu.text.normal import normalise

LONGEST_BARCODE = 60
LONGEST_NUMBER = 40

_TAIL = re.compile(r"^(.*?)(\d+)(\D*)$")


def normal(barcode: str) -> str:
    """Return the barcode in capitals, without spaces or invisible characters.

    People vary in the former; some scanners send control characters before or after the code.
    """
    return "".join(normalise(barcode).split()).upper()


def normal_number(number: str) -> str:
    """Return the accession number in capitals, with single spaces at most inside."""
    return " ".join(number.split()).upper()


def is_barcode(text: str) -> bool:
    """Tell whether the text, in normal form, can be printed as a Code 128 barcode."""
    return 0 < len(text) <= LONGEST_BARCODE and text.isascii() and text.isprintable()


def is_number(text: str) -> bool:
    """Tell whether the text, in normal form, can stand in an accession register."""
    return 0 < len(text) <= LONGEST_NUMBER and text.isprintable()


def derived(library_code: str, accession_number: str) -> str:
    """Return the barcode made of library and number, unique everywhere if the number is there."""
    number, code = normal(accession_number), normal(library_code)
    return number if number.startswith(code) else f"{code}{number}"


def following(number: str, count: int) -> list[str]:
    """Return `count` numbers from this one on: `VV.00098` gives `VV.00099`, `VV.00100`.

    Raises ValueError when more than one is asked of a number without digits.
    """
    if count == 1:
        return [number]
    parts = _TAIL.match(number)
    if parts is None:
        raise ValueError(number)
    head, digits, tail = parts.groups()
    first, width = int(digits), len(digits)
    return [f"{head}{first + step:0{width}d}{tail}" for step in range(count)]
