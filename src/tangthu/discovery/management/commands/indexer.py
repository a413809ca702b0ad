from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.wording import explain
from tangthu.discovery import indexer
from tangthu.discovery.errors import WriterBusy
from tangthu.discovery.search import shelf


class Command(BaseCommand):
    help = "Keep the search index up to date with the catalogue."
    # They load every page of the site, which this process never shows.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="bring it up to date, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["once"]:
                count = indexer.catch_up(shelf())
                self.stdout.write(f"{count} changes")
            else:
                indexer.run(shelf(), stop=_told_to_stop())
        except WriterBusy as error:
            raise CommandError(explain(error)) from error


def _told_to_stop() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
