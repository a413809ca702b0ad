"""The collections of the digital library, as readers walk through them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tangthu.community.cards import cards_of
from tangthu.community.models import Podcast
from tangthu.community.shelves import shelves
from tangthu.core.requests import LibraryRequest
from tangthu.repository.models import Collection, DigitalObject
from tangthu.ui.staff import public_page

PAGE = 24


@require_safe
@public_page
def collections(request: LibraryRequest) -> HttpResponse:
    """Show the tree of collections, each with how many documents it holds, and what is new."""
    now = timezone.now()
    newest = DigitalObject.objects.visible_to(request.actor).published().select_related("library")
    context = {
        "shelves": shelves(now=now),
        "newest": cards_of(newest.order_by("-published_at", "-id")[:8], now=now),
    }
    return render(request, "community/collections.html", context)


@require_safe
@public_page
def collection(request: LibraryRequest, code: str) -> HttpResponse:
    """Show what stands in a collection and below it."""
    row = get_object_or_404(Collection.objects.select_related("parent"), code=code)
    found = DigitalObject.objects.visible_to(request.actor).published().in_collection(row)
    page = Paginator(found.select_related("library").order_by("title_key", "id"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "collection": row,
        "above": _above(row),
        "below": row.children.order_by("position", "name"),
        "page": page,
        "cards": cards_of(page.object_list, now=timezone.now()),
        "podcast": Podcast.objects.published().filter(collection=row).first(),
    }
    return render(request, "community/collection.html", context)


def _above(row: Collection) -> list[Collection]:
    codes = row.path.rstrip("/").split("/")[:-1]
    return list(Collection.objects.filter(code__in=codes).in_tree_order())
