from __future__ import annotations

import pytest

from tangthu.core.money import Money


def test_amounts_of_one_currency_add_up():
    assert Money(25_000) + Money(5_000) - Money(10_000) == Money(20_000)
    assert Money(25_000) * 4 == Money(100_000)
    assert -Money(1) == Money(-1)


def test_amounts_of_two_currencies_do_not():
    with pytest.raises(ValueError, match="VND and USD"):
        Money(1) + Money(1, "USD")
