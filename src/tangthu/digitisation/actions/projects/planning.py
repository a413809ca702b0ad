"""Planning a project: what it is for, its collection and goal, and its stages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.digitisation.errors import ProjectCodeTaken, StageInUse, StagesRefused
from tangthu.digitisation.models import Project, Stage
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.progress import GOAL
from tangthu.digitisation.policy.stages import MOST_DAYS, StagePlan, fault_in
from tangthu.libraries.models import Library, Location
from tangthu.repository.models import Collection
from tangthu.repository.policy.kinds import Access
from tangthu.text import clean, normalise

_CODE = re.compile(r"[A-Z0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectData:
    """A project as it is planned.

    `rights`, `access` and `collection` are what its objects begin with.
    """

    code: str
    name: str
    purpose: str = ""
    ends_on: date | None = None
    location: Location | None = None
    call_number: str = ""
    planned: int | None = None
    goal: int = GOAL
    collection: Collection | None = None
    rights: str = ""
    access: str = Access.STAFF


def plan_project(
    data: ProjectData, stages: Sequence[StagePlan], *, library: Library, by: Actor
) -> Project:
    """Lay down a project with its stages. Raises Invalid, StagesRefused, ProjectCodeTaken."""
    by.require(DigitisationPermission.PLAN, at=library.pk)
    _require_sound(stages)
    project = Project(library=library, created_at=timezone.now(), created_by=by.name)
    _describe(project, data)
    try:
        with transaction.atomic():
            project.save()
            Stage.objects.bulk_create(_rows(project, stages))
            _told("digitisation.planned", project, by=by)
    except IntegrityError:
        raise ProjectCodeTaken(code=project.code) from None
    return project


@transaction.atomic
def change_project(project: Project, data: ProjectData, *, by: Actor) -> Project:
    """Plan a project anew; its code stays, for it stands on dockets. Raises Invalid."""
    locked = _locked(project, by)
    before = audit.snapshot(locked)
    code = locked.code
    _describe(locked, data)
    locked.code = code
    locked.save()
    _told("digitisation.changed", locked, by=by, before=before)
    return locked


@transaction.atomic
def close_project(project: Project, *, by: Actor, reopen: bool = False) -> Project:
    """Let nothing more be added to a project, or open it again. What is under way goes on."""
    locked = _locked(project, by)
    before = audit.snapshot(locked)
    locked.closed_at = None if reopen else (locked.closed_at or timezone.now())
    locked.save(update_fields=["closed_at"])
    _told("digitisation.closed", locked, by=by, before=before)
    return locked


@transaction.atomic
def set_stages(
    project: Project, plans: Sequence[tuple[int | None, StagePlan]], *, by: Actor
) -> list[Stage]:
    """Give the project this list of stages; a key names a stage that is there already.

    Documents stay at the stage where they stand. Raises StagesRefused, and StageInUse where a
    stage is left out at which documents stand or have been.
    """
    locked = _locked(project, by)
    _require_sound([plan for _key, plan in plans])
    rows = {row.pk: row for row in locked.stages.all()}
    kept = [key for key, _plan in plans if key is not None]
    if not set(kept) <= rows.keys() or len(set(kept)) < len(kept):
        raise Invalid("stages")
    for row in rows.values():
        if row.pk not in kept:
            _take_out(row)
    # Out of the way first: no two stages may stand in one place even for a moment.
    locked.stages.update(position=F("position") + 1000)
    for position, (key, plan) in enumerate(plans):
        stage = rows[key] if key is not None else Stage(project=locked)
        _fill(stage, plan, position)
        stage.save()
    _told("digitisation.stages_set", locked, by=by)
    return list(locked.stages.all())


def _take_out(row: Stage) -> None:
    if row.steps.exists() or row.captures.exists():
        raise StageInUse(stage=row.name)
    row.delete()


def _rows(project: Project, stages: Sequence[StagePlan]) -> list[Stage]:
    rows = []
    for position, plan in enumerate(stages):
        row = Stage(project=project)
        _fill(row, plan, position)
        rows.append(row)
    return rows


def _fill(row: Stage, plan: StagePlan, position: int) -> None:
    row.position, row.name = position, normalise(plan.name)[:80]
    row.effect, row.doer = plan.effect, plan.doer
    row.days = min(max(0, plan.days), MOST_DAYS)
    row.gives_back = plan.gives_back


def _require_sound(stages: Sequence[StagePlan]) -> None:
    fault = fault_in(stages)
    if fault is not None:
        raise StagesRefused("stages", fault=str(fault))
    if not all(normalise(stage.name) for stage in stages):
        raise Invalid("stages")


def _describe(project: Project, data: ProjectData) -> None:
    project.code = normalise(data.code).upper()
    if not _CODE.fullmatch(project.code):
        raise Invalid("code")
    project.name = normalise(data.name)[:200]
    if not project.name:
        raise Invalid("name")
    if not 1 <= data.goal <= 100:
        raise Invalid("goal")
    project.purpose = clean(data.purpose)
    project.call_number = normalise(data.call_number)[:60]
    for name in ("ends_on", "location", "planned", "goal", "collection", "rights", "access"):
        setattr(project, name, getattr(data, name))


def _locked(project: Project, by: Actor) -> Project:
    by.require(DigitisationPermission.PLAN, at=project.library_id)
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def _told(
    action: str, project: Project, *, by: Actor, before: dict[str, object] | None = None
) -> None:
    audit.record(
        action,
        by=by,
        kind="digitisation",
        key=project.pk,
        library=project.library_id,
        before=before,
        after=audit.snapshot(project),
    )
