from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


class StationQuerySet(models.QuerySet["Station"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the stations of the libraries at which the actor opens stations."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(CirculationPermission.OPEN_STATIONS))

    def for_list(self) -> Self:
        return self.select_related("library").order_by("library__path", "name")


class Station(models.Model):
    """A place where readers serve themselves. One browser at a time holds its key.

    Only the key's digest is kept. Without one the station is closed.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="stations")
    name = models.CharField(_("name of the station"), max_length=80)
    digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=150, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-service station")
        constraints = [
            models.UniqueConstraint(fields=["library", "name"], name="station_name_in_library"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return bool(self.digest)
