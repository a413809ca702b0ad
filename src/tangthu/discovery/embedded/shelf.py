"""The folder where indexes stand: one live, perhaps one being built, and what is known of them.

current            the name of the live index, replaced in one step
index-…/           a Tantivy index; tangthu.json holds its schema version,
                   position.json the place in the feed that it has come to
writer.lock        held by the one process that writes the live index
rebuild.lock       held by the one process that builds another
progress.json      how far that one has come
damaged            the name of an index that failed to answer
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tangthu.discovery.embedded.schema import VERSION
from tangthu.discovery.errors import IndexFault, IndexUnavailable, WriterBusy

_LABEL, _POSITION, _CURRENT, _DAMAGED = "tangthu.json", "position.json", "current", "damaged"
_PROGRESS = "progress.json"
WRITER_LOCK, REBUILD_LOCK = "writer.lock", "rebuild.lock"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the feed of changes: the transaction, then the row."""

    transaction: int = 0
    change: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How many records or pages of how many a rebuild has put in."""

    done: int
    total: int


class Shelf:
    """The folder with the indexes. Reading it needs no lock; changing it does.

    `version` is that of the schema: an index of another one cannot serve.
    """

    def __init__(self, root: Path, *, version: int = VERSION) -> None:
        self.root = root
        self._version = version

    def live(self) -> Path:
        """Return the folder of the live index; raise `IndexUnavailable` where none can serve."""
        name = self._text(_CURRENT)
        folder = self.root / name
        if not name or not (folder / "meta.json").exists():
            raise IndexUnavailable(IndexFault.MISSING)
        if self._label(folder) != self._version:
            raise IndexUnavailable(IndexFault.OUTDATED)
        return folder

    def pointer_stamp(self) -> tuple[int, int]:
        """Return what changes whenever another index goes live."""
        return _stamp(self.root / _CURRENT)

    def new(self) -> Path:
        """Make an empty folder for an index to be built in."""
        folder = self.root / f"index-{uuid.uuid4().hex[:12]}"
        folder.mkdir(parents=True)
        write_whole(folder / _LABEL, json.dumps({"version": self._version}))
        return folder

    def go_live(self, folder: Path) -> None:
        """Make this index the live one, in one step, and forget the damage of the last."""
        write_whole(self.root / _CURRENT, folder.name)
        (self.root / _DAMAGED).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove every index but the live one: what killed rebuilds and swaps left behind."""
        name = self._text(_CURRENT)
        for folder in self.root.glob("index-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)
        (self.root / _PROGRESS).unlink(missing_ok=True)

    def report_damage(self, folder: Path) -> None:
        """Leave word for the indexer that this index failed to answer."""
        with suppress(OSError):
            write_whole(self.root / _DAMAGED, folder.name)

    def age(self, folder: Path) -> float:
        """Return for how many seconds the index in this folder has stood."""
        began = _stamp(folder / _LABEL)[0]
        return time.time() - began / 1e9 if began else 0.0

    def is_damaged(self) -> bool:
        """Return whether somebody reported the live index."""
        return bool(name := self._text(_DAMAGED)) and name == self._text(_CURRENT)

    def set_progress(self, progress: Progress) -> None:
        write_whole(self.root / _PROGRESS, json.dumps([progress.done, progress.total]))

    def progress(self) -> Progress | None:
        """Return how far a rebuild has come; None when none runs."""
        if not self.is_locked(REBUILD_LOCK):
            return None
        try:
            done, total = json.loads(self._text(_PROGRESS))
        except ValueError:
            return Progress(0, 0)
        return Progress(int(done), int(total))

    def is_locked(self, name: str) -> bool:
        """Return whether some process holds this lock now."""
        try:
            with (self.root / name).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a lock of this folder; raise `WriterBusy` if another process does."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / name).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise WriterBusy(lock=str(self.root / name)) from error
            yield

    def _label(self, folder: Path) -> object:
        try:
            return json.loads((folder / _LABEL).read_text())["version"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _text(self, name: str) -> str:
        try:
            return (self.root / name).read_text(encoding="utf-8").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return ""


def place_of(folder: Path) -> Place:
    """Return the place in the feed that the index in this folder has come to."""
    try:
        transaction, change = json.loads((folder / _POSITION).read_text())
    except (OSError, ValueError, TypeError):
        return Place()
    return Place(int(transaction), int(change))


def set_place(folder: Path, place: Place) -> None:
    """Remember the place. Written after the commit: what comes between is applied again."""
    write_whole(folder / _POSITION, json.dumps([place.transaction, place.change]))


def commit_stamp(folder: Path) -> tuple[int, int]:
    """Return what changes with every commit to the index in this folder."""
    return _stamp(folder / "meta.json")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is seen old or new, never half."""
    passing = path.with_name(f"{path.name}.{os.getpid()}")
    with passing.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    passing.replace(path)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        seen = path.stat()
    except OSError:
        return (0, 0)
    return (seen.st_mtime_ns, seen.st_ino)
