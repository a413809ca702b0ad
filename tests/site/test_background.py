from __future__ import annotations

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tangthu.site.background import resume
from tangthu.site.management.commands.worker import own_id

pytestmark = pytest.mark.django_db

HERE = "here-1"


def running(*workers: str) -> DBTaskResult:
    """A task that the last of these workers was doing when it was killed."""
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tangthu.catalogue.tasks.bring_in_file",
        backend_name="default",
        run_after=timezone.now(),
        worker_ids=list(workers),
    )


def test_what_a_killed_worker_was_doing_is_queued_again() -> None:
    task = running(HERE)

    again = resume(HERE)

    task.refresh_from_db()
    assert (again, task.status) == (1, TaskResultStatus.READY)


def test_what_another_worker_is_doing_is_left_to_it() -> None:
    task = running(HERE, "elsewhere-2")

    again = resume(HERE)

    task.refresh_from_db()
    assert (again, task.status) == (0, TaskResultStatus.RUNNING)


def test_a_task_that_kills_its_worker_again_and_again_is_given_up() -> None:
    task = running(HERE, HERE, HERE)

    again = resume(HERE)

    task.refresh_from_db()
    assert (again, task.status) == (0, TaskResultStatus.FAILED)


def test_a_worker_keeps_its_name_over_restarts() -> None:
    assert own_id() == own_id()
    assert len(own_id()) <= 64
