from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.progress import GOAL
from tangthu.digitisation.policy.stages import Doer, Effect
from tangthu.libraries.models import Library, Location
from tangthu.repository.models import ACCESS_LABELS, Collection
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import Access

EFFECT_LABELS: Mapping[str, Promise] = {
    Effect.NONE: _("Work by people alone"),
    Effect.FETCH: _("The copy is fetched from the stack"),
    Effect.SCAN: _("The pages are scanned"),
    Effect.CHECK: _("The pages are checked"),
    Effect.PUBLISH: _("The object is published"),
}
DOER_LABELS: Mapping[str, Promise] = {
    Doer.PLAN: DigitisationPermission.PLAN.label,
    Doer.WORK: DigitisationPermission.WORK.label,
    Doer.DESCRIBE: RepositoryPermission.EDIT_OBJECTS.label,
    Doer.PUBLISH: RepositoryPermission.PUBLISH.label,
}
STAFF = (*DigitisationPermission, *RepositoryPermission)
"""Who may look at projects: any of those who have a part in them."""


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the projects of the libraries where the actor has any part in digitising."""
        if actor.everywhere:
            return self
        there = frozenset[int]().union(*(actor.libraries(each) for each in STAFF))
        return self.filter(library__in=there)

    def planned_by(self, actor: Actor) -> Self:
        """Return the projects that the actor may plan."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(DigitisationPermission.PLAN))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def for_list(self) -> Self:
        """Return the projects with how many documents they hold, and how many are through."""
        through = Count("batches__captures", filter=Q(batches__captures__state="done"))
        return self.select_related("library", "location").annotate(
            captures=Count("batches__captures"), through=through
        )


class Project(models.Model):
    """What is to be digitised, by when, and of which collection it is a part.

    The collection is the records with copies in `location`, those whose call number begins so, or
    both together; `planned` is the number in the written plan where that is what counts.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="digitisation_projects")
    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("purpose and decision"), blank=True)
    ends_on = models.DateField(_("to be done by"), null=True, blank=True)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="digitisation_projects"
    )
    call_number = models.CharField(max_length=60, blank=True)
    planned = models.PositiveIntegerField(null=True, blank=True)
    goal = models.PositiveSmallIntegerField(default=GOAL)
    collection = models.ForeignKey(
        Collection, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rights = models.CharField(max_length=16, blank=True)
    access = models.CharField(
        max_length=12, choices=list(ACCESS_LABELS.items()), default=Access.STAFF
    )
    last_capture = models.PositiveIntegerField(default=0)
    last_batch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("digitisation project")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__gte=1, goal__lte=100), name="goal_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_scope(self) -> bool:
        """Tell whether it is said of which collection the project is a part."""
        return self.location_id is not None or bool(self.call_number)


class Stage(models.Model):
    """One stage of a project: its place, what the program does at it, who does it, in how long."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    effect = models.CharField(max_length=10, choices=list(EFFECT_LABELS.items()))
    doer = models.CharField(max_length=40, choices=list(DOER_LABELS.items()))
    days = models.PositiveSmallIntegerField(_("days allowed"), default=3)
    gives_back = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("stage")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "position"], name="one_stage_per_place_of_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Documents of a project that are chosen and carried together."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="batches")
    number = models.CharField(max_length=24, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("batch for digitisation")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number
