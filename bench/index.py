"""How fast the whole search index is built anew from the database.

    PYTHONPATH=src python -m bench.index --records 50000 --data /tmp/bench
    PYTHONPATH=src python -m bench.index --marc library.mrc --data /tmp/bench-real

Fills a database of its own, where it has none, with invented records and items or with those of
a MARC file, then rebuilds the index as `tangthu rebuild-index` does: read, described, folded,
written, committed, swapped.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import django

from bench.generate import LIBRARIES, Copy, iso2709, works
from tangthu.formats.marc.outcome import Read
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import MarcRecord


def fill(records: int, marc: Path | None) -> None:
    """Put records and items into an empty database."""
    from django.utils import timezone

    from tangthu.catalogue.columns import draw
    from tangthu.catalogue.models import Item, ItemType, Record
    from tangthu.libraries.models import Library

    now = timezone.now()
    book, _ = ItemType.objects.get_or_create(code="book", defaults={"name": "Sách"})
    Library.objects.bulk_create(Library(code=code, name=code, path="/") for code in LIBRARIES)
    libraries = {library.code: library for library in Library.objects.all()}
    home = libraries[LIBRARIES[0]]
    source = of_file(marc) if marc else invented(records)
    while batch := list(islice(source, 2000)):
        rows = [Record(library=home, created_at=now, updated_at=now) for _ in batch]
        for row, (record, _) in zip(rows, batch, strict=True):
            draw(row, record)
        Record.objects.bulk_create(rows)
        Item.objects.bulk_create(
            Item(
                record=row,
                library=libraries[copy.library],
                accession_number=copy.accession_number,
                barcode=copy.accession_number,
                item_type=book,
                accessioned_on=date(2026, 1, 1),
                created_at=now,
                updated_at=now,
            )
            for row, (_, copies) in zip(rows, batch, strict=True)
            for copy in copies
        )


def invented(records: int) -> Iterator[tuple[MarcRecord, tuple[Copy, ...]]]:
    """Yield invented records with their items."""
    source = works(records)
    while batch := list(islice(source, 500)):
        outcomes = read(io.BytesIO(b"".join(map(iso2709, batch))))
        for work, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Read):
                yield outcome.record, work.copies


def of_file(path: Path) -> Iterator[tuple[MarcRecord, tuple[Copy, ...]]]:
    """Yield the records of a file, each with one invented item."""
    with path.open("rb") as file:
        for number, outcome in enumerate(read(file)):
            if isinstance(outcome, Read):
                yield outcome.record, (Copy(f"F{number:08d}", LIBRARIES[0], ""),)


def measure(processes: int | None) -> None:
    """Rebuild once and print the rate and what the processor was asked for."""
    from tangthu.catalogue.models import Record
    from tangthu.discovery import indexer
    from tangthu.discovery.rebuilding import rebuild
    from tangthu.discovery.search import shelf

    records = Record.objects.count()
    began, before = time.perf_counter(), _processor()
    rebuild(shelf(), catch_up=indexer.apply_all, processes=processes)
    took, used = time.perf_counter() - began, _processor() - before
    print(
        f"{records:,} records in {took:.1f} s: {records / took:,.0f} records/s; "
        f"{used / records * 1e6:.0f} µs of processor a record; load {os.getloadavg()[0]:.1f}"
    )


def _processor() -> float:
    own, children = (
        resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> None:
    """Fill where needed, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--marc", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--processes", type=int)
    arguments = parser.parse_args()
    os.environ["TANGTHU_DATA"] = str(arguments.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tangthu.site.settings")
    django.setup()

    from django.core.management import call_command

    from tangthu.catalogue.models import Record

    call_command("migrate", verbosity=0)
    if not Record.objects.exists():
        fill(arguments.records, arguments.marc)
    measure(arguments.processes)


if __name__ == "__main__":
    main()
