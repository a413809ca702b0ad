"""What a card costs: rows of rules, each with its day and its legal reference.

Fees are set by resolutions of the People's Councils, per level of library, kind of card and age;
the same resolutions exempt some readers (children, the severely disabled) and let others pay half
(Luật Thư viện 46/2019/QH14; e.g. the resolutions of Đồng Tháp 2021 and Ninh Bình 2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFeeRow:
    """A rule: an amount, or a reduction in percent of it, for whom and from when.

    `distance` tells how far up the tree of libraries the rule was set. What is `None` or empty
    holds for all. A row with an `exemption` holds for readers who have proved it.
    """

    key: int
    distance: int
    library_kind: str = ""
    category: str | None = None
    exemption: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    amount: int | None = None
    reduction: int | None = None
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHolder:
    """Who is to pay, as the rules look at them."""

    library_kind: str
    category: str
    age: int | None
    exemptions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFee:
    """What is to be paid, and by which rules."""

    amount: int
    full: int
    rule: CardFeeRow
    reduction: CardFeeRow | None = None


def card_fee(rows: Iterable[CardFeeRow], holder: CardHolder, *, on: date) -> CardFee | None:
    """Return what the card costs on that day; None where no rule sets a fee.

    The nearest library's rule wins, then the one that says most exactly for whom, then the
    youngest. Of several reductions the reader gets the best.
    """
    holding = [row for row in rows if _holds(row, holder, on=on)]
    amounts = [row for row in holding if row.amount is not None]
    if not amounts:
        return None
    rule = min(amounts, key=_rank)
    full = rule.amount or 0
    reduction = _best(row for row in holding if row.reduction is not None)
    percent = reduction.reduction or 0 if reduction else 0
    return CardFee(amount=full * (100 - percent) // 100, full=full, rule=rule, reduction=reduction)


def _best(reductions: Iterable[CardFeeRow]) -> CardFeeRow | None:
    """Return the largest reduction; of each scope only the row that holds there counts."""
    nearest: dict[tuple[object, ...], CardFeeRow] = {}
    for row in sorted(reductions, key=_rank):
        nearest.setdefault(_scope(row), row)
    return max(nearest.values(), key=lambda row: row.reduction or 0, default=None)


def _holds(row: CardFeeRow, holder: CardHolder, *, on: date) -> bool:
    in_time = row.from_on <= on and (row.until_on is None or on <= row.until_on)
    kind = row.library_kind in {"", holder.library_kind}
    category = row.category is None or row.category == holder.category
    exemption = row.exemption is None or row.exemption in holder.exemptions
    return in_time and kind and category and exemption and _of_age(row, holder.age)


def _of_age(row: CardFeeRow, age: int | None) -> bool:
    """Tell whether the age fits. An age that is not known fits only rules for all ages."""
    if row.minimum_age is None and row.maximum_age is None:
        return True
    if age is None:
        return False
    above = row.minimum_age is None or age >= row.minimum_age
    return above and (row.maximum_age is None or age <= row.maximum_age)


def _scope(row: CardFeeRow) -> tuple[object, ...]:
    return (row.library_kind, row.category, row.exemption, row.minimum_age, row.maximum_age)


def _rank(row: CardFeeRow) -> tuple[int, int, int, int]:
    said = sum(
        (
            row.library_kind != "",
            row.category is not None,
            row.minimum_age is not None or row.maximum_age is not None,
        )
    )
    return (row.distance, -said, -row.from_on.toordinal(), -row.key)
