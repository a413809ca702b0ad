"""Batches: a ZIP file with a folder for each document, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.repository import labels
from tangthu.repository.actions.batch_previews import Choices, accept_batch, settle_batch
from tangthu.repository.errors import FileRefused
from tangthu.repository.forms import BatchForm
from tangthu.repository.models import (
    BatchState,
    DigitalObject,
    EntryState,
    IngestBatch,
    IngestEntry,
    Upload,
)
from tangthu.repository.models.batches import OPEN_ENTRIES
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import State
from tangthu.repository.tasks import go_on_with_batch
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS
PAGE = 30
ENTRIES = 200
LONGEST_NUMBER = 19
BY_HAND, SHOWN, LEFT_OUT = "match-", "shown", "leave"


@staff_page(EDIT)
@require_safe
def batches(request: LibraryRequest) -> HttpResponse:
    """List the batches, and take another."""
    rows = IngestBatch.objects.visible_to(request.actor).for_list()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    sent = list(Upload.objects.visible_to(request.actor).filter(object=None)[:10])
    context = {
        "page": page,
        "batches": [(row, labels.sender(row.created_by)) for row in page],
        "csrf": get_token(request),
        "uploads": [
            (row, labels.fault(row.fault) if row.fault else "")
            for row in sent
            if row.fault or row.is_being_taken_in
        ],
        "is_under_way": any(row.is_being_taken_in for row in sent)
        or any(row.is_under_way for row in page),
    }
    template = "repository/batches.html#list" if request.htmx else "repository/batches.html"
    return render(request, template, context)


@staff_page(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show what is in a batch and what each folder stands for; have it taken in."""
    row = get_object_or_404(IngestBatch.objects.visible_to(request.actor), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = BatchForm(posted, batch=row)
    if posted is not None and form.is_valid() and _settled(request, form, row):
        return redirect("repository:batch", row.pk)
    context = _told(request, row) | {"form": form}
    template = "repository/batch.html#state" if request.htmx else "repository/batch.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _settled(request: LibraryRequest, form: BatchForm, row: IngestBatch) -> bool:
    try:
        with transaction.atomic():
            settle_batch(row, form.batch_data, _chosen(request), by=request.actor)
            if "accept" in request.POST:
                accept_batch(row, by=request.actor)
                go_on_with_batch.enqueue(row.pk)
    except FileRefused as refused:
        words = {"name": refused.data["name"], "why": labels.fault(refused.fault)}
        form.add_error(None, _("%(name)s: %(why)s") % words)
        return False
    except TangthuError as refused:
        refusals.show(form, refused)
        return False
    done = _("It is being taken in.") if "accept" in request.POST else _("Saved.")
    messages.success(request, done)
    return True


def _chosen(request: LibraryRequest) -> Choices:
    by_hand = {
        int(name.removeprefix(BY_HAND)): str(value)
        for name, value in request.POST.items()
        if name.startswith(BY_HAND) and _is_number(name.removeprefix(BY_HAND)) and value
    }
    shown, left_out = (
        [int(each) for each in request.POST.getlist(name) if _is_number(each)]
        for name in (SHOWN, LEFT_OUT)
    )
    return Choices(by_hand=by_hand, shown=shown, left_out=left_out)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER


def _told(request: LibraryRequest, row: IngestBatch) -> dict[str, object]:
    entries = row.entries.select_related("object", "record").defer("record__marc")
    page = Paginator(entries.prefetch_related("faults"), ENTRIES).get_page(request.GET.get("page"))
    twins = _twins(page)
    unmatched = row.entries.filter(record=None, state__in=[EntryState.WAITING, EntryState.REFUSED])
    open_now = row.state in {BatchState.LOOKED, BatchState.DONE}
    left = row.entries.filter(state__in=[EntryState.WAITING, EntryState.REFUSED])
    undecided = row.entries.filter(state__in=OPEN_ENTRIES)
    return {
        "batch": row,
        "fault": labels.fault(row.fault) if row.fault else "",
        "page": page,
        "sender": labels.sender(row.created_by),
        "entries": [_line(each, twins) for each in page],
        "has_twins": any(each.is_open and twins.get(each.record_id) for each in page),
        "unmatched": unmatched.count(),
        "left": left.count(),
        "may_settle": open_now and undecided.exists() and Path(row.stored_path).exists(),
        "rights": labels.RIGHTS.get(row.rights, ""),
    }


def _twins(page: Iterable[IngestEntry]) -> dict[int | None, list[DigitalObject]]:
    """Return the objects that the records of these entries have already, but for their own."""
    own = {entry.object_id for entry in page if entry.object_id}
    found: defaultdict[int | None, list[DigitalObject]] = defaultdict(list)
    ids = {entry.record_id for entry in page if entry.is_open and entry.record_id}
    objects = DigitalObject.objects.of_records(ids).exclude(pk__in=own)
    for obj in objects.exclude(state=State.WITHDRAWN).prefetch_related("records"):
        for record in obj.records.all():
            found[record.pk].append(obj)
    return found


def _line(
    entry: IngestEntry, twins: Mapping[int | None, list[DigitalObject]]
) -> tuple[IngestEntry, str, str, list[tuple[str, str]], list[DigitalObject]]:
    """Return the entry with the words for what it was found by, its faults, and twins."""
    faults = [(each.name, labels.fault(each.fault)) for each in entry.faults.all()]
    matched = str(labels.MATCHED_BY.get(entry.matched_by, ""))
    words = labels.fault(entry.fault) if entry.fault else ""
    return entry, matched, words, faults, twins.get(entry.record_id, []) if entry.is_open else []
