"""What a copy costs that is lost, damaged, or came back without a part.

Amounts are whole đồng. A price is multiplied by the per cent of the rules: libraries here ask for
up to several times the price.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tangthu.circulation.policy.names import LostReturn, RuleName
from tangthu.circulation.policy.rules import RuleBook, RuleRow


class Harm(StrEnum):
    """What became of a copy that a reader had."""

    LOST = "lost"
    DAMAGED = "damaged"
    PARTS_MISSING = "parts_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """What the reader is charged. No `amount` means that the desk must name one.

    `price` is what it was counted from, `rule` the row that gave the per cent.
    """

    amount: int | None
    processing: int = 0
    price: int | None = None
    percent: int | None = None
    rule: RuleRow | None = None

    @property
    def total(self) -> int | None:
        """Amount and processing fee together, once the amount is known."""
        return None if self.amount is None else self.amount + self.processing


_PERCENT = {
    Harm.LOST: RuleName.LOST_PERCENT,
    Harm.DAMAGED: RuleName.DAMAGE_PERCENT,
    Harm.PARTS_MISSING: RuleName.PARTS_PERCENT,
}


def compensation(harm: Harm, book: RuleBook, *, price: int | None) -> Compensation:
    """Say what the harm to a copy of this price costs by the rules.

    A copy without a price in the register has that of the rules, if they name one. Only a lost
    copy costs the processing fee: another must be bought and entered for it.
    """
    percent = book[_PERCENT[harm]]
    worth = price if price is not None else book.number(RuleName.LOST_PRICE)
    amount = None
    if percent.number is not None and worth is not None:
        amount = worth * percent.number // 100
    processing = book.number(RuleName.PROCESSING_FEE) or 0
    return Compensation(
        amount=0 if percent.number == 0 else amount,
        processing=processing if harm is Harm.LOST else 0,
        price=worth,
        percent=percent.number,
        rule=percent.source,
    )


def on_return_of_lost(book: RuleBook) -> LostReturn:
    """Say what becomes of the charge when the lost copy comes back."""
    return LostReturn(book.choice(RuleName.LOST_RETURN))
