"""The recordings of an object: their names, chapters and captions."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.core.errors import Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.formats import webvtt
from tangthu.repository import labels
from tangthu.repository.actions import captions as deeds
from tangthu.repository.actions.captions import ChapterData
from tangthu.repository.errors import CaptionsRefused
from tangthu.repository.forms import CaptionsForm, RecordingForm
from tangthu.repository.models import Captions, CaptionsKind, DigitalObject, Recording
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.tasks import make_object_ready
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS


@staff_page(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def recording(request: LibraryRequest, identifier: str, pk: int) -> HttpResponse:
    """Name a recording and say where its chapters begin."""
    row = _recording(request, identifier, pk)
    posted = request.POST if request.method == "POST" else None
    form = RecordingForm(posted, initial={"title": row.title, "chapters": _written(row)})
    if posted is not None and form.is_valid() and _saved(request, form, row):
        messages.success(request, _("Saved."))
        return redirect("repository:recording", identifier, pk)
    status = 422 if form.errors else 200
    return _page(request, row, form=form, captions_form=CaptionsForm(), status=status)


@staff_page(EDIT)
@require_POST
def captions(request: LibraryRequest, identifier: str, pk: int) -> HttpResponse:
    """Take captions in."""
    row = _recording(request, identifier, pk)
    form = CaptionsForm(request.POST, request.FILES)
    if form.is_valid() and _taken_in(request, form, row):
        messages.success(request, _("The captions were taken in."))
        return redirect("repository:recording", identifier, pk)
    given = RecordingForm(initial={"title": row.title, "chapters": _written(row)})
    return _page(request, row, form=given, captions_form=form, status=422)


@staff_page(EDIT)
@require_POST
def remove_captions(
    request: LibraryRequest, identifier: str, pk: int, captions: int
) -> HttpResponse:
    row = _recording(request, identifier, pk)
    kept = get_object_or_404(
        Captions.objects.select_related("recording__object"), pk=captions, recording=row
    )
    with transaction.atomic():
        deeds.remove_captions(kept, by=request.actor)
        make_object_ready.enqueue(row.object_id)
    messages.success(request, _("The captions were taken away."))
    return redirect("repository:recording", identifier, pk)


def _recording(request: LibraryRequest, identifier: str, pk: int) -> Recording:
    kept = DigitalObject.objects.kept_by(request.actor)
    rows = Recording.objects.filter(object__in=kept, object__identifier=identifier, pk=pk)
    found = rows.select_related("object__library", "source").first()
    if found is None:
        raise Http404
    return found


def _page(
    request: LibraryRequest,
    row: Recording,
    *,
    form: RecordingForm,
    captions_form: CaptionsForm,
    status: int,
) -> HttpResponse:
    context = {
        "object": row.object,
        "recording": row,
        "length": webvtt.clock(row.duration) if row.duration is not None else "",
        "fault": labels.fault(row.fault) if row.fault else "",
        "form": form,
        "captions_form": captions_form,
        "captions": [
            (each, labels.LANGUAGES.get(each.language, each.language))
            for each in row.captions.select_related("file")
        ],
    }
    return render(request, "repository/recording.html", context, status=status)


def _written(row: Recording) -> str:
    return "\n".join(f"{webvtt.clock(each.start)} {each.title}" for each in row.chapters.all())


def _saved(request: LibraryRequest, form: RecordingForm, row: Recording) -> bool:
    try:
        chapters = list(_read(form.cleaned_data["chapters"]))
        with transaction.atomic():
            deeds.name_recording(row, form.cleaned_data["title"], by=request.actor)
            deeds.set_chapters(row, chapters, by=request.actor)
    except _BadLine as bad:
        words = _("Line %(line)s: begin with the time, such as 1:02 or 1:02:03, then the title.")
        form.add_error("chapters", words % {"line": bad.line})
    except Invalid:
        form.add_error(
            "chapters",
            _("Two chapters begin at the same time, or one begins after the end."),
        )
    return not form.errors


class _BadLine(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _read(text: str) -> Iterator[ChapterData]:
    """Yield the chapters that are written one a line: the time, then the title."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        time, _space, title = line.strip().partition(" ")
        start = webvtt.moment(time)
        if start is None or not title.strip():
            raise _BadLine(number)
        yield ChapterData(start, title)


def _taken_in(request: LibraryRequest, form: CaptionsForm, row: Recording) -> bool:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            deeds.set_captions(
                row,
                given["file"].read(),
                language=given["language"],
                kind=CaptionsKind(given["kind"]),
                by=request.actor,
            )
            make_object_ready.enqueue(row.object_id)
    except CaptionsRefused as refused:
        form.add_error("file", labels.fault(refused.fault) % {"line": refused.line})
    except Invalid as refused:
        refusals.show(form, refused)
    return not form.errors
