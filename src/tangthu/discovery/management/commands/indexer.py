from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.wording import explain
from tangthu.discovery import indexer
from tangthu.discovery.errors import WriterBusy
from tangthu.discovery.pages.content import PAGES
from tangthu.discovery.search import page_shelf, shelf


class Command(BaseCommand):
    help = "Keep the search indexes up to date with the catalogue and the digital library."
    # They load every page of the site, which this process never shows.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="bring it up to date, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["once"]:
                count = indexer.catch_up(shelf()) + indexer.catch_up(page_shelf(), PAGES)
                self.stdout.write(f"{count} changes")
            else:
                _run_both(_told_to_stop())
        except WriterBusy as error:
            raise CommandError(explain(error)) from error


def _run_both(stop: threading.Event) -> None:
    """Follow the feed for both indexes: books waiting to be put in let no record wait."""
    failed: list[WriterBusy] = []

    def follow_pages() -> None:
        try:
            indexer.run(page_shelf(), stop=stop, content=PAGES)
        except WriterBusy as error:
            failed.append(error)
            stop.set()

    pages = threading.Thread(target=follow_pages, name="pages")
    pages.start()
    try:
        indexer.run(shelf(), stop=stop)
    finally:
        stop.set()
        pages.join()
    if failed:
        raise failed[0]


def _told_to_stop() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
