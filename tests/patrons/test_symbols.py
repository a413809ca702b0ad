import itertools
import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from tangthu.patrons.symbols import QUIET_128, QUIET_QR, Symbol, code128, qr

CARDS = st.from_regex(r"[0-9A-Z](?:[0-9A-Z._/-]{0,18}[0-9A-Z])?", fullmatch=True)

# Widths of bars and spaces, from the table of ISO/IEC 15417, and no other program's.
WIDTHS = re.findall(
    r"\d+",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
    122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
    321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
    211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
    213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
    121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
    241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
    412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
    211214 211232 2331112
    """,
)
CODE_C, CODE_B, CODE_A, START_A, START_B, START_C, STOP = 99, 100, 101, 103, 104, 105, 106


def dark(symbol: Symbol) -> list[tuple[int, int, int]]:
    """Return row, column and length of every run that the path draws."""
    drawn = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", symbol.path)
    assert "".join(f"M{x} {y}h{w}v1h-{v}z" for x, y, w, v in drawn) == symbol.path
    return [(int(y), int(x), int(w)) for x, y, w, _ in drawn]


def scanned(symbol: Symbol) -> str:
    """Read Code 128 off the drawing as a scanner does: widths, check sum, code sets."""
    runs = [(x, w) for _, x, w in dark(symbol)]
    assert runs[0][0] == QUIET_128
    assert sum(runs[-1]) == symbol.width - QUIET_128
    edges = [edge for x, w in runs for edge in (x, x + w)]
    widths = "".join(str(b - a) for a, b in itertools.pairwise(edges))
    values = [WIDTHS.index(widths[at : at + 6]) for at in range(0, len(widths) - 7, 6)]
    assert widths[-7:] == WIDTHS[STOP]
    *body, check = values
    assert check == (body[0] + sum(n * value for n, value in enumerate(body[1:], 1))) % 103
    return decoded(body)


def decoded(values: list[int]) -> str:
    coding = {START_A: "A", START_B: "B", START_C: "C"}[values[0]]
    text = ""
    for value in values[1:]:
        if value in {CODE_A, CODE_B, CODE_C} and not (coding == "C" and value < 100):
            coding = {CODE_A: "A", CODE_B: "B", CODE_C: "C"}[value]
        elif coding == "C":
            text += f"{value:02}"
        else:
            text += chr(value + 32)
    return text


@pytest.mark.parametrize("card", ["DLKT000001", "TV000123", "1", "A.B-C/D", "123456789012"])
def test_a_scanner_reads_the_card_off_the_drawing(card):
    assert scanned(code128(card)) == card


@given(CARDS)
def test_any_card_is_read_off_its_drawing(card):
    assert scanned(code128(card)) == card


def test_the_qr_code_has_its_modules_and_its_quiet_zone():
    symbol = qr("DLKT000001")
    expected = segno.make("DLKT000001", error="m", micro=False).matrix

    modules = {(y, x + n) for y, x, w in dark(symbol) for n in range(w)}

    assert symbol.width == len(expected) + 2 * QUIET_QR
    assert modules == {
        (y + QUIET_QR, x + QUIET_QR)
        for y, row in enumerate(expected)
        for x, module in enumerate(row)
        if module
    }
