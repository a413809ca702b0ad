"""Changes of phone, e-mail and address that a reader asks for, and staff decide on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.patrons import messages, policy
from tangthu.patrons.actions.registering import save
from tangthu.patrons.errors import ContactInvalid, NothingToChange, RequestAnswered
from tangthu.patrons.models import ContactChange, ContactState, Patron
from tangthu.patrons.news import announce, locked
from tangthu.patrons.permissions import PatronsPermission
from tangthu.text.normal import normalise

_FIELDS = ("phone", "email", "address")


@transaction.atomic
def request_contact_change(
    patron: Patron,
    *,
    phone: str | None = None,
    email: str | None = None,
    address: str | None = None,
    by: Actor,
) -> ContactChange:
    """Ask for another phone, e-mail or address; what is None stays, an empty text removes it.

    For the reader themselves, or staff on their behalf. It waits for staff, for whoever stole a
    password could else turn the library's letters to themselves. One waits at a time: a new wish
    takes the place of the former. Raises ContactInvalid, and NothingToChange.
    """
    patron = locked(patron)
    if by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    wanted = _wanted(patron, phone=phone, email=email, address=address)
    if not wanted:
        raise NothingToChange
    patron.contact_changes.waiting().update(
        state=ContactState.WITHDRAWN,
        decided_at=timezone.now(),
        phone=None,
        email=None,
        address=None,
    )
    change = ContactChange.objects.create(patron=patron, asked_at=timezone.now(), **wanted)
    _write_down("patron.contact_change_asked", patron, wanted, by=by)
    return change


@transaction.atomic
def withdraw_contact_change(change: ContactChange, *, by: Actor) -> ContactChange:
    """Take the wish back; for the reader themselves, or staff."""
    patron = locked(change.patron)
    if by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    change = _waiting(change)
    return _close(change, ContactState.WITHDRAWN, by=by)


@transaction.atomic
def accept_contact_change(change: ContactChange, *, by: Actor) -> Patron:
    """Write what the reader asked for into their file, and tell them.

    Raises RequestAnswered when somebody else decided, or the reader took it back.
    """
    patron = locked(change.patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    change = _waiting(change)
    wanted = {name: getattr(change, name) for name in _FIELDS if getattr(change, name) is not None}
    before: dict[str, object] = {name: getattr(patron, name) for name in wanted}
    for name, value in wanted.items():
        setattr(patron, name, value)
    save(patron, by=by, fields=wanted)
    _close(change, ContactState.ACCEPTED, by=by)
    announce("patron.contact_changed", patron, by=by, before=before, after=dict(wanted))
    _tell(change, patron, messages.MessageKind.CONTACT_ACCEPTED, sorted(wanted))
    return patron


@transaction.atomic
def refuse_contact_change(change: ContactChange, *, reason: str, by: Actor) -> ContactChange:
    """Leave the file as it is, and tell the reader why."""
    patron = locked(change.patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    change = _waiting(change)
    wanted = [name for name in _FIELDS if getattr(change, name) is not None]
    change = _close(change, ContactState.REFUSED, by=by, reason=normalise(reason)[:300])
    _write_down("patron.contact_change_refused", patron, dict.fromkeys(wanted, ""), by=by)
    _tell(change, patron, messages.MessageKind.CONTACT_REFUSED, wanted, reason=change.reason)
    return change


def _wanted(
    patron: Patron, *, phone: str | None, email: str | None, address: str | None
) -> dict[str, str]:
    asked: dict[str, str] = {}
    if phone is not None:
        asked["phone"] = _phone(phone.strip())
    if email is not None:
        asked["email"] = _email(normalise(email))
    if address is not None:
        asked["address"] = normalise(address)[:300]
    return {name: value for name, value in asked.items() if value != getattr(patron, name)}


def _phone(typed: str) -> str:
    stored = policy.stored_phone(typed) if typed else ""
    if stored is None:
        raise ContactInvalid(field="phone", fault="phone_invalid")
    return stored


def _email(typed: str) -> str:
    if typed and not policy.is_email(typed):
        raise ContactInvalid(field="email", fault="email_invalid")
    return typed[:254]


def _waiting(change: ContactChange) -> ContactChange:
    row = ContactChange.objects.select_for_update().get(pk=change.pk)
    if row.state != ContactState.WAITING:
        raise RequestAnswered(state=row.state)
    return row


def _close(
    change: ContactChange, state: ContactState, *, by: Actor, reason: str = ""
) -> ContactChange:
    """Decide, and forget the values: what was accepted stands at the reader, the rest nowhere."""
    change.state, change.reason = state, reason
    change.decided_at, change.decided_by = timezone.now(), by.name
    change.phone = change.email = change.address = None
    change.save()
    return change


def _write_down(action: str, patron: Patron, wanted: dict[str, str], *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=patron.pk,
        library=patron.library_id,
        after={"fields": sorted(wanted)},
    )


def _tell(
    change: ContactChange,
    patron: Patron,
    kind: messages.MessageKind,
    fields: list[str],
    **values: object,
) -> None:
    messages.send(
        messages.Message(
            kind=kind,
            library=patron.library,
            source=f"contact_change:{change.pk}",
            patron=patron,
            values={"fields": fields, **values},
        )
    )
