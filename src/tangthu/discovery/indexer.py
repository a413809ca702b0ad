"""The one process that writes the index: it follows the feed of changes.

It polls more often than a reader can look: a changed record is findable well within two seconds.
Killed at any point it goes on where the index says that it stopped; what it repeats is harmless.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from django.db import DatabaseError, close_old_connections, connection

from tangthu.catalogue.actions import RECORD_CHANGED
from tangthu.core import changes
from tangthu.core.changes import Position
from tangthu.core.models import Change
from tangthu.discovery import reading
from tangthu.discovery.documents import documents_of
from tangthu.discovery.embedded.shelf import WRITER_LOCK, Place, Progress, Shelf, place_of
from tangthu.discovery.embedded.writer import ShelfWriter
from tangthu.discovery.errors import IndexFault, IndexUnavailable, WriterBusy
from tangthu.discovery.rebuilding import rebuild
from tangthu.libraries.actions import LIBRARY_RENUMBERED

CONSUMER = "search"
BATCH = 1000
PAUSE = 0.3
"""Seconds between two looks at a feed that had no news."""
AFTER_TROUBLE = 3.0
"""Seconds before trying again when the database or the disk refused."""

log = logging.getLogger(__name__)


class ToldToStop(Exception):
    """The indexer was told to stop while it was building an index."""


def run(shelf: Shelf, *, stop: threading.Event) -> None:
    """Keep the index up to date until told to stop. Raises `WriterBusy` if another one does."""
    with shelf.locked(WRITER_LOCK):
        while not stop.is_set():
            pointer = shelf.pointer_stamp()
            try:
                _follow(shelf, stop=stop)
            except ToldToStop:
                return
            except WriterBusy:
                stop.wait(PAUSE)
            except (DatabaseError, IndexUnavailable, OSError, ValueError) as error:
                if shelf.pointer_stamp() != pointer:
                    continue  # A rebuild swapped the index, and cleared away the one in hand.
                # The edge of the process: what fails now may work in a moment.
                log.warning("indexing waits: %s", error)
                connection.close()
                stop.wait(AFTER_TROUBLE)


def catch_up(shelf: Shelf) -> int:
    """Bring the index up to date once, building it where it cannot serve.

    Returns how many changes there were.
    """
    with shelf.locked(WRITER_LOCK):
        ensure(shelf)
        with ShelfWriter(shelf.live()) as writer:
            _acknowledge(writer)
            return apply_all(writer)


def ensure(shelf: Shelf, *, stop: threading.Event | None = None) -> None:
    """Build an index where there is none that can serve: missing, damaged, outdated, or ahead."""
    fault = _fault(shelf)
    if fault is None:
        return

    def report(progress: Progress) -> None:
        log.info("%s of %s records are in the new index", progress.done, progress.total)
        if stop is not None and stop.is_set():
            raise ToldToStop

    log.warning("the index is %s: building another", fault)
    rebuild(shelf, catch_up=apply_all, report=report)


def apply_all(writer: ShelfWriter) -> int:
    """Put in what the feed tells, batch by batch, up to its end."""
    applied = 0
    while count := apply(writer):
        applied += count
    return applied


def apply(writer: ShelfWriter) -> int:
    """Put in what the next batch of the feed tells, and commit. Returns how many changes."""
    after = Position(writer.place.transaction, writer.place.change)
    news = changes.read(after, kinds=[RECORD_CHANGED, LIBRARY_RENUMBERED], limit=BATCH)
    if not news:
        return 0
    ids = _keys(news, RECORD_CHANGED)
    found = reading.rows(ids)
    writer.put(documents_of(found))
    writer.remove(set(ids) - {row.id for row in found})
    for rows in reading.rows_at(_keys(news, LIBRARY_RENUMBERED), batch=BATCH):
        writer.put(documents_of(rows))
    at = changes.position_of(news[-1])
    writer.commit(Place(at.transaction, at.change))
    _acknowledge(writer)
    return len(news)


def _keys(news: Iterable[Change], kind: str) -> list[int]:
    keys = (change.key for change in news if change.kind == kind and change.key.isdecimal())
    return list(dict.fromkeys(map(int, keys)))


def _acknowledge(writer: ShelfWriter) -> None:
    """Tell the database too how far the index has come: for those who watch whether it keeps up."""
    at = Position(writer.place.transaction, writer.place.change)
    if changes.position(CONSUMER) != at:
        changes.acknowledge(CONSUMER, at)


def _follow(shelf: Shelf, *, stop: threading.Event) -> None:
    """Follow the feed with one open index, until it is swapped, fails, or the time has come."""
    ensure(shelf, stop=stop)
    folder = shelf.live()
    pointer = shelf.pointer_stamp()
    with ShelfWriter(folder) as writer:
        log.info("indexing into %s", folder.name)
        _acknowledge(writer)
        while not stop.is_set() and shelf.pointer_stamp() == pointer and not shelf.is_damaged():
            close_old_connections()
            if not apply(writer):
                stop.wait(PAUSE)


def _fault(shelf: Shelf) -> IndexFault | None:
    try:
        folder = shelf.live()
    except IndexUnavailable as error:
        return error.fault
    if shelf.is_damaged():
        return IndexFault.DAMAGED
    place = place_of(folder)
    # A database put back from yesterday's copy: the index knows records that it does not.
    ahead = changes.is_ahead(Position(place.transaction, place.change))
    return IndexFault.AHEAD if ahead else None
