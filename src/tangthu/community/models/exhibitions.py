from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.community.permissions import CommunityPermission
from tangthu.community.policy.blocks import BlockKind
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library

BLOCK_LABELS: Mapping[str, Promise] = {
    BlockKind.TEXT: _("Words"),
    BlockKind.IMAGE: _("A page or a part of it"),
    BlockKind.QUOTE: _("A quotation"),
    BlockKind.GALLERY: _("Several documents"),
    BlockKind.MAP: _("A map with places"),
    BlockKind.TIMELINE: _("A time line"),
    BlockKind.SOUND: _("A recording"),
    BlockKind.FIGURES: _("The library in figures"),
}


class ExhibitionQuerySet(models.QuerySet["Exhibition"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return what is published; to its keepers also what is not yet."""
        if actor.everywhere:
            return self
        kept = actor.libraries(CommunityPermission.SHOW)
        return self.filter(Q(published_at__isnull=False) | Q(library__in=kept))

    def kept_by(self, actor: Actor) -> Self:
        """Return the exhibitions that the actor may change."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(CommunityPermission.SHOW))


class Exhibition(models.Model):
    """A story told with documents of the digital library, from its first block to the last."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    lead = models.TextField(_("what it tells"), blank=True)
    library = models.ForeignKey(Library, models.PROTECT, related_name="exhibitions")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    """Of how it is announced; its blocks count theirs."""

    objects = ExhibitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exhibition")
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.title


class StandingBlocks(models.Manager["Block"]):
    """The blocks that nobody took out."""

    def get_queryset(self) -> models.QuerySet[Block]:
        return super().get_queryset().filter(removed_at=None)


class Block(models.Model):
    """A piece of an exhibition. What is typed stays as typed; it is understood when it is shown.

    A block that was taken out is kept for a while, so that it can be put back.
    """

    exhibition = models.ForeignKey(Exhibition, models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=list(BLOCK_LABELS.items()))
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    text = models.TextField(_("words"), blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    lines = models.TextField(_("lines"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = StandingBlocks()
    with_removed: ClassVar[models.Manager[Block]] = models.Manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.heading or str(self.get_kind_display())
