"""What becomes of background tasks whose worker was killed."""

from __future__ import annotations

import logging

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger("tangthu.worker")

TRIES = 3


@transaction.atomic
def resume(worker_id: str) -> int:
    """Queue again what this worker was doing when it was killed, and return how many.

    A task that has killed its worker three times fails instead, so that the others get their
    turn. Tasks must therefore bear to be begun again; an import goes on where it stopped.
    """
    again = 0
    for task in DBTaskResult.objects.running().select_for_update():
        if not task.worker_ids or task.worker_ids[-1] != worker_id:
            continue
        given_up = len(task.worker_ids) >= TRIES
        task.status = TaskResultStatus.FAILED if given_up else TaskResultStatus.READY
        task.save(update_fields=["status"])
        again += not given_up
        outcome = "given up" if given_up else "queued again"
        logger.warning("interrupted task %s", outcome, extra={"task": task.task_path})
    return again
