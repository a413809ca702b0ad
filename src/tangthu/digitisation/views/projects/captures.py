"""One document on its way: where it stands, what was done, and the deeds that move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions import projects as deeds
from tangthu.digitisation.forms import BackForm, ReasonForm
from tangthu.digitisation.models import Capture, CaptureState, Finding, Stage, Step
from tangthu.digitisation.page_words import mending_words
from tangthu.digitisation.policy.stages import Effect
from tangthu.digitisation.tasks import look_at_pages_of
from tangthu.digitisation.views.projects.finding import PARTS, PLAN, seen_capture
from tangthu.repository import labels as repository_labels
from tangthu.repository.errors import PublishingRefused
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.publishing import PublishingBlock
from tangthu.ui.staff import staff_page


@staff_page(*PARTS)
@require_safe
def capture(request: LibraryRequest, number: str) -> HttpResponse:
    """Show a document: its stage, what may be done now, and its history."""
    row = seen_capture(request, number)
    step = row.steps.open().select_related("stage").first()
    stages = list(row.project.stages.order_by("position"))
    library = row.project.library_id
    context = {
        "capture": row,
        "step": step,
        "stages": stages,
        "steps": row.steps.exclude(ended_at=None).select_related("stage").order_by("-id"),
        "mine": step is not None
        and step.begun_at is not None
        and step.worker_id == request.actor.user_id,
        "may": step is not None and _may(request.actor, step, library),
        "may_plan": request.actor.may(PLAN, at=library),
        "may_edit": request.actor.may(RepositoryPermission.EDIT_OBJECTS, at=library),
        "back_form": _back_form(row, step),
        "aside_form": ReasonForm(),
        "today": timezone.localdate(),
    }
    return render(request, "digitisation/capture.html", context)


@staff_page(*PARTS)
@require_POST
def move(request: LibraryRequest, number: str, deed: str) -> HttpResponse:
    """Claim, finish, resume, let go or take up, as the button says."""
    row = seen_capture(request, number)
    if deed not in DEEDS:
        raise Http404
    stage = Stage.objects.filter(pk=whole_number(request.POST.get("stage", "")) or 0).first()
    try:
        DEEDS[deed](row, stage, request.actor)
    except PublishingRefused as refused:
        blocks = refused.data["blocks"]
        assert isinstance(blocks, list)  # noqa: S101 (that is what it carries)
        words = [str(repository_labels.BLOCKS[PublishingBlock(block)]) for block in blocks]
        messages.error(request, f"{wording.explain(refused)} {' '.join(words)}")
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        _after(row, stage, deed)
        messages.success(request, _("Done."))
    return redirect("digitisation:capture", row.number)


@staff_page(*PARTS)
@require_POST
def back(request: LibraryRequest, number: str) -> HttpResponse:
    """Send a document back to an earlier stage."""
    row = seen_capture(request, number)
    form = BackForm(request.POST, earlier=_earlier(row))
    if not form.is_valid():
        messages.error(request, _("Choose an earlier stage, and write the reason."))
        return redirect("digitisation:capture", row.number)
    told = form.cleaned_data
    return _tried(
        request,
        row,
        lambda: deeds.send_back(row, to=told["to"], reason=told["reason"], by=request.actor),
    )


@staff_page(*PARTS)
@require_POST
def aside(request: LibraryRequest, number: str) -> HttpResponse:
    """Set a document aside."""
    row = seen_capture(request, number)
    reason = request.POST.get("reason", "")
    return _tried(request, row, lambda: deeds.set_aside(row, reason=reason, by=request.actor))


def _tried(request: LibraryRequest, row: Capture, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("Done."))
    return redirect("digitisation:capture", row.number)


def _after(row: Capture, stage: Stage | None, deed: str) -> None:
    """Have the pages looked at before the checker does, and again when the check begins."""
    due = {("finish", Effect.SCAN), ("resume", Effect.SCAN), ("claim", Effect.CHECK)}
    if stage is not None and (deed, stage.effect) in due:
        row.refresh_from_db()
        if row.object_id is not None:
            look_at_pages_of.enqueue(row.object_id)


def _may(actor: Actor, step: Step, library: int) -> bool:
    right = next(each for each in PARTS if str(each) == step.stage.doer)
    return actor.may(right, at=library) or actor.may(PLAN, at=library)


def _earlier(row: Capture) -> object:
    at = row.stage.position if row.stage else 0
    return row.project.stages.filter(position__lt=at).order_by("-position")


def _back_form(row: Capture, step: Step | None) -> BackForm | None:
    if step is None or row.state != CaptureState.OPEN or step.stage.position == 0:
        return None
    flaws = Finding.objects.of_object(row.object).unsettled() if row.object else ()
    return BackForm(earlier=_earlier(row), reason=mending_words(flaws))


DEEDS: Mapping[str, Callable[[Capture, Stage | None, Actor], object]] = {
    "claim": lambda row, at, by: deeds.claim(row, by=by, at=at),
    "finish": lambda row, at, by: deeds.finish(row, by=by, at=at),
    "resume": lambda row, at, by: deeds.resume(row, by=by, at=at),
    "let-go": lambda row, _at, by: deeds.let_go(row, by=by),
    "take-up": lambda row, _at, by: deeds.take_up(row, by=by),
}
