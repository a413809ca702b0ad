"""Searching over OPDS: ours beside calibre-web's, the same invented books and the same questions.

    PYTHONPATH=src python -m bench.opds [--books 2000] [--questions 100] [--without-calibre-web]

Makes two libraries of the same books, ours with its index and calibre's `metadata.db`, and puts
every question to both in turn, so that whatever else runs slows both alike; then each is asked by
four readers at once. calibre-web (GPL) is a program of its own: it is installed from PyPI into an
environment of its own in `--calibre-web`, and never imported. Ours answers 25 books a page with
counts of what narrows them; calibre-web answers all that it finds, in one list. It looks for the
words as one phrase within a title, an author's name, a subject or a publisher, so questions are
such phrases; how many books came is told beside the time.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.generate import Work, works
from bench.index import fill

CALIBRE_WEB = "calibreweb==0.6.27"
EPUB, FORM = "application/epub+zip", "EPUB"
READERS = 4
WARMED_BY = 20

# As calibre writes them, without the triggers and views, which calibre-web does not read.
TABLES = """
create table library_id (id integer primary key, uuid text not null);
create table books (id integer primary key autoincrement, title text not null collate nocase,
  sort text collate nocase, author_sort text collate nocase, timestamp timestamp,
  pubdate timestamp, series_index real not null default 1.0, last_modified timestamp,
  path text not null default '', has_cover bool default 0, uuid text);
create table authors (id integer primary key, name text not null collate nocase unique,
  sort text collate nocase, link text not null default '');
create table tags (id integer primary key, name text not null collate nocase unique);
create table series (id integer primary key, name text not null collate nocase, sort text);
create table publishers (id integer primary key, name text not null collate nocase unique,
  sort text collate nocase);
create table languages (id integer primary key, lang_code text not null collate nocase unique);
create table ratings (id integer primary key, rating integer);
create table comments (id integer primary key, book integer not null unique, text text not null);
create table identifiers (id integer primary key, book integer not null,
  type text not null default 'isbn' collate nocase, val text not null collate nocase);
create table data (id integer primary key, book integer not null, format text not null,
  uncompressed_size integer not null, name text not null);
create table custom_columns (id integer primary key, label text, name text, datatype text,
  mark_for_delete bool, editable bool, display text, is_multiple bool, normalized bool);
create table metadata_dirtied (id integer primary key, book integer not null unique);
"""
LINKS = ("authors", "tags", "series", "publishers", "ratings", "languages")


def our_library(books: int) -> None:
    """Fill the database with records, each with an e-book that is open to all, and index them."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    fill(books, None)
    from tangthu.catalogue.models import Record
    from tangthu.discovery import indexer, search
    from tangthu.repository.models import DigitalFile, DigitalObject, ObjectRecord

    now = timezone.now()
    records = list(Record.objects.order_by("pk"))
    objects = DigitalObject.objects.bulk_create(
        DigitalObject(
            kind="epub",
            state="published",
            access="public",
            rights="PDM",
            title=record.title,
            title_key=bytes(record.title_key),
            library_id=record.library_id,
            created_at=now,
            updated_at=now,
        )
        for record in records
    )
    pairs = list(zip(objects, records, strict=True))
    ObjectRecord.objects.bulk_create(ObjectRecord(object=obj, record=row) for obj, row in pairs)
    DigitalFile.objects.bulk_create(
        DigitalFile(
            object=obj,
            role="original",
            name="sach.epub",
            media_type=EPUB,
            size=1,
            sha256=f"{obj.pk:064x}",
            path=f"{obj.pk}.epub",
            created_at=now,
        )
        for obj in objects
    )
    indexer.catch_up(search.shelf())


def calibre_library(folder: Path, books: int) -> None:
    """Write the same books as calibre keeps them."""
    with sqlite3.connect(folder / "metadata.db") as base:
        base.executescript(TABLES)
        for name in LINKS:
            other = "lang_code" if name == "languages" else name.removesuffix("s")
            other = "series" if name == "series" else other
            base.execute(
                f"create table books_{name}_link (id integer primary key,"
                f" book integer not null, {other} integer not null, unique (book, {other}))"
            )
            base.execute(f"create index {name}_by_book on books_{name}_link (book)")
        base.execute("insert into library_id (uuid) values (?)", [str(uuid.uuid4())])
        for work in works(books):
            _put(base, work)
    base.close()


def _put(base: sqlite3.Connection, work: Work) -> None:
    moment, number = "2026-01-01 00:00:00+00:00", work.number
    writers = " & ".join(work.authors) or "Unknown"
    base.execute(
        "insert into books values (?, ?, ?, ?, ?, ?, 1.0, ?, ?, 0, ?)",
        [
            number,
            work.title,
            work.title,
            writers,
            moment,
            f"{work.year}-01-01 00:00:00+00:00",
            moment,
            f"{number}",
            str(uuid.UUID(int=number)),
        ],
    )
    _link(base, number, "authors", "author", "name", work.authors or ("Unknown",))
    _link(base, number, "tags", "tag", "name", work.subjects)
    _link(base, number, "publishers", "publisher", "name", [work.publisher])
    _link(base, number, "languages", "lang_code", "lang_code", [work.language])
    base.execute(
        "insert into data (book, format, uncompressed_size, name) values (?, ?, 1, 'sach')",
        [number, FORM],
    )


def _link(
    base: sqlite3.Connection,
    book: int,
    table: str,
    column: str,
    name: str,
    values: Sequence[str],
) -> None:
    for value in dict.fromkeys(values):
        base.execute(f"insert or ignore into {table} ({name}) values (?)", [value])
        base.execute(
            f"insert or ignore into books_{table}_link (book, {column})"
            f" select ?, id from {table} where {name} = ?",
            [book, value],
        )


def questions(books: int, count: int) -> list[str]:
    """Return titles, authors, subjects and beginnings of titles, each of a book that is there."""
    chance, there = random.Random(17), list(works(books))
    kinds = (
        lambda work: work.title,
        lambda work: next(iter(work.authors), work.title),
        lambda work: work.subjects[0].split(" -- ")[0],
        lambda work: " ".join(work.title.split()[:2]),
    )
    return [kinds[number % len(kinds)](chance.choice(there)) for number in range(count)]


@dataclass(frozen=True, slots=True)
class Server:
    """A catalogue: where it listens, and what the address of a search begins with."""

    name: str
    port: int
    search: str

    def ask(self, words: str) -> tuple[float, int]:
        """Return the milliseconds of an answer, and how many books it tells of."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        line.request("GET", self.search + quote(words))
        answer = line.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        line.close()
        if answer.status != 200:
            raise SystemExit(f"{self.name} answered {words!r} with {answer.status}")
        all_told = re.search(rb"totalResults>(\d+)<", body)
        return took, int(all_told[1]) if all_told else body.count(b"<entry>")


def calibre_web(folder: Path, library: Path, port: int) -> list[str]:
    """Return how calibre-web is run: installed at the first time, told of its library, open."""
    program = folder / "bin" / "cps"
    if not program.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin/pip", "install", "-q", CALIBRE_WEB], check=True)
    command = [str(program), "-p", str(library / "app.db"), "-o", str(library / "log")]
    # To set a password makes its settings, and ends.
    first = [*command, "-s", "admin:Bench-2026-x"]
    subprocess.run(first, check=True, cwd=library, stdout=subprocess.DEVNULL)
    with sqlite3.connect(library / "app.db") as base:
        base.execute(
            "update settings set config_calibre_dir = ?, config_anonbrowse = 1, config_port = ?",
            [str(library), port],
        )
    base.close()
    return [*command, "-i", "127.0.0.1"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """Run a server for as long as the block lasts."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=folder) as process:
        try:
            while not _listens(port):
                if process.poll() is not None:
                    raise SystemExit(f"{command[0]} did not begin to listen")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def in_turn(servers: Sequence[Server], asked: Sequence[str]) -> None:
    """Put every question to each server, one after the other, and print how long they took."""
    took: dict[str, list[float]] = {server.name: [] for server in servers}
    books = dict.fromkeys(took, 0)
    for words in asked:
        for server in servers:
            milliseconds, found = server.ask(words)
            took[server.name].append(milliseconds)
            books[server.name] += found
    for name, times in took.items():
        middle, late = statistics.median(times), statistics.quantiles(times, n=20)[18]
        mean = books[name] / len(asked)
        print(f"{name}: p50 {middle:.1f}, p95 {late:.1f} ms; {mean:.1f} books a question")


def at_once(server: Server, asked: Sequence[str], seconds: int) -> None:
    """Print how many questions a second it answers to several readers."""
    done, until = [0] * READERS, time.monotonic() + seconds

    def read(place: int) -> None:
        while time.monotonic() < until:
            server.ask(asked[(done[place] * READERS + place) % len(asked)])
            done[place] += 1

    threads = [threading.Thread(target=read, args=(place,)) for place in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{server.name}: {sum(done) / seconds:.0f} searches/s, {READERS} readers at once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--calibre-web", type=Path, default=Path("/tmp/tangthu-calibre-web"))
    parser.add_argument("--without-calibre-web", action="store_true")
    given = parser.parse_args()
    asked = questions(given.books, given.questions + WARMED_BY)
    with tempfile.TemporaryDirectory(prefix="tangthu-opds-") as name:
        ours_at, theirs_at = Path(name, "ours"), Path(name, "theirs")
        for folder in (ours_at, theirs_at):
            folder.mkdir()
        os.environ |= {
            "TANGTHU_DATA": str(ours_at),
            "TANGTHU_LOG_LEVEL": "WARNING",
            "TANGTHU_ALLOWED_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
        }
        our_library(given.books)
        ours = Server("ours", free_port(), "/opds/publications?q=")
        us = [sys.executable, "-m", "tangthu.site.web", "127.0.0.1", str(ours.port)]
        with ExitStack() as stack:
            stack.enter_context(running(us, ours.port, Path.cwd()))
            servers = [ours]
            if not given.without_calibre_web:
                calibre_library(theirs_at, given.books)
                theirs = Server("calibre-web", free_port(), "/opds/search?query=")
                them = calibre_web(given.calibre_web, theirs_at, theirs.port)
                stack.enter_context(running(them, theirs.port, theirs_at))
                servers.append(theirs)
            compare(servers, asked, seconds=given.seconds)


def compare(servers: Sequence[Server], asked: Sequence[str], *, seconds: int) -> None:
    """Warm the servers with the first questions, and measure with the others."""
    print(f"load {os.getloadavg()[0]:.1f} when it began")
    for words in asked[:WARMED_BY]:
        for server in servers:
            server.ask(words)
    in_turn(servers, asked[WARMED_BY:])
    for server in servers:
        at_once(server, asked, seconds)


if __name__ == "__main__":
    main()
