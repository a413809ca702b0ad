"""Bring a file of records in: hand it over, watch it, stop it, go on, see what became of it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue import labels
from tangthu.catalogue.actions.imports import ImportOptions, cancel_job, is_alive
from tangthu.catalogue.actions.uploads import forget_file, queue_again, receive
from tangthu.catalogue.forms import ImportForm
from tangthu.catalogue.importing import rejects
from tangthu.catalogue.importing.meter import pace_of
from tangthu.catalogue.models import (
    ImportJob,
    ImportNote,
    ImportState,
    NoteKind,
    OnDuplicate,
)
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.catalogue.tasks import bring_in_file
from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

IMPORT = CataloguePermission.IMPORT_RECORDS
PAGE = 25
NOTES_PAGE = 100


@staff_page(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: LibraryRequest) -> HttpResponse:
    """Take a file, and list those that came before."""
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        job = _start(request, form)
        if job is not None:
            return redirect("catalogue:import_job", pk=job.pk)
    jobs = ImportJob.objects.visible_to(request.actor).select_related("library")
    context = {"form": form, "page": Paginator(jobs, PAGE).get_page(request.GET.get("page"))}
    return render(request, "catalogue/imports.html", context, status=422 if form.errors else 200)


@staff_page(IMPORT)
@require_safe
def import_job(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show how far a file is, or what became of it."""
    job = _job(request, pk)
    kind = request.GET.get("kind", "")
    notes = ImportNote.objects.filter(job=job).defer("raw").select_related("record")
    if kind in NoteKind.values:
        notes = notes.filter(kind=kind)
    page = Paginator(notes.defer("record__marc"), NOTES_PAGE).get_page(request.GET.get("page"))
    sums = ImportNote.objects.filter(job=job).values_list("kind", "reason").annotate(n=Count("id"))
    context = {
        **_progress(job),
        "kind": kind,
        "page": page,
        "notes": [(note, labels.reason(note.reason)) for note in page.object_list],
        "sums": [
            (NoteKind(noted).label, labels.reason(reason), count, noted)
            for noted, reason, count in sums.order_by("kind", "-n")
        ],
    }
    return render(request, "catalogue/import_job.html", context)


@staff_page(IMPORT)
@require_safe
def progress(request: LibraryRequest, pk: int) -> HttpResponse:
    """Answer the part of the page that changes; once it is over, the page as a whole."""
    job = _job(request, pk)
    context = _progress(job)
    if not context["is_moving"]:
        address = reverse("catalogue:import_job", args=[pk])
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return render(request, "catalogue/import_job.html#progress", context)


@staff_page(IMPORT)
@require_POST
def cancel(request: LibraryRequest, pk: int) -> HttpResponse:
    job = cancel_job(_job(request, pk), by=request.actor)
    if not is_alive(job, timezone.now()):
        forget_file(job)
    messages.success(request, _("The import was stopped. What it brought stays in the catalogue."))
    return redirect("catalogue:import_job", pk=pk)


@staff_page(IMPORT)
@require_POST
def resume(request: LibraryRequest, pk: int) -> HttpResponse:
    """Go on with a file that stopped half way."""
    with transaction.atomic():
        job = queue_again(_job(request, pk), by=request.actor)
        bring_in_file.enqueue(job.pk)
    return redirect("catalogue:import_job", pk=pk)


@staff_page(IMPORT)
@require_safe
def rejected(request: LibraryRequest, pk: int) -> HttpResponse:
    """Hand out what could not be read: a line for each, or the bare bytes to be mended."""
    job = _job(request, pk)
    bare = request.GET.get("format") == "marc"
    found = rejects.of_job(job)
    content = (reject.raw for reject in found) if bare else rejects.lines(found)
    name = f"rejects-{job.pk}.{'mrc' if bare else 'jsonl'}"
    answer = StreamingHttpResponse(
        content,
        content_type="application/marc" if bare else "application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return cast(HttpResponse, answer)


def _start(request: LibraryRequest, form: ImportForm) -> ImportJob | None:
    told = form.cleaned_data
    options = ImportOptions(
        on_duplicate=told["on_duplicate"],
        item_profile=told["item_profile"],
        dry_run=told["dry_run"],
    )
    try:
        with transaction.atomic():
            job = receive(told["file"], options, library=told["library"], by=request.actor)
            bring_in_file.enqueue(job.pk)
    except TangthuError as refused:
        refusals.show(form, refused)
        if not refused.data.get("field"):
            form.add_error("file", form.errors.pop("__all__", []))
        return None
    return job


def _job(request: LibraryRequest, pk: int) -> ImportJob:
    found = ImportJob.objects.visible_to(request.actor).select_related("library")
    return get_object_or_404(found, pk=pk)


def _progress(job: ImportJob) -> dict[str, object]:
    now = timezone.now()
    pace = pace_of(job, now)
    is_moving = job.state == ImportState.WAITING or is_alive(job, now)
    can_go_on = job.state in {ImportState.PAUSED, ImportState.RUNNING} and not is_moving
    left = pace.seconds_left
    return {
        "job": job,
        "pace": pace,
        "left": ""
        if left is None
        else _("about %(minutes)s:%(seconds)02d left")
        % {"minutes": left // 60, "seconds": left % 60},
        "rate": _("%(rate)s records a second") % {"rate": pace.rate} if pace.rate else "",
        "is_moving": is_moving,
        "can_go_on": can_go_on and bool(job.stored_file),
        "failure": wording.sentence(job.error) if job.error else "",
        "way": OnDuplicate(job.on_duplicate).label,
    }
