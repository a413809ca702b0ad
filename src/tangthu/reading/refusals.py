"""Why reading says no.

Conflict
├── LendingRefused          carries the verdict with every reason
│   ├── BorrowRefused
│   ├── DigitalHoldRefused
│   └── DigitalRenewalRefused
├── DigitalLoanOver         the loan ended, by itself or by hand, in the meantime
├── DigitalHoldClosed       the hold was filled, or has ended, in the meantime
├── LicenceInUse            terms that would break a promise made to a reader
├── PassphraseNeeded        protected books open by a passphrase that the reader has not chosen yet
├── LcpRefused              the licence server will not
└── CopyNotMade             no marked copy can be made of the file
Invalid
├── LicenceRefused          the terms of a licence contradict each other
└── PassphraseRefused       too short, too long, or told by its own hint
Busy
├── LcpDown                 the licence server does not answer
└── LcpAsked                another request has just asked it for the same licence
"""

from __future__ import annotations

from tangthu.core.errors import Busy, Conflict, Invalid
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


class PassphraseNeeded(Conflict):
    """The reader has to choose a passphrase first."""

    code = "passphrase_needed"


class PassphraseRefused(Invalid):
    """The passphrase or its hint will not do. `fault` names how."""

    code = "passphrase_refused"


class LcpRefused(Conflict):
    """The licence server will not. `seen` is what it said."""

    code = "lcp_refused"


class LcpDown(Busy):
    """The licence server does not answer, or with nothing that can be read. `seen` tells more."""

    code = "lcp_down"


class LcpAsked(Busy):
    """Another request of the reader has just asked for this licence."""

    code = "lcp_asked"


class CopyNotMade(Conflict):
    """The file is damaged, locked or too large to be marked; unmarked it is not lent."""

    code = "copy_not_made"
