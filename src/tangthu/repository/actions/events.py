"""Writing down what was done to objects and files, in PREMIS's words."""

from __future__ import annotations

from django.utils import timezone

from tangthu.repository.models import DigitalFile, DigitalObject, PreservationEvent
from tangthu.repository.policy.kinds import EventKind, Outcome


def note_event(
    obj: DigitalObject,
    kind: EventKind,
    *,
    by: str,
    file: DigitalFile | None = None,
    outcome: Outcome = Outcome.SUCCESS,
    detail: str = "",
) -> PreservationEvent:
    """Write down an event. `by` is a person or a program; `detail` says what came out."""
    return PreservationEvent.objects.create(
        object=obj,
        file=file,
        kind=kind,
        at=timezone.now(),
        agent=by,
        outcome=outcome,
        detail=detail[:500],
    )
