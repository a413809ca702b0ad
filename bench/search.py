"""How long search takes over a large index, with six facets.

    PYTHONPATH=src python -m bench.search --records 1000000 --index /tmp/index

Builds the index unless it is there, then asks questions as readers do: one word, two words, an
author's name, a subject, a whole title, a field, no marks, a year range. Each question is asked
once; nothing comes from the memory of an earlier one. Prints the percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from bench.documents import document
from bench.generate import Zipf, common_vocabulary, works
from tangthu.discovery import language
from tangthu.discovery.embedded import schema, translation
from tangthu.discovery.embedded.engine import TantivyEngine
from tangthu.discovery.embedded.rows import row
from tangthu.discovery.embedded.shelf import Place, Shelf
from tangthu.discovery.embedded.source import opened
from tangthu.discovery.embedded.writer import LARGE_HEAP, ShelfWriter
from tangthu.discovery.engine import Facet, Query, Sort
from tangthu.text import fold

SIX = (Facet.AUTHOR, Facet.SUBJECT, Facet.LANGUAGE, Facet.TYPE, Facet.LIBRARY, Facet.YEAR)
BATCH = 5_000


def rows(first: int) -> list[str]:
    """Return the rows of one batch of invented records."""
    return [row(document(work)) for work in works(BATCH, first=first)]


def build(folder: Path, records: int) -> None:
    """Build the index with two processes that invent and one that writes."""
    shelf = Shelf(folder)
    new = shelf.new()
    began = time.perf_counter()
    with (
        ShelfWriter(new, heap=LARGE_HEAP) as writer,
        ProcessPoolExecutor(2) as pool,
    ):
        for batch in pool.map(rows, range(1, records + 1, BATCH)):
            writer.add_rows(batch)
        writer.commit(Place())
    shelf.go_live(new)
    took = time.perf_counter() - began
    print(f"built {records:,} in {took:.0f} s: {records / took:,.0f} records/s, inventing included")


def questions(count: int) -> Iterator[str]:
    """Yield questions of eight kinds in turn."""
    words, chance = common_vocabulary(), random.Random(11)
    kinds: tuple[Callable[[], str], ...] = (
        lambda: words.words(chance, 1),
        lambda: words.words(chance, 2),
        lambda: words.names.one(chance),
        lambda: f'"{words.subjects.one(chance).split(" -- ")[0]}"',
        lambda: fold(words.words(chance, 2)),
        lambda: f"tác giả: {words.names.one(chance)}",
        lambda: f"{words.words(chance, 1)} năm: {chance.randint(1980, 2010)}-",
        lambda: words.words(chance, 2, "eng"),
    )
    for number in range(count):
        yield kinds[number % len(kinds)]()


def timed(name: str, engine: TantivyEngine, queries: list[Query]) -> None:
    """Ask the questions one after the other and print how long they took."""
    times, totals = [], []
    for query in queries:
        began = time.perf_counter()
        totals.append(engine.search(query).total)
        times.append((time.perf_counter() - began) * 1000)
    report(name, times, f"hits p50 {percentile(totals, 50):,.0f} p95 {percentile(totals, 95):,.0f}")


def against_bare(engine: TantivyEngine, folder: Path, queries: list[Query]) -> None:
    """Ask the engine and a bare Tantivy in turn, so that whatever else runs slows both alike.

    The bare one finds, scores and counts in one pass and counts the facets in another; it knows
    no exact spellings, no hidden records, and uses one core.
    """
    index = opened(Shelf(folder).live())
    index.reload()
    searcher = index.searcher()
    terms = {facet.value: {"terms": {"field": schema.facet(facet), "size": 12}} for facet in SIX}

    def bare(query: Query) -> None:
        found = translation.finding(query.tree)
        searcher.search(found, 20, count=True)
        searcher.aggregate(found, terms)

    times: dict[str, list[float]] = {"the engine, in turn with": [], "a bare Tantivy": []}
    for query in queries:
        for name, ask in zip(times, (engine.search, bare), strict=True):
            began = time.perf_counter()
            ask(query)
            times[name].append((time.perf_counter() - began) * 1000)
    for name, taken in times.items():
        report(name, taken, "")


def together(engine: TantivyEngine, queries: list[Query], clients: int) -> None:
    """Ask the questions from several clients at once and print the rate."""
    times: list[float] = []

    def ask(query: Query) -> None:
        began = time.perf_counter()
        engine.search(query)
        times.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, queries))
    rate = len(queries) / (time.perf_counter() - began)
    report(f"{clients} clients at once", times, f"{rate:.0f} searches/s")


def suggestions(engine: TantivyEngine, count: int) -> None:
    """Type the beginnings of names, titles and subjects and print how long suggesting takes."""
    words, chance = common_vocabulary(), random.Random(5)
    times = []
    for _ in range(count):
        pool: Zipf = chance.choice((words.names, words.subjects, words.vietnamese))
        typed = pool.one(chance)[: chance.randint(2, 9)]
        began = time.perf_counter()
        engine.suggest(typed)
        times.append((time.perf_counter() - began) * 1000)
    report("suggestions", times, "")


def report(name: str, times: list[float], more: str) -> None:
    """Print one line of the table."""
    figures = "  ".join(f"p{rank} {percentile(times, rank):6.1f}" for rank in (50, 90, 95, 99))
    print(f"{name:36} {figures}  max {max(times):6.1f}  {more}")


def percentile(values: list[float] | list[int], rank: int) -> float:
    """Return the value that `rank` per cent do not exceed."""
    return float(sorted(values)[min(len(values) - 1, len(values) * rank // 100)])


def main() -> None:
    """Build where needed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=400)
    arguments = parser.parse_args()
    if not (arguments.index / "current").exists():
        build(arguments.index, arguments.records)
    engine = TantivyEngine.at(arguments.index)
    print(f"{engine.count():,} records")
    trees = [language.parse(text).tree for text in questions(arguments.questions)]
    engine.search(Query(facets=SIX, facet_size=2))
    timed("six facets, by relevance", engine, [Query(tree=tree, facets=SIX) for tree in trees])
    asked = [Query(tree=tree, facets=SIX) for tree in trees]
    against_bare(TantivyEngine.at(arguments.index), arguments.index, asked)
    timed("no facets, by relevance", engine, [Query(tree=tree) for tree in trees])
    for sort in (Sort.TITLE, Sort.YEAR_DESC):
        timed(f"no facets, by {sort}", engine, [Query(tree=tree, sort=sort) for tree in trees])
    narrow = {Facet.LANGUAGE: ("vie",), Facet.LIBRARY: ("DL001", "DL002")}
    timed(
        "six facets, two of them chosen",
        engine,
        [Query(tree=tree, facets=SIX, filters=narrow) for tree in trees],
    )
    timed(
        "the second page (facets remembered)",
        engine,
        [Query(tree=tree, facets=SIX, filters=narrow, offset=20) for tree in trees],
    )
    together(engine, [Query(tree=tree, facets=SIX, facet_size=11) for tree in trees], 8)
    suggestions(engine, arguments.questions)


if __name__ == "__main__":
    main()
