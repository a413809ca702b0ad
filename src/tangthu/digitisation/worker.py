"""Workers of text recognition: each takes a page from the queue, has it read, and hands it in.

A worker is a thread; what costs processor time runs in programs of its own (the preparing program
and the engine), so that as many pages are read at once as there are workers.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from importlib import resources

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import TangthuError
from tangthu.digitisation import engine
from tangthu.digitisation.actions.ocr.queue import (
    Result,
    claim,
    fail,
    finish,
    let_go,
    names_at_work,
)
from tangthu.digitisation.errors import RecognitionFailed
from tangthu.digitisation.models.ocr import HighlandName, TextJob
from tangthu.digitisation.policy import highland
from tangthu.digitisation.policy.recognition import is_highland, models_for
from tangthu.digitisation.recognition import Reading, Recogniser
from tangthu.repository import storage
from tangthu.repository.actions.texts import Unit, archive_text
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalFile, Page
from tangthu.repository.policy.content import PDF
from tangthu.repository.policy.texts import TextOrigin

logger = logging.getLogger("tangthu.ocr")

IDLE_SECONDS = 3.0
MOST_NAMES = 64
LASTING = frozenset(
    {
        "damaged_image",
        "damaged_pdf",
        "damaged_archive",
        "encrypted",
        "too_many_pixels",
        "archive_bomb",
        "language_missing",
        "page_gone",
    }
)
OWN_ENGINE = "tangthu"


def work(count: int, *, stop: threading.Event, once: bool) -> int:
    """Run so many workers until told to stop, or, `once`, until nothing waits; say how many pages.

    Each has a name of its own on this machine and store. What killed ones left behind is given
    back first: a name that nobody holds reads nothing any more.
    """
    _let_go_of_deserted()
    with ExitStack() as names, ThreadPoolExecutor(count, "ocr") as pool:
        own = [names.enter_context(_own_name()) for _ in range(count)]
        workers = [pool.submit(_run, name, stop, once=once) for name in own]
        wait(workers, return_when=FIRST_EXCEPTION)
        if any(worker.done() and worker.exception() for worker in workers):
            # One that broke takes the others with it: whoever started us starts all anew.
            stop.set()
    return sum(worker.result() for worker in workers)


def read_next(worker: str, recogniser: Recogniser) -> bool:
    """Take one page and read it; False where nothing waits. A fault is kept with the page."""
    job = claim(worker, now=timezone.now())
    if job is None:
        return False
    began = time.monotonic()
    try:
        results, variant = _read(job, recogniser)
        kept = finish(
            job, results, seconds=time.monotonic() - began, variant=variant, by=_actor(worker)
        )
    except (FileRefused, RecognitionFailed) as refusal:
        _failed(job, refusal.fault)
    except TangthuError as refusal:
        _failed(job, refusal.code)
    except DatabaseError:
        raise
    except Exception:
        # The edge of this page's work: whatever it was, the next page gets its turn.
        logger.exception("page not read", extra={"object": job.object_id})
        _failed(job, "not_readable")
    else:
        if kept and not TextJob.objects.of_object(job.object).open().exists():
            _settle(job, worker)
    return True


def _run(name: str, stop: threading.Event, *, once: bool) -> int:
    pages = 0
    try:
        with Recogniser() as recogniser:
            while not stop.is_set():
                if _tried(name, recogniser):
                    pages += 1
                elif once:
                    break
                else:
                    close_old_connections()
                    stop.wait(IDLE_SECONDS)
    finally:
        connection.close()
    return pages


def _tried(name: str, recogniser: Recogniser) -> bool:
    """Read a page; a database that does not answer is asked again later."""
    try:
        return read_next(name, recogniser)
    except DatabaseError:
        logger.exception("the database did not answer")
        connection.close()
        return False


def _failed(job: TextJob, fault: str) -> None:
    logger.warning("page not read", extra={"object": job.object_id, "fault": fault})
    fail(job, fault, lasting=fault in LASTING)


def _settle(job: TextJob, worker: str) -> None:
    """Put the text of an object that is read to the end into the archive."""
    try:
        archive_text(job.object, by=_actor(worker))
    except (TangthuError, OSError):
        # The hourly job tries again: the text itself is kept.
        logger.exception("text not archived", extra={"object": job.object_id})


def _read(job: TextJob, recogniser: Recogniser) -> tuple[list[Result], str]:
    languages = job.languages.split()
    models = models_for(languages, installed=engine.models())
    if job.file is not None and job.number == 0:
        return _of_book(job, job.file, recogniser), ""
    if not models:
        raise RecognitionFailed("language_missing" if engine.models() else "engine_missing")
    if job.page is not None:
        place: Page | Unit = job.page
        reading = _of_page(job.page, models, recogniser)
    elif job.file is not None:
        place = Unit(job.object, job.number, str(job.number))
        path = storage.path_of(job.file)
        reading = recogniser.pdf_page(path, job.number - 1, width=0, languages=models)
    else:
        raise RecognitionFailed("page_gone")
    return [_result(place, reading, languages)], str(reading.variant or "")


def _of_page(page: Page, models: tuple[str, ...], recogniser: Recogniser) -> Reading:
    """Read a page: the words that its PDF brings with it, else what is on the picture."""
    delivery, master = page.delivery, page.master
    if delivery is None:
        raise RecognitionFailed("page_gone")
    if master is not None and master.media_type == PDF and not page.rotation:
        path = storage.path_of(master)
        found = recogniser.pdf_words(path, page.frame, width=page.width or 0)
        if found is not None:
            return Reading(found, None)
    return recogniser.picture(storage.path_of(delivery), models)


def _of_book(job: TextJob, file: DigitalFile, recogniser: Recogniser) -> list[Result]:
    chapters = recogniser.book(storage.path_of(file), file.media_type)
    return [
        Result(
            place=Unit(job.object, chapter.number, chapter.locator),
            layout=chapter.layout,
            origin=TextOrigin.BORN_DIGITAL,
            engine=OWN_ENGINE,
        )
        for chapter in chapters
    ]


def _result(place: Page | Unit, reading: Reading, languages: Sequence[str]) -> Result:
    if reading.variant is None:
        return Result(
            place=place, layout=reading.layout, origin=TextOrigin.BORN_DIGITAL, engine="PDFium"
        )
    layout = reading.layout
    if is_highland(languages):
        layout = highland.repair(layout, _gazetteer(_names_stamp()))
    name = f"{engine.version()} {'+'.join(reading.models)}"
    return Result(place=place, layout=layout, origin=TextOrigin.MACHINE, engine=name)


def _names_stamp() -> tuple[int, int]:
    newest = HighlandName.objects.order_by("-pk").values_list("pk", flat=True).first()
    return HighlandName.objects.count(), newest or 0


@lru_cache(maxsize=2)
def _gazetteer(_stamp: tuple[int, int]) -> highland.Gazetteer:
    """Build the look-up from the library's names, then ours; anew when the library's change."""
    own = HighlandName.objects.values_list("text", flat=True)
    return highland.gazetteer([*own, *shipped_names()])


def shipped_names() -> Iterator[str]:
    """Yield the names that come with the program."""
    data = resources.files("tangthu.digitisation") / "data" / "highland-names.txt"
    yield from highland.read_names(data.read_text(encoding="utf-8"))


@contextmanager
def _own_name() -> Iterator[str]:
    """Take the first name that no other worker of this machine and store has."""
    host = _host()
    for number in range(1, MOST_NAMES + 1):
        name = f"{host}-{number}"
        with ExitStack() as stack:
            if stack.enter_context(storage.held(f"ocr-{name}", wait=False)):
                yield name
                return
    yield f"{host}-{os.getpid()}"


def _let_go_of_deserted() -> None:
    """Give back what workers of this machine and store were reading when they were killed."""
    here = f"{_host()}-"
    for name in names_at_work():
        if name.startswith(here):
            with storage.held(f"ocr-{name}", wait=False) as is_deserted:
                if is_deserted:
                    let_go(name)


def _host() -> str:
    return socket.gethostname()[:60]


def _actor(worker: str) -> Actor:
    return Actor.machine(f"ocr {worker}", face=Face.JOB)
