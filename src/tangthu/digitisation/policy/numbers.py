"""The numbers on dockets, and what a keyboard scanner or a person types of them."""

from __future__ import annotations

import re

from tangthu.text import normalise

_NUMBER = re.compile(r"([A-Z0-9]{1,12}-(?:L)?\d{1,6})/?$")
LONGEST = 400


def capture_number(code: str, running: int) -> str:
    """Return the number of a document on its way: `DC26-0012`."""
    return f"{code}-{running:04}"


def batch_number(code: str, running: int) -> str:
    """Return the number of a batch: `DC26-L02`."""
    return f"{code}-L{running:02}"


def number_in(text: str) -> str:
    """Return the number in what was scanned: the number itself, or the address in the code.

    Empty where there is none. Scanners set to another keyboard write capitals small.
    """
    found = _NUMBER.search(normalise(text[:LONGEST]).strip().upper())
    return found.group(1) if found else ""


def pasted(text: str) -> list[str]:
    """Return the words of a pasted list, a number in each line or cell, each once and in order."""
    words = re.split(r"[\n\r\t;,]+", text)
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))
