from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.protocols.permissions import ProtocolPermission
from tangthu.repository.models import DigitalObject


class HarvestState(models.TextChoices):
    IDLE = "idle", _("Waits for its next time")
    RUNNING = "running", _("Running")
    FAILED = "failed", _("Failed")


class HarvestEvery(models.IntegerChoices):
    BY_HAND = 0, _("By hand only")
    DAY = 24, _("Every day")
    WEEK = 168, _("Every week")
    MONTH = 720, _("Every 30 days")


class MetadataPrefix(models.TextChoices):
    MARC21 = "marc21", "MARC 21 (marc21)"
    MARCXML = "marcxml", "MARC 21 (marcxml)"
    OAI_DC = "oai_dc", "Dublin Core (oai_dc)"


class HarvestSourceQuerySet(models.QuerySet["HarvestSource"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the sources of the libraries for which the actor may harvest."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(ProtocolPermission.HARVEST))

    def due(self, now: datetime) -> Self:
        """Return the sources whose time has come, whoever harvested them last."""
        return self.filter(is_active=True, every_hours__gt=0, next_at__lte=now)


class HarvestSource(models.Model):
    """Another repository that records are brought from: where it is, what of it, how often.

    `token` is where an interrupted harvest goes on; `since` from when on the next one asks, by the
    other's own clock. The sums are those of the last harvest.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="harvest_sources")
    name = models.CharField(_("name"), max_length=150)
    address = models.URLField(_("address (base URL)"), max_length=500)
    prefix = models.CharField(
        _("form"), max_length=10, choices=MetadataPrefix.choices, default=MetadataPrefix.MARC21
    )
    set_spec = models.CharField(_("set"), max_length=200, blank=True)
    every_hours = models.PositiveSmallIntegerField(
        _("how often"), choices=HarvestEvery.choices, default=HarvestEvery.WEEK
    )
    is_active = models.BooleanField(_("in use"), default=True)
    user_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=HarvestState.choices, default=HarvestState.IDLE)
    failure = models.CharField(max_length=60, blank=True)
    token = models.TextField(blank=True)
    since = models.CharField(max_length=30, blank=True)
    asked_at = models.CharField(max_length=30, blank=True)
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    seen = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)
    unusable = models.PositiveIntegerField(default=0)

    objects = HarvestSourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "address", "prefix", "set_spec"], name="one_source_per_set"
            ),
            models.CheckConstraint(
                condition=Q(seen__gte=F("added") + F("changed")), name="harvest_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HarvestedItem(models.Model):
    """What an item of a source became: the record, and its version when the source last wrote it.

    `is_ours` tells that the source made the record, so that its going hides it; one that was there
    before stays.
    """

    source = models.ForeignKey(HarvestSource, models.CASCADE, related_name="items")
    identifier = models.CharField(max_length=500)
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    is_ours = models.BooleanField(default=True)
    written_version = models.PositiveIntegerField(default=1)
    stamp = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "identifier"], name="item_harvested_once"),
        ]

    def __str__(self) -> str:
        return self.identifier


class NameState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    GIVEN = "given", _("Name given")
    BURIED = "buried", _("Leads to what it was")


class OutsideNameQuerySet(models.QuerySet["OutsideName"]):
    def due(self, registry: str, root: str, now: datetime) -> Self:
        """Return the names of which the registry is to hear: new, changed since, or moved."""
        unheard = ~Q(told_change=F("object__updated_at")) | ~Q(root=root) | Q(told_change=None)
        rows = self.filter(unheard, registry=registry, next_at__lte=now).order_by("next_at", "pk")
        return rows.select_related("object__library").prefetch_related("object__links__record")


class OutsideName(models.Model):
    """A name that an object has at a registry of others, and what the registry last heard.

    `told_change` is the object's last change of which it heard, `root` the site it leads to.
    """

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="outside_names")
    registry = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=NameState.choices, default=NameState.WAITING)
    root = models.CharField(max_length=300, blank=True)
    told_change = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)

    objects = OutsideNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object", "registry"], name="one_name_per_registry"),
            models.UniqueConstraint(fields=["registry", "name"], name="name_given_once"),
        ]
        indexes = [models.Index(fields=["registry", "next_at"], name="name_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_resolvable(self) -> bool:
        """Tell whether a resolver of the registry leads from the name."""
        return self.state != NameState.WAITING
