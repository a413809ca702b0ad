"""How fast a MARC file comes into the catalogue: read, prepared, matched, stored, with copies.

    python -m bench.import_marc ../shared/data/marc/gpo_10k.mrc
    python tools/postgres.py python -m bench.import_marc FILE --database "$DATABASE_URL"

Without `--database` a fresh SQLite file is used. Bound by one core: a third is reading and
drawing the columns, a third the driver and the database; the rest is matching and copies.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Import each file into an empty catalogue, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--on-duplicate", default="skip")
    parser.add_argument("--limit", type=int, default=0, help="stop after so many records")
    parser.add_argument("--again", action="store_true", help="import the file a second time")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TANGTHU_DATA": folder, "DJANGO_SETTINGS_MODULE": "tangthu.site.settings"}
        library = _prepare()
        for path in given.files:
            for _ in range(2 if given.again else 1):
                _measure(path, library, given.on_duplicate, given.limit)


def _prepare() -> object:
    import django

    django.setup()
    from django.core.management import call_command

    from tangthu.libraries.models import Library, LibraryKind

    call_command("migrate", verbosity=0)
    code = f"B{time.time_ns()}"[-12:]
    library = Library.objects.create(code=code, name="Bench", kind=LibraryKind.PROVINCE)
    library.path = f"/{library.pk}/"
    library.save()
    return library


class _Enough(Exception):
    """The limit is reached."""


def _measure(path: Path, library: object, on_duplicate: str, limit: int) -> None:
    from django.db import connection

    from tangthu.catalogue.actions import provide_item_types
    from tangthu.catalogue.actions.imports import ImportOptions, open_job, take
    from tangthu.catalogue.importing.holder import Holder
    from tangthu.catalogue.importing.running import run_import
    from tangthu.catalogue.importing.source import facts_of
    from tangthu.core.actor import Actor

    provide_item_types()
    by, holder = Actor.machine("bench"), Holder()
    options = ImportOptions(on_duplicate=on_duplicate, item_profile="auto")
    job = take(open_job(facts_of(path), options, library=library, by=by), holder)
    locks: list[float] = []

    def watch(job: object, plan: object) -> None:
        locks.append(plan.held)
        if limit and job.read >= limit:
            raise _Enough

    gc.freeze()
    began, cpu = time.perf_counter(), time.process_time()
    try:
        run_import(job, path, by=by, holder=holder, watch=watch)
    except _Enough:
        job.refresh_from_db()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    cuts = statistics.quantiles(locks, n=100)
    speed = f"{job.read / took:.0f}/s ({cpu:.1f} s of CPU, {job.read / cpu:.0f}/s of it)"
    print(f"{connection.vendor} {path.name} {on_duplicate}: {job.read} records,", end=" ")
    print(f"{job.items_added} copies, {took:.1f} s, {speed};", end=" ")
    print(f"{len(locks)} batches, locked {sum(locks):.1f} s in all,", end=" ")
    print(
        f"p50 {cuts[49] * 1000:.0f} p95 {cuts[94] * 1000:.0f} max {max(locks) * 1000:.0f} ms;",
        end=" ",
    )
    print(f"{job.imported} + {job.merged} + {job.skipped} + {job.rejected}")


if __name__ == "__main__":
    main()
