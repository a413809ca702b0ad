from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions import make_ready
from tangthu.repository.actions.restoring import (
    archived_identifiers,
    redraw_lost,
    restore_object,
)
from tangthu.repository.errors import ArchiveBroken, ObjectWithdrawn
from tangthu.repository.models import DigitalObject


class Command(BaseCommand):
    help = "Make lost digital objects again from the archive, and draw pages whose copy is lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--library", metavar="CODE", help="for objects whose own library is not known"
        )

    def handle(self, *, library: str | None, **_options: object) -> None:
        home = Library.objects.filter(code=library).first() if library else None
        if library and home is None:
            raise CommandError(f"There is no library {library}.")
        by = Actor.machine("restore-objects")
        restored, broken = 0, 0
        for identifier in archived_identifiers():
            try:
                restored += restore_object(identifier, library=home, by=by)
            except ArchiveBroken as refused:
                broken += 1
                self.stderr.write(f"{identifier}: {refused}")
        drawn = sum(self._drawn(obj, by) for obj in DigitalObject.objects.order_by("pk").iterator())
        self.stdout.write(f"restored={restored} redrawn={drawn} broken={broken}")
        if broken:
            raise CommandError("Some objects could not be read from the archive.")

    def _drawn(self, obj: DigitalObject, by: Actor) -> int:
        try:
            lost = redraw_lost(obj, by=by)
        except ObjectWithdrawn:
            return 0
        if lost:
            make_ready(obj, by=by)
        return lost
