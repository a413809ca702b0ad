from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.labels import fault
from tangthu.repository.models import BatchState, EntryState
from tangthu.repository.policy.kinds import Access
from tangthu.repository.policy.rights import Rights


class Command(BaseCommand):
    help = "Bring a folder or ZIP of scans in: an object for each folder that names a record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="FOLDER_OR_ZIP")
        parser.add_argument("--library", required=True, metavar="CODE")
        parser.add_argument("--rights", choices=[str(each) for each in Rights], default="")
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
        )
        batch = run_batch(open_batch(data, library=library, by=by), by=by)
        for entry in batch.entries.exclude(state=EntryState.DONE):
            self.stdout.write(f"{entry.folder}: {fault(entry.fault)}")
        done = batch.entries.filter(state=EntryState.DONE).count()
        refused = batch.entries.filter(state=EntryState.REFUSED).count()
        self.stdout.write(f"done={done} refused={refused}")
        if batch.state == BatchState.FAILED:
            raise CommandError(fault(batch.fault))
