"""A new index beside the live one.

It is built in a folder of its own from the position in the feed taken before the first record is
read, catches up with what changed meanwhile, and takes the place of the live one in one step.
Killed half way it leaves the live one as it was; the next rebuild clears the remains away.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from tangthu.core import changes
from tangthu.discovery.content import Content
from tangthu.discovery.embedded.shelf import REBUILD_LOCK, Place, Progress, Shelf
from tangthu.discovery.embedded.writer import ShelfWriter, heap_for
from tangthu.discovery.preparing import begin_worker
from tangthu.discovery.records import RECORDS

BATCH = 1000
SMALL = 5_000
"""Records below which starting further processes takes longer than it saves."""
_BETWEEN_REPORTS = 0.5
_AHEAD = 3

Report = Callable[[Progress], None]
CatchUp = Callable[[ShelfWriter], int]


def rebuild(
    shelf: Shelf,
    *,
    catch_up: CatchUp,
    content: Content = RECORDS,
    report: Report | None = None,
    processes: int | None = None,
) -> Path:
    """Build a new index and make it the live one.

    `report` hears of progress, and may raise to give up: the live index stays as it was. Raises
    `WriterBusy` if another rebuild runs.
    """
    with shelf.locked(REBUILD_LOCK):
        shelf.sweep()
        folder = shelf.new()
        before = changes.head()
        total = content.total()
        shelf.set_progress(Progress(0, total))
        if processes is None:
            processes = 0 if total < SMALL else (os.cpu_count() or 1)
        with content.writer(folder, heap=heap_for(total, weight=content.weight)) as writer:
            prepared = _prepared(content, processes)
            _fill(writer, shelf, total, report=report, prepared=prepared)
            writer.commit(Place(before.transaction, before.change))
            catch_up(writer)
        shelf.go_live(folder)
        shelf.sweep()
        return folder


def _fill(
    writer: ShelfWriter,
    shelf: Shelf,
    total: int,
    *,
    report: Report | None,
    prepared: Iterable[list[str]],
) -> None:
    done, reported = 0, time.monotonic()
    for lines in prepared:
        writer.add_rows(lines)
        done += len(lines)
        if time.monotonic() - reported > _BETWEEN_REPORTS or done >= total:
            reported = time.monotonic()
            progress = Progress(done, max(done, total))
            shelf.set_progress(progress)
            if report is not None:
                report(progress)


def _prepared(content: Content, processes: int) -> Iterator[list[str]]:
    batches = content.batches(BATCH)
    if not processes:
        yield from map(content.lines, batches)
        return
    # Not by fork: this process has threads and a connection to the database.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=begin_worker, initargs=(os.getpid(),)
    ) as pool:
        waiting: deque[Future[list[str]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(content.lines, batch))
            if len(waiting) > processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
