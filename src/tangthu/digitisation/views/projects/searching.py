"""Choosing documents from the catalogue's search."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import searching
from tangthu.digitisation.choosing import MOST
from tangthu.digitisation.labels import REFUSALS
from tangthu.digitisation.views.projects.finding import PLAN, planned_project
from tangthu.discovery.errors import IndexUnavailable, PageTooDeep, QueryTooLarge
from tangthu.ui.staff import staff_page


@staff_page(PLAN)
@require_safe
def search(request: LibraryRequest, pk: int) -> HttpResponse:
    """Search the catalogue, and tick what goes into a batch; what cannot says why."""
    project = planned_project(request, pk)
    if not request.GET and project.location_id is not None:
        # The collection of the project is where one begins.
        return redirect(f"{request.path}?location={project.location_id}")
    question = searching.wanted(request.GET)
    context: dict[str, object] = {
        "project": project,
        "question": question,
        "kept": [(facet, value) for facet, chosen in question.filters.items() for value in chosen],
        "most": MOST,
    }
    try:
        found = searching.find(question, project, address=request.GET)
    except IndexUnavailable:
        return render(request, "digitisation/search.html", context, status=503)
    except (PageTooDeep, QueryTooLarge):
        return redirect(request.path)
    lines = [(line, str(REFUSALS.get(line.refusal, ""))) for line in found.lines]
    return render(request, "digitisation/search.html", context | {"found": found, "lines": lines})
