from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions.bag_batches import holds_bags
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.errors import FileRefused
from tangthu.repository.labels import fault
from tangthu.repository.models import BatchState, EntryState


class Command(BaseCommand):
    help = "Take bags (BagIt) in, ours or others': folders or ZIP files that are bags or hold some."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sources", type=Path, nargs="+", metavar="FOLDER_OR_ZIP")
        parser.add_argument("--library", required=True, metavar="CODE")

    def handle(self, *, sources: list[Path], **options: Any) -> None:
        library = Library.objects.filter(code=options["library"]).first()
        if library is None:
            raise CommandError(f"There is no library {options['library']}.")
        missing = [str(each) for each in sources if not each.exists()]
        if missing:
            raise CommandError(f"There is no {', '.join(missing)}.")
        by = Actor.machine("import-bags", library_id=library.pk)
        counts = dict.fromkeys((EntryState.DONE, EntryState.KNOWN, EntryState.REFUSED), 0)
        for source in sources:
            if not self._holds_bags(source):
                counts[EntryState.REFUSED] += 1
                continue
            data = BatchData(name=source.name, path=source.resolve())
            batch = run_batch(open_batch(data, library=library, by=by), by=by)
            if batch.state == BatchState.FAILED:
                self.stderr.write(f"{source}: {fault(batch.fault)}")
                counts[EntryState.REFUSED] += 1
            for entry in batch.entries.select_related("object"):
                counts[EntryState(entry.state)] += 1
                became = entry.object.identifier if entry.object else fault(entry.fault)
                self.stdout.write(f"{entry.folder}: {entry.state} {became}")
        self.stdout.write(" ".join(f"{state}={count}" for state, count in counts.items()))
        if counts[EntryState.REFUSED]:
            raise CommandError("Some bags were not taken in.")

    def _holds_bags(self, source: Path) -> bool:
        try:
            if holds_bags(source):
                return True
            words = fault("not_a_bag")
        except FileRefused as refused:
            words = fault(refused.fault)
        self.stderr.write(f"{source}: {words}")
        return False
