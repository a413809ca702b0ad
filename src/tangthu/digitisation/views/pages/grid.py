"""The pages of an object as a checker sees them: those with flaws first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions.pagechecks import judge_flaws
from tangthu.digitisation.models import Capture, Finding, FindingState
from tangthu.digitisation.tasks import look_at_pages_of
from tangthu.digitisation.views.pages.finding import EDIT, kept_object
from tangthu.repository.models import DigitalObject
from tangthu.ui.staff import staff_page

PAGE = 60


@staff_page(EDIT)
@require_safe
def pages(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show the pages with what the machine found on each, and what people said of it."""
    obj = kept_object(request, identifier)
    findings = Finding.objects.order_by("id")
    rows = (
        obj.pages.select_related("delivery", "measure")
        .prefetch_related(Prefetch("findings", findings))
        .annotate(flaws=Count("findings", filter=~Q(findings__state="dismissed")))
    )
    in_order = request.GET.get("order") == "pages"
    ordered = rows.order_by("position") if in_order else rows.order_by("-flaws", "position")
    found = Finding.objects.of_object(obj)
    context = {
        "object": obj,
        "page": Paginator(ordered, PAGE).get_page(request.GET.get("page")),
        "in_order": in_order,
        "open": found.filter(state=FindingState.OPEN).count(),
        "accepted": found.filter(state=FindingState.ACCEPTED).count(),
        "unmeasured": obj.pages.ready().filter(measure=None).count(),
        "captures": Capture.objects.visible_to(request.actor).filter(object=obj).for_list(),
    }
    return render(request, "digitisation/pages.html", context)


@staff_page(EDIT)
@require_POST
def judge(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Say of one flaw, or of all that are open, that it is to be mended or harmless."""
    obj = kept_object(request, identifier)
    state = request.POST.get("state", "")
    if state in {FindingState.ACCEPTED, FindingState.DISMISSED}:
        key = whole_number(request.POST.get("finding", ""))
        rows = Finding.objects.of_object(obj).select_related("page__object")
        chosen = rows.filter(pk=key) if key else rows.filter(state=FindingState.OPEN)
        judge_flaws(chosen, FindingState(state), by=request.actor)
    if request.POST.get("page"):
        return redirect("digitisation:page", identifier, _next_to_look_at(request, obj))
    order = "?order=pages" if request.POST.get("order") == "pages" else ""
    address = redirect("digitisation:pages", identifier).headers["Location"]
    return redirect(f"{address}{order}")


def _next_to_look_at(request: LibraryRequest, obj: DigitalObject) -> str:
    """Return the page where a flaw is still open: this one, the next such, or this one again."""
    here = get_object_or_404(obj.pages, identifier=request.POST["page"])
    still = obj.pages.filter(findings__state=FindingState.OPEN).order_by("position")
    onward = still.filter(position__gte=here.position).first() or still.first()
    if onward is None:
        messages.success(request, _("Every flaw that the machine saw has been looked at."))
    return (onward or here).identifier


@staff_page(EDIT)
@require_POST
def look(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Have the pages looked at by the machine."""
    obj = kept_object(request, identifier)
    look_at_pages_of.enqueue(obj.pk)
    messages.success(request, _("The machine looks at the pages. Load this page again soon."))
    return redirect("digitisation:pages", identifier)
