"""Which objects' text is corrected, and one of them: its pages, its copies, its volunteers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions.copies import ask_for_copies
from tangthu.digitisation.actions.volunteers import call_volunteers, close_call
from tangthu.digitisation.doubtful import left_of
from tangthu.digitisation.models import (
    COPY_FAULTS,
    CopyState,
    Form,
    TextCopy,
    VolunteerCall,
)
from tangthu.digitisation.tasks import make_text_copies
from tangthu.digitisation.views.correction.finding import CORRECT, corrected_by, object_of
from tangthu.repository.models import DigitalObject, PageText
from tangthu.text import fold
from tangthu.ui.staff import staff_page

PAGE = 30
PAGES = 100


@staff_page(CORRECT)
@require_safe
def texts(request: LibraryRequest) -> HttpResponse:
    """List the objects with text: the one with the most doubtful words first."""
    of_pages = Q(texts__page__isnull=False)
    found = corrected_by(request).annotate(
        read_pages=Count("texts", filter=of_pages),
        doubtful=Sum("texts__doubtful", filter=of_pages),
        words=Sum("texts__words", filter=of_pages),
        corrected=Count("texts", filter=of_pages & Q(texts__origin="corrected")),
    )
    q = request.GET.get("q", "")
    for word in fold(q).split()[:10]:
        found = found.filter(folded_title__contains=word)
    rows = found.filter(read_pages__gt=0).order_by("-doubtful", "id")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "q": q,
        "disputed": VolunteerCall.objects.decided_by(request.actor)
        .filter(object__word_tasks__state="disputed")
        .count(),
    }
    return render(request, "digitisation/correction/texts.html", context)


@staff_page(CORRECT)
@require_safe
def overview(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show an object's text page by page, what is made of it, and who helps."""
    obj = object_of(request, identifier)
    pages = obj.pages.ready().select_related("text").order_by("position")
    call = VolunteerCall.objects.filter(object=obj).with_progress().first()
    totals = PageText.objects.filter(object=obj, page__isnull=False).aggregate(
        words=Sum("words"), pages=Count("pk"), corrected=Count("pk", filter=Q(origin="corrected"))
    )
    context = {
        "object": obj,
        "pages": Paginator(pages, PAGES).get_page(request.GET.get("page")),
        "left": left_of(obj),
        "totals": totals,
        **_copies(obj),
        "call": call,
        "is_public": obj.access == "public",
    }
    return render(request, "digitisation/correction/overview.html", context)


@staff_page(CORRECT)
@require_POST
def copies(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Have the PDF, the e-book and the plain text made."""
    obj = object_of(request, identifier)
    ask_for_copies(obj, by=request.actor)
    make_text_copies.enqueue(obj.pk)
    messages.success(request, _("They are being made. Each stands below once it is there."))
    return redirect("digitisation:correct", identifier)


@staff_page(CORRECT)
@require_safe
def copies_made(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show which of them are made: a part that asks for itself again while one is not."""
    obj = object_of(request, identifier)
    context = {"object": obj, **_copies(obj)}
    return render(request, "digitisation/correction/overview.html#copies", context)


@staff_page(CORRECT)
@require_POST
def call(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Open the object's doubtful words to volunteers, or close them."""
    obj = object_of(request, identifier)
    try:
        if request.POST.get("open"):
            call_volunteers(obj, note=request.POST.get("note", ""), by=request.actor)
            messages.success(request, _("Readers can help with its words now."))
        else:
            found = VolunteerCall.objects.select_related("object").filter(object=obj).first()
            if found is not None:
                close_call(found, by=request.actor)
            messages.success(request, _("Closed. What was answered stays."))
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    return redirect("digitisation:correct", identifier)


def _copies(obj: DigitalObject) -> dict[str, object]:
    """Return what is made of the text, one line for each form, and whether one is awaited."""
    made = {
        copy.form: copy
        for copy in TextCopy.objects.filter(object=obj).select_related("file", "object")
    }
    rows: list[dict[str, object]] = []
    for form in Form:
        copy = made.get(form)
        fault = COPY_FAULTS.get(copy.fault, "") if copy and copy.fault else ""
        waits = copy is not None and copy.state == CopyState.WAITING
        rows.append(
            {"label": form.label, "form": form, "copy": copy, "fault": fault, "waits": waits}
        )
    return {"copies": rows, "is_awaited": any(row["waits"] for row in rows)}
