"""The pages of an object: order, labels, turning, replacing, taking out, small pictures."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.repository import actions, labels, storage
from tangthu.repository.actions.files import Incoming
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.names import natural_key
from tangthu.repository.tasks import make_object_ready
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS
THUMBNAIL = 220


@staff_page(EDIT)
@require_POST
def arrange(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Save the places and labels that were written below the pages, or order them by file name."""
    obj = _kept(request, identifier)
    pages = list(obj.pages.select_related("master"))
    if request.POST.get("by") == "name":
        pages.sort(
            key=lambda page: (natural_key(page.master.name if page.master else ""), page.frame)
        )
    else:
        places = {page.pk: _place(request, page) for page in pages}
        pages.sort(key=lambda page: places[page.pk])
        given = {page.pk: request.POST.get(f"label-{page.pk}", page.label) for page in pages}
        changed = {page.pk: given[page.pk] for page in pages if given[page.pk] != page.label}
        if changed:
            actions.label_pages(obj, changed, by=request.actor)
    actions.reorder_pages(obj, [page.pk for page in pages], by=request.actor)
    messages.success(request, _("Saved."))
    return _back(request, identifier)


@staff_page(EDIT)
@require_POST
def turn(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Turn a page by a quarter to the right."""
    row = _page(request, identifier, page)
    with transaction.atomic():
        actions.turn_page(row, quarters=1, by=request.actor)
        make_object_ready.enqueue(row.object_id)
    messages.success(request, _("Page %(page)s is being drawn anew.") % {"page": row.said_label})
    return _back(request, identifier)


@staff_page(EDIT)
@require_POST
def replace(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Let another scan take the place of a page."""
    row = _page(request, identifier, page)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file first."))
        return _back(request, identifier)
    try:
        with transaction.atomic():
            path = storage.path_of_upload(sent)
            actions.replace_page(row, Incoming(path, sent.name or ""), by=request.actor)
            make_object_ready.enqueue(row.object_id)
    except FileRefused as refused:
        messages.error(request, labels.fault(refused.fault))
    else:
        messages.success(request, _("The page was replaced; the old scan stays in the archive."))
    return _back(request, identifier)


@staff_page(EDIT)
@require_POST
def remove(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Take a page out."""
    row = _page(request, identifier, page)
    with transaction.atomic():
        actions.remove_page(row, by=request.actor)
        make_object_ready.enqueue(row.object_id)
    messages.success(request, _("The page was taken out; its scan stays in the archive."))
    return _back(request, identifier)


@staff_page(*RepositoryPermission)
@require_safe
def thumbnail(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Answer the small picture of a page. Its address changes when the page is drawn anew."""
    kept = DigitalObject.objects.kept_by(request.actor)
    rows = Page.objects.filter(object__in=kept, object__identifier=identifier).ready()
    row = get_object_or_404(rows.select_related("delivery"), identifier=page)
    if row.delivery is None:
        raise Http404
    return HttpResponse(
        _small(str(storage.delivery_path(row.delivery))),
        content_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=86400"},
    )


def _small(path: str) -> bytes:
    import pyvips

    picture = pyvips.Image.thumbnail(path, THUMBNAIL, height=THUMBNAIL * 2, size="down")
    drawn: bytes = picture.jpegsave_buffer(Q=75, keep="none")
    return drawn


def _place(request: LibraryRequest, page: Page) -> tuple[int, int]:
    """Return where a page is to stand; of two in one place, the one that was moved comes first."""
    place = whole_number(request.POST.get(f"position-{page.pk}", ""))
    wanted = page.position if place is None else place
    # Moved towards the end it goes behind the one that stands there, towards the beginning before.
    return wanted, (wanted > page.position) - (wanted < page.position)


def _kept(request: LibraryRequest, identifier: str) -> DigitalObject:
    return get_object_or_404(DigitalObject.objects.kept_by(request.actor), identifier=identifier)


def _page(request: LibraryRequest, identifier: str, page: str) -> Page:
    rows = _kept(request, identifier).pages.select_related("object", "master")
    return get_object_or_404(rows, identifier=page)


def _back(request: LibraryRequest, identifier: str) -> HttpResponse:
    return redirect("repository:object", identifier)
