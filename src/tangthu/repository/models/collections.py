from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CollectionQuerySet(models.QuerySet["Collection"]):
    def under(self, collection: Collection) -> Self:
        """Return the collection and all that stand below it."""
        return self.filter(path__startswith=collection.path)

    def in_tree_order(self) -> Self:
        return self.order_by("path")


class Collection(models.Model):
    """A shelf of the digital library. `path` holds the codes from the root: `dia-chi/ban-do/`."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=400, db_index=True, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="collection_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 1
