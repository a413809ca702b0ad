from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tangthu.catalogue.exporting import Exported, ExportFormat, Sink, export
from tangthu.catalogue.models import Record
from tangthu.libraries.models import Library


class Command(BaseCommand):
    help = "Export all records, or those of one library, to a MARC file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--format", choices=[form.value for form in ExportFormat], default="iso2709"
        )
        parser.add_argument("--library", metavar="CODE", help="the records of this library alone")
        parser.add_argument(
            "--with-items", action="store_true", help="write each copy in stock as a 952"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        records = _records(options["library"])
        try:
            with _replacing(file) as sink:
                told = export(
                    records,
                    sink,
                    ExportFormat(options["format"]),
                    with_items=options["with_items"],
                )
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandError(
                _("%(file)s cannot be written: %(reason)s") % {"file": file, "reason": reason}
            ) from error
        self._tell(told)

    def _tell(self, told: Exported) -> None:
        for pk, title, reason in told.refused:
            self.stderr.write(
                _("Record %(id)s, “%(title)s”, was left out: %(reason)s")
                % {"id": pk, "title": title, "reason": reason}
            )
        self.stdout.write(f"written={told.written} refused={len(told.refused)}")


def _records(code: str | None) -> QuerySet[Record]:
    records = Record.objects.order_by("id")
    if code is None:
        return records
    library = Library.objects.filter(code__iexact=code).first()
    if library is None:
        raise CommandError(_("There is no library with the code %(code)s.") % {"code": code})
    return records.filter(library=library)


@contextmanager
def _replacing(path: Path) -> Iterator[Sink]:
    """Write beside the file and put it in place at the end: nobody ever reads half an export."""
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
