from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar, cast

from django.db.models import Max
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tangthu.catalogue.models import Record
from tangthu.core.actor import NOBODY
from tangthu.core.requests import LibraryRequest
from tangthu.formats import markup
from tangthu.protocols.places import Site
from tangthu.repository.models import DigitalObject
from tangthu.ui.staff import public_page

Key = TypeVar("Key", int, str)

CHUNK = 20_000
"""Keys to a file: the protocol allows 50,000 addresses, and 50 MB."""

MEDIA_TYPE = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
RECORDS, OBJECTS = "records", "objects"
# Behind a log-in, made for programs, or without end.
SHUT = ("/desk/", "/staff/", "/station/", "/account/", "/card/", "/api/", "/suggest", "/search?")


@require_safe
@public_page
@cache_control(public=True, max_age=86400)
def robots(request: LibraryRequest) -> HttpResponse:
    """Tell robots where not to go, and where the list of all pages is."""
    site = Site.of(request)
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in SHUT),
        "",
        f"Sitemap: {site.at(reverse('sharing:sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@public_page
@cache_control(public=True, max_age=3600)
def index(request: LibraryRequest) -> HttpResponse:
    """List the files that hold the addresses of all public pages (sitemaps.org)."""
    site = Site.of(request)
    names = _parts(RECORDS, Record.objects.aggregate(last=Max("pk"))["last"])
    names += _parts(OBJECTS, DigitalObject.objects.aggregate(last=Max("pk"))["last"])
    rows = (
        markup.around(
            "sitemap",
            [markup.element("loc", site.at(reverse("sharing:sitemap_part", args=name)))],
        )
        for name in names
    )
    written = markup.HEADER + markup.around("sitemapindex", rows, {"xmlns": NAMESPACE})
    return HttpResponse(written, content_type=MEDIA_TYPE)


@require_safe
@public_page
@cache_control(public=True, max_age=3600)
def part(request: LibraryRequest, kind: str, number: int) -> HttpResponse:
    """List the public pages of one stretch of keys, each with when it changed, as they are read."""
    site = Site.of(request)
    between = (number * CHUNK + 1, (number + 1) * CHUNK)
    if number > 10**9:
        raise Http404
    if kind == RECORDS:
        rows = Record.objects.public().filter(pk__range=between).order_by("pk")
        found = _addresses(rows.values_list("pk", "updated_at").iterator(), site.record)
    elif kind == OBJECTS:
        shown = DigitalObject.objects.visible_to(NOBODY).published().filter(pk__range=between)
        named = shown.order_by("pk").values_list("identifier", "updated_at")
        found = _addresses(named.iterator(), site.object)
    else:
        raise Http404
    return cast(HttpResponse, StreamingHttpResponse(_document(found), content_type=MEDIA_TYPE))


def _parts(kind: str, last: int | None) -> list[tuple[str, int]]:
    return [(kind, number) for number in range(-(-(last or 0) // CHUNK))]


def _addresses(
    rows: Iterable[tuple[Key, datetime]], address_of: Callable[[Key], str]
) -> Iterator[str]:
    for key, changed_at in rows:
        loc = markup.element("loc", address_of(key))
        yield f"<url>{loc}<lastmod>{_moment(changed_at)}</lastmod></url>\n"


def _document(found: Iterable[str]) -> Iterator[str]:
    yield f'{markup.HEADER}<urlset xmlns="{NAMESPACE}">\n'
    yield from found
    yield "</urlset>\n"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
