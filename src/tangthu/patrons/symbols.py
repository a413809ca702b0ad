"""Bar codes as drawings: Code 128 and QR, as SVG paths without a style of their own.

A drawing is measured in modules and scaled by the page, in millimetres where it is printed. Both
carry the quiet zone that their standards ask for (ISO/IEC 15417: ten modules; 18004: four).
"""

from __future__ import annotations

from dataclasses import dataclass

import segno
from barcode.charsets.code128 import CODES, STOP

QUIET_128 = 10
QUIET_QR = 4
_SET_B, _SET_C = 100, 99
_START = {_SET_B: 104, _SET_C: 105}
_WORTH_PAIRS = 4
_LAST_BAR = "11"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A drawing: its width and height in modules with the quiet zone, and the path of its bars."""

    width: int
    height: int
    path: str

    @property
    def box(self) -> str:
        return f"0 0 {self.width} {self.height}"


def code128(text: str) -> Symbol:
    """Draw the text as Code 128, one unit high: the page stretches it to the height it wants.

    The text has ASCII letters, digits and signs, as card numbers and barcodes have.
    """
    values = _values(text)
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    modules = "".join(CODES[value] for value in (*values, check)) + STOP + _LAST_BAR
    path = "".join(f"M{QUIET_128 + at} 0h{long}v1h-{long}z" for at, long in _runs(modules))
    return Symbol(len(modules) + 2 * QUIET_128, 1, path)


def _values(text: str) -> list[int]:
    """Return the values of the signs: pairs of digits where four or more stand together (set C).

    The choice is our own: python-barcode 0.16 loses a leading 99 that begins a run of pairs.
    """
    values: list[int] = []
    coding, at = 0, 0
    while at < len(text):
        digits = _digits_from(text, at)
        in_pairs = digits >= _WORTH_PAIRS
        wanted = _SET_C if in_pairs else _SET_B
        if wanted != coding:
            values.append(wanted if values else _START[wanted])
            coding = wanted
        if in_pairs:
            values += [int(text[pair : pair + 2]) for pair in range(at, at + digits - 1, 2)]
            at += digits - digits % 2
        else:
            values.append(ord(text[at]) - ord(" "))
            at += 1
    return values


def _digits_from(text: str, at: int) -> int:
    rest = text[at:]
    return len(rest) - len(rest.lstrip("0123456789"))


def qr(text: str) -> Symbol:
    """Draw the text as a QR code that is still read when 15 % of it is scratched away (level M)."""
    rows = segno.make(text, error="m", micro=False).matrix
    path = "".join(
        f"M{QUIET_QR + at} {QUIET_QR + line}h{long}v1h-{long}z"
        for line, row in enumerate(rows)
        for at, long in _runs("".join("1" if dark else "0" for dark in row))
    )
    side = len(rows) + 2 * QUIET_QR
    return Symbol(side, side, path)


def _runs(modules: str) -> list[tuple[int, int]]:
    """Return where each run of dark modules begins, and how long it is."""
    found: list[tuple[int, int]] = []
    for at, module in enumerate(modules):
        if module != "1":
            continue
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found
