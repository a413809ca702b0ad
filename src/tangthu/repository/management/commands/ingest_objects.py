from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions.batch_previews import look_through
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.labels import fault
from tangthu.repository.models import BatchState, Collection, EntryState, IngestBatch
from tangthu.repository.policy.kinds import Access
from tangthu.repository.policy.rights import Rights


class Command(BaseCommand):
    help = "Bring a folder or ZIP of scans in: an object for each folder that names a record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="FOLDER_OR_ZIP")
        parser.add_argument("--library", required=True, metavar="CODE")
        parser.add_argument("--rights", choices=[str(each) for each in Rights], required=True)
        parser.add_argument("--collection", action="append", default=[], metavar="CODE")
        parser.add_argument("--embargo", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--preview", action="store_true", help="only tell which record each folder names"
        )
        parser.add_argument(
            "--access", choices=[str(each) for each in Access], default=str(Access.STAFF)
        )

    def handle(self, *, source: Path, **options: Any) -> None:
        library = Library.objects.filter(code=options["library"]).first()
        if library is None:
            raise CommandError(f"There is no library {options['library']}.")
        if not source.exists():
            raise CommandError(f"There is no {source}.")
        by = Actor.machine("ingest-objects", library_id=library.pk)
        data = BatchData(
            name=source.name,
            path=source.resolve(),
            rights=options["rights"],
            access=options["access"],
            embargo_until=options["embargo"],
            collections=self._collections(options["collection"]),
        )
        if options["preview"]:
            self._tell(look_through(open_batch(data, library=library, by=by), by=by))
            return
        batch = run_batch(open_batch(data, library=library, by=by), by=by)
        for entry in batch.entries.exclude(state=EntryState.DONE):
            self.stdout.write(f"{entry.folder}: {fault(entry.fault)}")
        done = batch.entries.filter(state=EntryState.DONE).count()
        refused = batch.entries.filter(state=EntryState.REFUSED).count()
        self.stdout.write(f"done={done} refused={refused}")
        if batch.state == BatchState.FAILED:
            raise CommandError(fault(batch.fault))

    def _collections(self, codes: list[str]) -> tuple[Collection, ...]:
        found = {row.code: row for row in Collection.objects.filter(code__in=codes)}
        missing = [code for code in codes if code not in found]
        if missing:
            raise CommandError(f"There is no collection {missing[0]}.")
        return tuple(found[code] for code in codes)

    def _tell(self, batch: IngestBatch) -> None:
        if batch.state == BatchState.FAILED:
            raise CommandError(fault(batch.fault))
        for entry in batch.entries.select_related("record"):
            named = f"{entry.record.pk} {entry.record.title}" if entry.record else "?"
            self.stdout.write(
                f"{entry.folder}: {named} {fault(entry.fault) if entry.fault else ''}"
            )
