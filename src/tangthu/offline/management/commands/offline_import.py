"""Take the file of an offline desk in, and do what it brings."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tangthu.core.actor import Actor
from tangthu.offline.actions import replay
from tangthu.offline.errors import EventsMissing, FileRefused
from tangthu.offline.files import receive_file, taken_file
from tangthu.offline.models import OfflineEvent
from tangthu.offline.wording import FILE_FAULTS


class Command(BaseCommand):
    help = "Take the file of an offline desk in, and write the one for it to take back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--answer", type=Path, help="write the file for the device here")

    def handle(self, *, file: Path, answer: Path | None = None, **options: object) -> None:
        by = Actor.machine("offline_import")
        try:
            receipt = receive_file(file.read_bytes(), by=by)
        except OSError as error:
            raise CommandError(str(error)) from error
        except FileRefused as refused:
            raise CommandError(str(FILE_FAULTS[refused.why])) from refused
        except EventsMissing as refused:
            raise CommandError("A file before this one is missing.") from refused
        done = replay(receipt.device)
        to_do = OfflineEvent.objects.filter(device=receipt.device).to_do().count()
        self.stdout.write(
            f"{receipt.events} events, {receipt.fresh} new, {done} done; {to_do} to settle."
        )
        if answer is not None:
            answer.write_bytes(taken_file(receipt.device, by=by))
