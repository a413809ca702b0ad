from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, Record
from tangthu.core.actor import Actor
from tangthu.digitisation.models.projects import STAFF, Batch, Project, Stage
from tangthu.digitisation.policy.stages import Doer
from tangthu.repository.models import DigitalObject


class CaptureState(models.TextChoices):
    OPEN = "open", _("Under way")
    SET_ASIDE = "set_aside", _("Set aside")
    DONE = "done", _("Through all stages")


class CaptureQuerySet(models.QuerySet["Capture"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.everywhere:
            return self
        there = frozenset[int]().union(*(actor.libraries(each) for each in STAFF))
        return self.filter(batch__project__library__in=there)

    def open(self) -> Self:
        return self.filter(state=CaptureState.OPEN)

    def unfinished(self) -> Self:
        """Return those that are under way or set aside: nobody may begin them a second time."""
        return self.exclude(state=CaptureState.DONE)

    def of_records(self, records: Iterable[int]) -> Self:
        return self.filter(record__in=list(records))

    def for_list(self) -> Self:
        """Return the captures with what a line of a list shows: one query."""
        return (
            self.select_related(
                "batch__project", "record", "item__library", "item__location", "object", "stage"
            )
            .defer("record__marc")
            .order_by("id")
        )


class Capture(models.Model):
    """One document on its way from the stack to the screen.

    `stage` is where it is, none once it is through; `back_to` how far it had come before it was
    sent back. `status_before` is the state of its copy before it was fetched; empty while the
    copy stands where it belongs.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="captures")
    number = models.CharField(max_length=24, unique=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="captures")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="captures")
    object = models.ForeignKey(DigitalObject, models.PROTECT, null=True, related_name="captures")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="captures")
    back_to = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CaptureState.choices, default=CaptureState.OPEN)
    aside_for = models.CharField(max_length=200, blank=True)
    status_before = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        verbose_name = _("document to digitise")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(item=None) & ~Q(state="done"),
                name="record_digitised_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(item__isnull=False) & ~Q(state="done"),
                name="copy_digitised_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="done", stage=None) | (~Q(state="done") & Q(stage__isnull=False)),
                name="capture_stands_at_a_stage_until_done",
            ),
        ]
        indexes = [models.Index(fields=["state", "stage"], name="capture_by_stage")]

    def __str__(self) -> str:
        return self.number

    @property
    def project(self) -> Project:
        return self.batch.project


class StepOutcome(models.TextChoices):
    FINISHED = "finished", _("Finished")
    SENT_BACK = "sent_back", _("Sent back")
    RESUMED = "resumed", _("Mended, and sent forward again")
    SET_ASIDE = "set_aside", _("Set aside")


class StepQuerySet(models.QuerySet["Step"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def waiting(self) -> Self:
        """Return the steps that somebody may take up now."""
        return self.open().filter(begun_at=None, capture__state=CaptureState.OPEN)

    def at_work(self) -> Self:
        return self.open().filter(begun_at__isnull=False, capture__state=CaptureState.OPEN)

    def overdue(self, *, today: date) -> Self:
        return self.open().filter(due_on__lt=today, capture__state=CaptureState.OPEN)

    def doable_by(self, actor: Actor) -> Self:
        """Return the steps whose stage the actor may do, at the libraries where they may."""
        if actor.everywhere:
            return self
        parts = Q(pk__in=[])
        for permission in STAFF:
            if str(permission) in {str(doer) for doer in Doer}:
                libraries = actor.libraries(permission)
                parts |= Q(
                    stage__doer=str(permission), capture__batch__project__library__in=libraries
                )
        return self.filter(parts)

    def just_finished_by(self, actor: Actor, *, since: datetime) -> Self:
        """Return what this person finished lately and nobody has gone on with, the latest first."""
        ended = self.filter(
            worker_id=actor.user_id, outcome=StepOutcome.FINISHED, ended_at__gte=since
        )
        later = Step.objects.filter(capture=OuterRef("capture"), pk__gt=OuterRef("pk"))
        untouched = later.filter(begun_at=None, ended_at=None)
        return ended.filter(Exists(untouched)).order_by("-ended_at", "-id")

    def for_list(self) -> Self:
        return (
            self.select_related(
                "stage",
                "capture__batch__project",
                "capture__record",
                "capture__item__location",
                "capture__item__library",
                "capture__object",
            )
            .defer("capture__record__marc")
            .order_by("due_on", "id")
        )


class Step(models.Model):
    """One stay of a document at a stage: who did it, when, by when it was due, how it ended.

    There is one open step for each document under way; the ended ones are its history.
    """

    capture = models.ForeignKey(Capture, models.CASCADE, related_name="steps")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="steps")
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    worker_id = models.BigIntegerField(null=True)
    worker = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=10, choices=StepOutcome.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    sent_back_by = models.CharField(max_length=150, blank=True)
    pages = models.PositiveIntegerField(default=0)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of digitisation")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["capture"],
                condition=Q(ended_at=None),
                name="one_open_step_per_capture",
            ),
        ]
        indexes = [
            models.Index(fields=["worker_id", "ended_at"], name="step_by_worker"),
            models.Index(fields=["stage", "ended_at"], name="step_by_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.capture_id} at {self.stage_id}"
