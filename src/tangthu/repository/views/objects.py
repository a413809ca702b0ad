"""The list of objects; one object: describing it, letting readers in, taking it from them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue.models import Record
from tangthu.core import wording
from tangthu.core.errors import Invalid, TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.formats import webvtt
from tangthu.repository import actions, labels, storage
from tangthu.repository.actions.objects import readiness_of
from tangthu.repository.beside import links_of
from tangthu.repository.errors import PublishingRefused
from tangthu.repository.forms import ObjectForm, WithdrawForm
from tangthu.repository.models import (
    KIND_LABELS,
    STATE_LABELS,
    Collection,
    DigitalObject,
    DigitalObjectQuerySet,
    Page,
)
from tangthu.repository.models.files import EVENT_LABELS, OUTCOME_LABELS, ROLE_LABELS
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import FileRole, State
from tangthu.repository.policy.publishing import blocks
from tangthu.text import fold
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS
PUBLISH = RepositoryPermission.PUBLISH
PAGE = 30
PAGES_SHOWN = 120
EVENTS_SHOWN = 50
FAULTS_SHOWN = 20


@staff_page(*RepositoryPermission)
@require_safe
def objects(request: LibraryRequest) -> HttpResponse:
    """List the objects: the newest first, or those with these words in the title."""
    found = _narrowed(DigitalObject.objects.visible_to(request.actor), request.GET.dict())
    page = Paginator(found.for_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "q": request.GET.get("q", ""),
        "state": request.GET.get("state", ""),
        "states": list(STATE_LABELS.items()),
        "collections": Collection.objects.in_tree_order(),
        "collection": request.GET.get("collection", ""),
        "damaged": found.filter(files__damaged_at__isnull=False).distinct().count(),
    }
    return render(request, "repository/objects.html", context)


@staff_page(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    """Make an object, from a record or alone."""
    number = whole_number(request.GET.get("record", ""))
    record = Record.objects.filter(pk=number).first() if number else None
    posted = request.POST if request.method == "POST" else None
    form = ObjectForm(posted, actor=request.actor, record=record)
    if posted is not None and form.is_valid():
        try:
            library = form.cleaned_data["library"]
            obj = actions.create_object(form.object_data, library=library, by=request.actor)
        except Invalid as refused:
            refusals.show(form, refused)
        else:
            return redirect("repository:object", obj.identifier)
    context = {"form": form, "record": record}
    return render(request, "repository/new.html", context, status=422 if form.errors else 200)


@staff_page(*RepositoryPermission)
@require_safe
def object_page(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show an object: its pages, files and events, and what stands before its publication."""
    obj = _object(request, identifier)
    pages = Paginator(obj.pages.with_files(), PAGES_SHOWN).get_page(request.GET.get("page"))
    files = obj.files.exclude(role=FileRole.DELIVERY).order_by("-id")
    stands = blocks(readiness_of(obj)) if obj.state == State.DRAFT else ()
    context = (
        _facts(request, obj)
        | _under_way(obj)
        | {
            "pages": pages,
            "is_read": obj.pages.exists() or obj.recordings.exists() or obj.files.shown().exists(),
            "is_part": bool(request.htmx),
            "lost": _lost(pages),
            "undrawn": obj.pages.exclude(fault="").count(),
            "faults": [_fault_of(page) for page in obj.pages.undrawable()[:FAULTS_SHOWN]],
            "files": [(file, ROLE_LABELS[file.role]) for file in files[:EVENTS_SHOWN]],
            "damaged": obj.files.damaged().count(),
            "recordings": [
                (row, webvtt.clock(row.duration or 0), labels.fault(row.fault) if row.fault else "")
                for row in obj.recordings.in_order()
            ],
            "events": [
                (row, EVENT_LABELS.get(row.kind, row.kind), OUTCOME_LABELS.get(row.outcome, ""))
                for row in obj.events.select_related("file").order_by("-id")[:EVENTS_SHOWN]
            ],
            "blocks": [labels.BLOCKS[block] for block in stands],
            "uploads": _uploads(request, obj),
            "withdraw_form": WithdrawForm(),
            # The script that sends files must show it with every piece.
            "csrf": get_token(request),
        }
    )
    part = "repository/object_arrivals.html"
    return render(request, part if request.htmx else "repository/object.html", context)


@staff_page(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Describe an object anew."""
    obj = _kept(request, identifier)
    posted = request.POST if request.method == "POST" else None
    form = ObjectForm(posted, actor=request.actor, obj=obj)
    if posted is not None and form.is_valid() and _changed(request, form, obj):
        messages.success(request, _("Saved."))
        return redirect("repository:object", identifier)
    context = {"form": form, "object": obj}
    return render(request, "repository/edit.html", context, status=422 if form.errors else 200)


@staff_page(PUBLISH)
@require_POST
def publish(request: LibraryRequest, identifier: str) -> HttpResponse:
    obj = _kept(request, identifier)
    try:
        actions.publish(obj, by=request.actor)
    except PublishingRefused as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("Published."))
    return redirect("repository:object", identifier)


@staff_page(PUBLISH)
@require_POST
def withdraw(request: LibraryRequest, identifier: str) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.withdraw(_kept(request, identifier), reason=reason, by=request.actor)
        messages.success(request, _("Withdrawn. Its files stay in the archive."))
    else:
        messages.error(request, _("Say why it is withdrawn."))
    return redirect("repository:object", identifier)


@staff_page(PUBLISH)
@require_POST
def reopen(request: LibraryRequest, identifier: str) -> HttpResponse:
    actions.reopen(_kept(request, identifier), by=request.actor)
    messages.success(request, _("It is a draft again."))
    return redirect("repository:object", identifier)


def _object(request: LibraryRequest, identifier: str) -> DigitalObject:
    seen = DigitalObject.objects.visible_to(request.actor).select_related("library")
    return get_object_or_404(seen, identifier=identifier)


def _kept(request: LibraryRequest, identifier: str) -> DigitalObject:
    kept = DigitalObject.objects.kept_by(request.actor).select_related("library")
    return get_object_or_404(kept, identifier=identifier)


def _narrowed(found: DigitalObjectQuerySet, asked: dict[str, str]) -> DigitalObjectQuerySet:
    found = found.order_by("-id")
    if asked.get("state") in STATE_LABELS:
        found = found.filter(state=asked["state"])
    chosen = Collection.objects.filter(code=asked.get("collection", "")).first()
    if chosen is not None:
        found = found.in_collection(chosen)
    words = fold(asked.get("q", "")).split()
    for word in words[:10]:
        found = found.filter(folded_title__contains=word)
    return found


def _changed(request: LibraryRequest, form: ObjectForm, obj: DigitalObject) -> bool:
    version = form.cleaned_data["version"] or 0
    try:
        actions.change_object(obj, form.object_data, version=version, by=request.actor)
    except PublishingRefused as refused:
        for block in refused.data["blocks"]:  # type: ignore[attr-defined]
            form.add_error(None, str(labels.BLOCKS[block]))
        return False
    except TangthuError as refused:
        refusals.show(form, refused)
        return False
    return True


def _facts(request: LibraryRequest, obj: DigitalObject) -> dict[str, object]:
    may_edit = request.actor.may(EDIT, at=obj.library_id)
    links = list(obj.links.select_related("record").defer("record__marc"))
    collections = list(obj.collections.in_tree_order())
    said = (obj.languages, obj.rights, obj.rights_note, obj.embargo_until, obj.provenance)
    return {
        "object": obj,
        "kind": KIND_LABELS[obj.kind],
        "rights": labels.RIGHTS.get(obj.rights, ""),
        "languages": ", ".join(
            str(labels.LANGUAGES.get(code, code)) for code in obj.language_codes
        ),
        "links": links,
        "collections": collections,
        "is_described": any((*said, obj.consent_note, links, collections)),
        "may_edit": may_edit and obj.state != State.WITHDRAWN,
        "may_publish": request.actor.may(PUBLISH, at=obj.library_id),
        "may_preserve": request.actor.may(RepositoryPermission.PRESERVE, at=obj.library_id),
        "by_pages": obj.kind == "page_images",
        "beside": links_of(obj, request.actor),
    }


def _lost(pages: Iterable[Page]) -> int:
    """Return how many of the pages on the screen have lost their reading copy."""
    return len(storage.missing(page.delivery.path for page in pages if page.delivery is not None))


def _fault_of(page: Page) -> str:
    """Say what is wrong with a page, and with which file: somebody has to scan it again."""
    words = {
        "page": page.said_label,
        "file": page.master.name if page.master else "",
        "why": labels.fault(page.fault),
    }
    return _("Page %(page)s, file “%(file)s”: %(why)s") % words


def _under_way(obj: DigitalObject) -> dict[str, object]:
    """Tell what the workers have still to do, so that the page asks again until it is done."""
    waiting = obj.pages.waiting().count()
    unheard = obj.recordings.filter(delivery=None, fault="").exists()
    arriving = any(row.is_being_taken_in for row in obj.uploads.open())
    return {"waiting": waiting, "is_under_way": bool(waiting) or unheard or arriving}


def _uploads(request: LibraryRequest, obj: DigitalObject) -> list[tuple[object, str]]:
    rows = obj.uploads.order_by("-id")[:20]
    return [(row, labels.fault(row.fault) if row.fault else "") for row in rows]
