"""Why delivery says no.

Conflict
├── StepRefused          the table has no such step from here, or it is not this person's to take
├── RequestRefused       the reader cannot be sent books on these terms; carries every objection
├── NoCopyFree           no copy of a book is in, so it cannot be sent
├── RulesRefused         the lending rules would refuse the loans; carries their blocks
└── LoanNotBegun         the copy may not be lent, whatever is waived
Invalid
├── NotThisParcel        the scanned code belongs to no book or parcel expected here
├── CarrierNameTaken     another carrier of the library has this name
└── WrongPoint           the chosen point is no post-office culture point in use
NotFound
└── RunClosed            the carrier's link is wrong or has ended
"""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.circulation.policy import Blocked
from tangthu.core.errors import Conflict, Invalid, NotFound
from tangthu.delivery.policy import Objection, Refusal


class StepRefused(Conflict):
    """The step cannot be taken now; `reason` says why."""

    code = "delivery_step_refused"

    def __init__(self, reason: Refusal, **data: object) -> None:
        super().__init__(reason=str(reason), **data)
        self.reason = reason


class RequestRefused(Conflict):
    """The terms of the library are against it, for all of these reasons."""

    code = "delivery_request_refused"

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(objections=[str(each) for each in objections])
        self.objections = tuple(objections)


class NoCopyFree(Conflict):
    code = "delivery_no_copy_free"


class RulesRefused(Conflict):
    """The lending rules are against it, for all of these blocks."""

    code = "delivery_rules_refused"

    def __init__(self, blocks: Sequence[Blocked]) -> None:
        super().__init__(blocks=[str(block.code) for block in blocks])
        self.blocks = tuple(blocks)

    @property
    def waivable(self) -> bool:
        """Whether somebody with the permission may approve all the same."""
        return all(block.overridable for block in self.blocks)


class LoanNotBegun(Conflict):
    """The loan cannot begin; `sentences` are the desk's reasons."""

    code = "delivery_loan_not_begun"


class NotThisParcel(Invalid):
    code = "delivery_not_this_parcel"


class CarrierNameTaken(Invalid):
    code = "carrier_name_taken"


class WrongPoint(Invalid):
    code = "delivery_wrong_point"


class RunClosed(NotFound):
    code = "delivery_run_closed"
