from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.actor import Actor
from tangthu.repository.actions.texts import archive_text
from tangthu.repository.bags import Folder, write_bag
from tangthu.repository.errors import ObjectWithdrawn
from tangthu.repository.models import DigitalObject


class Command(BaseCommand):
    help = "Write a digital object with all its masters as a BagIt bag into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("identifier")
        parser.add_argument("folder", type=Path)

    def handle(self, *, identifier: str, folder: Path, **_options: object) -> None:
        obj = DigitalObject.objects.filter(identifier=identifier).first()
        if obj is None:
            raise CommandError(f"There is no object {identifier}.")
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty.")
        with suppress(ObjectWithdrawn):
            archive_text(obj, by=Actor.machine("export-bag"))
        write_bag(obj, Folder(folder))
        self.stdout.write(str(folder))
