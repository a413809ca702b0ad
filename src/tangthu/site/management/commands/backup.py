"""`tangthu backup FILE`: everything in one file."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.site.backup import BackupRefused, save


class Command(BaseCommand):
    help = "Write database, files and secret key into one file, while everybody goes on working."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a new file")

    def handle(self, *, file: Path, **_options: object) -> None:
        try:
            saved = save(file.absolute())
        except (BackupRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"files={saved.files} bytes={saved.size}")
        self.stderr.write(
            "The file opens everything, citizen numbers too: keep it encrypted, in another house."
        )
