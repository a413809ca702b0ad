from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.recognition import OPEN, JobState, Priority
from tangthu.repository.models import DigitalFile, DigitalObject, Page

JOB_STATE_LABELS: Mapping[str, Promise] = {
    JobState.WAITING: _("Waiting"),
    JobState.RUNNING: _("Being read"),
    JobState.DONE: _("Done"),
    JobState.FAILED: _("Failed"),
    JobState.CANCELLED: _("Cancelled"),
}
PRIORITY_LABELS: Mapping[int, Promise] = {
    Priority.NOW: _("Before everything else"),
    Priority.NORMAL: _("In its turn"),
    Priority.IDLE: _("When nothing else waits"),
}


class TextJobQuerySet(models.QuerySet["TextJob"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the jobs of the libraries where the actor may have text recognised."""
        if actor.everywhere:
            return self
        return self.filter(object__library__in=actor.libraries(DigitisationPermission.RECOGNISE))

    def of_object(self, obj: DigitalObject) -> Self:
        return self.filter(object=obj)

    def open(self) -> Self:
        """Return what waits or is being read."""
        return self.filter(state__in=sorted(OPEN))

    def ready(self, *, now: datetime) -> Self:
        """Return what a worker may take, the most urgent first, then in the order of asking."""
        due = self.filter(state=JobState.WAITING, next_try_at__lte=now)
        return due.order_by("priority", "id")

    def abandoned(self, *, now: datetime) -> Self:
        """Return what is said to be read by workers whose lease has ended: they died."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=now)

    def failed(self) -> Self:
        return self.filter(state=JobState.FAILED).order_by("object", "page__position", "number")

    def by_state(self) -> dict[str, int]:
        """Return how many there are in each state. One query."""
        rows = self.order_by().values_list("state").annotate(count=Count("id"))
        counts = dict(rows)
        return {state: counts.get(state, 0) for state in JobState}

    def per_minute(self, *, now: datetime, window: timedelta = timedelta(minutes=10)) -> float:
        """Return how many pages a minute were read lately; measured from the first of them."""
        lately = self.filter(state=JobState.DONE, finished_at__gt=now - window)
        found = lately.aggregate(count=Count("id"), first=Min("started_at"))
        if not found["count"] or found["first"] is None:
            return 0.0
        minutes = max((now - found["first"]).total_seconds(), 1.0) / 60
        return float(found["count"] / minutes)


class TextJob(models.Model):
    """That the text of one page is wanted: who asked, and what became of it.

    Of a page of images `page` is named; of a PDF that is kept as a file, `file` and the `number`
    of its page; of an EPUB or DOCX the `file` alone, which is read in one go. A worker holds a job
    until `lease_until`; `attempts` tells it from a worker that took the job again.
    """

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="text_jobs")
    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="text_job")
    file = models.ForeignKey(DigitalFile, models.CASCADE, null=True, related_name="text_jobs")
    number = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=list(JOB_STATE_LABELS.items()), default=JobState.WAITING
    )
    priority = models.PositiveSmallIntegerField(
        choices=list(PRIORITY_LABELS.items()), default=Priority.NORMAL
    )
    languages = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    seconds = models.FloatField(null=True)
    variant = models.CharField(max_length=10, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = TextJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to recognise")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False) | Q(file__isnull=False),
                name="text_job_of_something",
            ),
            models.UniqueConstraint(
                fields=["file", "number"], condition=Q(page=None), name="one_text_job_per_unit"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "priority", "id"], name="text_job_queue"),
            models.Index(fields=["object", "state"], name="text_job_of_object"),
            models.Index(fields=["finished_at"], name="text_job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id}/{self.page_id or self.number} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class HighlandName(models.Model):
    """A name or word with letters that the engine cannot write, as the library adds it."""

    text = models.CharField(_("name"), max_length=80, unique=True)
    added_by = models.CharField(max_length=150, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("highland name")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text
