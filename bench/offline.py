"""How long a desk takes its library along, how large that is, and how fast its deeds are replayed.

    python -m bench.offline [--readers 60000] [--copies 100000] [--events 5000]
    python tools/postgres.py -- python -m bench.offline

Fills an empty database of its own. Of the deeds every third is refused.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tempfile
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tangthu.core.actor import Actor
    from tangthu.libraries.models import Library
    from tangthu.offline.policy import Event


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=60_000)
    parser.add_argument("--copies", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=5_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-offline-") as folder:
        os.environ |= {
            "TANGTHU_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
            "TANGTHU_LOG_LEVEL": "WARNING",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        library = fill(given.readers, given.copies)
        take(library)
        act(library, given.events)


def fill(readers: int, copies: int) -> Library:
    """Make a library with so many readers and copies, by multiplying one of each."""
    from tangthu.catalogue.models import Item
    from tangthu.patrons.models import Patron
    from tests.factories import ItemFactory, LibraryFactory, PatronFactory, lending_rules

    library = LibraryFactory(code="BEN", name="Thư viện đo")
    lending_rules(library, max_loans=1000, loan_length=14, renewals=1)
    patron = values_of(PatronFactory(library=library))
    item = values_of(ItemFactory(library=library, location=None))
    patrons = (Patron(**{**patron, "card": f"BEN{n:07}"}) for n in range(readers))
    Patron.objects.bulk_create(patrons, batch_size=2000)
    items = (
        Item(**{**item, "barcode": f"BENB{n:07}", "accession_number": f"V.{n:07}"})
        for n in range(copies)
    )
    Item.objects.bulk_create(items, batch_size=2000)
    return library


def values_of(row: object) -> dict[str, object]:
    from django.db.models import Model

    if not isinstance(row, Model):
        raise TypeError(row)
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields}


def take(library: Library) -> None:
    """Take everything along in pages, as a device does."""
    from tangthu.offline import taking

    for name, page_of in (("readers", taking.patron_page), ("copies", taking.item_page)):
        began, raw, packed, rows = time.perf_counter(), 0, 0, 0
        after: int | None = 0
        while after is not None:
            page = page_of(library, after=after)
            text = json.dumps({"rows": page.rows, "last": page.last}).encode()
            raw, packed = raw + len(text), packed + len(gzip.compress(text, 6))
            rows, after = rows + len(page.rows), page.last
        took = time.perf_counter() - began
        sizes = f"{raw / 1e6:.1f} MB, {packed / 1e6:.2f} MB over the line"
        print(f"take {rows} {name}: {took:.1f} s, {sizes}", flush=True)


def act(library: Library, count: int) -> None:
    """Replay a queue in which every third deed is refused."""
    from django.utils import timezone

    from tangthu.offline.actions import enrol, hand_out_keys, receive, replay
    from tangthu.offline.models import Device, EventState, OfflineEvent

    by = staff(library)
    device = enrol(library, name="bench", by=by)
    hand_out_keys(device, by=by)
    long_ago = timezone.now() - timedelta(days=1)
    Device.objects.filter(pk=device.pk).update(created_at=long_ago)
    told = deeds(count, by.user_id or 0)
    began = time.perf_counter()
    receive(device, told, after=0, reading=None, by=by)
    stored = time.perf_counter()
    replay(device)
    took = time.perf_counter() - stored
    refused = OfflineEvent.objects.filter(state=EventState.REFUSED).count()
    print(f"store {count} deeds: {stored - began:.1f} s")
    print(f"replay {count} deeds, {refused} refused: {took:.1f} s, {count / took:.0f} a second")


def staff(library: Library) -> Actor:
    from tangthu.access.grants import actor_for
    from tangthu.core.actor import Face
    from tangthu.core.permissions import every_permission
    from tests.factories import UserFactory, grant

    user = grant(UserFactory(library=library), library, *every_permission())
    return actor_for(user, face=Face.STAFF)


def deeds(count: int, user: int) -> list[Event]:
    """Lend a copy, lend it to another though it is out, take it back; and so on."""
    from django.utils import timezone

    from tangthu.catalogue.models import Item
    from tangthu.offline.policy import Event, EventKind
    from tangthu.patrons.models import Patron

    patrons = list(Patron.objects.values_list("pk", flat=True)[:1000])
    items = list(Item.objects.values_list("pk", flat=True)[: count // 3 + 1])
    start = timezone.now() - timedelta(hours=8)
    return [
        Event(
            id=str(uuid.uuid4()),
            number=n + 1,
            kind=EventKind.CHECK_IN if n % 3 == 2 else EventKind.CHECK_OUT,
            wall=start + timedelta(seconds=n),
            run="bench",
            ticks=n * 1000,
            user=user,
            item=items[n // 3],
            patron=None if n % 3 == 2 else patrons[(n // 3 + n % 3) % len(patrons)],
        )
        for n in range(count)
    ]


if __name__ == "__main__":
    main()
