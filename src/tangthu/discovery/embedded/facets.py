"""How many hits, and how many of them have each value of each facet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TypedDict, cast

import tantivy

from tangthu.discovery.embedded import schema, translation
from tangthu.discovery.engine import Count, Facet, Query

# Counted side by side where there are threads; the two dear ones stand apart. The asking thread
# counts the first group, and the hits with it.
_TOGETHER = (
    frozenset({Facet.LIBRARY, Facet.LOCATION, Facet.YEAR, Facet.ONLINE}),
    frozenset({Facet.SUBJECT, Facet.TYPE}),
    frozenset({Facet.AUTHOR, Facet.LANGUAGE}),
)
_SEGMENT_FACTOR = 5
"""Each segment names so many times the values wanted, so that their sums are right."""

_TOTAL: dict[str, object] = {"total": {"value_count": {"field": schema.ID}}}

Counted = dict[Facet, tuple[Count, ...]]


class _Bucket(TypedDict):
    key: str | float
    doc_count: int


def count(
    searcher: tantivy.Searcher, found: tantivy.Query, query: Query, threads: Executor | None
) -> tuple[int, Counted]:
    """Return the number of hits and the counts of the facets that the query wants.

    A facet that is filtered is counted without its own filter: it shows what its other values
    would find. A value that is chosen is always among the counts. With threads the answer is
    there sooner; without, in one pass over the hits, it takes a quarter less of the processor.
    """
    within = translation.narrowed(found, query.filters, hidden=query.hidden)
    free = [facet for facet in query.facets if not query.filters.get(facet)]
    groups = [free]
    if threads is not None:
        groups = [[facet for facet in free if facet in together] for together in _TOGETHER]
    parts: list[Callable[[], Counted]] = [
        partial(_values, searcher, within, group, query.facet_size) for group in groups[1:] if group
    ]
    parts += [
        partial(_chosen, searcher, found, query, facet)
        for facet in query.facets
        if query.filters.get(facet)
    ]
    waiting = parts if threads is None else [threads.submit(part).result for part in parts]
    answer = searcher.aggregate(within, _TOTAL | _terms(groups[0], query.facet_size))
    counted = _counts(answer, groups[0])
    for part in waiting:
        counted |= part()
    return _total(answer), {facet: counted[facet] for facet in query.facets}


def total_of(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Return how many documents match."""
    return _total(searcher.aggregate(query, _TOTAL))


def _values(
    searcher: tantivy.Searcher, within: tantivy.Query, facets: Sequence[Facet], size: int
) -> Counted:
    return _counts(searcher.aggregate(within, _terms(facets, size)), facets)


def _terms(facets: Iterable[Facet], size: int) -> dict[str, object]:
    return {
        facet.value: {
            "terms": {
                "field": schema.facet(facet),
                "size": size,
                "segment_size": size * _SEGMENT_FACTOR,
            }
        }
        for facet in facets
    }


def _counts(answer: Mapping[str, object], facets: Iterable[Facet]) -> Counted:
    parts = cast(Mapping[str, Mapping[str, list[_Bucket]]], answer)
    return {
        facet: tuple(
            Count(_text(bucket["key"]), bucket["doc_count"])
            for bucket in parts[facet.value]["buckets"]
        )
        for facet in facets
    }


def _total(answer: Mapping[str, object]) -> int:
    return int(cast(Mapping[str, Mapping[str, float]], answer)["total"]["value"])


def _chosen(
    searcher: tantivy.Searcher, found: tantivy.Query, query: Query, facet: Facet
) -> Counted:
    others = {name: values for name, values in query.filters.items() if name is not facet}
    within = translation.narrowed(found, others, hidden=query.hidden)
    counts = _values(searcher, within, [facet], query.facet_size)[facet]
    named = {count.value for count in counts}
    missing = [value for value in query.filters[facet] if value not in named]
    for value in missing:
        only = translation.narrowed(found, {**others, facet: (value,)}, hidden=query.hidden)
        counts += (Count(value, total_of(searcher, only)),)
    return {facet: counts}


def _text(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))
