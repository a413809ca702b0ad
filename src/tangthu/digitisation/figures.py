"""What a project's pages count: stages, overdue work, who did what, the collection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from tangthu.digitisation.choosing import digitised, scope_of
from tangthu.digitisation.models import Capture, CaptureState, Project, Stage, Step
from tangthu.digitisation.policy.progress import Share, middle
from tangthu.digitisation.policy.stages import Effect

WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """One stage of the board: how many documents stand there, how many of them too long."""

    stage: Stage
    waiting: int
    at_work: int
    overdue: int
    middle_days: float | None

    @property
    def all(self) -> int:
        return self.waiting + self.at_work


@dataclass(slots=True)
class WorkLine:
    """What one person did in one week."""

    week: date
    worker: str
    worker_id: int | None
    steps: int = 0
    pages: int = 0
    captures: set[int] = field(default_factory=set)


def board(project: Project, *, today: date) -> list[StageCount]:
    """Count the documents at each stage. Three queries."""
    open_ones = Step.objects.open().filter(
        capture__batch__project=project, capture__state=CaptureState.OPEN
    )
    counts = {
        row["stage"]: row
        for row in open_ones.values("stage").annotate(
            waiting=Count("pk", filter=Q(begun_at=None)),
            at_work=Count("pk", filter=Q(begun_at__isnull=False)),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
        )
    }
    spans = _spans(project)
    return [
        StageCount(
            stage=stage,
            middle_days=_days(spans.get(stage.pk, ())),
            waiting=counts[stage.pk]["waiting"] if stage.pk in counts else 0,
            at_work=counts[stage.pk]["at_work"] if stage.pk in counts else 0,
            overdue=counts[stage.pk]["overdue"] if stage.pk in counts else 0,
        )
        for stage in project.stages.order_by("position")
    ]


def work_of(project: Project, *, now: datetime) -> list[WorkLine]:
    """Return what each person finished in each of the last weeks; the newest week first.

    Pages count once, at the stage where they are scanned.
    """
    since = _week(timezone.localdate(now)) - timedelta(weeks=WEEKS - 1)
    begin = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    rows = Step.objects.filter(capture__batch__project=project, ended_at__gte=begin)
    lines: dict[tuple[date, int | None, str], WorkLine] = {}
    for step in rows.filter(outcome__in=["finished", "resumed"]).select_related("stage"):
        if step.ended_at is None:
            continue
        week = _week(timezone.localdate(step.ended_at))
        key = (week, step.worker_id, step.worker)
        line = lines.setdefault(key, WorkLine(week, step.worker, step.worker_id))
        line.steps += 1
        line.captures.add(step.capture_id)
        if step.stage.effect == Effect.SCAN:
            line.pages += step.pages
    return sorted(lines.values(), key=lambda line: (-line.week.toordinal(), line.worker))


def share_of(project: Project) -> Share | None:
    """Return how much of the collection is done; None where no collection was named."""
    if not project.has_scope:
        return None
    scope = scope_of(project)
    return Share(
        done=digitised(scope).count(),
        there=scope.count(),
        planned=project.planned,
        goal=project.goal,
    )


def under_way(project: Project) -> dict[str, int]:
    """Return how many documents of the project are in each state."""
    rows = Capture.objects.filter(batch__project=project).values("state")
    return {row["state"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _spans(project: Project) -> dict[int, list[timedelta]]:
    ended = Step.objects.filter(capture__batch__project=project, outcome="finished")
    found: defaultdict[int, list[timedelta]] = defaultdict(list)
    for stage, opened, done in ended.values_list("stage", "opened_at", "ended_at"):
        if done is not None:
            found[stage].append(done - opened)
    return dict(found)


def _days(spans: Sequence[timedelta]) -> float | None:
    found = middle(spans)
    return round(found / timedelta(days=1), 1) if found is not None else None


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())
