"""Keeping a reader's place and marks on the card, for as long as the reader wants it.

What somebody reads is sensitive (Law 91/2025/QH15): nothing is kept for a reader who keeps no past
loans, unless they ask for it here. Nothing of it goes to the audit log or to the feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.patrons.models import Patron
from tangthu.reading.errors import PlacesNotKept, TooManyMarks
from tangthu.reading.models import Mark, MarkKind, Place, ReadingChoice
from tangthu.reading.places import keeps_places
from tangthu.reading.policy.places import (
    COLOURS,
    LONGEST_LABEL,
    LONGEST_NOTE,
    LONGEST_QUOTE,
    MOST_MARKS,
    is_locator,
)
from tangthu.repository.models import DigitalObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceData:
    """Where a reader is in a document, and when and on what device that was."""

    locator: Mapping[str, object]
    progress: float = 0.0
    label: str = ""
    device: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkData:
    """What a reader leaves in a document. `at` is when it was made or last changed."""

    uid: UUID
    kind: str
    locator: Mapping[str, object]
    label: str = ""
    quote: str = ""
    note: str = ""
    colour: str = ""
    at: datetime


@transaction.atomic
def keep_place(obj: DigitalObject, data: PlaceData, *, by: Actor) -> Place:
    """Keep the reader's place; of two devices the later one counts, whichever is told first.

    Refused for who is no reader (NotPermitted) or keeps none (PlacesNotKept), and for a place that
    says nothing (Invalid).
    """
    patron = _keeper(by)
    _require_locator(data.locator)
    kept = Place.objects.filter(patron=patron, object=obj).first()
    if kept is None:
        kept = Place(patron=patron, object=obj)
    elif kept.at > data.at:
        return kept
    kept.locator, kept.progress = dict(data.locator), data.progress
    kept.label, kept.device, kept.at = data.label[:LONGEST_LABEL], data.device[:40], data.at
    kept.save()
    return kept


@transaction.atomic
def forget_place(obj: DigitalObject, *, by: Actor) -> None:
    """Forget where the reader was in the document, and what they marked in it."""
    patron = _reader(by)
    Place.objects.filter(patron=patron, object=obj).delete()
    Mark.objects.filter(patron=patron, object=obj).delete()


@transaction.atomic
def keep_mark(obj: DigitalObject, data: MarkData, *, by: Actor) -> Mark:
    """Keep a mark, or change the one of this name; an older change than the kept one is dropped.

    Refused as `keep_place` is, and where the document has as many marks as are kept (TooManyMarks).
    """
    patron = _keeper(by)
    _require_mark(data)
    kept = Mark.objects.filter(patron=patron, uid=data.uid).first()
    if kept is None:
        if Mark.objects.filter(patron=patron, object=obj).count() >= MOST_MARKS:
            raise TooManyMarks(limit=MOST_MARKS)
        kept = Mark(patron=patron, object=obj, uid=data.uid, made_at=data.at)
    elif kept.object_id != obj.pk:
        raise Invalid("uid")
    elif kept.changed_at > data.at:
        return kept
    kept.kind, kept.locator, kept.colour = data.kind, dict(data.locator), data.colour
    kept.label = data.label[:LONGEST_LABEL]
    kept.quote, kept.note = data.quote[:LONGEST_QUOTE], data.note[:LONGEST_NOTE]
    kept.changed_at = data.at
    kept.save()
    return kept


@transaction.atomic
def remove_mark(obj: DigitalObject, uid: UUID, *, by: Actor) -> None:
    """Remove a mark of the reader's own; one that is gone already is no fault."""
    Mark.objects.filter(patron=_reader(by), object=obj, uid=uid).delete()


@transaction.atomic
def choose_keeping(*, keeps: bool, by: Actor) -> None:
    """Keep the reader's places and marks on the card from now on, or no more: then all is gone."""
    patron = _reader(by)
    ReadingChoice.objects.update_or_create(
        patron=patron, defaults={"keeps": keeps, "chosen_at": timezone.now()}
    )
    if not keeps:
        Place.objects.filter(patron=patron).delete()
        Mark.objects.filter(patron=patron).delete()
    deed = "reading.places_kept" if keeps else "reading.places_forgotten"
    audit.record(deed, by=by, kind="patron", key=patron.pk, library=patron.library_id)


def forget_places_of(patron: Patron) -> None:
    """Remove the places, the marks and the choice of an erased reader. Part of the erasure."""
    Place.objects.filter(patron=patron).delete()
    Mark.objects.filter(patron=patron).delete()
    ReadingChoice.objects.filter(patron=patron).delete()


def _reader(by: Actor) -> Patron:
    patron = Patron.objects.select_for_update(no_key=True).filter(pk=by.patron_id or 0).first()
    if patron is None:
        raise NotPermitted
    return patron


def _keeper(by: Actor) -> Patron:
    patron = _reader(by)
    if not keeps_places(patron):
        raise PlacesNotKept
    return patron


def _require_locator(locator: Mapping[str, object]) -> None:
    if not is_locator(locator):
        raise Invalid("locator")


def _require_mark(data: MarkData) -> None:
    _require_locator(data.locator)
    if data.kind not in list(MarkKind):
        raise Invalid("kind")
    if data.colour and data.colour not in COLOURS:
        raise Invalid("colour")
