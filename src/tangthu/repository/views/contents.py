"""The table of contents of an object, and the numbers printed on its pages, in runs."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core.requests import LibraryRequest
from tangthu.repository import actions
from tangthu.repository.actions import SectionData
from tangthu.repository.contents_forms import PastedForm, RunForm, SectionForms
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.numbering import Numbering, labels_of_run, word_for
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS


@staff_page(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def contents(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Write the table of contents of an object, or number a run of its pages."""
    kept = DigitalObject.objects.kept_by(request.actor)
    obj = get_object_or_404(kept, identifier=identifier)
    pages = list(obj.pages.order_by("position"))
    labels = [page.label for page in pages]
    doing = request.POST.get("do", "")
    sections = SectionForms(
        request.POST if doing == "sections" else None,
        initial=_initial(obj, pages, labels),
        form_kwargs={"labels": labels},
    )
    pasted = PastedForm(request.POST if doing == "sections" else None, labels=labels)
    whole = {"first": 1, "last": len(labels)}
    run = RunForm(request.POST if doing == "run" else None, labels=labels, initial=whole)
    if doing == "sections" and sections.is_valid() and pasted.is_valid():
        _save_sections(request, obj, pages, sections, pasted)
        return redirect("repository:contents", identifier)
    if doing == "run" and run.is_valid():
        _number(request, obj, pages, run)
        return redirect("repository:contents", identifier)
    context = {"object": obj, "pages": pages, "sections": sections, "pasted": pasted, "run": run}
    status = 422 if doing else 200
    return render(request, "repository/contents.html", context, status=status)


def _initial(
    obj: DigitalObject, pages: Sequence[Page], labels: Sequence[str]
) -> list[dict[str, object]]:
    places = {page.pk: place for place, page in enumerate(pages, 1)}
    return [
        {
            "title": row.title,
            "page": word_for(places[row.first_page_id], labels),
            "level": row.level,
        }
        for row in obj.sections.all()
        if row.first_page_id in places
    ]


def _save_sections(
    request: LibraryRequest,
    obj: DigitalObject,
    pages: Sequence[Page],
    sections: SectionForms,  # type: ignore[valid-type]
    pasted: PastedForm,
) -> None:
    """Save the lines in the order of their pages; of one page, as they were written.

    A pasted line that is there already, with the same title and page, is the same line.
    """
    rows = [form.cleaned_data for form in sections if form.cleaned_data.get("title")]  # type: ignore[attr-defined]
    lines = [(row["title"], row["place"], row["level"]) for row in rows]
    known = {(title, place) for title, place, _level in lines}
    lines += [line for line in pasted.cleaned_data["text"] if line[:2] not in known]
    lines.sort(key=lambda line: line[1])
    data = [SectionData(title, pages[place - 1], level) for title, place, level in lines]
    actions.set_sections(obj, data, by=request.actor)
    messages.success(request, _("Saved."))


def _number(
    request: LibraryRequest, obj: DigitalObject, pages: Sequence[Page], run: RunForm
) -> None:
    told = run.cleaned_data
    chosen = pages[told["first"] - 1 : told["last"]]
    written = labels_of_run(
        Numbering(told["numbering"]), len(chosen), first=told["start"], prefix=told["before"]
    )
    labels = {page.pk: label for page, label in zip(chosen, written, strict=True)}
    actions.label_pages(obj, labels, by=request.actor)
    messages.success(request, _("Saved."))
