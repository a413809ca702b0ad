"""Podcasts: their feeds and covers for everybody, their making for staff."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from tangthu.community.actions.podcasts import change_podcast, make_podcast
from tangthu.community.feeds import Channel, Episode, feed_of
from tangthu.community.forms import NewPodcastForm, PodcastForm
from tangthu.community.models import Podcast
from tangthu.community.permissions import CommunityPermission
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.reading import addresses
from tangthu.reading.presenting import address_of
from tangthu.repository.models import DigitalObject, Recording
from tangthu.repository.reading import is_open_to_all
from tangthu.ui import refusals
from tangthu.ui.staff import public_page, staff_page
from tangthu.ui.templatetags.ui import LANGUAGES as LANGUAGE_TAGS

SHOW = CommunityPermission.SHOW
MOST_EPISODES = 300
COVER = 1400
"""Pixels of each side: the least that Apple takes."""


@require_safe
@public_page
def podcasts(request: LibraryRequest) -> HttpResponse:
    """Show what may be subscribed to."""
    rows = Podcast.objects.published().select_related("collection", "library")
    site = request.build_absolute_uri("/")[:-1]
    shown = [
        (row, f"{site}{reverse('community:feed', args=[row.collection.code])}") for row in rows
    ]
    return render(request, "community/podcasts.html", {"podcasts": shown})


@require_safe
@public_page
def feed(request: LibraryRequest, code: str) -> HttpResponse:
    """Answer with the feed of a collection's recordings that are open to all, newest first."""
    row = _published(code)
    site = request.build_absolute_uri("/")[:-1]
    channel = Channel(
        title=row.title,
        summary=row.summary,
        author=row.author,
        language=row.language,
        page=f"{site}{reverse('community:collection', args=[code])}",
        feed=f"{site}{request.path}",
        cover=f"{site}{reverse('community:podcast_cover', args=[code])}",
        changed_at=row.changed_at,
    )
    answer = HttpResponse(
        feed_of(channel, _episodes(row, site)), content_type="application/rss+xml; charset=utf-8"
    )
    answer["Cache-Control"] = "public, max-age=900"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _cover_changed(_request: LibraryRequest, code: str) -> datetime | None:
    row = Podcast.objects.published().filter(collection__code=code).first()
    return row.changed_at if row else None


@require_safe
@public_page
@condition(last_modified_func=_cover_changed)
def cover(request: LibraryRequest, code: str) -> HttpResponse:
    """Draw the podcast's cover: its title on the library's red."""
    answer = HttpResponse(_drawn(_published(code)), content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


@staff_page(SHOW)
@require_safe
def desk(request: LibraryRequest) -> HttpResponse:
    """List the podcasts that the member of staff may change."""
    rows = Podcast.objects.kept_by(request.actor).select_related("collection", "library")
    return render(request, "community/desk_podcasts.html", {"podcasts": rows})


@staff_page(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    """Make a podcast of a collection."""
    posted = request.POST if request.method == "POST" else None
    form = NewPodcastForm(posted, actor=request.actor)
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        try:
            row = make_podcast(
                given["collection"], form.podcast_data, library=given["library"], by=request.actor
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return _saved(request, row)
    status = 422 if form.errors else 200
    return render(request, "community/podcast.html", {"form": form}, status=status)


@staff_page(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: LibraryRequest, pk: int) -> HttpResponse:
    """Describe a podcast anew, publish it, or take it back."""
    row = get_object_or_404(Podcast.objects.kept_by(request.actor), pk=pk)
    initial = {name: getattr(row, name) for name in PodcastForm.base_fields}
    posted = request.POST if request.method == "POST" else None
    form = PodcastForm(posted, initial=initial)
    if posted is not None and form.is_valid():
        try:
            row = change_podcast(row, form.podcast_data, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return _saved(request, row)
    context = {"form": form, "podcast": row, "is_silent": not _has_episodes(row)}
    return render(request, "community/podcast.html", context, status=422 if form.errors else 200)


def _saved(request: LibraryRequest, row: Podcast) -> HttpResponse:
    messages.success(request, _("Saved."))
    if row.is_published and not _has_episodes(row):
        messages.warning(request, _("There is nothing to be heard in it yet"))
    return redirect("community:desk_podcasts")


def _published(code: str) -> Podcast:
    rows = Podcast.objects.published().select_related("collection")
    return get_object_or_404(rows, collection__code=code)


def _has_episodes(row: Podcast) -> bool:
    return next(_episodes(row, ""), None) is not None


def _episodes(row: Podcast, site: str) -> Iterator[Episode]:
    now = timezone.now()
    objects = DigitalObject.objects.published().in_collection(row.collection)
    found = Recording.objects.ready().filter(object__in=objects.filter(access="public"))
    found = found.select_related("object", "delivery").prefetch_related("captions__file")
    for recording in found.order_by("-object__published_at", "position", "pk")[:MOST_EPISODES]:
        if is_open_to_all(recording.object, now=now):
            yield _episode(recording, site)


def _episode(recording: Recording, site: str) -> Episode:
    obj, delivery = recording.object, recording.delivery or recording.source
    return Episode(
        title=recording.title or obj.title,
        description=obj.description or obj.title,
        page=f"{site}{address_of(obj)}?part={recording.position}",
        guid=recording.source.identifier,
        address=f"{site}{addresses.file(obj.identifier, delivery.identifier)}",
        size=delivery.size,
        media_type=delivery.media_type,
        published_at=obj.published_at or obj.created_at,
        duration=recording.duration,
        transcripts=tuple(
            (
                f"{site}{addresses.file(obj.identifier, each.file.identifier)}",
                LANGUAGE_TAGS.get(each.language, each.language),
            )
            for each in recording.captions.all()
        ),
    )


def _drawn(row: Podcast) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (COVER, COVER), "#9c3a21")
    pen = ImageDraw.Draw(picture)
    built = finders.find("ui/fonts/noto-serif-600.woff2")
    font = ImageFont.truetype(str(built), 120) if built else ImageFont.load_default(120)
    line, top = "", 240
    for word in [*row.title.split()[:24], ""]:
        longer = f"{line} {word}".strip()
        if word and pen.textlength(longer, font=font) <= COVER - 240:
            line = longer
            continue
        pen.text((120, top), line, font=font, fill="#fbf7ee")
        top, line = top + 170, word
    pen.line((120, COVER - 260, COVER - 120, COVER - 260), fill="#f2dfc1", width=8)
    small = font.font_variant(size=56) if isinstance(font, ImageFont.FreeTypeFont) else font
    pen.text((120, COVER - 220), row.author[:40], font=small, fill="#f2dfc1")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()
