"""Amounts in figures and in words, as receipts and statements need them."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9

LARGEST = 10**18 - 1
"""The largest amount that is read; beyond it people no longer agree on the words."""


def in_words(amount: int) -> str:
    """Return the amount in Vietnamese words: 25 is hai mươi lăm.

    Follows the usage of official papers: mốt, tư and lăm after mươi, linh for an
    empty ten, nghìn, tỷ. Raises ValueError for a negative amount or one above
    `LARGEST`.
    """
    if not 0 <= amount <= LARGEST:
        raise ValueError(f"only 0 to {LARGEST} can be put in words, not {amount}")
    if amount == 0:
        return _DIGITS[0]
    billions, rest = divmod(amount, _BILLION)
    words = [*_below_billion(billions, led=False), "tỷ"] if billions else []
    return " ".join(words + _below_billion(rest, led=bool(billions)))


def dong_in_words(amount: int) -> str:
    """Return the amount as a receipt states it: `Hai mươi lăm nghìn đồng`."""
    words = in_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def format_dong(amount: int) -> str:
    """Return the amount in figures, grouped by dots: `25.000 đ`."""
    return f"{amount:,} đ".replace(",", ".")


def _below_billion(amount: int, *, led: bool) -> list[str]:
    words: list[str] = []
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, amount = divmod(amount, size)
        if group:
            words += _below_thousand(group, led=led or bool(words))
            words += [name] if name else []
    return words


def _below_thousand(number: int, *, led: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or led else []
    return words + _below_hundred(rest, led=bool(words))


def _below_hundred(number: int, *, led: bool) -> list[str]:
    tens, unit = divmod(number, 10)
    if tens == 0:
        if unit == 0:
            return []
        return ["linh", _DIGITS[unit]] if led else [_DIGITS[unit]]
    words = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if unit == 0:
        return words
    return [*words, _unit_after_ten(tens, unit)]


def _unit_after_ten(tens: int, unit: int) -> str:
    if unit == 5:
        return "lăm"
    if tens > 1 and unit in {1, 4}:
        return "mốt" if unit == 1 else "tư"
    return _DIGITS[unit]
