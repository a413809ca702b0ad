"""Putting documents in and taking them out. One process at a time writes an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from tangthu.discovery.document import Document
from tangthu.discovery.embedded import schema
from tangthu.discovery.embedded.rows import row
from tangthu.discovery.embedded.shelf import Place, place_of, set_place
from tangthu.discovery.embedded.source import MemorySource, telling_damage
from tangthu.discovery.errors import WriterBusy

MEGABYTE = 1_000_000
SMALL_HEAP = 30 * MEGABYTE
"""For the running indexer: enough for some thousands of records between two commits."""

LEAST_HEAP = 15 * MEGABYTE
"""Tantivy takes no less."""

LARGE_HEAP = 300 * MEGABYTE
"""For building a large index: fewer, larger segments make every search quicker."""

HEAP_OF_A_RECORD = 600


def heap_for(records: int, *, weight: int = HEAP_OF_A_RECORD) -> int:
    """Return the heap with which an index of so many records is built in three segments or four.

    All but the last are written while the next is being filled. In one piece, the writing would
    follow when all else is done, on one core.
    """
    return min(max(records * weight, LEAST_HEAP), LARGE_HEAP)


class Writer:
    """Writes one index. Nothing is seen before `commit`; nothing is half after a crash."""

    def __init__(self, index: tantivy.Index, *, heap: int = SMALL_HEAP, threads: int = 1) -> None:
        try:
            self._writer = index.writer(heap, threads)
        except ValueError as error:
            if "lock" in str(error).lower():
                raise WriterBusy(cause=str(error)[:200]) from error
            raise

    def put(self, documents: Iterable[Document]) -> None:
        """Put documents in, each in place of the one with the same id."""
        for document in documents:
            self._writer.delete_documents_by_term(schema.ID, document.id)
            self._writer.add_json(row(document))

    def add_rows(self, rows: Iterable[str]) -> None:
        """Put in rows of records that the index does not have."""
        for line in rows:
            self._writer.add_json(line)

    def remove(self, ids: Iterable[int]) -> None:
        """Take documents out."""
        for number in ids:
            self._writer.delete_documents_by_term(schema.ID, number)

    def commit(self) -> None:
        """Let readers see all that was done."""
        self._writer.commit()

    def close(self) -> None:
        """Wait for the merging of segments; what was not committed is gone."""
        self._writer.rollback()
        self._writer.wait_merging_threads()


class ShelfWriter:
    """A writer of an index on disk that remembers how far in the feed it has come."""

    def __init__(
        self,
        folder: Path,
        *,
        heap: int = SMALL_HEAP,
        threads: int = 1,
        form: Callable[[], tantivy.Schema] = schema.schema,
    ) -> None:
        self.folder = folder
        self.place = place_of(folder)
        with telling_damage():
            self._index = tantivy.Index(form(), str(folder))
        self._writer = Writer(self._index, heap=heap, threads=threads)

    def put(self, documents: Iterable[Document]) -> None:
        self._writer.put(documents)

    def add_rows(self, rows: Iterable[str]) -> None:
        self._writer.add_rows(rows)

    def remove(self, ids: Iterable[int]) -> None:
        self._writer.remove(ids)

    def searcher(self) -> tantivy.Searcher:
        """Return what was last committed, to be asked."""
        with telling_damage():
            self._index.reload()
            return self._index.searcher()

    def commit(self, place: Place) -> None:
        """Let readers see all that was done, and remember the place in the feed.

        A crash between the two repeats some changes, which does no harm: a record is put in
        as it is now, however often.
        """
        with telling_damage():
            self._writer.commit()
        set_place(self.folder, place)
        self.place = place

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class MemoryWriter(Writer):
    """A writer of an index in memory."""

    def __init__(self, source: MemorySource) -> None:
        super().__init__(source.index, heap=SMALL_HEAP, threads=1)
        self._source = source

    def commit(self) -> None:
        super().commit()
        self._source.committed()
