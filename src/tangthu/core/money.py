"""Money: a whole number of the currency's smallest unit in use, and the currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount that knows its currency (ISO 4217). Đồng have no fractions in use."""

    amount: int
    currency: str = "VND"

    def __add__(self, other: Self) -> Self:
        self._same_currency(other)
        return type(self)(self.amount + other.amount, self.currency)

    def __sub__(self, other: Self) -> Self:
        self._same_currency(other)
        return type(self)(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> Self:
        return type(self)(self.amount * times, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def _same_currency(self, other: Self) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
