"""Deciding between volunteers, and looking after them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import picturing
from tangthu.digitisation.actions.correction import undo_all_of_volunteer
from tangthu.digitisation.actions.volunteers import (
    bar_volunteer,
    decide_word,
    readmit_volunteer,
)
from tangthu.digitisation.models import TaskState, Volunteer, VolunteerCall, WordTask
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.letters import letters_for
from tangthu.ui.staff import staff_page

CORRECT = DigitisationPermission.CORRECT
DISPUTED, PEOPLE = 20, 50


@staff_page(CORRECT)
@require_safe
def volunteers(request: LibraryRequest) -> HttpResponse:
    """Show the words that volunteers read differently, the calls, and who helps."""
    calls = VolunteerCall.objects.decided_by(request.actor)
    tasks = WordTask.objects.disputed().filter(object__call__in=calls)
    tasks = tasks.select_related("object", "text__page").prefetch_related("answers")
    counted = "patron__word_answers__counted"
    people = Volunteer.objects.select_related("patron").annotate(
        right=Count("patron__word_answers", filter=Q(**{counted: "right"})),
        wrong=Count("patron__word_answers", filter=Q(**{counted: "wrong"})),
        pending=Count("patron__word_answers", filter=Q(**{counted: "pending"})),
    )
    if not request.actor.everywhere:
        people = people.filter(patron__library__in=request.actor.libraries(CORRECT))
    context = {
        "tasks": [_offered(task) for task in tasks.order_by("id")[:DISPUTED]],
        "waiting": tasks.count(),
        "calls": calls.with_progress()[:PEOPLE],
        "page": Paginator(people.order_by("-right", "pk"), PEOPLE).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "digitisation/volunteers/staff.html", context)


@staff_page(CORRECT)
@require_POST
def decide(request: LibraryRequest, pk: int) -> HttpResponse:
    """Say what a word reads that volunteers read differently."""
    task = _task(request, pk)
    try:
        decided = decide_word(task, request.POST.get("word", ""), by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        gone = decided.state == TaskState.GONE
        messages.success(request, _("It was corrected meanwhile.") if gone else _("Decided."))
    return redirect("digitisation:volunteers")


@staff_page(CORRECT)
@require_safe
def disputed_piece(request: LibraryRequest, pk: int) -> HttpResponse:
    """Answer the picture of a word in dispute."""
    task = _task(request, pk)
    page = task.text.page
    return picturing.piece(page, task.text.layout(), task.box) if page else HttpResponse(status=404)


@staff_page(CORRECT)
@require_POST
def person(request: LibraryRequest, pk: int) -> HttpResponse:
    """Bar a volunteer, let one come back, or take back what their answers led to."""
    rows = Volunteer.objects.select_related("patron")
    if not request.actor.everywhere:
        rows = rows.filter(patron__library__in=request.actor.libraries(CORRECT))
    volunteer = get_object_or_404(rows, pk=pk)
    try:
        match request.POST.get("deed"):
            case "bar":
                bar_volunteer(volunteer, why=request.POST.get("why", ""), by=request.actor)
                messages.success(request, _("No more answers of this reader are taken."))
            case "readmit":
                readmit_volunteer(volunteer, by=request.actor)
                messages.success(request, _("The reader may help again."))
            case "undo":
                found = undo_all_of_volunteer(volunteer.patron_id, by=request.actor)
                messages.success(request, _("Taken back: %(count)s.") % {"count": found.done})
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    return redirect("digitisation:volunteers")


def _task(request: LibraryRequest, pk: int) -> WordTask:
    calls = VolunteerCall.objects.decided_by(request.actor)
    rows = WordTask.objects.filter(object__call__in=calls)
    return get_object_or_404(rows.select_related("object", "text__page__delivery"), pk=pk)


def _offered(task: WordTask) -> tuple[WordTask, list[str], tuple[str, ...]]:
    """Return a task with what was read, the machine's first, each once, and letters to type."""
    given = [answer.answer for answer in task.answers.all() if answer.answer]
    readings = list(dict.fromkeys([task.read, *given]))
    return task, readings, letters_for(task.object.language_codes)
