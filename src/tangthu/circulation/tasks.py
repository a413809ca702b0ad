"""What lending does in the background."""

from __future__ import annotations

import logging

from django_tasks import task

from tangthu.circulation.actions import move_batch
from tangthu.circulation.models import Closing
from tangthu.core.actor import Actor, Face

logger = logging.getLogger("tangthu.circulation")


@task()
def move_due_dates(closing_id: int) -> None:
    """Move the due dates of a closing, batch by batch. May be begun again: it goes on.

    Who closed the library had the right to; from then on it is the machine's work.
    """
    by = Actor.machine("closing", face=Face.JOB)
    closing = Closing.objects.get(pk=closing_id)
    while move_batch(closing, by=by):
        closing.refresh_from_db()
    closing.refresh_from_db()
    logger.info("due dates moved", extra={"count": closing.moved})
