"""One page under the knife: cropped, split, turned, straightened; the master stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import Invalid, TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.models import FLAW_LABELS
from tangthu.digitisation.policy.pagechecks import Flaw
from tangthu.digitisation.tasks import look_at_pages_of
from tangthu.digitisation.views.pages.finding import EDIT, kept_page
from tangthu.repository import labels as repository_labels
from tangthu.repository import storage
from tangthu.repository.actions import (
    Incoming,
    crop_page,
    replace_page,
    shape_page,
    split_page,
    turn_page,
)
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import Page
from tangthu.repository.policy.outlines import Box
from tangthu.repository.tasks import make_object_ready
from tangthu.ui.staff import staff_page

SHOWN = 1400


@staff_page(EDIT)
@require_safe
def tools(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Show a page large, with its flaws, and the tools beside it."""
    row = kept_page(request, identifier, page)
    beside = row.object.pages.order_by("position")
    context = {
        "object": row.object,
        "row": row,
        "fault": repository_labels.fault(row.fault) if row.fault else "",
        "flaws": [(each, FLAW_LABELS[Flaw(each.kind)]) for each in row.findings.order_by("id")],
        "before": beside.filter(position__lt=row.position).last(),
        "after": beside.filter(position__gt=row.position).first(),
    }
    return render(request, "digitisation/page.html", context)


@staff_page(EDIT)
@require_safe
def picture(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Answer the picture of a page in the size of a screen."""
    row = kept_page(request, identifier, page)
    if row.delivery is None:
        raise Http404
    return HttpResponse(
        _drawn(str(storage.delivery_path(row.delivery))),
        content_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=3600"},
    )


@staff_page(EDIT)
@require_POST
def shape(request: LibraryRequest, identifier: str, page: str, deed: str) -> HttpResponse:
    """Crop, split, turn, replace or show all of a page again; then the machine looks anew."""
    row = kept_page(request, identifier, page)
    if deed not in DEEDS:
        raise Http404
    try:
        with transaction.atomic():
            DEEDS[deed](request, row)
            make_object_ready.enqueue(row.object_id)
            look_at_pages_of.enqueue(row.object_id)
    except FileRefused as refused:
        messages.error(request, repository_labels.fault(refused.fault))
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        words = _("Page %(page)s is being drawn anew.")
        messages.success(request, words % {"page": row.said_label})
    return redirect("digitisation:page", identifier, page)


def _crop(request: LibraryRequest, row: Page) -> None:
    sides = [_part(request, name) for name in ("x", "y", "width", "height")]
    crop_page(row, Box(*sides), by=request.actor)


def _split(request: LibraryRequest, row: Page) -> None:
    split_page(row, at=_part(request, "at"), by=request.actor)


def _turn(request: LibraryRequest, row: Page) -> None:
    turn_page(row, quarters=1, by=request.actor)


def _whole(request: LibraryRequest, row: Page) -> None:
    shape_page(row, None, by=request.actor)


def _replace(request: LibraryRequest, row: Page) -> None:
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid("file")
    replace_page(row, Incoming(storage.path_of_upload(sent), sent.name or ""), by=request.actor)


def _part(request: LibraryRequest, name: str) -> float:
    """Read a percentage as a part of one. Raises Invalid."""
    try:
        percent = float(json.loads(request.POST.get(name, "")[:20].replace(",", ".")))
    except (ValueError, TypeError):
        raise Invalid(name) from None
    if not 0 <= percent <= 100:
        raise Invalid(name)
    return percent / 100


DEEDS: dict[str, Callable[[LibraryRequest, Page], None]] = {
    "crop": _crop,
    "split": _split,
    "turn": _turn,
    "whole": _whole,
    "replace": _replace,
}


def _drawn(path: str) -> bytes:
    import pyvips

    image = pyvips.Image.thumbnail(path, SHOWN, height=SHOWN, size="down")
    drawn: bytes = image.jpegsave_buffer(Q=80, keep="none")
    return drawn
