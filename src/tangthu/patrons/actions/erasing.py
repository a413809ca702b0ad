"""Forgetting a reader: the person goes, the ledger and the counts stay."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit, idempotency
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.patrons import holders, messages
from tangthu.patrons.actions.photos import drop
from tangthu.patrons.actions.requests import ANSWER, close_request, open_request
from tangthu.patrons.errors import ErasureNotYet, RequestAnswered, StillGuardian
from tangthu.patrons.models import (
    Application,
    CardStatus,
    DataRequest,
    Patron,
    RequestKind,
    RequestState,
)
from tangthu.patrons.news import announce, locked
from tangthu.text.sorting import sort_key

NAMELESS = "—"
"""What stands in lists where the name was."""


def objections(patron: Patron) -> list[TangthuError]:
    """Return what stands against the erasure now: loans, debts, children in the reader's care."""
    found = holders.objections(patron)
    wards = patron.wards.filter(erased_at=None).count()
    if wards:
        found.append(StillGuardian(count=wards))
    return found


@transaction.atomic
def erase_patron(request: DataRequest, *, by: Actor) -> Patron:
    """Forget the reader who asked for it: name, contacts, citizen number, photo, and every trace.

    Audit entries about them keep who did what and when, but no value; kept answers to programs
    that name them are emptied; every app forgets its part. What remains is a row without a
    person, for the ledger and the counts, and this request as the proof. The last they hear of the
    library is forgotten as soon as it was sent. Raises ErasureNotYet
    while something is open between them and the library. Locks the reader, so that no loan
    begins meanwhile.
    """
    row = open_request(request)
    by.require(ANSWER, at=row.library_id)
    if row.kind != RequestKind.ERASE:
        raise RequestAnswered(state=row.state)
    patron = locked(row.patron)
    by.require(ANSWER, at=patron.library_id)
    against = objections(patron)
    if against:
        raise ErasureNotYet(against)
    _tell(row, patron)
    named = [patron.card, patron.phone, patron.dialled_phone, patron.email]
    named += patron.former_cards.values_list("card", flat=True)
    holders.forget_everywhere(patron)
    _forget_rows(patron)
    _empty(patron)
    row.text = ""
    close_request(row, RequestState.DONE, answer="", by=by)
    announce("patron.erased", patron, by=by)
    audit.forget_values("patron", patron.pk)
    audit.forget_deeds_of(patron.pk)
    idempotency.forget_bodies_with(named)
    return patron


def _tell(row: DataRequest, patron: Patron) -> None:
    messages.send(
        messages.Message(
            kind=messages.MessageKind.REQUEST_ANSWERED,
            library=row.library,
            source=f"data_request:{row.pk}:done",
            name=patron.name,
            phone=patron.phone,
            email=patron.email,
            values={"request": row.kind, "answer": ""},
            fleeting=True,
        )
    )


def _forget_rows(patron: Patron) -> None:
    for application in Application.objects.filter(patron=patron):
        photo = application.photo_id
        application.delete()
        drop(photo)
    patron.contact_changes.all().delete()
    patron.former_cards.all().delete()
    patron.restrictions.update(note="")
    # What was agreed to, and when, is the library's proof; who said it is not needed any more.
    patron.consents.update(given_by="", withdrawn_at=timezone.now())
    patron.data_requests.update(text="", answer="")


def _empty(patron: Patron) -> None:
    photo = patron.photo_id
    patron.card = f"*{patron.pk}"
    patron.card_status = CardStatus.WITHDRAWN
    patron.name = patron.sort_name = NAMELESS
    patron.sort_key, patron.folded_name = sort_key(NAMELESS), ""
    patron.birth_on = patron.photo = patron.guardian = None
    patron.phone = patron.email = patron.address = patron.ward_code = patron.note = ""
    patron.guardian_name = patron.guardian_phone = ""
    patron.citizen_number_sealed, patron.citizen_number_digest = None, None
    patron.erased_at = timezone.now()
    patron.version += 1
    patron.save()
    drop(photo)
