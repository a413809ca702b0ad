"""The one process that writes the index: it follows the feed of changes.

It polls more often than a reader can look: a changed record is findable well within two seconds.
Killed at any point it goes on where the index says that it stopped; what it repeats is harmless.
"""

from __future__ import annotations

import logging
import threading
from functools import partial

from django.db import DatabaseError, close_old_connections, connection

from tangthu.core import changes
from tangthu.core.changes import Position
from tangthu.discovery.content import Content
from tangthu.discovery.embedded.shelf import WRITER_LOCK, Place, Progress, Shelf, place_of
from tangthu.discovery.embedded.writer import ShelfWriter
from tangthu.discovery.errors import IndexFault, IndexUnavailable, WriterBusy
from tangthu.discovery.rebuilding import rebuild
from tangthu.discovery.records import RECORDS

CONSUMER = RECORDS.consumer
BATCH = 1000
PAUSE = 0.3
"""Seconds between two looks at a feed that had no news."""
AFTER_TROUBLE = 3.0
"""Seconds before trying again when the database or the disk refused."""

log = logging.getLogger(__name__)


class ToldToStop(Exception):
    """The indexer was told to stop while it was building an index."""


def run(shelf: Shelf, *, stop: threading.Event, content: Content = RECORDS) -> None:
    """Keep the index up to date until told to stop. Raises `WriterBusy` if another one does."""
    with shelf.locked(WRITER_LOCK):
        while not stop.is_set():
            pointer = shelf.pointer_stamp()
            try:
                _follow(shelf, content, stop=stop)
            except ToldToStop:
                return
            except WriterBusy:
                stop.wait(PAUSE)
            except (DatabaseError, IndexUnavailable, OSError, ValueError) as error:
                if shelf.pointer_stamp() != pointer:
                    continue  # A rebuild swapped the index, and cleared away the one in hand.
                # The edge of the process: what fails now may work in a moment.
                log.warning("indexing for %s waits: %s", content.consumer, error)
                connection.close()
                stop.wait(AFTER_TROUBLE)


def catch_up(shelf: Shelf, content: Content = RECORDS) -> int:
    """Bring the index up to date once, building it where it cannot serve.

    Returns how many changes there were.
    """
    with shelf.locked(WRITER_LOCK):
        ensure(shelf, content)
        with content.writer(shelf.live()) as writer:
            _acknowledge(writer, content)
            return apply_all(writer, content)


def ensure(
    shelf: Shelf, content: Content = RECORDS, *, stop: threading.Event | None = None
) -> None:
    """Build an index where there is none that can serve: missing, damaged, outdated, or ahead."""
    fault = _fault(shelf)
    if fault is None:
        return

    def report(progress: Progress) -> None:
        log.info("%s of %s are in the new index", progress.done, progress.total)
        if stop is not None and stop.is_set():
            raise ToldToStop

    log.warning("the index for %s is %s: building another", content.consumer, fault)
    following = partial(apply_all, content=content)
    rebuild(shelf, content=content, catch_up=following, report=report)


def apply_all(writer: ShelfWriter, content: Content = RECORDS) -> int:
    """Put in what the feed tells, batch by batch, up to its end."""
    applied = 0
    while count := apply(writer, content):
        applied += count
    return applied


def apply(writer: ShelfWriter, content: Content = RECORDS) -> int:
    """Put in what the next batch of the feed tells, and commit. Returns how many changes."""
    after = Position(writer.place.transaction, writer.place.change)
    news = changes.read(after, kinds=content.kinds, limit=BATCH)
    if not news:
        return 0
    content.apply(writer, news)
    at = changes.position_of(news[-1])
    writer.commit(Place(at.transaction, at.change))
    _acknowledge(writer, content)
    return len(news)


def _acknowledge(writer: ShelfWriter, content: Content) -> None:
    """Tell the database too how far the index has come: for those who watch whether it keeps up."""
    at = Position(writer.place.transaction, writer.place.change)
    if changes.position(content.consumer) != at:
        changes.acknowledge(content.consumer, at)


def _follow(shelf: Shelf, content: Content, *, stop: threading.Event) -> None:
    """Follow the feed with one open index, until it is swapped, fails, or the time has come."""
    ensure(shelf, content, stop=stop)
    folder = shelf.live()
    pointer = shelf.pointer_stamp()
    with content.writer(folder) as writer:
        log.info("indexing for %s into %s", content.consumer, folder.name)
        _acknowledge(writer, content)
        while not stop.is_set() and shelf.pointer_stamp() == pointer and not shelf.is_damaged():
            close_old_connections()
            if not apply(writer, content):
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
