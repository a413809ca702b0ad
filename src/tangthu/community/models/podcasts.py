from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.models import Collection


class PodcastQuerySet(models.QuerySet["Podcast"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def kept_by(self, actor: Actor) -> Self:
        """Return the podcasts that the actor may change."""
        from tangthu.community.permissions import CommunityPermission

        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(CommunityPermission.SHOW))


class Podcast(models.Model):
    """The recordings of a collection, as a feed that programs on phones subscribe to."""

    collection = models.OneToOneField(Collection, models.PROTECT, related_name="podcast")
    library = models.ForeignKey(Library, models.PROTECT, related_name="podcasts")
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    author = models.CharField(_("by whom"), max_length=200)
    language = models.CharField(_("language"), max_length=5, default="vi")
    is_published = models.BooleanField(_("published"), default=False)
    changed_at = models.DateTimeField()

    objects = PodcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("podcast")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
