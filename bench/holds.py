"""How quickly the one who gets a copy is chosen, with many waiting for its title.

    python -m bench.holds
    python tools/postgres.py -- python -m bench.holds

Makes a title with 500 holds in an empty database of its own, and measures what a return adds for
them: reading the queue, choosing by every rule, and the whole return; then the pull list.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=500)
    parser.add_argument("--copies", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-holds-") as folder:
        os.environ |= {
            "TANGTHU_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
            "TANGTHU_LOG_LEVEL": "WARNING",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(given.waiting, given.copies)


def measure(waiting: int, copies: int) -> None:
    from django.utils import timezone

    from tangthu.circulation.policy import choose
    from tangthu.circulation.reading import books
    from tangthu.circulation.reading.queues import claims_on, copy_at, pull_list

    items = fill(waiting, copies)
    known, today = books(), timezone.localdate()
    item = known.item(items[0])
    claims = claims_on(item, known)
    if len(claims.queue) != waiting:
        raise SystemExit(f"{len(claims.queue)} wait, not {waiting}")
    copy = copy_at(item, item.library_id, known)
    report("read the queue", lambda: claims_on(item, known))
    report("choose", lambda: choose(copy, claims.queue, today=today))
    report("read and choose", lambda: choose(copy, claims_on(item, known).queue, today=today))
    returns(items)
    report("pull list", lambda: pull_list(item.library, books(), today=today), times=10)


def returns(items: list[object]) -> None:
    """Take back copy after copy, each of which goes to one of those who wait."""
    from tangthu.circulation.actions import check_in
    from tangthu.core.actor import Actor

    by = Actor.machine("bench")
    times = []
    for item in items[: len(items) // 2]:
        began = time.perf_counter()
        result = check_in(item, by=by)  # type: ignore[arg-type]
        times.append((time.perf_counter() - began) * 1000)
        if result.hold is None:
            raise SystemExit("nobody got the copy")
    tell("whole return", times)


def report(name: str, deed: Callable[[], object], *, times: int = 50) -> None:
    took = []
    for _each in range(times):
        began = time.perf_counter()
        deed()
        took.append((time.perf_counter() - began) * 1000)
    tell(name, took)


def tell(name: str, took: list[float]) -> None:
    slow = statistics.quantiles(took, n=20)[-1]
    sys.stdout.write(f"{name}: p50 {statistics.median(took):.1f} ms, p95 {slow:.1f} ms\n")


def fill(waiting: int, copies: int) -> list[object]:
    """Make a library, a title, its copies and its queue; return the copies."""
    from django.utils import timezone

    from tangthu.catalogue.actions import provide_item_types
    from tangthu.catalogue.models import Item, ItemType, Record
    from tangthu.circulation.actions import set_rule
    from tangthu.circulation.models import Hold
    from tangthu.core.actor import Actor
    from tangthu.formats.marc.record import MarcRecord
    from tangthu.formats.marc.storage import dumps
    from tangthu.libraries.actions import LibraryData, create_library
    from tangthu.libraries.policy import LibraryKind
    from tangthu.patrons.actions import create_default_categories
    from tangthu.patrons.models import Patron
    from tangthu.text.sorting import sort_key

    by, now = Actor.machine("bench"), timezone.now()
    home = create_library(LibraryData(code="BENCH", name="Bench", kind=LibraryKind.PROVINCE), by=by)
    categories = list(create_default_categories(by=by).values())
    provide_item_types()
    for name, value in (("hold_policy", "branch"), ("pickup_policy", "branch")):
        set_rule(home, name, value, by=by)
    record = Record.objects.create(
        title="Bench",
        marc=dumps(MarcRecord("00000nam a2200000 a 4500", ())),
        library=home,
        title_key=sort_key("Bench"),
        author_key=sort_key(""),
        created_at=now,
        updated_at=now,
    )
    readers = Patron.objects.bulk_create(
        Patron(
            card=f"B{number:06}",
            name=f"B{number}",
            sort_name=f"B{number}",
            sort_key=sort_key(f"B{number}"),
            folded_name=f"b{number}",
            category=categories[number % len(categories)],
            library=home,
            registered_on=date(2026, 1, 1),
            expires_on=date(2099, 1, 1),
        )
        for number in range(waiting)
    )
    Hold.objects.bulk_create(
        Hold(record=record, patron=reader, pickup=home, placed_at=now, rank=rank)
        for rank, reader in enumerate(readers)
    )
    return list(
        Item.objects.bulk_create(
            Item(
                record=record,
                library=home,
                accession_number=f"{number}",
                barcode=f"BENCH{number}",
                item_type=ItemType.objects.order_by("pk")[0],
                accessioned_on=date(2026, 1, 1),
                created_at=now,
                updated_at=now,
            )
            for number in range(copies)
        )
    )


if __name__ == "__main__":
    main()
