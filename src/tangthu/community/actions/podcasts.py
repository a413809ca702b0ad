"""Making a podcast of a collection, and changing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tangthu.community.errors import PodcastTaken
from tangthu.community.models import Podcast
from tangthu.community.permissions import CommunityPermission
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.libraries.models import Library
from tangthu.repository.models import Collection
from tangthu.text import clean, normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class PodcastData:
    """A podcast as its listeners see it."""

    title: str
    summary: str
    author: str
    language: str = "vi"
    is_published: bool = False


@transaction.atomic
def make_podcast(
    collection: Collection, data: PodcastData, *, library: Library, by: Actor
) -> Podcast:
    """Make a feed of the collection's recordings. Raises PodcastTaken where it has one, Invalid."""
    by.require(CommunityPermission.SHOW, at=library.pk)
    if Podcast.objects.filter(collection=collection).exists():
        raise PodcastTaken(collection=collection.code)
    podcast = Podcast(collection=collection, library=library)
    return _save(podcast, data, "podcast.made", by=by)


@transaction.atomic
def change_podcast(podcast: Podcast, data: PodcastData, *, by: Actor) -> Podcast:
    """Describe the podcast anew, publish it or take it back. Raises Invalid."""
    by.require(CommunityPermission.SHOW, at=podcast.library_id)
    locked = Podcast.objects.select_for_update(no_key=True).get(pk=podcast.pk)
    return _save(locked, data, "podcast.changed", by=by)


def _save(podcast: Podcast, data: PodcastData, action: str, *, by: Actor) -> Podcast:
    before = audit.snapshot(podcast) if podcast.pk else None
    podcast.title = normalise(data.title)[:200]
    podcast.summary = clean(data.summary)[:4000]
    podcast.author = normalise(data.author)[:200]
    for field in ("title", "summary", "author"):
        if not getattr(podcast, field):
            raise Invalid(field)
    podcast.language, podcast.is_published = data.language, data.is_published
    podcast.changed_at = timezone.now()
    podcast.save()
    audit.record(
        action,
        by=by,
        kind="podcast",
        key=podcast.pk,
        library=podcast.library_id,
        before=before,
        after=audit.snapshot(podcast),
    )
    return podcast
