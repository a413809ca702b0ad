from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, NotFound


class BadAmount(Invalid):
    """An amount must be whole đồng, more than nothing and not beyond reason."""

    code = "bad_amount"


class ReasonMissing(Invalid):
    code = "reason_missing"


class AlreadyReversed(Conflict):
    code = "already_reversed"


class CannotReverse(Conflict):
    """Reversals, counts and floats are corrected by another deed."""

    code = "cannot_reverse"


class DepositTooSmall(Conflict):
    code = "deposit_too_small"


class NothingOwed(Conflict):
    code = "nothing_owed"


class MoreThanOwed(Conflict):
    """More than is open; somebody else may have taken the money in the meantime."""

    code = "more_than_owed"


class MoreThanCredit(Conflict):
    code = "more_than_credit"


class NoOpenSession(Conflict):
    """Cash moves only in an open session of a drawer."""

    code = "no_open_session"


class SessionOpen(Conflict):
    """The drawer has an open session already."""

    code = "session_open"


class SessionClosed(Conflict):
    code = "session_closed"


class DrawerTooEmpty(Conflict):
    code = "drawer_too_empty"


class DifferenceUnexplained(Invalid):
    code = "difference_unexplained"


class UnknownEntry(NotFound):
    code = "unknown_entry"


class DrawerNameTaken(Conflict):
    code = "drawer_name_taken"


class BadCardFee(Invalid):
    """A card fee rule that says nothing, or two things. `fault` names which."""

    code = "bad_card_fee"


class ExemptionTaken(Conflict):
    code = "exemption_taken"


class NoBankAccount(Conflict):
    """The library has not said to which account transfers go."""

    code = "no_bank_account"


class TransferNotOpen(Conflict):
    code = "transfer_not_open"


class SameBankFile(Conflict):
    """The very file was brought in before; `file` is its id."""

    code = "same_bank_file"


class BankFileUnreadable(Invalid):
    """No table, no text, or too much of it. `fault` says which."""

    code = "bank_file_unreadable"


class BankLineDecided(Conflict):
    code = "bank_line_decided"
