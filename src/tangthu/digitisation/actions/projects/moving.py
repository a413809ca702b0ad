"""Taking a document through its stages: claimed, finished, sent back, sent forward, set aside.

Every deed locks the document first, so that of two who press at once one succeeds and the other
is told who was quicker. Each is one move of `policy.stages`.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.projects import effects
from tangthu.digitisation.errors import (
    CopyGivenBack,
    NotBackwards,
    NotForYou,
    NotSentBack,
    NotUnderWay,
    NotUndone,
    ReasonNeeded,
    StageMoved,
    TakenByAnother,
)
from tangthu.digitisation.models import DOER_LABELS, Capture, CaptureState, Stage, Step, StepOutcome
from tangthu.digitisation.models.projects import STAFF
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy import stages as policy
from tangthu.digitisation.policy.stages import Effect, Place
from tangthu.text import normalise


@transaction.atomic
def claim(capture: Capture, *, by: Actor, at: Stage | None = None) -> Step:
    """Take up the stage at which the document stands; it is yours until you finish or let go.

    Claiming twice changes nothing. Raises TakenByAnother, NotForYou, NotUnderWay, StageMoved where
    it stands at another stage than `at` by now, and what beginning the stage raises.
    """
    locked, step = _to_do(capture, by, at)
    if step.begun_at is None:
        _begin(locked, step, by)
    return step


@transaction.atomic
def let_go(capture: Capture, *, by: Actor) -> Step:
    """Give a claimed stage up, for another to take. Planners may take it from anybody."""
    locked, step = _locked(capture, by)
    if step.worker_id is not None and step.worker_id != by.user_id:
        by.require(DigitisationPermission.PLAN, at=locked.project.library_id)
    step.worker_id, step.worker, step.begun_at = None, "", None
    step.save(update_fields=["worker_id", "worker", "begun_at"])
    _told("digitisation.let_go", locked, by=by, stage=step.stage)
    return step


@transaction.atomic
def finish(capture: Capture, *, by: Actor, at: Stage | None = None) -> Capture:
    """Finish the stage, claiming it if nobody has, and open the next; after the last it is through.

    With `at` given, a second press for the same stage is refused instead of finishing the next.
    Raises what `claim` raises, and what stands against finishing (`projects.effects`).
    """
    locked, step = _to_do(capture, by, at)
    if step.begun_at is None:
        _begin(locked, step, by)
    effects.end(locked, step.stage, by=by)
    stages = _stages(locked)
    target = policy.finished(_place(locked, stages))
    _end(step, StepOutcome.FINISHED, pages=_pages(locked))
    _go(locked, stages, target)
    _told("digitisation.finished", locked, by=by, stage=step.stage)
    return locked


@transaction.atomic
def send_back(capture: Capture, *, to: Stage, reason: str, by: Actor) -> Capture:
    """Send the document back to an earlier stage, with the reason its worker will read.

    Raises ReasonNeeded, NotBackwards, CopyGivenBack where pages are to be scanned from a copy that
    stands in the stack again, and what `claim` raises.
    """
    why = normalise(reason)[:300]
    if not why:
        raise ReasonNeeded("reason")
    locked, step = _to_do(capture, by, None)
    stages = _stages(locked)
    try:
        target = policy.sent_back(_place(locked, stages), _index(stages, to))
    except ValueError:
        raise NotBackwards("to") from None
    _require_copy(locked, stages, target.at)
    _own(step, by)
    _end(step, StepOutcome.SENT_BACK, reason=why)
    _go(locked, stages, target, reason=why, sent_by=by.name)
    _told("digitisation.sent_back", locked, by=by, stage=step.stage, reason=why)
    return locked


@transaction.atomic
def resume(capture: Capture, *, by: Actor, at: Stage | None = None) -> Capture:
    """Finish what it was sent back for, and send it straight forward to where it was.

    The stages between are not gone through again. Raises NotSentBack and what `finish` raises.
    """
    locked, step = _to_do(capture, by, at)
    stages = _stages(locked)
    try:
        target = policy.resumed(_place(locked, stages))
    except ValueError:
        raise NotSentBack(capture=locked.number) from None
    if step.begun_at is None:
        _begin(locked, step, by)
    effects.end(locked, step.stage, by=by)
    _end(step, StepOutcome.RESUMED, pages=_pages(locked))
    _go(locked, stages, target)
    _told("digitisation.resumed", locked, by=by, stage=step.stage)
    return locked


@transaction.atomic
def undo_finish(capture: Capture, *, by: Actor) -> Capture:
    """Take back that one finished a stage by mistake: it is open again, and one's own.

    Refused once somebody has begun the next stage, or where another finished it. A copy that was
    fetched or given back stays where it is now; what was published is withdrawn elsewhere.
    """
    locked, step = _locked(capture, by)
    last = locked.steps.exclude(ended_at=None).select_related("stage").order_by("-id").first()
    is_own = last is not None and last.worker_id is not None and last.worker_id == by.user_id
    if last is None or not is_own or last.outcome != StepOutcome.FINISHED or step.begun_at:
        raise NotUndone(capture=locked.number)
    step.delete()
    last.ended_at, last.outcome, last.pages = None, "", 0
    last.save(update_fields=["ended_at", "outcome", "pages"])
    locked.stage = last.stage
    locked.save(update_fields=["stage"])
    _told("digitisation.finish_undone", locked, by=by, stage=last.stage)
    return locked


@transaction.atomic
def set_aside(capture: Capture, *, reason: str, by: Actor) -> Capture:
    """Stop work on a document, such as one that is too frail; its copy goes back to the stack.

    It stays at its stage, and nobody is reminded of it. Raises ReasonNeeded, NotUnderWay.
    """
    why = normalise(reason)[:200]
    if not why:
        raise ReasonNeeded("reason")
    locked, step = _to_do(capture, by, None)
    effects.give_back(locked, by)
    _own(step, by)
    _end(step, StepOutcome.SET_ASIDE, reason=why)
    locked.state, locked.aside_for = CaptureState.SET_ASIDE, why
    locked.save(update_fields=["state", "aside_for", "status_before"])
    _told("digitisation.set_aside", locked, by=by, stage=step.stage, reason=why)
    return locked


@transaction.atomic
def take_up(capture: Capture, *, by: Actor) -> Capture:
    """Go on with a document that was set aside.

    Where its copy was given back, it begins again with the fetching.
    """
    by.require(DigitisationPermission.PLAN, at=capture.project.library_id)
    locked = _row(capture)
    if locked.state != CaptureState.SET_ASIDE:
        raise NotUnderWay(capture=locked.number)
    stages = _stages(locked)
    place = _place(locked, stages)
    fetch = _at(stages, Effect.FETCH)
    scan = _at(stages, Effect.SCAN)
    if fetch is not None and scan is not None and fetch < place.at <= scan:
        place = Place(fetch, place.last, place.back_to)
    locked.state, locked.aside_for = CaptureState.OPEN, ""
    _go(locked, stages, place)
    _told("digitisation.taken_up", locked, by=by, stage=stages[place.at])
    return locked


def _row(capture: Capture) -> Capture:
    # Locked first, read afterwards: PostgreSQL joins a row that it had to wait for with what stood
    # beside its former state, so that the stage would be missing after somebody else's move.
    Capture.objects.select_for_update(no_key=True).only("pk").get(pk=capture.pk)
    rows = Capture.objects.select_related(
        "batch__project__library",
        "batch__project__collection",
        "record",
        "item__library",
        "item__location",
        "object",
        "stage",
    )
    return rows.defer("record__marc").get(pk=capture.pk)


def _locked(capture: Capture, by: Actor) -> tuple[Capture, Step]:
    _require_part(capture, by)
    locked = _row(capture)
    step = locked.steps.open().select_related("stage").first()
    if locked.state != CaptureState.OPEN or step is None:
        raise NotUnderWay(capture=locked.number)
    return locked, step


def _require_part(capture: Capture, by: Actor) -> None:
    library = capture.project.library_id
    if not any(by.may(permission, at=library) for permission in STAFF):
        by.require(DigitisationPermission.WORK, at=library)


def _to_do(capture: Capture, by: Actor, at: Stage | None) -> tuple[Capture, Step]:
    """Return the document and its open step, locked, for somebody who may do that stage."""
    locked, step = _locked(capture, by)
    if at is not None and step.stage_id != at.pk:
        raise StageMoved(capture=locked.number, stage=step.stage.name)
    library = locked.project.library_id
    right = next(each for each in STAFF if str(each) == step.stage.doer)
    if not by.may(right, at=library) and not by.may(DigitisationPermission.PLAN, at=library):
        raise NotForYou(stage=step.stage.name, right=str(DOER_LABELS[step.stage.doer]))
    if step.worker_id is not None and step.worker_id != by.user_id:
        raise TakenByAnother(worker=step.worker, stage=step.stage.name)
    return locked, step


def _begin(capture: Capture, step: Step, by: Actor) -> None:
    effects.begin(capture, step.stage, by=by)
    capture.save(update_fields=["object", "status_before"])
    _own(step, by)
    step.save(update_fields=["worker_id", "worker", "begun_at"])
    _told("digitisation.claimed", capture, by=by, stage=step.stage)


def _own(step: Step, by: Actor) -> None:
    if step.begun_at is None:
        step.begun_at = timezone.now()
        step.worker_id, step.worker = by.user_id, by.name


def _end(step: Step, outcome: StepOutcome, *, pages: int = 0, reason: str = "") -> None:
    step.ended_at, step.outcome, step.pages = timezone.now(), outcome, pages
    # What it was opened with is told by the step before: here stands why it ended.
    step.reason = reason or step.reason
    step.save()


def _go(
    capture: Capture,
    stages: list[Stage],
    target: Place | None,
    *,
    reason: str = "",
    sent_by: str = "",
) -> None:
    """Put the document there, and open the step; without a target it is through."""
    now = timezone.now()
    if target is None:
        capture.stage, capture.back_to = None, None
        capture.state, capture.done_at = CaptureState.DONE, now
        capture.save()
        return
    stage = stages[target.at]
    capture.stage = stage
    capture.back_to = stages[target.back_to] if target.back_to is not None else None
    capture.save()
    Step.objects.create(
        capture=capture,
        stage=stage,
        opened_at=now,
        due_on=policy.due_on(timezone.localdate(now), stage.days),
        reason=reason,
        sent_back_by=sent_by,
    )


def _stages(capture: Capture) -> list[Stage]:
    return list(capture.project.stages.order_by("position"))


def _index(stages: list[Stage], stage: Stage | None) -> int:
    return next((at for at, each in enumerate(stages) if stage and each.pk == stage.pk), -1)


def _at(stages: list[Stage], effect: Effect) -> int | None:
    return next((at for at, each in enumerate(stages) if each.effect == effect), None)


def _place(capture: Capture, stages: list[Stage]) -> Place:
    at = _index(stages, capture.stage)
    ahead = _index(stages, capture.back_to)
    # The list may have been put in another order since it was sent back.
    return Place(at, len(stages) - 1, ahead if ahead > at else None)


def _require_copy(capture: Capture, stages: list[Stage], to: int) -> None:
    fetch, scan = _at(stages, Effect.FETCH), _at(stages, Effect.SCAN)
    if fetch is None or scan is None or capture.item is None or capture.status_before:
        return
    if fetch < to <= scan:
        raise CopyGivenBack(capture=capture.number, stage=stages[fetch].name)


def _pages(capture: Capture) -> int:
    return capture.object.pages.count() if capture.object else 0


def _told(action: str, capture: Capture, *, by: Actor, stage: Stage, reason: str = "") -> None:
    audit.record(
        action,
        by=by,
        kind="capture",
        key=capture.pk,
        library=capture.project.library_id,
        after={"capture": capture.number, "stage": stage.name}
        | ({"reason": reason} if reason else {}),
    )
