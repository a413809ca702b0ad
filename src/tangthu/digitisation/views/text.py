"""Text recognition at the desk: the queue, one object's text, and the list of highland names."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import Invalid, TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import recognition_labels as labels
from tangthu.digitisation.actions import ocr
from tangthu.digitisation.models.ocr import PRIORITY_LABELS, HighlandName, TextJob
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.recognition import JobState, Priority
from tangthu.digitisation.progress import progress_of
from tangthu.digitisation.recognition_forms import NamesForm, WishForm
from tangthu.digitisation.worker import shipped_names
from tangthu.repository.models import ORIGIN_LABELS, DigitalObject, DigitalObjectQuerySet, PageText
from tangthu.ui.staff import staff_page

RECOGNISE = DigitisationPermission.RECOGNISE
PAGE = 30
TEXTS_SHOWN = 100
FAULTS_SHOWN = 30


@staff_page(RECOGNISE)
@require_safe
def queue(request: LibraryRequest) -> HttpResponse:
    """Show what waits, who reads what now, and how quickly it goes."""
    jobs = TextJob.objects.visible_to(request.actor)
    now = timezone.now()
    is_open = Q(text_jobs__state__in=[JobState.WAITING, JobState.RUNNING])
    objects = (
        _objects(request)
        .annotate(
            open_jobs=Count("text_jobs", filter=is_open),
            done_jobs=Count("text_jobs", filter=Q(text_jobs__state=JobState.DONE)),
            failed_jobs=Count("text_jobs", filter=Q(text_jobs__state=JobState.FAILED)),
            newest=Max("text_jobs__asked_at"),
        )
        .exclude(newest=None)
        .order_by("-newest", "-id")
    )
    context = {
        "page": Paginator(objects, PAGE).get_page(request.GET.get("page")),
        "states": jobs.by_state(),
        "per_minute": jobs.per_minute(now=now),
        "running": jobs.filter(state=JobState.RUNNING).select_related("object", "page")[:PAGE],
    }
    return render(request, "digitisation/text_queue.html", context)


@staff_page(RECOGNISE)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show the text of an object; ask for it."""
    obj = _object(request, identifier)
    form = WishForm(request.POST) if request.method == "POST" else WishForm.of(obj)
    if request.method == "POST" and form.is_valid():
        try:
            count = ocr.ask_for_text(obj, form.wish, by=request.actor)
        except TangthuError as refused:
            form.add_error(None, wording.explain(refused))
        else:
            messages.success(request, _asked(count))
            return redirect("digitisation:text", identifier)
    context = _facts(obj) | {"form": form} | _texts(request, obj)
    status = 422 if form.errors else 200
    return render(request, "digitisation/text.html", context, status=status)


@staff_page(RECOGNISE)
@require_safe
def progress(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show how far the object's text has come: a part that asks for itself again."""
    context = _facts(_object(request, identifier))
    return render(request, "digitisation/text.html#progress", context)


@staff_page(RECOGNISE)
@require_POST
def cancel(request: LibraryRequest, identifier: str) -> HttpResponse:
    count = ocr.cancel(_object(request, identifier), by=request.actor)
    messages.success(request, _("Taken out of the queue: %(count)s pages.") % {"count": count})
    return redirect("digitisation:text", identifier)


@staff_page(RECOGNISE)
@require_POST
def retry(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Read again what could not be read."""
    count = ocr.retry_failed(_object(request, identifier), by=request.actor)
    messages.success(request, _asked(count))
    return redirect("digitisation:text", identifier)


@staff_page(RECOGNISE)
@require_POST
def first(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Give the object's waiting pages another priority."""
    asked = request.POST.get("priority", "")
    known = {str(int(priority)): priority for priority in Priority}
    obj = _object(request, identifier)
    ocr.put_first(obj, known.get(asked, Priority.NOW), by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("digitisation:text", identifier)


@staff_page(RECOGNISE)
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: LibraryRequest) -> HttpResponse:
    """Show the library's highland names, and add to them."""
    form = NamesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = ocr.add_names(form.cleaned_data["names"], by=request.actor)
        except Invalid as refused:
            form.add_error("names", _refused(refused))
        else:
            words = ngettext("%(count)s name added.", "%(count)s names added.", count)
            messages.success(request, words % {"count": count})
            return redirect("digitisation:names")
    rows = Paginator(HighlandName.objects.all(), 100).get_page(request.GET.get("page"))
    context = {"form": form, "page": rows, "shipped": list(shipped_names())}
    status = 422 if form.errors else 200
    return render(request, "digitisation/highland_names.html", context, status=status)


@staff_page(RECOGNISE)
@require_POST
def remove_name(request: LibraryRequest, pk: int) -> HttpResponse:
    ocr.remove_name(get_object_or_404(HighlandName, pk=pk), by=request.actor)
    messages.success(request, _("Removed."))
    return redirect("digitisation:names")


def _objects(request: LibraryRequest) -> DigitalObjectQuerySet:
    kept = DigitalObject.objects.all()
    if request.actor.everywhere:
        return kept
    return kept.filter(library__in=request.actor.libraries(RECOGNISE))


def _object(request: LibraryRequest, identifier: str) -> DigitalObject:
    return get_object_or_404(_objects(request).select_related("library"), identifier=identifier)


def _facts(obj: DigitalObject) -> dict[str, object]:
    found = progress_of(obj, now=timezone.now())
    failed = TextJob.objects.of_object(obj).failed().select_related("page")
    waiting = TextJob.objects.of_object(obj).filter(state=JobState.WAITING).first()
    return {
        "object": obj,
        "progress": found,
        "poll": reverse("digitisation:text_progress", args=[obj.identifier]),
        "rate": _rate(found.per_minute),
        "faults": [(job, labels.fault(job.fault)) for job in failed[:FAULTS_SHOWN]],
        "priority": waiting.priority if waiting else None,
        "priorities": list(PRIORITY_LABELS.items()),
    }


def _texts(request: LibraryRequest, obj: DigitalObject) -> dict[str, object]:
    rows = PageText.objects.of_object(obj).numbers().select_related("page")
    page = Paginator(rows, TEXTS_SHOWN).get_page(request.GET.get("page"))
    shown = [
        (row, ORIGIN_LABELS[row.origin], round(100 * row.confidence) if row.confidence else None)
        for row in page.object_list
    ]
    return {"texts": page, "rows": shown}


def _rate(per_minute: float) -> str:
    if not per_minute:
        return ""
    return _("%(rate)s pages a minute") % {"rate": f"{per_minute:.1f}".replace(".", ",")}


def _asked(count: int) -> str:
    if not count:
        return _("Every page has its text already.")
    words = ngettext("%(count)s page is in the queue.", "%(count)s pages are in the queue.", count)
    return words % {"count": count}


def _refused(refused: Invalid) -> str:
    name = refused.data.get("name")
    if name:
        words = _("“%(name)s” has no letter that the program does not know: it needs no entry.")
        return words % {"name": name}
    return wording.explain(refused)
