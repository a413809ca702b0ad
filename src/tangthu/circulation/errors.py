"""Why circulation says no.

Conflict
├── LoanRefused             carries the verdict with every block
│   ├── CheckoutRefused
│   ├── RenewalRefused
│   ├── HoldRefused
│   └── RecallRefused
├── LoanClosed              the loan to renew was returned in the meantime
├── ItemOnLoan              the copy is with a reader, so it cannot leave the stock
├── HoldClosed              the hold was filled, or has ended, in the meantime
├── HoldNotWaiting          a copy is kept for the reader already
├── ItemOnHold              the copy is kept for a reader, so it cannot leave the stock
├── TransferClosed          the copy has arrived, or its transport was cancelled
├── TransferRefused         the copy cannot be sent: it is out, kept, or on its way
│   └── TransferNotAllowed  a limit of transports forbids the way
├── HarmClosed              the harm was reported, or settled, already
├── LoanForgotten           nobody knows any more who had the copy
└── CopyNotFree             the copy is on loan, or kept back for a reader already
Invalid
├── AmountNeeded            the copy has no price: the desk must name an amount
├── ClosingRefused          the days of the closing are wrong
├── DueDateRefused          the due date has passed
├── HelperRefused           nobody borrows for themselves
├── LimitRefused            a limit of transports is about a way from a library to itself
├── RestEndsTooSoon         a hold that rests counts again on a later day than this
├── RuleRefused             the lending rule has a wrong name, value or scope
└── StationNameTaken        another station of the library has this name
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from tangthu.circulation.policy import Blocked, RuleRow, Verdict
from tangthu.core.errors import Conflict, Invalid


class LoanRefused(Conflict):
    """The rules are against it. `verdict` has every block; `data` has them as plain values."""

    code = "loan_refused"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(blocks=[_plain_block(block) for block in verdict.blocks])
        self.verdict = verdict

    @property
    def blocks(self) -> tuple[Blocked, ...]:
        return self.verdict.blocks


class CheckoutRefused(LoanRefused):
    code = "checkout_refused"


class RenewalRefused(LoanRefused):
    code = "renewal_refused"


class HoldRefused(LoanRefused):
    code = "hold_refused"


class RecallRefused(LoanRefused):
    code = "recall_refused"


class HoldClosed(Conflict):
    code = "hold_closed"


class HoldNotWaiting(Conflict):
    code = "hold_not_waiting"


class ItemOnHold(Conflict):
    code = "item_on_hold"


class TransferClosed(Conflict):
    code = "transfer_closed"


class TransferRefused(Conflict):
    code = "transfer_refused"


class TransferNotAllowed(TransferRefused):
    code = "transfer_not_allowed"


class LoanClosed(Conflict):
    code = "loan_closed"


class ItemOnLoan(Conflict):
    code = "item_on_loan"


class CopyNotFree(Conflict):
    """The copy is on loan, or kept back for a reader already."""

    code = "copy_not_free"


class StationNameTaken(Invalid):
    code = "station_name_taken"


class HarmClosed(Conflict):
    code = "harm_closed"


class CopyLost(Conflict):
    """The copy is reported lost: it has to be taken in before anything is said of its state."""

    code = "copy_lost"


class LoanForgotten(Conflict):
    code = "loan_forgotten"


class AmountNeeded(Invalid):
    code = "amount_needed"


class ClosingRefused(Invalid):
    """The days are wrong; `data["fault"]` says why."""

    code = "closing_refused"


class DueDateRefused(Invalid):
    code = "due_date_refused"


class HelperRefused(Invalid):
    code = "helper_refused"


class LimitRefused(Invalid):
    code = "limit_refused"


class RestEndsTooSoon(Invalid):
    code = "rest_ends_too_soon"


class ClaimedBefore(Conflict):
    """A reader says again that a copy was returned, which was looked for in vain before."""

    code = "claimed_before"


class RuleRefused(Invalid):
    """The lending rule cannot be so; `data["fault"]` says why."""

    code = "rule_refused"


def _plain_block(block: Blocked) -> dict[str, object]:
    return {
        "code": str(block.code),
        "overridable": block.overridable,
        "rule": _plain_rule(block.rule) if block.rule else None,
        "data": {name: _plain(value) for name, value in block.data.items()},
    }


def _plain_rule(rule: RuleRow) -> dict[str, object]:
    return {
        "name": str(rule.name),
        "library": rule.library,
        "category": rule.category,
        "item_type": rule.item_type,
        "value": rule.value,
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value
