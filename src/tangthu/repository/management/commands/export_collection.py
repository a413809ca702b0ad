from __future__ import annotations

import zipfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.actor import Actor
from tangthu.repository.actions.exporting import export_collection
from tangthu.repository.bags import Folder, Packed
from tangthu.repository.models import Collection


class Command(BaseCommand):
    help = "Write a collection and all below it as bags, with records, register and digests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the collection's")
        parser.add_argument("target", type=Path, help="an empty folder, or a file NAME.zip")

    def handle(self, *, code: str, target: Path, **_options: object) -> None:
        collection = Collection.objects.filter(code=code).first()
        if collection is None:
            raise CommandError(f"There is no collection {code}.")
        if target.is_file() or (target.exists() and any(target.iterdir())):
            raise CommandError(f"{target} is there already.")
        by = Actor.machine("export-collection")
        if target.suffix.casefold() == ".zip":
            beside = target.with_name(f"{target.name}.part")
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                counts = export_collection(collection, Packed(archive, f"{code}/"), by=by)
            beside.replace(target)
        else:
            counts = export_collection(collection, Folder(target), by=by)
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
        if counts["damaged"]:
            raise CommandError("Some objects have damaged files; the register tells which.")
