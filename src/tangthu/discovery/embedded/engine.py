"""Questions answered by Tantivy, in the process that asks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

import tantivy
from tantivy import Order

from tangthu.discovery.embedded import facets, schema, spelling, suggestions, translation
from tangthu.discovery.embedded.remembered import Remembered
from tangthu.discovery.embedded.shelf import Shelf
from tangthu.discovery.embedded.source import (
    MemorySource,
    ShelfSource,
    Snapshot,
    Source,
    telling_damage,
)
from tangthu.discovery.engine import DEEPEST_HIT, Facet, Hit, Query, Results, Sort, Suggestion
from tangthu.discovery.errors import IndexUnavailable, PageTooDeep

SUGGESTED_FOR = 60
"""Seconds for which suggestions are remembered."""

FEW_HITS = 2
"""With so few hits, or none, a better spelling is looked for."""

_ORDERS = {
    Sort.YEAR_DESC: (schema.YEAR, Order.Desc),
    Sort.YEAR_ASC: (schema.YEAR, Order.Asc),
    Sort.TITLE: (schema.ORDER_TITLE, Order.Asc),
    Sort.AUTHOR: (schema.ORDER_AUTHOR, Order.Asc),
    Sort.NEWEST: (schema.ADDED, Order.Desc),
}


class TantivyEngine:
    """Answers from the newest commit of its source. Safe to share between threads."""

    def __init__(self, source: Source) -> None:
        self._source = source
        # One thread counts while the asking one ranks; the others share the facets. That is for
        # who asks alone: where many ask at once, each finds its hits a few times less.
        self._asking = 0
        self._lock = Lock()
        self._counting = ThreadPoolExecutor(8, thread_name_prefix="counting")
        self._facets = ThreadPoolExecutor(3, thread_name_prefix="facets")
        self._counted = Remembered[tuple[int, facets.Counted]](512)
        self._suggested = Remembered[tuple[Suggestion, ...]](512)

    @classmethod
    def at(cls, folder: Path) -> TantivyEngine:
        """Return the engine of the index that stands in this folder."""
        return cls(ShelfSource(Shelf(folder)))

    @classmethod
    def in_memory(cls) -> tuple[TantivyEngine, MemorySource]:
        """Return an engine over an empty index in memory, and that index to be filled."""
        source = MemorySource()
        return cls(source), source

    def search(self, query: Query) -> Results:
        """Answer a question. Refuses `PageTooDeep`, `QueryTooLarge` and `IndexUnavailable`."""
        if query.offset + query.limit > DEEPEST_HIT:
            raise PageTooDeep(offset=query.offset, limit=DEEPEST_HIT)
        began = time.perf_counter()
        # Made outside of the snapshot: what Tantivy refuses of a question is no damage.
        found = translation.among(translation.finding(query.tree), query.among)
        ranked = translation.ranking(query.tree, found)
        with self._snapshot() as snapshot, self._alone() as alone:
            count = partial(self._count, snapshot, found, query)
            counting = self._counting.submit(count, self._facets) if alone else None
            hits = _hits(snapshot.searcher, found, ranked, query)
            total, counted = counting.result() if counting else count(None)
            better = ""
            if total <= FEW_HITS and not query.offset:
                better = spelling.better(snapshot.searcher, query, total=total)
        took_ms = (time.perf_counter() - began) * 1000
        return Results(total=total, hits=hits, facets=counted, took_ms=took_ms, did_you_mean=better)

    def suggest(self, prefix: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return public headings that begin with what has been typed so far."""
        with self._snapshot() as snapshot:
            # Headings may be a minute old: an import that commits all the time would otherwise
            # have every first letter walk the dictionary again.
            minute = int(time.monotonic() / SUGGESTED_FOR)
            return self._suggested.get(
                (snapshot.generation[:2], minute, prefix, limit),
                lambda: suggestions.beginning(snapshot.searcher, prefix, limit=limit),
            )

    def count(self) -> int:
        """Return how many records the index holds."""
        with self._snapshot() as snapshot:
            return snapshot.searcher.num_docs

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Tell whether nobody else is asking as this search begins."""
        with self._lock:
            alone = not self._asking
            self._asking += 1
        try:
            yield alone
        finally:
            with self._lock:
                self._asking -= 1

    def _count(
        self, snapshot: Snapshot, found: tantivy.Query, query: Query, threads: Executor | None
    ) -> tuple[int, facets.Counted]:
        key = (
            snapshot.generation,
            query.tree,
            tuple(sorted(query.filters.items())),
            query.hidden,
            query.facets,
            query.facet_size,
            query.among,
        )
        return self._counted.get(
            key, lambda: facets.count(snapshot.searcher, found, query, threads)
        )

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        """Give the newest commit; where answering from it breaks, leave word for the indexer."""
        snapshot = self._source.snapshot()
        try:
            with telling_damage():
                yield snapshot
        except IndexUnavailable:
            self._source.report_damage(beyond_doubt=not _answers(snapshot.searcher))
            raise


def _answers(searcher: tantivy.Searcher) -> bool:
    """Return whether the index can at least count, group and sort all that it holds."""
    everything = Query(facets=tuple(Facet), limit=1, hidden=True)
    found = translation.finding(everything.tree)
    try:
        with telling_damage():
            facets.count(searcher, found, everything, None)
            for sort in Sort:
                _hits(searcher, found, found, replace(everything, sort=sort))
    except IndexUnavailable:
        return False
    return True


def _hits(
    searcher: tantivy.Searcher, found: tantivy.Query, ranked: tantivy.Query, query: Query
) -> tuple[Hit, ...]:
    if query.limit < 1:
        return ()
    if query.sort is Sort.RELEVANCE:
        within = translation.narrowed(ranked, query.filters, hidden=query.hidden)
        result = searcher.search(within, query.limit, count=False, offset=query.offset)
        scores = [float(score) for score, _ in result.hits]
    else:
        field, order = _ORDERS[query.sort]
        within = translation.narrowed(found, query.filters, hidden=query.hidden)
        result = searcher.search(
            within,
            query.limit,
            count=False,
            offset=query.offset,
            order_by_field=field,
            order=order,
        )
        scores = [0.0] * len(result.hits)
    ids = searcher.fast_field_values(schema.ID, [address for _, address in result.hits])
    return tuple(
        Hit(int(number), score) for number, score in zip(ids, scores, strict=True) if number
    )
