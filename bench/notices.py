"""How long the nightly reminders take over many open loans, and how long a desk waits for them.

    python -m bench.notices --loans 100000
    python tools/postgres.py -- python -m bench.notices --loans 100000

Makes its own database (invented readers and loans; six readers of ten chose reminders), runs the
reminders as the schedule does, and meanwhile lets a desk write a small row ten times a second, as
a check-out does; prints how long each write waited. Then a second run, which finds nothing new;
then so many messages are sent by a carrier that takes them at once.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

PAGE = 2000
SENT = 2000


def main() -> None:
    """Fill, remind, send, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-notices-") as folder:
        os.environ |= {
            "TANGTHU_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
            "TANGTHU_LOG_LEVEL": "WARNING",
            "TANGTHU_NOTICES_FOLDER": str(Path(folder) / "messages"),
        }
        import django

        django.setup()
        measure(given.loans)


def measure(loans: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    fill(loans)
    say(f"{connection.vendor}: {loans} open loans made in {time.perf_counter() - began:.0f} s")
    for name in ("first run", "second run"):
        with desk() as waits:
            took, notices = run()
        say(
            f"{name}: {took:.1f} s, {notices} notices; a desk's write waited "
            f"p50 {waits[0]:.1f} ms, p95 {waits[1]:.1f} ms, at most {waits[2]:.0f} ms"
        )
    sent, took = send()
    say(f"sent: {sent} notices in {took:.1f} s, {sent / took:.0f} a second")


def run() -> tuple[float, int]:
    from tangthu.circulation.actions.reminders import remind
    from tangthu.core.actor import Actor

    began = time.perf_counter()
    done = remind(by=Actor.machine("bench"))
    return time.perf_counter() - began, done.notices


def send() -> tuple[int, float]:
    from tangthu.notices.models import Notice
    from tangthu.notices.policy import Channel
    from tangthu.notices.postman import deliver
    from tangthu.notices.rendering import Message

    class Taker:
        def send(self, message: Message) -> str:
            return message.reference

        def close(self) -> None:
            pass

    began = time.perf_counter()
    done = deliver(Channel.EMAIL, Taker(), most=SENT)
    took = time.perf_counter() - began
    return Notice.objects.filter(state="sent").count() or done.sent, took


@contextmanager
def desk() -> Iterator[list[float]]:
    """Write as a desk does while the block runs; give p50, p95 and the longest wait, in ms."""
    stop, waits, result = threading.Event(), list[float](), list[float]()

    def write() -> None:
        from django.db import connection, transaction

        from tangthu.core import changes

        while not stop.wait(0.1):
            began = time.perf_counter()
            with transaction.atomic():
                changes.append("bench", [1])
            waits.append((time.perf_counter() - began) * 1000)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield result
    finally:
        stop.set()
        thread.join()
        waits.sort()
        if waits:
            result += [statistics.median(waits), waits[int(len(waits) * 0.95)], waits[-1]]
        else:
            result += [0.0, 0.0, 0.0]


def fill(loans: int) -> None:
    """Make a third of the loans due soon, a third overdue, and the rest due later."""
    from django.utils import timezone

    from tangthu.catalogue.models import Item, ItemType, Record
    from tangthu.circulation.models import Loan
    from tangthu.formats.marc.record import MarcRecord
    from tangthu.formats.marc.storage import dumps
    from tangthu.libraries.models import Library, Location
    from tangthu.patrons.models import PatronCategory

    now = timezone.now()
    library = Library.objects.create(code="BENCH", name="Thư viện", kind="province", path="")
    library.path = f"/{library.pk}/"
    library.save(update_fields=["path"])
    location = Location.objects.create(library=library, code="K", name="Kho")
    kind = ItemType.objects.create(code="bench", name="Sách")
    category = PatronCategory.objects.create(code="bench", name="Người lớn")
    marc = dumps(MarcRecord(leader="00000nam a2200000 a 4500", fields=()))
    record = Record.objects.create(
        title="Lịch sử Tây Nguyên",
        author="Nguyễn Văn A",
        marc=marc,
        library=library,
        title_key=b"",
        author_key=b"",
        year=2020,
        language="vie",
        material_type="book",
        created_at=now,
        updated_at=now,
    )
    patrons = readers(loans // 3, library, category, now)
    for start in range(0, loans, PAGE):
        numbers = range(start, min(start + PAGE, loans))
        items = Item.objects.bulk_create(
            Item(
                library=library,
                record=record,
                location=location,
                accession_number=f"B.{number}",
                barcode=f"BENCH{number:07}",
                item_type=kind,
                accessioned_on=now.date(),
                created_at=now,
                updated_at=now,
            )
            for number in numbers
        )
        Loan.objects.bulk_create(
            Loan(
                item=item,
                patron_id=patrons[number % len(patrons)],
                library=library,
                lent_at=now - timedelta(days=40),
                due_at=now + timedelta(days=(2, -(1 + number % 40), 10)[number % 3]),
            )
            for number, item in zip(numbers, items, strict=True)
        )


def readers(count: int, library: object, category: object, now: object) -> list[int]:
    from datetime import date

    from tangthu.notices.models import Choice
    from tangthu.patrons.models import Patron

    made = Patron.objects.bulk_create(
        [
            Patron(
                card=f"B{number:06}",
                name=f"Bạn đọc {number}",
                sort_name=f"{number}",
                sort_key=b"",
                folded_name=f"ban doc {number}",
                category=category,
                library=library,
                email=f"reader{number}@example.vn",
                phone="+84905123456",
                registered_on=date(2026, 1, 1),
                expires_on=date(2099, 1, 1),
            )
            for number in range(count)
        ],
        batch_size=PAGE,
    )
    Choice.objects.bulk_create(
        [
            Choice(
                patron=patron, topic=topic, channel="email", language="vi", text="…", agreed_at=now
            )
            for number, patron in enumerate(made)
            if number % 10 < 6
            for topic in ("due_soon", "overdue")
        ],
        batch_size=PAGE,
    )
    return [patron.pk for patron in made]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
