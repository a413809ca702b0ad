"""What staff do with an application: approve, return, refuse. Exactly one of two who try does."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.libraries.reading import preference
from tangthu.patrons import messages, policy, sealing
from tangthu.patrons.actions.applying import number_row, tell
from tangthu.patrons.actions.registering import PatronData, register_patron, save
from tangthu.patrons.errors import ApplicationDecided, ApplicationIncomplete, CardNotInUse
from tangthu.patrons.models import (
    Application,
    ApplicationState,
    CardStatus,
    Patron,
    PatronCategory,
    ReturnReason,
)
from tangthu.patrons.news import announce, locked
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import applying


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What staff settle themselves: the kind of card, a number, the guardian's own card."""

    category: PatronCategory | None = None
    card: str = ""
    guardian: Patron | None = None


@transaction.atomic
def approve_application(
    application: Application, approval: Approval, *, version: int, by: Actor
) -> Patron:
    """Make the applicant a reader with a temporary card, and tell them.

    The card is valid for the days that the library's preference allows, until the reader shows
    their papers at the desk (`confirm_identity`). What was told moves to the reader: of the
    application only its state and its code stay. Raises ApplicationDecided when somebody was
    quicker or the applicant changed it, and all that `register_patron` raises.
    """
    row = _waiting(application, version=version, by=by)
    library, category = row.library, approval.category or row.category
    if library is None or category is None:
        raise ApplicationIncomplete(steps={})
    patron = register_patron(_data(row, approval, library, category), by=by)
    patron.photo, row.photo = row.photo, None
    patron.is_temporary = _temporary_days(library) > 0
    patron.expires_on = applying.temporary_until(
        today=patron.registered_on, days=_temporary_days(library), full=patron.expires_on
    )
    save(patron, by=by, fields=["photo", "is_temporary", "expires_on"])
    row.consents.update(patron=patron)
    row.patron = patron
    _decide(row, ApplicationState.APPROVED, by=by)
    messages.card_given(patron, by=by)
    tell(row, messages.MessageKind.APPLICATION_APPROVED, expires=patron.expires_on)
    _empty(row)
    return patron


@transaction.atomic
def return_application(
    application: Application, reason: ReturnReason, *, text: str = "", version: int, by: Actor
) -> Application:
    """Give it back to the applicant, with the reason; they correct it and send it again."""
    row = _waiting(application, version=version, by=by)
    row.reason, row.reason_text = reason, text.strip()
    _decide(row, ApplicationState.RETURNED, by=by)
    tell(row, messages.MessageKind.APPLICATION_RETURNED, reason=row.why)
    return row


@transaction.atomic
def refuse_application(
    application: Application, reason: ReturnReason, *, text: str = "", version: int, by: Actor
) -> Application:
    """Refuse it, with the reason. It is forgotten after 30 days."""
    row = _waiting(application, version=version, by=by)
    row.reason, row.reason_text = reason, text.strip()
    _decide(row, ApplicationState.REFUSED, by=by)
    tell(row, messages.MessageKind.APPLICATION_REFUSED, reason=row.why)
    return row


@transaction.atomic
def confirm_identity(patron: Patron, *, by: Actor, version: int | None = None) -> Patron:
    """Give a temporary card its full term, once the reader has shown their papers at the desk."""
    patron = locked(patron, version)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    if not patron.is_temporary:
        return patron
    if patron.card_status != CardStatus.ACTIVE:
        raise CardNotInUse(card=patron.card)
    before = patron.expires_on
    patron.is_temporary = False
    patron.expires_on = policy.months_after(timezone.localdate(), patron.category.card_months)
    save(patron, by=by, fields=["is_temporary", "expires_on"])
    announce(
        "patron.identity_confirmed",
        patron,
        by=by,
        before={"expires_on": before},
        after={"expires_on": patron.expires_on},
    )
    return patron


def _waiting(application: Application, *, version: int, by: Actor) -> Application:
    """Return the row, locked; it must still be as the member of staff saw it."""
    rows = Application.objects.select_related("library", "category")
    row = rows.select_for_update(of=("self",)).filter(pk=application.pk).first()
    if row is None:
        raise ApplicationDecided
    by.require(PatronsPermission.EDIT_PATRONS, at=row.library_id or 0)
    if row.state != ApplicationState.WAITING or row.version != version:
        raise ApplicationDecided(state=row.state)
    return row


def _decide(row: Application, state: ApplicationState, *, by: Actor) -> None:
    now = timezone.now()
    row.state, row.decided_at, row.decided_by = state, now, by.name
    row.version += 1
    row.changed_at = now
    row.save()
    audit.record(
        f"application.{state.value}",
        by=by,
        kind="application",
        key=row.pk,
        library=row.library_id,
        after={"reason": row.reason} if row.reason else None,
    )


def _empty(row: Application) -> None:
    """Forget what now stands at the reader."""
    row.name = row.folded_name = row.phone = row.email = row.address = ""
    row.guardian_name = row.guardian_phone = row.guardian_relation = ""
    row.birth_on = None
    row.citizen_number_sealed, row.citizen_number_digest = None, None
    row.save()


def _data(
    row: Application, approval: Approval, library: Library, category: PatronCategory
) -> PatronData:
    sealed = row.citizen_number_sealed
    number = sealing.unseal(bytes(sealed), row=number_row(row)) if sealed is not None else ""
    return PatronData(
        name=row.name,
        category=category,
        library=library,
        card=approval.card,
        birth_on=row.birth_on,
        phone=row.phone,
        email=row.email,
        address=row.address,
        guardian=approval.guardian,
        guardian_name=row.guardian_name,
        guardian_phone=row.guardian_phone,
        citizen_number=number,
    )


def _temporary_days(library: Library) -> int:
    return int(preference(library, "temporary_card_days"))
