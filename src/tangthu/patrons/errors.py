from __future__ import annotations

from collections.abc import Iterable

from tangthu.access.errors import LoginMustWait
from tangthu.core.errors import Conflict, Invalid, NotFound, TangthuError
from tangthu.patrons.policy import Fault


class PatronInvalid(Invalid):
    """What was said of a reader cannot be accepted. `faults` holds everything that is wrong."""

    code = "patron_invalid"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        errors = [
            {"field": fault.field, "code": fault.code, "limit": fault.limit}
            for fault in self.faults
        ]
        super().__init__(field=self.faults[0].field, errors=errors)


class CardTaken(Conflict):
    """Somebody has, or had, a card of this number. A number is never given twice."""

    code = "card_taken"


class CitizenNumberTaken(Conflict):
    """Another reader is registered with this number; `card` is told to those who may see it."""

    code = "citizen_number_taken"


class CitizenNumberHere(CitizenNumberTaken):
    code = "citizen_number_taken_here"


class NoCitizenNumber(NotFound):
    code = "no_citizen_number"


class CardNotInUse(Conflict):
    """A lost or withdrawn card is not renewed."""

    code = "card_not_in_use"


class CannotUnseal(Conflict):
    """The number was sealed with a key that this system does not have."""

    code = "cannot_unseal"


class UnknownPatron(NotFound):
    code = "unknown_patron"


class UnknownCategory(Invalid):
    code = "unknown_category"


class UnknownLibrary(Invalid):
    code = "unknown_library"


class CategoryCodeTaken(Conflict):
    code = "category_code_taken"


class ReaderLoginRefused(TangthuError):
    """The card or the phone is unknown, or the password wrong. It does not say which."""

    code = "reader_login_refused"
    status = 401


class ReaderMustWait(LoginMustWait):
    """Too many failures, or too many codes, shortly before. `seconds` tells how long to wait."""

    code = "reader_must_wait"


class ReaderLoginLocked(ReaderMustWait):
    """So many failures that the card or phone is locked for a while."""

    code = "reader_login_locked"


class CodeRefused(Invalid):
    """The one-time code is wrong, used or too old, or was never sent. It does not say which."""

    code = "code_refused"


class IdentityTaken(Conflict):
    """The account of another place opens another card already."""

    code = "identity_taken"
