"""What waits for me: the work list, and the field into which dockets are scanned."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions import projects as deeds
from tangthu.digitisation.models import Batch, Capture, Project, Step
from tangthu.digitisation.policy.numbers import number_in
from tangthu.digitisation.views.projects.finding import PARTS, PLAN, seen_capture
from tangthu.ui.staff import staff_page

PAGE = 40
UNDO_WITHIN = timedelta(minutes=15)
"""Long enough to see that the wrong docket was scanned."""


@staff_page(*PARTS)
@require_safe
def work(request: LibraryRequest) -> HttpResponse:
    """Show what I am at, then what I may take up; the most urgent first."""
    mine = Step.objects.at_work().filter(worker_id=request.actor.user_id)
    waiting = Step.objects.waiting().doable_by(request.actor)
    page = Paginator(waiting.for_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "mine": list(mine.for_list()[:100]),
        "page": page,
        "today": timezone.localdate(),
        "mode": "finish" if request.GET.get("mode") == "finish" else "open",
        "may_plan": request.actor.may(PLAN),
        "undo": _last_finished(request),
        "is_new": not page.object_list and not Project.objects.visible_to(request.actor).exists(),
    }
    return render(request, "digitisation/work.html", context)


@staff_page(*PARTS)
@require_POST
def scan(request: LibraryRequest) -> HttpResponse:
    """Open what the docket belongs to, or finish its stage: one scan, one step."""
    mode = "finish" if request.POST.get("mode") == "finish" else "open"
    number = number_in(request.POST.get("q", ""))
    batch = Batch.objects.filter(
        number=number, project__in=Project.objects.visible_to(request.actor)
    ).first()
    capture = Capture.objects.visible_to(request.actor).filter(number=number).first()
    if batch is not None:
        return redirect("digitisation:batch", number)
    if capture is None:
        messages.error(request, _("There is no docket with this number here."))
    elif mode == "open":
        return redirect("digitisation:capture", number)
    else:
        _finish(request, capture)
    return redirect(f"{request.path.removesuffix('scan/')}?mode={mode}")


@staff_page(*PARTS)
@require_POST
def undo(request: LibraryRequest, number: str) -> HttpResponse:
    """Take back that a stage was finished, for one who scanned the wrong docket."""
    row = seen_capture(request, number)
    try:
        after = deeds.undo_finish(row, by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        told = {"number": after.number, "stage": after.stage}
        messages.success(request, _("%(number)s stands at “%(stage)s” again.") % told)
    mode = "finish" if request.POST.get("mode") == "finish" else "open"
    address = redirect("digitisation:work").headers["Location"]
    return redirect(f"{address}?mode={mode}")


def _last_finished(request: LibraryRequest) -> Step | None:
    since = timezone.now() - UNDO_WITHIN
    rows = Step.objects.just_finished_by(request.actor, since=since)
    return rows.select_related("capture", "stage").first()


def _finish(request: LibraryRequest, capture: Capture) -> None:
    stage = capture.stage
    try:
        after = deeds.finish(capture, by=request.actor, at=stage)
    except TangthuError as refused:
        messages.error(request, f"{capture.number}: {wording.explain(refused)}")
        return
    told = {"number": capture.number, "stage": stage, "next": after.stage or _("done")}
    messages.success(request, _("%(number)s: “%(stage)s” is finished; next: %(next)s.") % told)
