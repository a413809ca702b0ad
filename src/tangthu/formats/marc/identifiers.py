"""ISBN and ISSN: take them out of what people write, check them, bring them to one form."""

from __future__ import annotations

import re

_ISBN = re.compile(r"(?<![\dXx])(?:\d[ \-‐-―]?){9,12}[\dXx](?![\dXx])")
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})[ \-‐-―]?(\d{3}[\dXx])(?![\dXx-])")
_NOT_DIGIT = re.compile(r"[^\dXx]")


def isbn13(text: str) -> str | None:
    """Return the first valid ISBN in the text as 13 digits, or None.

    An ISBN-10 is converted. What follows the number, a binding or a price, does not matter.
    """
    for candidate in _candidates(text):
        found = _valid_isbn13(candidate)
        if found is not None:
            return found
    return None


def isbn_key(text: str) -> str:
    """Return the ISBN as 13 digits; else its bare digits if it has the length of one; else ''.

    A number with a false check digit stands on many Vietnamese books and must stay findable.
    """
    valid = isbn13(text)
    if valid is not None:
        return valid
    digits = _bare(text.partition("(")[0])
    return digits if len(digits) in (10, 13) else ""


def is_isbn13(digits: str) -> bool:
    """Tell whether the text is 13 bare digits with the right check digit."""
    return len(digits) == 13 and _is_digits(digits) and digits[12] == _check_digit_13(digits)


def isbn10(isbn: str) -> str | None:
    """Return the ISBN-10 of a valid ISBN in any form; None for those of 979."""
    whole = isbn13(isbn)
    if whole is None or not whole.startswith("978"):
        return None
    return whole[3:12] + _check_digit_10(whole[3:12])


def issn(text: str) -> str | None:
    """Return the first valid ISSN in the text as `1234-567X`, or None."""
    for first, second in _ISSN.findall(text):
        digits = first + second.upper()
        total = sum((8 - at) * int(digit) for at, digit in enumerate(digits[:7]))
        if digits[7] == "0123456789X"[-total % 11]:
            return f"{digits[:4]}-{digits[4:]}"
    return None


def _candidates(text: str) -> tuple[str, ...]:
    found = [_bare(match[0]) for match in _ISBN.finditer(text)]
    # Numbers written side by side run together in the pattern: read the ends by themselves.
    return (*found, *(part for digits in found for part in (digits[:13], digits[:10])))


def _bare(text: str) -> str:
    return _NOT_DIGIT.sub("", text).upper()


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _valid_isbn13(digits: str) -> str | None:
    if len(digits) == 13:
        return digits if is_isbn13(digits) and digits[:3] in ("978", "979") else None
    if len(digits) != 10 or not _is_digits(digits[:9]) or digits[9] != _check_digit_10(digits[:9]):
        return None
    stem = "978" + digits[:9]
    return stem + _check_digit_13(stem)


def _check_digit_13(digits: str) -> str:
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits[:12]))
    return str(-total % 10)


def _check_digit_10(digits: str) -> str:
    total = sum((10 - at) * int(digit) for at, digit in enumerate(digits))
    return "0123456789X"[-total % 11]
