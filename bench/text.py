"""How long text takes: microseconds for a text of a hundred words, on one core.

    PYTHONPATH=src python -m bench.text [--marc ../shared/data/vietnam/library_49733.mrc]

Cuts the words of the MARC file (or of invented records) into texts of a hundred, and gives each
function all of them: first with an empty memory, then the best of three more rounds. CPU time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from bench.generate import works
from tangthu import text

DEEDS: dict[str, Callable[[str], object]] = {
    "normalise": text.normalise,
    "fold": text.fold,
    "search_key": text.search_key,
    "tokens": text.tokens,
    "match_key": text.match_key,
    "repair": text.repair,
}


def words_of(marc: Path | None) -> list[str]:
    """Return the words of every subfield of the file, or of invented titles."""
    if marc is None:
        return " ".join(work.title for work in works(50_000)).split()
    fields = marc.read_bytes().split(b"\x1e")
    parts = (part[1:] for field in fields for part in field.split(b"\x1f")[1:])
    return b" ".join(parts).decode("utf-8", "replace").split()


def measure(name: str, deed: Callable[[str], object], texts: list[str]) -> None:
    """Print the first round and the best of the next three."""
    rounds = []
    for _ in range(4):
        began = time.process_time()
        for given in texts:
            deed(given)
        rounds.append((time.process_time() - began) / len(texts) * 1e6)
    print(f"{name:12} first {rounds[0]:7.1f} µs   then {min(rounds[1:]):7.1f} µs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marc", type=Path)
    words = words_of(parser.parse_args().marc)[:400_000]
    texts = [" ".join(words[at : at + 100]) for at in range(0, len(words) - 99, 100)]
    for name, deed in DEEDS.items():
        measure(name, deed, texts)
    titles = [" ".join(words[at : at + 10]) for at in range(0, len(words) - 9, 10)]
    print("a title of ten words:")
    measure("sort_key", text.sort_key, titles)


if __name__ == "__main__":
    main()
