"""How quickly the desks lend through the API, on a large database, and while an import runs.

    python -m bench.lend --records 500000 --data /tmp/bench-lend
    python -m bench.lend --records 500000 --data /tmp/bench-lend --import-file FILE.mrc
    python -m bench.lend --records 350000 --data DIR --desks 25 --every 0.5 --night
    python tools/postgres.py -- python -m bench.lend --records 100000 --data /tmp/bench-lend-pg

Fills the database once (invented records, 60,000 readers, 100,000 open loans; later runs use it
again), serves it as `tangthu serve` does, and lets eight desks lend free copies for so many
seconds, each on a connection of its own: one scan after the other, or one in so many seconds, as
people do. Desks and server share the machine: both are bound by its cores. Then it measures a
check-out for readers with 1 to 500 open loans, and the memory of the web processes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

PORT = 8977
READERS = 60_000
OPEN_LOANS = 100_000
HEAVY = (1, 10, 100, 500)


def main() -> None:
    """Fill, serve, lend, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--desks", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--every", type=float, default=0, help="seconds from scan to scan")
    parser.add_argument("--import-file", type=Path)
    parser.add_argument("--night", action="store_true", help="run the nightly jobs meanwhile")
    given = parser.parse_args()
    os.environ |= {
        "TANGTHU_DATA": str(given.data),
        "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
        "TANGTHU_LOG_LEVEL": "WARNING",
        "TANGTHU_API_RATE": "100000/s",
    }
    token, barcodes, cards = prepare(given.records)
    with served():
        report("alone", lend(token, barcodes, cards, given), given.seconds)
        if given.import_file:
            with importing(given.import_file):
                found = lend(token, barcodes, cards, given)
            report("while an import runs", found, given.seconds)
        if given.night:
            with night():
                found = lend(token, barcodes, cards, given)
            report("while the nightly jobs run", found, given.seconds)
        for held in HEAVY:
            times = [one_loan(token, barcodes, f"HEAVY{held:03}") for _ in range(50)]
            sys.stdout.write(
                f"reader with {held:>3} loans: p50 {statistics.median(times):.1f} ms\n"
            )
        for line in web_processes():
            sys.stdout.write(f"{line}\n")


def prepare(records: int) -> tuple[str, list[str], list[str]]:
    """Return a token, barcodes of free copies and cards; fill the database where it is empty."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db.models import Exists, OuterRef
    from django.utils import timezone

    from bench.index import fill
    from tangthu.catalogue.models import Item, Record
    from tangthu.circulation.models import Loan

    call_command("migrate", verbosity=0)
    if not Record.objects.exists():
        began = time.perf_counter()
        fill(records, None)
        sys.stdout.write(f"filled with {records} records in {time.perf_counter() - began:.0f} s\n")
    token = people()
    lately = timezone.now() - timedelta(days=7)
    lent_here = Loan.objects.open().filter(patron__card__startswith="B", lent_at__gt=lately)
    lent_here.update(returned_at=timezone.now())
    taken = Loan.objects.open().filter(item=OuterRef("pk"))
    free = Item.objects.filter(~Exists(taken)).order_by("pk").values_list("barcode", flat=True)
    return token, list(free[:40_000]), [f"B{number:06}" for number in range(READERS)]


def people() -> str:
    """Make rules, readers (some with many loans) and a librarian; return the token."""
    from tangthu.access import actions as access
    from tangthu.access.actions import UserData
    from tangthu.access.models import User
    from tangthu.circulation.actions import set_rule
    from tangthu.core.actor import Actor
    from tangthu.libraries.models import Library
    from tangthu.patrons.actions import create_default_categories

    machine = Actor.machine("bench")
    if not User.objects.exists():
        home = Library.objects.order_by("pk")[0]
        for library in Library.objects.all():
            branch = library.pk != home.pk
            library.parent = home if branch else None
            library.path = f"/{home.pk}/{library.pk}/" if branch else f"/{home.pk}/"
            library.save(update_fields=["parent", "path"])
        home.refresh_from_db()
        for name, value in (("max_loans", "999"), ("loan_length", "14")):
            set_rule(home, name, value, by=machine)
        adults = create_default_categories(by=machine)["adult"]
        make_readers(home, adults)
        roles = access.create_default_roles(by=machine)
        data = UserData(username="bench", name="Bench", library=home)
        user, _ = access.create_user(data, by=machine, password="bench-bench-bench-1")
        access.grant_role(user, roles["network-administrator"], home, by=machine)
    user = User.objects.get(username="bench")
    return access.issue_token(user, "bench", by=machine)[1]


def make_readers(home: object, category: object) -> None:
    from django.utils import timezone

    from tangthu.catalogue.models import Item
    from tangthu.circulation.models import Loan
    from tangthu.patrons.models import Patron
    from tangthu.text.sorting import sort_key

    def reader(card: str) -> Patron:
        return Patron(
            card=card,
            name=card,
            sort_name=card,
            sort_key=sort_key(card),
            folded_name=card.lower(),
            category=category,
            library=home,
            registered_on=date(2026, 1, 1),
            expires_on=date(2099, 1, 1),
        )

    crowd = [reader(f"B{number:06}") for number in range(READERS)]
    Patron.objects.bulk_create(crowd, batch_size=2000)
    heavy = Patron.objects.bulk_create([reader(f"HEAVY{held:03}") for held in HEAVY])
    stock = Item.objects.order_by("-pk").iterator()
    now = timezone.now()
    due = now + timedelta(days=9)
    Loan.objects.bulk_create(
        Loan(item=next(stock), patron=patron, library=home, lent_at=now, due_at=due)
        for patron, held in zip(heavy, HEAVY, strict=True)
        for _ in range(held)
    )
    # Each reader of the crowd has one or two at home, a third of them too long already.
    days = [timedelta(days=number % 21 - 7) for number in range(21)]
    Loan.objects.bulk_create(
        (
            Loan(
                item=item,
                patron=crowd[number % READERS],
                library=home,
                lent_at=now - timedelta(days=14),
                due_at=now + days[number % 21],
            )
            for number, item in enumerate(islice(stock, OPEN_LOANS))
        ),
        batch_size=2000,
    )


@contextmanager
def served() -> Iterator[None]:
    """Serve the data folder while the block runs."""
    command = [sys.executable, "-m", "tangthu.site.cli", "serve", "--port", str(PORT)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_up()
            yield
        finally:
            server.terminate()
            server.wait(60)


def wait_until_up() -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/api/v1/openapi.json")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not start")


NIGHT = """
import django; django.setup()
from tangthu.site.jobs import jobs
while True:
    for job in jobs():
        job.work()
"""


@contextmanager
def night() -> Iterator[None]:
    """Do the work of night after night while the block runs; of the first, at any rate."""
    with subprocess.Popen([sys.executable, "-c", NIGHT]) as job:
        time.sleep(3)
        yield
        sys.stdout.write("the jobs were still running\n" if job.poll() is None else "they ended\n")
        job.terminate()


@contextmanager
def importing(path: Path) -> Iterator[None]:
    """Import a file while the block runs."""
    from tangthu.libraries.models import Library

    code = Library.objects.order_by("pk")[0].code
    command = [sys.executable, "-m", "tangthu.site.cli", "import-marc", str(path)]
    command += ["--library", code, "--on-duplicate", "add"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        time.sleep(3)
        yield
        sys.stdout.write("the import was still running\n" if job.poll() is None else "it ended\n")
        job.terminate()


def lend(
    token: str, barcodes: list[str], cards: list[str], given: argparse.Namespace
) -> list[float]:
    """Let every desk lend one free copy after another; return the milliseconds of each loan.

    The copies are taken off the list as they are lent, so that every answer is a loan.
    """
    times: list[float] = []
    stop = time.perf_counter() + given.seconds

    def desk(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        chance = random.Random(number)
        time.sleep(given.every * number / given.desks)
        while time.perf_counter() < stop:
            order = {"barcode": barcodes.pop(), "card": chance.choice(cards)}
            began = time.perf_counter()
            status = post(connection, token, "checkouts", order)
            times.append((time.perf_counter() - began) * 1000)
            if status != 201:
                raise SystemExit(f"a check-out was answered with {status}")
            time.sleep(max(0, given.every - times[-1] / 1000))

    threads = [threading.Thread(target=desk, args=(number,)) for number in range(given.desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def one_loan(token: str, barcodes: list[str], card: str) -> float:
    """Lend one free copy to this reader and take it back; return the milliseconds of the loan."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    barcode = random.choice(barcodes)
    post(connection, token, "checkins", {"barcode": barcode})
    began = time.perf_counter()
    post(connection, token, "checkouts", {"barcode": barcode, "card": card})
    took = (time.perf_counter() - began) * 1000
    post(connection, token, "checkins", {"barcode": barcode})
    return took


def post(connection: http.client.HTTPConnection, token: str, path: str, body: object) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
    response = connection.getresponse()
    response.read()
    return response.status


def report(name: str, times: list[float], seconds: float) -> None:
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    rate = len(times) / seconds
    sys.stdout.write(f"{name}: {rate:.0f} loans/s, p50 {p50:.0f} ms, p95 {p95:.0f} ms\n")
    sys.stdout.flush()


def web_processes() -> Iterator[str]:
    """Yield, of each process that answers requests, its memory: all, and without mapped files.

    The index is read through mapped pages, which the system takes back whenever it needs them.
    """
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            status = (entry / "status").read_text()
        except OSError:
            continue
        if b"tangthu.site.web" in command and str(PORT).encode() in command:
            rows = dict(row.split(":", 1) for row in status.splitlines())
            whole, own = (int(rows[name].split()[0]) // 1024 for name in ("VmRSS", "RssAnon"))
            yield f"web process {entry.name}: {whole} MB resident, {own} MB of them its own"


if __name__ == "__main__":
    main()
