"""What workers do with the queue: take a page, hand in its text, or say why there is none.

Any number of workers on any number of machines: a job is taken by a conditional update, so that
one worker alone has it, and it is free again once the lease has ended. A worker that comes late
with a job that was taken again, or cancelled, is not listened to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.volunteers.calls import take_in_words
from tangthu.digitisation.models.ocr import TextJob
from tangthu.digitisation.policy.recognition import (
    DISK_FULL,
    LEASE,
    MOST_TRIES,
    JobState,
    wait_before,
)
from tangthu.formats.alto import Layout
from tangthu.repository.actions.texts import Unit, keep_text
from tangthu.repository.errors import TextIsCorrected
from tangthu.repository.models import Page
from tangthu.repository.policy.texts import TextOrigin

_SOME = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The text of one place as a worker hands it in."""

    place: Page | Unit
    layout: Layout
    origin: TextOrigin
    engine: str


def claim(worker: str, *, now: datetime) -> TextJob | None:
    """Take the most urgent page for this worker, until the lease ends; None where nothing waits.

    Workers do not wait for each other: rows that another is taking are passed over.
    """
    _take_back(now)
    while True:
        with transaction.atomic():
            waiting = TextJob.objects.ready(now=now)
            if connection.features.has_select_for_update_skip_locked:
                waiting = waiting.select_for_update(skip_locked=True)
                chosen = list(waiting.values_list("pk", flat=True)[:1])
            else:
                chosen = list(waiting.values_list("pk", flat=True)[:_SOME])
            for pk in chosen:
                if _taken(pk, worker, now):
                    return TextJob.objects.select_related("object", "page", "file").get(pk=pk)
        if not chosen:
            return None


@transaction.atomic
def finish(
    job: TextJob, results: Sequence[Result], *, seconds: float, variant: str = "", by: Actor
) -> bool:
    """Keep the text that was read for the job. False where the job is not this worker's any more.

    Text that people corrected meanwhile stays. Where the object is open to volunteers, they are
    given the words that are doubtful now.
    """
    held = _held(job)
    if held is None:
        return False
    for result in results:
        try:
            with transaction.atomic():
                text = keep_text(
                    result.place,
                    result.layout,
                    origin=result.origin,
                    engine=result.engine,
                    languages=job.languages,
                    by=by,
                )
                take_in_words(text)
        except TextIsCorrected:
            continue
    held.state, held.seconds, held.variant, held.fault = JobState.DONE, seconds, variant, ""
    held.finished_at, held.lease_until = timezone.now(), None
    held.save(update_fields=["state", "seconds", "variant", "fault", "finished_at", "lease_until"])
    return True


@transaction.atomic
def fail(job: TextJob, fault: str, *, lasting: bool = False) -> bool:
    """Say that the page could not be read: it is tried again later, three times in all.

    A `lasting` fault, of the file or of the installation, is not tried again by itself. A full
    disk is nobody's fault: the page waits until there is room, however often it was tried.
    """
    held = _held(job)
    if held is None:
        return False
    now = timezone.now()
    given_up = lasting or (held.attempts >= MOST_TRIES and fault != DISK_FULL)
    held.state = JobState.FAILED if given_up else JobState.WAITING
    held.fault, held.lease_until = fault[:40], None
    held.next_try_at = now + wait_before(held.attempts)
    held.finished_at = now if given_up else None
    held.save(update_fields=["state", "fault", "lease_until", "next_try_at", "finished_at"])
    return True


def names_at_work() -> list[str]:
    """Return the names of the workers that took pages and have not handed them in."""
    running = TextJob.objects.filter(state=JobState.RUNNING).order_by("worker")
    return list(running.values_list("worker", flat=True).distinct())


@transaction.atomic
def let_go(worker: str) -> int:
    """Give back what a worker of this name was reading when it was stopped or killed."""
    left = TextJob.objects.filter(state=JobState.RUNNING, worker=worker)
    return left.update(
        state=JobState.WAITING, lease_until=None, next_try_at=timezone.now(), worker=""
    )


@transaction.atomic
def forget_finished(*, before: datetime) -> int:
    """Forget the jobs that were finished before that moment: the text itself tells the rest."""
    done = (JobState.DONE, JobState.CANCELLED)
    return TextJob.objects.filter(state__in=done, finished_at__lt=before).delete()[0]


def _taken(pk: int, worker: str, now: datetime) -> bool:
    """Take a job if nobody has: the update finds it waiting for one worker alone."""
    free = TextJob.objects.filter(pk=pk, state=JobState.WAITING, next_try_at__lte=now)
    return bool(
        free.update(
            state=JobState.RUNNING,
            worker=worker[:80],
            lease_until=now + LEASE,
            started_at=now,
            attempts=F("attempts") + 1,
        )
    )


@transaction.atomic
def _take_back(now: datetime) -> None:
    """Free the jobs of workers that died; one that killed three workers is not tried again."""
    if not TextJob.objects.abandoned(now=now).exists():
        return
    abandoned = TextJob.objects.abandoned(now=now)
    abandoned.filter(attempts__gte=MOST_TRIES).update(
        state=JobState.FAILED, fault="worker_died", lease_until=None, finished_at=now
    )
    TextJob.objects.abandoned(now=now).update(
        state=JobState.WAITING, fault="worker_died", lease_until=None, next_try_at=now
    )


def _held(job: TextJob) -> TextJob | None:
    """Return the job, locked, if it is still held by who holds it here."""
    return (
        TextJob.objects.select_for_update(of=("self",))
        .filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker, attempts=job.attempts)
        .first()
    )
