"""Choosing documents for a project, and the batch that comes of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.catalogue.models import Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import choosing, searching
from tangthu.digitisation.actions import projects as deeds
from tangthu.digitisation.errors import NothingToAdd
from tangthu.digitisation.forms import ChooseForm
from tangthu.digitisation.labels import REFUSALS
from tangthu.digitisation.models import Capture, Project
from tangthu.digitisation.policy.numbers import pasted
from tangthu.digitisation.views.projects.finding import (
    PARTS,
    PLAN,
    planned_project,
    seen_batch,
)
from tangthu.repository.models import DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 100


@staff_page(PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: LibraryRequest, pk: int) -> HttpResponse:
    """Choose documents by numbers, a stretch of shelf, ticked lines, or what a search finds."""
    project = planned_project(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ChooseForm(posted, project=project, initial={"numbers": request.GET.get("number", "")})
    refused: list[choosing.Candidate] = []
    if posted is not None and form.is_valid():
        found = _candidates(request, project, form)
        try:
            made = deeds.add_batch(
                project,
                found,
                note=form.cleaned_data["note"],
                again=form.cleaned_data["again"],
                by=request.actor,
            )
        except NothingToAdd:
            refused = found
            form.add_error(None, _("None of these documents can be added."))
        except TangthuError as error:
            refusals.show(form, error)
        else:
            _say(request, len(made.captures))
            request.session["digitisation_refused"] = _lines(made.refused)[:200]
            return redirect("digitisation:batch", made.batch.number)
    context = {"project": project, "form": form, "refused": _lines(refused)}
    return render(request, "digitisation/choose.html", context, status=422 if form.errors else 200)


@staff_page(*PARTS)
@require_safe
def batch(request: LibraryRequest, number: str) -> HttpResponse:
    """Show the documents of a batch, and once those that were not taken into it."""
    row = seen_batch(request, number)
    page = Paginator(row.captures.for_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": row,
        "page": page,
        "refused": request.session.pop("digitisation_refused", []),
        "today": timezone.localdate(),
    }
    return render(request, "digitisation/batch.html", context)


@staff_page(*CataloguePermission, *PARTS)
@require_safe
def of_record(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show what is digitised of a record, and offer the ways to begin."""
    record = get_object_or_404(Record.objects.visible_to(request.actor).without_marc(), pk=pk)
    projects = Project.objects.planned_by(request.actor).open()
    item = record.items.in_stock().order_by("id").first()
    context = {
        "record": record,
        "item": item,
        "captures": Capture.objects.visible_to(request.actor).of_records([pk]).for_list(),
        "objects": DigitalObject.objects.visible_to(request.actor).of_records([pk]),
        "projects": projects.select_related("library")[:20],
        "may_make": request.actor.may(RepositoryPermission.EDIT_OBJECTS),
    }
    return render(request, "digitisation/record.html", context)


def _candidates(
    request: LibraryRequest, project: Project, form: ChooseForm
) -> list[choosing.Candidate]:
    told = form.cleaned_data
    if request.POST.get("whole"):
        return searching.whole(searching.wanted(request.POST), project)
    ticked = [whole_number(word) for word in request.POST.getlist("record")[: choosing.MOST + 1]]
    records = [pk for pk in ticked if pk is not None]
    if records:
        return choosing.by_records(records, project)
    if told["numbers"].strip() or told["location"] is None:
        return choosing.by_numbers(pasted(told["numbers"]), project)
    return choosing.by_shelf(told["location"], project, first=told["first"], last=told["last"])


def _lines(refused: list[choosing.Candidate]) -> list[tuple[str, str]]:
    return [
        (each.word, f"{REFUSALS.get(each.refusal, '')} {each.detail}".strip())
        for each in refused
        if each.refusal
    ]


def _say(request: LibraryRequest, count: int) -> None:
    words = ngettext("%(count)s document was chosen.", "%(count)s documents were chosen.", count)
    messages.success(request, words % {"count": count})
