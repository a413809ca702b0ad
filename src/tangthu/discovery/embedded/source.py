"""Where an engine finds its index: a shelf on disk, or memory."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import tantivy

from tangthu.discovery.embedded import schema
from tangthu.discovery.embedded.shelf import Shelf, commit_stamp
from tangthu.discovery.errors import IndexFault, IndexUnavailable

REBUILT_IN_DOUBT = 3600.0
"""Seconds that an index must have stood before one failed question is reason to rebuild it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one commit. `generation` differs whenever the content may."""

    searcher: tantivy.Searcher
    generation: tuple[object, ...]


class Source(Protocol):
    """Gives the newest snapshot."""

    def snapshot(self) -> Snapshot: ...

    def report_damage(self, *, beyond_doubt: bool) -> None: ...


class MemorySource:
    """An index in memory, for tests and for trying things out."""

    def __init__(self) -> None:
        self.index = tantivy.Index(schema.schema())
        self._commits = 0

    def committed(self) -> None:
        self.index.reload()
        self._commits += 1

    def snapshot(self) -> Snapshot:
        return Snapshot(self.index.searcher(), (self._commits,))

    def report_damage(self, *, beyond_doubt: bool) -> None:
        """Nothing to tell: nobody could rebuild it."""


class ShelfSource:
    """The live index of a shelf. Sees each commit and each swap at the next question.

    It looks at two files' stamps for each question, which costs microseconds, rather than
    wait for a timer.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._folder = Path()
        self._pointer: tuple[int, int] = (0, 0)
        self._commit: tuple[int, int] = (0, 0)

    def snapshot(self) -> Snapshot:
        with self._lock:
            index = self._current()
            return Snapshot(index.searcher(), (*self._pointer, *self._commit))

    def report_damage(self, *, beyond_doubt: bool) -> None:
        """Leave word for the indexer, in doubt only of an index that has stood for a while.

        Otherwise one question that Tantivy cannot digest would have it rebuild for ever.
        """
        if beyond_doubt or self._shelf.age(self._folder) > REBUILT_IN_DOUBT:
            self._shelf.report_damage(self._folder)
        self._index = None

    def _current(self) -> tantivy.Index:
        pointer = self._shelf.pointer_stamp()
        if self._index is None or pointer != self._pointer:
            self._index = self._open()
            self._pointer = pointer
        commit = commit_stamp(self._folder)
        if commit == (0, 0):
            self._index = None
            raise IndexUnavailable(IndexFault.MISSING)
        if commit != self._commit:
            with telling_damage():
                self._index.reload()
            self._commit = commit
        return self._index

    def _open(self) -> tantivy.Index:
        self._folder = self._shelf.live()
        self._commit = commit_stamp(self._folder)
        try:
            with telling_damage():
                return opened(self._folder)
        except IndexUnavailable:
            self._shelf.report_damage(self._folder)
            raise


def opened(folder: Path) -> tantivy.Index:
    """Open the index in a folder; it shows a commit only after `reload`."""
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index


_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})


@contextmanager
def telling_damage() -> Iterator[None]:
    """Turn what Tantivy raises on a broken index, its panics included, into one refusal.

    A full disk or too many open files are no damage: a rebuild would only make them worse.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _OF_THE_MACHINE:
            raise
        raise IndexUnavailable(IndexFault.DAMAGED, cause=str(error)[:200]) from error
    except (ValueError, RuntimeError) as error:
        raise IndexUnavailable(IndexFault.DAMAGED, cause=str(error)[:200]) from error
    except BaseException as error:
        # A panic in Rust derives from BaseException, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(IndexFault.DAMAGED, cause=str(error)[:200]) from error
