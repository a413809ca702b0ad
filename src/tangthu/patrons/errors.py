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


class ProgramLoggedOut(TangthuError):
    """The token is no program's, or not any more: used already, too old, or logged out."""

    code = "program_logged_out"
    status = 401


class CodeRefused(Invalid):
    """The one-time code is wrong, used or too old, or was never sent. It does not say which."""

    code = "code_refused"


class IdentityTaken(Conflict):
    """The account of another place opens another card already."""

    code = "identity_taken"


class InvitationOver(Conflict):
    """The invitation to link an account of another place was used, or is too old, or is none."""

    code = "invitation_over"


class TooManyTries(TangthuError):
    """From this address came too much of one kind within the hour."""

    code = "too_many_tries"
    status = 429


class UnknownCode(NotFound):
    """There is no application of this code, or it is forgotten by now."""

    code = "unknown_application_code"


class ApplicationNotChangeable(Conflict):
    """It is sent, or decided: only the library changes it now."""

    code = "application_not_changeable"


class ApplicationIncomplete(Invalid):
    """It cannot be sent yet. `steps` names what is missing, by the page on which it is asked."""

    code = "application_incomplete"


class ApplicationDecided(Conflict):
    """Somebody else decided on it in the meantime."""

    code = "application_decided"


class CategoryNotFromAfar(Invalid):
    """Cards of this kind are given at the desk alone."""

    code = "category_not_from_afar"


class LibraryTakesNoApplications(Invalid):
    code = "library_takes_no_applications"


class PhotoRefused(Invalid):
    """What was sent as a photo is none that the library can use."""

    code = "photo_refused"


class PhotoTooLarge(PhotoRefused):
    code = "photo_too_large"


class PhotoTooSmall(PhotoRefused):
    code = "photo_too_small"


class PhotoUnreadable(PhotoRefused):
    code = "photo_unreadable"


class PhotoConsentNeeded(PhotoRefused):
    code = "photo_consent_needed"


class CardIsTemporary(Conflict):
    """A card given from afar gets its full term when the reader shows their papers."""

    code = "card_is_temporary"


class NothingToChange(Invalid):
    code = "nothing_to_change"


class ContactInvalid(Invalid):
    """A phone number or an e-mail address that cannot be one; `fault` says which."""

    code = "contact_invalid"


class RequestAnswered(Conflict):
    """The request was answered, or withdrawn, in the meantime."""

    code = "request_answered"


class RequestOpen(Conflict):
    """The reader asked for the same already, and it is not answered yet."""

    code = "request_open"


class ErasureNotYet(Conflict):
    """Something is open between library and reader. `refusals` holds what each app says."""

    code = "erasure_not_yet"

    def __init__(self, refusals: Iterable[TangthuError]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(blocks=[{"code": each.code, **each.data} for each in self.refusals])


class StillGuardian(Conflict):
    """Children of the library have this reader as their guardian."""

    code = "still_guardian"
