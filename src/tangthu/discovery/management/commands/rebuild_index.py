from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.wording import explain
from tangthu.discovery import indexer
from tangthu.discovery.content import Content
from tangthu.discovery.embedded.shelf import Progress, Shelf
from tangthu.discovery.errors import WriterBusy
from tangthu.discovery.pages.content import PAGES
from tangthu.discovery.rebuilding import rebuild
from tangthu.discovery.records import RECORDS
from tangthu.discovery.search import page_shelf, shelf


class Command(BaseCommand):
    help = (
        "Build the search indexes anew beside the live ones, which answer until they are replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--processes", type=int, help="prepare records in so many processes; 0: in this one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._build(shelf(), RECORDS, "records", options["processes"])
            self._build(page_shelf(), PAGES, "pages", options["processes"])
        except WriterBusy as error:
            raise CommandError(explain(error)) from error

    def _build(self, place: Shelf, content: Content, what: str, processes: int | None) -> None:
        began = time.monotonic()
        last = Progress(0, 0)

        def report(progress: Progress) -> None:
            nonlocal last
            last = progress
            rate = progress.done / (time.monotonic() - began)
            self.stdout.write(f"{progress.done} / {progress.total}  {rate:.0f}/s")

        rebuild(
            place,
            content=content,
            catch_up=partial(indexer.apply_all, content=content),
            report=report,
            processes=processes,
        )
        self.stdout.write(f"{last.done} {what} in {time.monotonic() - began:.1f} s")
