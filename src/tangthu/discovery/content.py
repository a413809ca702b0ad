"""What an index holds: whose news it follows, and how it is filled and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from tangthu.core.models import Change
from tangthu.discovery.embedded.writer import SMALL_HEAP, ShelfWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One kind of index.

    `consumer` names it in the feed of changes, `kinds` the news that concern it; `apply` puts a
    batch of them in. `batches` yields everything there is, `lines` makes the lines of the index
    out of a batch, in another process where that helps. `weight`: bytes of heap for a line.
    """

    consumer: str
    kinds: tuple[str, ...]
    form: Callable[[], tantivy.Schema]
    apply: Callable[[ShelfWriter, Sequence[Change]], None]
    total: Callable[[], int]
    batches: Callable[[int], Iterator[Sequence[Any]]]
    lines: Callable[[Sequence[Any]], list[str]]
    weight: int

    def writer(self, folder: Path, *, heap: int = SMALL_HEAP) -> ShelfWriter:
        """Open the index in a folder for writing."""
        return ShelfWriter(folder, heap=heap, form=self.form)


def keys_of(news: Sequence[Change], kind: str) -> list[int]:
    """Return the rows that the news of a kind are about, each once, in order."""
    keys = (change.key for change in news if change.kind == kind and change.key.isdecimal())
    return list(dict.fromkeys(map(int, keys)))
