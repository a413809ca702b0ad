"""From a file to the catalogue, batch by batch: the loop behind the command, the web, the demo.

Reading and preparing take most of the time and hold no lock. What holds one, the writing of a
batch, is kept short enough for a desk to lend between two batches without noticing: SQLite has
one writer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db import DatabaseError, IntegrityError

from tangthu.catalogue.actions import imports
from tangthu.catalogue.errors import FileEmpty, FileMissing, FileNotMarc, FileOfIsis
from tangthu.catalogue.importing.drafts import draft_of
from tangthu.catalogue.importing.holder import Holder
from tangthu.catalogue.importing.places import Places
from tangthu.catalogue.importing.planning import Plan, Planner
from tangthu.catalogue.models import ImportJob, ImportState
from tangthu.core.actor import Actor
from tangthu.formats.marc.errors import EmptyFile, IsisFile, NotMarc
from tangthu.formats.marc.outcome import Outcome
from tangthu.formats.marc.reader import read

LOCK_SECONDS = 0.025
"""How long one batch should keep other writers waiting, in work of this processor.

Not by the clock: on a busy machine smaller batches do not wait less, they only cost more.
"""

SMALLEST_BATCH, FIRST_BATCH, LARGEST_BATCH = 20, 50, 200
_LARGEST_BYTES = 1_048_576
_TRIES = 4

Watch = Callable[[ImportJob, Plan], None]


def facts_of(path: Path, *, name: str = "", stored: str = "") -> imports.FileFacts:
    """Return what tells the file from others. Raises FileMissing when it cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise FileMissing(path=str(path), reason=error.strerror) from error
    return imports.FileFacts(name=name or path.name, digest=digest, size=size, stored=stored)


def require_marc(path: Path) -> None:
    """Raise FileMissing, FileEmpty, FileNotMarc or FileOfIsis for what cannot be imported."""
    try:
        with path.open("rb") as file:
            next(_outcomes(file, 0, 0), None)
    except OSError as error:
        raise FileMissing(path=str(path), reason=error.strerror) from error


def run_import(
    job: ImportJob,
    path: Path,
    *,
    by: Actor,
    holder: Holder | None = None,
    watch: Watch | None = None,
) -> ImportJob:
    """Bring the rest of the file in, from where the job stopped, and return the job as it ended.

    The job must have been taken by the holder, unless it is not stored (a trial run). After each
    batch `watch` is told. An interruption of any kind leaves the job paused, to go on there;
    raises ImportLost when it was cancelled meanwhile, and what `require_marc` raises.
    """
    holder = holder or Holder()
    planner = Planner(
        Places(job.library), on_duplicate=job.on_duplicate, by=by, remembers=job.dry_run
    )
    pace = Pace()
    try:
        with path.open("rb") as file:
            found = _outcomes(file, job.position, job.read)
            while batch := _next_batch(found, pace.size):
                plan = _bring_in(job, batch, planner, holder=holder, by=by)
                pace.learn(len(batch), plan.worked)
                if watch is not None:
                    watch(job, plan)
    except BaseException:
        _pause(job, holder)
        raise
    return job if not job.is_stored else imports.finish(job, holder=holder, by=by)


class Pace:
    """How many records go into a batch, so that the lock it takes stays short."""

    def __init__(self) -> None:
        self.size = FIRST_BATCH

    def learn(self, records: int, seconds: float) -> None:
        """Aim at the wanted time of lock, by what the last batch took."""
        wanted = int(records * LOCK_SECONDS / max(seconds, 0.001))
        eased = (self.size + wanted) // 2
        self.size = min(max(eased, SMALLEST_BATCH), LARGEST_BATCH)


def _bring_in(
    job: ImportJob, batch: Sequence[Outcome], planner: Planner, *, holder: Holder, by: Actor
) -> Plan:
    """Bring a batch in; once more if a desk took one of its numbers between look and write."""
    for _ in range(_TRIES - 1):
        drafts = [draft_of(outcome, job.item_profile) for outcome in batch]
        try:
            return imports.bring_in(job, drafts, planner, holder=holder, by=by)
        except IntegrityError:
            planner.places.reload()
    drafts = [draft_of(outcome, job.item_profile) for outcome in batch]
    return imports.bring_in(job, drafts, planner, holder=holder, by=by)


def _next_batch(found: Iterator[Outcome], size: int) -> list[Outcome]:
    """Return the next outcomes: so many, or fewer where they are long."""
    batch: list[Outcome] = []
    room = _LARGEST_BYTES
    for outcome in islice(found, size):
        batch.append(outcome)
        room -= outcome.position.length
        if room <= 0:
            break
    return batch


def _outcomes(file: BinaryIO, start: int, index: int) -> Iterator[Outcome]:
    """Yield what the file holds; what it cannot be is said in the catalogue's words."""
    try:
        yield from read(file, start=start, index=index)
    except EmptyFile as error:
        raise FileEmpty from error
    except IsisFile as error:
        raise FileOfIsis from error
    except NotMarc as error:
        raise FileNotMarc from error


def _pause(job: ImportJob, holder: Holder) -> None:
    """Let go of the job. If even that fails, whoever goes on finds us gone."""
    if not job.is_stored:
        return
    with suppress(DatabaseError):
        imports.stop(job, ImportState.PAUSED, holder=holder)
