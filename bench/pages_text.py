"""Words looked for in the text of a million pages, and inside one book of five hundred.

    PYTHONPATH=src python -m bench.pages_text --pages 1000000 --data /tmp/bench-pages

Fills an index of its own with invented Vietnamese pages where there is none; asks as the page of
results does (which records, how many pages, the best page of each of twenty), then inside a book.
Every question is asked once, so that no answer was remembered.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import accumulate
from pathlib import Path

BOOK = 500
WORDS = 260
"""Words of a page: a small octavo."""
BATCH = 2000
TODAY = date(2026, 11, 22)


def main() -> None:
    """Fill where needed, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=300)
    given = parser.parse_args()
    os.environ |= {
        "TANGTHU_DATA": str(given.data),
        "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
    }
    import django

    django.setup()
    fill(given.data / "pages", given.pages)
    ask(given.data / "pages", given.questions)


def fill(folder: Path, pages: int) -> None:
    """Build the index, in all processes, unless it stands."""
    from tangthu.discovery.embedded.shelf import Place, Shelf
    from tangthu.discovery.embedded.writer import LARGE_HEAP, ShelfWriter
    from tangthu.discovery.errors import IndexUnavailable
    from tangthu.discovery.pages.schema import VERSION, schema

    shelf = Shelf(folder, version=VERSION)
    try:
        shelf.live()
        return
    except IndexUnavailable:
        pass
    began, new = time.perf_counter(), shelf.new()
    with ShelfWriter(new, heap=LARGE_HEAP, form=schema) as writer, ProcessPoolExecutor() as pool:
        for lines in pool.map(invented, range(0, pages, BATCH)):
            writer.add_rows(lines)
        writer.commit(Place())
    shelf.go_live(new)
    took = time.perf_counter() - began
    size = sum(file.stat().st_size for file in new.iterdir()) / 1e6
    say(f"{pages:,} pages in {took:.0f} s: {pages / took:,.0f} pages/s; {size:,.0f} MB")


def invented(first: int) -> list[str]:
    """Return the lines of pages from this number on; some words are frequent, most are rare."""
    from tangthu.discovery.pages.units import Facts, Unit, line

    source = random.Random(first)
    words, weights = vocabulary()
    return [
        line(
            Unit(
                number + 1, Facts(number // BOOK + 1, (number // BOOK + 1,)), number % BOOK, 1, ""
            ),
            " ".join(source.choices(words, cum_weights=weights, k=WORDS)),
        )
        for number in range(first, first + BATCH)
    ]


def vocabulary() -> tuple[list[str], list[float]]:
    """Return syllables as Vietnamese has them, by Zipf's law, the tones among them."""
    from tangthu.text.normal import ACUTE, DOT_BELOW, GRAVE, HOOK, TILDE
    from tangthu.text.syllables import ONSETS, RHYMES, Syllable

    source = random.Random(7)
    tones = ("", GRAVE, ACUTE, HOOK, TILDE, DOT_BELOW)
    all_of = [
        syllable.spelt()
        for onset in ONSETS
        for rhyme in sorted(RHYMES)
        for tone in tones
        if (syllable := Syllable(onset, rhyme, tone)).is_possible
    ]
    words = source.sample(all_of, 6000)
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


def ask(folder: Path, count: int) -> None:
    """Ask all questions once, and print how long they took."""
    from tangthu.discovery.pages.asking import asked_of
    from tangthu.discovery.pages.engine import Eyes, PagesEngine
    from tangthu.discovery.query import And, Term

    engine, eyes = PagesEngine.at(folder), Eyes(today=TODAY)
    held = engine.count()
    say(f"{held:,} pages in the index; load {os.getloadavg()[0]:.1f}")
    words, weights = vocabulary()
    source = random.Random(11)

    def picked(number: int) -> list[str]:
        return source.choices(words, cum_weights=weights, k=number)

    def everywhere(words: list[str]) -> None:
        asked = asked_of(And(tuple(map(Term, words))))
        assert asked is not None
        found = engine.find(asked, eyes=eyes)
        engine.of_keys(found.tree, [hits.key for hits in found.keys[:20]], eyes=eyes)

    def inside(words: list[str]) -> None:
        asked = asked_of(And(tuple(map(Term, words))))
        assert asked is not None
        engine.inside(asked, source.randrange(held // BOOK) + 1)

    engine.count()
    report("one word, all pages", lambda: everywhere(picked(1)), count)
    report("two words, all pages", lambda: everywhere(picked(2)), count)
    report("three words, all pages", lambda: everywhere(picked(3)), count)
    report("two words, inside a book", lambda: inside(picked(2)), count)


def report(name: str, deed: Callable[[], None], count: int) -> None:
    """Do it so many times, and print the median and the slow end."""
    times = sorted(timed(deed, count))
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    say(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {times[-1]:.1f} ms")


def timed(deed: Callable[[], None], count: int) -> Iterator[float]:
    for _ in range(count):
        began = time.perf_counter()
        deed()
        yield (time.perf_counter() - began) * 1000


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
