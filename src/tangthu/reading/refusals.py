"""Why reading says no.

Conflict
├── LendingRefused          carries the verdict with every reason
│   ├── BorrowRefused
│   ├── DigitalHoldRefused
│   └── DigitalRenewalRefused
├── DigitalLoanOver         the loan ended, by itself or by hand, in the meantime
├── DigitalHoldClosed       the hold was filled, or has ended, in the meantime
└── LicenceInUse            terms that would break a promise made to a reader
Invalid
└── LicenceRefused          the terms of a licence contradict each other
"""

from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid
from tangthu.reading.policy.lending import Blocked, Verdict


class LendingRefused(Conflict):
    """The rules are against it. `blocks` has every reason; `data` has them as plain values."""

    code = "digital_refused"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(
            blocks=[
                {"code": str(each.code), **{k: str(v) for k, v in each.data.items()}}
                for each in verdict.blocks
            ]
        )
        self.verdict = verdict

    @property
    def blocks(self) -> tuple[Blocked, ...]:
        return self.verdict.blocks


class BorrowRefused(LendingRefused):
    code = "digital_loan_refused"


class DigitalHoldRefused(LendingRefused):
    code = "digital_hold_refused"


class DigitalRenewalRefused(LendingRefused):
    code = "digital_renewal_refused"


class DigitalLoanOver(Conflict):
    """The loan has ended."""

    code = "digital_loan_over"


class DigitalHoldClosed(Conflict):
    """The hold was filled, or has ended."""

    code = "digital_hold_closed"


class LicenceInUse(Conflict):
    """More readers have it at this moment than the new terms would allow."""

    code = "licence_in_use"


class LicenceRefused(Invalid):
    """The terms of a licence contradict each other. `fault` names how."""

    code = "licence_refused"
