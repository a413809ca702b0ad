"""Choosing documents: a batch of a project, each document with its number and its first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.choosing import MOST, Candidate
from tangthu.digitisation.errors import NothingToAdd, ProjectClosed, TooManyChosen
from tangthu.digitisation.models import Batch, Capture, Project, Stage, Step
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.numbers import batch_number, capture_number
from tangthu.digitisation.policy.stages import due_on
from tangthu.text import normalise


@dataclass(frozen=True, slots=True)
class BatchMade:
    """A new batch, and those of the chosen documents that are not in it, each with its reason."""

    batch: Batch
    captures: list[Capture]
    refused: list[Candidate]


@transaction.atomic
def add_batch(
    project: Project,
    candidates: Sequence[Candidate],
    *,
    by: Actor,
    note: str = "",
    again: bool = False,
) -> BatchMade:
    """Put the documents into a new batch, at the project's first stage.

    What cannot be added is told by name and left out; `again` takes also what is digitised
    already, such as another volume. Raises NothingToAdd, TooManyChosen, ProjectClosed.
    """
    by.require(DigitisationPermission.PLAN, at=project.library_id)
    if len(candidates) > MOST:
        raise TooManyChosen("chosen", most=MOST)
    locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if locked.closed_at is not None:
        raise ProjectClosed(project=locked.name)
    taken = [each for each in candidates if _is_taken(each, again=again)]
    refused = [each for each in candidates if each not in taken]
    if not taken:
        raise NothingToAdd("chosen", refused=[f"{each.word}: {each.refusal}" for each in refused])
    batch = _new_batch(locked, note, by)
    captures, raced = _new_captures(batch, locked, taken)
    if not captures:
        raise NothingToAdd("chosen", refused=[f"{each.word}: {each.refusal}" for each in raced])
    locked.save(update_fields=["last_capture", "last_batch"])
    audit.record(
        "digitisation.batch_added",
        by=by,
        kind="digitisation",
        key=locked.pk,
        library=locked.library_id,
        after={"batch": batch.number, "captures": [each.number for each in captures]},
    )
    return BatchMade(batch, captures, refused + raced)


def _is_taken(each: Candidate, *, again: bool) -> bool:
    return each.record is not None and (not each.refusal or (again and each.refusal == "digitised"))


def _new_batch(project: Project, note: str, by: Actor) -> Batch:
    project.last_batch += 1
    return Batch.objects.create(
        project=project,
        number=batch_number(project.code, project.last_batch),
        note=normalise(note)[:200],
        created_at=timezone.now(),
        created_by=by.name,
    )


def _new_captures(
    batch: Batch, project: Project, taken: Sequence[Candidate]
) -> tuple[list[Capture], list[Candidate]]:
    stage = project.stages.order_by("position").first()
    assert stage is not None  # noqa: S101 (a project is planned with stages)
    captures, raced = [], []
    for each in taken:
        try:
            with transaction.atomic():
                captures.append(_new_capture(batch, project, each, stage))
        except IntegrityError:
            # Somebody else chose it, in another project, between our look and our write.
            project.last_capture -= 1
            raced.append(Candidate(word=each.word, record=each.record, refusal="under_way"))
    return captures, raced


def _new_capture(batch: Batch, project: Project, each: Candidate, stage: Stage) -> Capture:
    project.last_capture += 1
    now = timezone.now()
    capture = Capture.objects.create(
        batch=batch,
        number=capture_number(project.code, project.last_capture),
        record=cast(Record, each.record),
        item=each.item,
        stage=stage,
        created_at=now,
    )
    Step.objects.create(
        capture=capture,
        stage=stage,
        opened_at=now,
        due_on=due_on(timezone.localdate(now), stage.days),
    )
    return capture
