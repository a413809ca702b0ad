"""From a file to the catalogue, batch by batch: the loop behind the command, the web, the demo.

Reading and preparing take most of the time and hold no lock. What holds one, the writing of a
batch, is kept short enough for a desk to lend between two batches without noticing: SQLite has
one writer.
"""

from __future__ import annotations

import errno
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, IntegrityError, OperationalError, connection

from tangthu.catalogue.actions import imports
from tangthu.catalogue.errors import NotImportable
from tangthu.catalogue.importing.drafts import draft_of
from tangthu.catalogue.importing.holder import Holder
from tangthu.catalogue.importing.places import Places
from tangthu.catalogue.importing.planning import Plan, Planner
from tangthu.catalogue.importing.source import outcomes
from tangthu.catalogue.models import ImportJob, ImportState
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.formats.marc.outcome import Outcome

LOCK_SECONDS = 0.025
"""How long one batch should keep other writers waiting, in work of this processor.

Not by the clock: on a busy machine smaller batches do not wait less, they only cost more.
"""

ROW_LOCK_SECONDS = 0.1
"""The same where a writer locks only its own rows: there nobody waits for the others."""

SMALLEST_BATCH, FIRST_BATCH, LARGEST_BATCH = 20, 50, 200
_LARGEST_BYTES = 1_048_576
_TRIES = 4
_DEADLOCK = "40P01"

Watch = Callable[[ImportJob, Plan], None]


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
    pace = Pace(one_writer=connection.vendor == "sqlite")
    try:
        with _calm_collector(), path.open("rb") as file:
            found = outcomes(file, start=job.position, index=job.read)
            while batch := _next_batch(found, pace.size):
                plan = _bring_in(job, batch, planner, holder=holder, by=by)
                pace.learn(len(batch), plan.worked)
                if watch is not None:
                    watch(job, plan)
    except BaseException as error:
        _let_go(job, holder, error)
        raise
    return job if not job.is_stored else imports.finish(job, holder=holder, by=by)


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Look for cycles of garbage less often: a record makes hundreds of objects, and no cycle.

    Measured: a tenth of the time of an import.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Pace:
    """How many records go into a batch, so that the lock it takes stays short."""

    def __init__(self, *, one_writer: bool) -> None:
        self.size = FIRST_BATCH
        self.lock_seconds = LOCK_SECONDS if one_writer else ROW_LOCK_SECONDS

    def learn(self, records: int, seconds: float) -> None:
        """Aim at the wanted time of lock, by what the last batch took."""
        wanted = int(records * self.lock_seconds / max(seconds, 0.001))
        eased = (self.size + wanted) // 2
        self.size = min(max(eased, SMALLEST_BATCH), LARGEST_BATCH)


def _bring_in(
    job: ImportJob, batch: Sequence[Outcome], planner: Planner, *, holder: Holder, by: Actor
) -> Plan:
    """Bring a batch in; again if somebody took one of its numbers between look and write."""
    for tries_left in reversed(range(_TRIES)):
        drafts = [draft_of(outcome, job.item_profile) for outcome in batch]
        try:
            return imports.bring_in(job, drafts, planner, holder=holder, by=by)
        except (IntegrityError, OperationalError) as error:
            if not tries_left or not _is_chance(error):
                raise
            planner.places.reload()
    raise AssertionError("the last try returns or raises")


def _is_chance(error: DatabaseError) -> bool:
    """Tell whether the same batch may succeed next time: a number was taken, or a deadlock."""
    return isinstance(error, IntegrityError) or (
        getattr(error.__cause__, "sqlstate", "") == _DEADLOCK
    )


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


def _let_go(job: ImportJob, holder: Holder, error: BaseException) -> None:
    """Leave the job to go on later, or as failed where no later try can help.

    If even that cannot be written, whoever goes on finds us gone.
    """
    if not job.is_stored:
        return
    hopeless = isinstance(error, NotImportable)
    state = ImportState.FAILED if hopeless else ImportState.PAUSED
    with suppress(DatabaseError):
        imports.stop(job, state, holder=holder, error=code_of(error))


def code_of(error: BaseException) -> str:
    """Return the code under which an interruption has words; empty where somebody wanted it."""
    if isinstance(error, TangthuError):
        return error.code
    if isinstance(error, DatabaseError | OSError):
        full = getattr(error, "errno", None) == errno.ENOSPC or "full" in str(error)
        return "disk_full" if full else "import_interrupted"
    return "" if isinstance(error, KeyboardInterrupt | SystemExit) else "import_interrupted"
