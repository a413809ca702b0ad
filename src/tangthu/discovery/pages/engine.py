"""Which pages have the words: asked of Tantivy, in the process that asks."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict, cast

import tantivy

from tangthu.discovery.embedded.facets import total_of
from tangthu.discovery.embedded.remembered import Remembered
from tangthu.discovery.embedded.shelf import Shelf
from tangthu.discovery.embedded.source import ShelfSource, Snapshot, telling_damage
from tangthu.discovery.errors import IndexUnavailable
from tangthu.discovery.pages import schema, translation
from tangthu.discovery.pages.asking import Asked
from tangthu.discovery.query import Node

MOST_KEYS = 200
"""Records and objects that are told of for one question; nobody reads more of them."""

RANKED = 200
"""Pages whose rank orders the keys; those that have none so good follow by their count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Who looks for text, and when: staff find more; what is closed until a day, nobody."""

    today: date
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """What one key has: how many of its pages have the words, and the one that answers best.

    What describes an object is none of its pages; it may answer best, under the object's key.
    """

    key: int
    pages: int
    best: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The keys in their order, at most `MOST_KEYS`; `tree` is the stage that found them."""

    tree: Node
    keys: tuple[Hits, ...] = ()


@dataclass(frozen=True, slots=True)
class Inside:
    """The units of one object that have the words, in the object's order, and how many in all."""

    tree: Node
    total: int = 0
    units: tuple[int, ...] = ()


class _Bucket(TypedDict):
    key: float
    doc_count: int


class PagesEngine:
    """Answers from the newest commit of its shelf. Safe to share between threads.

    Every method raises `IndexUnavailable` while there is no index, and `QueryTooLarge`.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._source = ShelfSource(shelf)
        self._found = Remembered[Found](256)
        # Tantivy lets go of Python's lock while it looks. Frequent words side by side take some
        # 130 ms to count in a million pages and as long to rank: so both are done at once.
        self._beside = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="pages")

    @classmethod
    def at(cls, folder: Path) -> PagesEngine:
        """Return the engine of the index that stands in this folder."""
        return cls(Shelf(folder, version=schema.VERSION))

    def find(self, asked: Asked, *, eyes: Eyes) -> Found:
        """Return which records and objects have the words in their text, the best first."""
        with self._snapshot() as snapshot:
            key = (snapshot.generation, asked.stages, eyes)
            return self._found.get(key, lambda: _find(snapshot.searcher, asked, eyes, self._beside))

    def of_keys(self, tree: Node, keys: Collection[int], *, eyes: Eyes) -> dict[int, Hits]:
        """Return what each of these keys has; those with nothing are missing."""
        if not keys:
            return {}
        with self._snapshot() as snapshot:
            searcher = snapshot.searcher
            found = translation.finding(tree)
            seen = translation.shown(found, today=eyes.today, staff=eyes.staff)
            within = translation.among(seen, schema.KEY, tuple(keys))
            counts = _counts(searcher, within, size=MOST_KEYS + len(keys))
            ranked = translation.ranking(tree, seen)
            held = [key for key in keys if key in counts]
            best = self._beside.map(lambda key: _best(searcher, ranked, key), held)
            told = _described(searcher, seen, held)
            return {
                key: Hits(key, counts[key] - (key in told), page)
                for key, page in zip(held, best, strict=True)
            }

    def inside(self, asked: Asked, obj: int, *, offset: int = 0, limit: int = 20) -> Inside:
        """Return the units of one object that have the words. Who may open it is judged before."""
        with self._snapshot() as snapshot:
            inside = Inside(asked.stages[0])
            for tree in asked.stages:
                within = translation.inside(translation.finding(tree), obj)
                inside = _inside(snapshot.searcher, tree, within, offset, limit)
                if inside.total:
                    break
            return inside

    def count(self) -> int:
        """Return how many units the index holds."""
        with self._snapshot() as snapshot:
            return snapshot.searcher.num_docs

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        snapshot = self._source.snapshot()
        try:
            with telling_damage():
                yield snapshot
        except IndexUnavailable:
            self._source.report_damage(beyond_doubt=not _answers(snapshot.searcher))
            raise


def _find(searcher: tantivy.Searcher, asked: Asked, eyes: Eyes, beside: Executor) -> Found:
    for tree in asked.stages:
        found = translation.finding(tree)
        seen = translation.shown(found, today=eyes.today, staff=eyes.staff)
        ranked = beside.submit(_ranked, searcher, translation.ranking(tree, seen))
        counts = _counts(searcher, seen, size=MOST_KEYS)
        if counts:
            order = [key for key in dict.fromkeys([*ranked.result(), *counts]) if key in counts]
            told = _described(searcher, seen, order)
            return Found(tree, tuple(Hits(key, counts[key] - (key in told)) for key in order))
    return Found(asked.stages[0])


def _counts(searcher: tantivy.Searcher, query: tantivy.Query, *, size: int) -> Mapping[int, int]:
    """Return how many pages each key has, most first."""
    terms = {"keys": {"terms": {"field": schema.KEY, "size": size, "segment_size": size * 2}}}
    answer = cast(Mapping[str, Mapping[str, list[_Bucket]]], searcher.aggregate(query, terms))
    return {int(bucket["key"]): bucket["doc_count"] for bucket in answer["keys"]["buckets"]}


def _ranked(searcher: tantivy.Searcher, ranked: tantivy.Query) -> list[int]:
    """Return the first keys of the best pages."""
    hits = searcher.search(ranked, RANKED, count=False).hits
    keys = searcher.fast_field_values(schema.KEY, [address for _, address in hits])
    return [int(key) for key in keys if key is not None]


def _best(searcher: tantivy.Searcher, ranked: tantivy.Query, key: int) -> int:
    within = translation.among(ranked, schema.KEY, (key,))
    hits = searcher.search(within, 1, count=False).hits
    ids = searcher.fast_field_values(schema.ID, [address for _, address in hits])
    return int(ids[0] or 0) if ids else 0


def _described(searcher: tantivy.Searcher, seen: tantivy.Query, keys: Collection[int]) -> set[int]:
    """Return the keys of objects whose own description has the words."""
    objects = tuple(key for key in keys if key < 0)
    if not objects:
        return set()
    within = translation.among(seen, schema.ID, objects)
    hits = searcher.search(within, len(objects), count=False).hits
    ids = searcher.fast_field_values(schema.ID, [address for _, address in hits])
    return {int(number) for number in ids if number is not None}


def _inside(
    searcher: tantivy.Searcher, tree: Node, within: tantivy.Query, offset: int, limit: int
) -> Inside:
    result = searcher.search(
        within,
        max(limit, 1),
        count=False,
        offset=offset,
        order_by_field=schema.POSITION,
        order=tantivy.Order.Asc,
    )
    ids = searcher.fast_field_values(schema.ID, [address for _, address in result.hits])
    units = tuple(int(number) for number in ids if number is not None)
    return Inside(tree, total_of(searcher, within), units[:limit])


def _answers(searcher: tantivy.Searcher) -> bool:
    """Return whether the index can at least count and sort all that it holds."""
    everything = tantivy.Query.all_query()
    try:
        with telling_damage():
            _counts(searcher, everything, size=1)
            searcher.search(everything, 1, order_by_field=schema.POSITION)
    except IndexUnavailable:
        return False
    return True
