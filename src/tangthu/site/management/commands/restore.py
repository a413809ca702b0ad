"""`tangthu restore FILE`: everything as it was when the backup was written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.site.backup import BackupRefused, restore

MIGRATE = (sys.executable, "-m", "tangthu.site.cli", "migrate", "--verbosity", "0")


class Command(BaseCommand):
    help = "Put a backup back. A damaged one is refused before anything is touched."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_options: object) -> None:
        try:
            restored = restore(file.absolute())
        except (BackupRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"files={restored.files} made_at={restored.made_at}")
        self.stderr.write(f"What was here before lies in {restored.aside} and beside the files.")
        # A process of its own, which begins with the key and the database that are here now.
        if subprocess.run(MIGRATE, check=False).returncode:  # noqa: S603
            raise CommandError("Everything is back. Run: tangthu migrate")
