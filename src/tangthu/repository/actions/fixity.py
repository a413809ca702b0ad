"""Reading the archive again, to learn of damage while another copy can still help."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.repository import storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import limits
from tangthu.repository.policy.kinds import EventKind, Outcome

logger = logging.getLogger("tangthu.repository")


def check_file(file: DigitalFile) -> bool:
    """Read a kept file and compare it with what it was; note the outcome, and say if it is whole.

    A damaged file raises the alarm: the log, the doctor and the staff's pages tell of it until a
    later check finds it whole.
    """
    detail = _difference(file)
    now = timezone.now()
    damaged_at = (file.damaged_at or now) if detail else None
    with transaction.atomic():
        DigitalFile.objects.filter(pk=file.pk).update(checked_at=now, damaged_at=damaged_at)
        note_event(
            file.object,
            EventKind.FIXITY_CHECK,
            by="tangthu",
            file=file,
            outcome=Outcome.FAILURE if detail else Outcome.SUCCESS,
            detail=detail,
        )
    if detail:
        logger.error("kept file damaged", extra={"object": file.object.identifier})
    return not detail


def check_object(obj: DigitalObject, *, by: Actor) -> int:
    """Read all kept files of an object again; return how many are damaged."""
    by.require(RepositoryPermission.PRESERVE, at=obj.library_id)
    files = DigitalFile.objects.filter(object=obj).preserved().select_related("object")
    return sum(not check_file(file) for file in files)


def check_longest_unchecked(
    *, now: datetime, minutes: float = limits.FIXITY_MINUTES_PER_NIGHT
) -> int:
    """Read again, for so many minutes, what was not read for a season; return how many files."""
    deadline = time.monotonic() + 60 * minutes
    before = now - timedelta(days=limits.FIXITY_EVERY_DAYS)
    due = DigitalFile.objects.longest_unchecked(before=before).select_related("object")
    count = 0
    for file in due.iterator(chunk_size=100):
        check_file(file)
        count += 1
        if time.monotonic() > deadline:
            break
    return count


def _difference(file: DigitalFile) -> str:
    """Return how the bytes differ from those taken in; empty where they do not."""
    try:
        found = storage.kept_digests(file.path)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"unreadable: {error.strerror}"
    if found.size != file.size:
        return f"size {found.size}, was {file.size}"
    return "" if found.sha256 == file.sha256 else f"SHA-256 {found.sha256}, was {file.sha256}"
