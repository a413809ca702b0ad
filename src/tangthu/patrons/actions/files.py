"""Restrictions, the citizen number, and who has looked into a reader's file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.patrons import sealing
from tangthu.patrons.actions.registering import note_citizen_number, save, sealed_row
from tangthu.patrons.errors import NoCitizenNumber
from tangthu.patrons.models import Application, Patron, Restriction, RestrictionKind
from tangthu.patrons.news import announce, locked
from tangthu.patrons.permissions import PatronsPermission
from tangthu.text.normal import normalise

SEEN_IS_NOTED_EVERY = timedelta(minutes=10)
_SEALED = ("citizen_number_sealed", "citizen_number_digest")


@transaction.atomic
def restrict(
    patron: Patron,
    kind: RestrictionKind,
    *,
    by: Actor,
    until: date | None = None,
    note: str = "",
) -> Restriction:
    """Stop lending to the reader: for a time, or until somebody lifts it."""
    patron = locked(patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    restriction = Restriction.objects.create(
        patron=patron,
        kind=kind,
        until=until,
        note=normalise(note),
        set_at=timezone.now(),
        set_by=by.name,
    )
    after: dict[str, object] = {"kind": str(kind), "until": until, "note": restriction.note}
    announce("patron.restricted", patron, by=by, after=after)
    return restriction


@transaction.atomic
def lift(restriction: Restriction, *, by: Actor) -> Restriction:
    """Lift a restriction; lifting one that is lifted already changes nothing."""
    patron = locked(restriction.patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    restriction = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if restriction.lifted_at is not None:
        return restriction
    restriction.lifted_at = timezone.now()
    restriction.lifted_by = by.name
    restriction.save(update_fields=["lifted_at", "lifted_by"])
    announce("patron.restriction_lifted", patron, by=by, before={"kind": restriction.kind})
    return restriction


@transaction.atomic
def set_citizen_number(patron: Patron, number: str, *, by: Actor) -> Patron:
    """Keep the reader's citizen number, sealed; an empty one removes it.

    Raises PatronInvalid unless it is one, CitizenNumberTaken when another reader has it.
    """
    patron = locked(patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    digits = note_citizen_number(patron, number.strip(), by=by)
    patron.citizen_number_sealed = sealing.seal(digits, row=sealed_row(patron)) if digits else None
    save(patron, by=by, fields=_SEALED)
    removed = patron.citizen_number_digest is None
    action = "patron.citizen_number_removed" if removed else "patron.citizen_number_set"
    announce(action, patron, by=by)
    return patron


@transaction.atomic
def see_citizen_number(patron: Patron, *, by: Actor) -> str:
    """Return the reader's citizen number, and write down who looked at it."""
    by.require(PatronsPermission.SEE_CITIZEN_NUMBER, at=patron.library_id)
    sealed = patron.citizen_number_sealed
    if sealed is None:
        raise NoCitizenNumber(patron=patron.pk)
    number = sealing.unseal(bytes(sealed), row=sealed_row(patron))
    audit.record(
        "patron.citizen_number_seen",
        by=by,
        kind="patron",
        key=patron.pk,
        library=patron.library_id,
    )
    return number


@transaction.atomic
def note_seen(patron: Patron, *, by: Actor) -> None:
    """Write down that somebody looked into the reader's file, at most every ten minutes."""
    since = timezone.now() - SEEN_IS_NOTED_EVERY
    seen = AuditEntry.objects.about("patron", patron.pk).filter(action="patron.seen")
    if not seen.filter(user_id=by.user_id, actor=by.name, at__gt=since).exists():
        audit.record("patron.seen", by=by, kind="patron", key=patron.pk, library=patron.library_id)


@transaction.atomic
def note_application_seen(application: Application, *, by: Actor) -> None:
    """Write down that somebody looked into an application, at most every ten minutes."""
    since = timezone.now() - SEEN_IS_NOTED_EVERY
    seen = AuditEntry.objects.about("application", application.pk)
    mine = seen.filter(action="application.seen", user_id=by.user_id, actor=by.name, at__gt=since)
    if not mine.exists():
        audit.record(
            "application.seen",
            by=by,
            kind="application",
            key=application.pk,
            library=application.library_id,
        )


@transaction.atomic
def note_cards_printed(patrons: Sequence[Patron], *, by: Actor) -> None:
    """Write down whose cards somebody printed, at most every ten minutes for each."""
    for patron in patrons:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    since = timezone.now() - SEEN_IS_NOTED_EVERY
    printed = AuditEntry.objects.filter(
        object_kind="patron",
        object_key__in=[str(patron.pk) for patron in patrons],
        action="patron.cards_printed",
        actor=by.name,
        at__gt=since,
    )
    known = set(printed.values_list("object_key", flat=True))
    for patron in patrons:
        if str(patron.pk) not in known:
            audit.record(
                "patron.cards_printed",
                by=by,
                kind="patron",
                key=patron.pk,
                library=patron.library_id,
            )
