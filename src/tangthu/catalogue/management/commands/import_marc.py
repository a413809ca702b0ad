from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from tangthu.catalogue.actions import provide_item_types
from tangthu.catalogue.actions.imports import ImportOptions, new_job, open_job, take
from tangthu.catalogue.importing import rejects
from tangthu.catalogue.importing.drafts import AUTO, PROFILE_NAMES
from tangthu.catalogue.importing.holder import Holder
from tangthu.catalogue.importing.meter import Meter
from tangthu.catalogue.importing.planning import Plan
from tangthu.catalogue.importing.running import code_of, run_import
from tangthu.catalogue.importing.source import facts_of, require_marc
from tangthu.catalogue.models import ImportJob, OnDuplicate
from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.libraries.models import Library

COUNTED = ("read", "imported", "merged", "skipped", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What one call of the command is to do, and the jobs that it has worked on."""

    library: Library
    options: ImportOptions
    by: Actor
    refused: BinaryIO | None
    jobs: list[ImportJob] = field(default_factory=list)


class Command(BaseCommand):
    help = (
        "Import MARC files (ISO 2709, MARCXML, MARC-in-JSON) into a library's catalogue. "
        "An import that was cut off goes on where it stopped when the same command is run again. "
        "The last line tells what became of the records; replaced ones count as merged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--library", required=True, metavar="CODE")
        parser.add_argument(
            "--on-duplicate", choices=OnDuplicate.values, default=OnDuplicate.SKIP.value
        )
        parser.add_argument(
            "--items",
            choices=PROFILE_NAMES,
            default=AUTO,
            help="the field that tells the copies; auto looks at each record",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, tell the same")
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="FILE",
            help="one line of JSON for each record that could not be read",
        )

    def handle(self, *, files: list[Path], library: str, **options: Any) -> None:
        chosen = ImportOptions(
            on_duplicate=options["on_duplicate"],
            item_profile=options["items"],
            dry_run=options["dry_run"],
        )
        jobs: list[ImportJob] = []
        try:
            owner = _library(library)
            for path in files:
                require_marc(path)
            by = Actor.machine("tangthu import-marc", library_id=owner.pk)
            with _stopped_by_signal(), _opened(options["rejects"]) as refused:
                errand = Errand(library=owner, options=chosen, by=by, refused=refused, jobs=jobs)
                for path in files:
                    self._import(path, errand)
        except TangthuError as error:
            raise CommandError(wording.explain(error)) from error
        except (DatabaseError, OSError) as error:
            raise CommandError(_advice(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError(
                _("Stopped. Run the same command again to go on."), returncode=130
            ) from error
        finally:
            self._tell(jobs)

    def _import(self, path: Path, errand: Errand) -> None:
        # What is loaded stays: the collector need not look at it again and again.
        gc.freeze()
        holder = Holder()
        job = _job(path, errand, holder)
        errand.jobs.append(job)
        meter = Meter(sys.stderr, path.name)

        def watch(job: ImportJob, plan: Plan) -> None:
            meter.show(job, timezone.now())
            if not job.is_stored and errand.refused is not None:
                errand.refused.writelines(rejects.lines(rejects.of_plan(job, plan)))

        try:
            run_import(job, path, by=errand.by, holder=holder, watch=watch)
        finally:
            meter.clear()
            if job.is_stored and errand.refused is not None:
                errand.refused.writelines(rejects.lines(rejects.of_job(job)))

    def _tell(self, jobs: list[ImportJob]) -> None:
        """Write the sums of all files on one line, the last one."""
        if jobs:
            sums = {name: sum(getattr(job, name) for job in jobs) for name in COUNTED}
            self.stdout.write(" ".join(f"{name}={count}" for name, count in sums.items()))


def _library(code: str) -> Library:
    found = Library.objects.filter(code__iexact=code).first()
    if found is None:
        raise CommandError(_("There is no library with the code %(code)s.") % {"code": code})
    return found


def _job(path: Path, errand: Errand, holder: Holder) -> ImportJob:
    facts = facts_of(path)
    if errand.options.dry_run:
        job = new_job(facts, errand.options, library=errand.library, by=errand.by)
        job.started_at = timezone.now()
        return job
    provide_item_types()
    opened = open_job(facts, errand.options, library=errand.library, by=errand.by)
    return take(opened, holder)


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO | None]:
    """Open the file of rejects before anything else, so that a bad path is told at once."""
    try:
        opened = nullcontext() if path is None else path.open("wb")
    except OSError as error:
        words = _("%(file)s cannot be written: %(reason)s")
        raise CommandError(words % {"file": path, "reason": error.strerror}) from error
    with opened as file:
        yield file


@contextmanager
def _stopped_by_signal() -> Iterator[None]:
    """Let a supervisor's SIGTERM stop the import as softly as Ctrl+C."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _advice(error: DatabaseError | OSError) -> str:
    if "no such table" in str(error) or "does not exist" in str(error):
        return _("The database is not ready. Run “tangthu migrate” first.")
    words = wording.sentence(code_of(error))
    return words if code_of(error) == "disk_full" else f"{words} ({error})"
