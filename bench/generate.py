"""Invent records of the shape that a large Vietnamese catalogue has, the same every time.

About 3 subjects, 1.3 authors, 25 MARC fields and 1.4 items a record. Words follow Zipf's law
and are spelt as Vietnamese syllables are; nothing in them means anything.

    PYTHONPATH=src python -m bench.generate --records 500000 --out generated.mrc
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tangthu.text.normal import TONES
from tangthu.text.syllables import ONSETS, RHYMES, Syllable

_LATIN_PARTS = "tion er ing ment al ist or ure la de co re pro in con ter ma lo vi so na ra to mi"
_FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
LIBRARIES = tuple(f"DL{number:03d}" for number in range(184))


@dataclass(frozen=True, slots=True)
class Copy:
    """An invented item: its number, its library and its place there."""

    accession_number: str
    library: str
    location: str


@dataclass(frozen=True, slots=True)
class Work:
    """An invented record before it becomes MARC or a search document."""

    number: int
    title: str
    remainder: str
    authors: tuple[str, ...]
    subjects: tuple[str, ...]
    publisher: str
    place: str
    year: int
    language: str
    material_type: str
    series: str
    note: str
    contents: str
    summary: str
    isbn: str
    class_number: str
    copies: tuple[Copy, ...]


class Zipf:
    """Things of which the first are drawn far more often than the last."""

    def __init__(self, things: Sequence[str], skew: float) -> None:
        self._things = things
        weights = (1 / (rank + 1) ** skew for rank in range(len(things)))
        self._cumulative = list(itertools.accumulate(weights))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._things, cum_weights=self._cumulative, k=count)

    def one(self, chance: random.Random) -> str:
        return self.draw(chance, 1)[0]


class Vocabulary:
    """The words, names and headings from which records are made."""

    def __init__(self, seed: int = 1) -> None:
        chance = random.Random(seed)
        syllables = _syllables(chance)
        common = Zipf(syllables, 0.8)
        self.vietnamese = Zipf([" ".join(common.draw(chance, 2)) for _ in range(20_000)], 0.9)
        self.latin = Zipf(_latin_words(chance, 60_000), 0.9)
        self.names = Zipf(_names(chance, syllables), 0.6)
        self.subjects = Zipf([self._heading(chance) for _ in range(40_000)], 0.8)
        self.publishers = Zipf([self._titled(chance, "Nxb.") for _ in range(400)], 0.9)
        self.places = Zipf([_capital(self.vietnamese.one(chance)) for _ in range(60)], 1.2)
        self.series = Zipf([self._titled(chance, "Tủ sách") for _ in range(3_000)], 0.9)
        self.languages = Zipf(("vie", "eng", "fre", "rad", "rus", "chi"), 1.7)
        self.types = Zipf(("book", "serial", "thesis", "map", "music", "video", "ebook"), 1.7)
        self.libraries = Zipf(LIBRARIES, 0.9)

    def words(self, chance: random.Random, count: int, language: str = "vie") -> str:
        pool = self.vietnamese if language in {"vie", "rad"} else self.latin
        return " ".join(pool.draw(chance, count))

    def _heading(self, chance: random.Random) -> str:
        parts = self.vietnamese.draw(chance, chance.choice((1, 1, 2, 2, 3)))
        return " -- ".join(_capital(part) for part in parts)

    def _titled(self, chance: random.Random, lead: str) -> str:
        return f"{lead} {_capital(self.words(chance, 2))}"


@cache
def common_vocabulary() -> Vocabulary:
    """Return the vocabulary of all invented records, made once."""
    return Vocabulary()


def works(count: int, *, seed: int = 7, first: int = 1) -> Iterator[Work]:
    """Yield `count` invented records, numbered from `first`; the same for the same seed."""
    vocabulary = common_vocabulary()
    chance = random.Random(f"{seed}/{first}")
    for number in range(first, first + count):
        yield _work(number, vocabulary, chance)


def iso2709(work: Work) -> bytes:
    """Return the record in MARC 21, UTF-8."""
    directory, data = [], []
    at = 0
    for tag, text in _fields(work):
        field = text.encode() + b"\x1e"
        directory.append(f"{tag}{len(field):04d}{at:05d}")
        data.append(field)
        at += len(field)
    index = "".join(directory).encode() + b"\x1e"
    base = 24 + len(index)
    leader = f"{base + at + 1:05d}nam a22{base:05d} i 4500".encode()
    return b"".join((leader, index, *data, b"\x1d"))


def _work(number: int, words: Vocabulary, chance: random.Random) -> Work:
    language = words.languages.one(chance)
    holders = words.libraries.draw(chance, chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 3)))
    copies = tuple(
        Copy(f"{library}.{number:07d}{at}", library, f"{library}-{chance.choice('ABC')}")
        for at, library in enumerate(holders)
    )
    return Work(
        number=number,
        title=_capital(words.words(chance, chance.randint(1, 4), language)),
        remainder=words.words(chance, chance.randint(0, 4), language),
        authors=tuple(words.names.draw(chance, chance.choice((0, 1, 1, 1, 1, 1, 1, 2, 2, 3)))),
        subjects=tuple(words.subjects.draw(chance, chance.choice((1, 2, 3, 3, 4, 5)))),
        publisher=words.publishers.one(chance),
        place=words.places.one(chance),
        year=max(1900, int(2026 - chance.expovariate(1 / 15))),
        language=language,
        material_type=words.types.one(chance),
        series=words.series.one(chance) if chance.random() < 0.2 else "",
        note=words.words(chance, chance.randint(2, 8), language),
        contents=words.words(chance, 12, language) if chance.random() < 0.2 else "",
        summary=_capital(words.words(chance, 16)) if chance.random() < 0.4 else "",
        isbn=_isbn(number),
        class_number=f"{chance.randint(0, 999):03d}.{chance.randint(0, 9999)}",
        copies=copies,
    )


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    yield "001", f"gen{work.number:08d}"
    yield "003", "DLDL"
    yield "005", "20260101000000.0"
    yield "008", f"260101s{work.year:4d}    vm ||||||||||||||||| ||{work.language}||"
    yield "020", f"  \x1fa{work.isbn}\x1fc{work.number % 90 + 10}000"
    yield "040", "  \x1faDLDL\x1fbvie\x1fcDLDL\x1feaacr2"
    yield "041", f"0 \x1fa{work.language}"
    yield "044", "  \x1favm"
    yield "082", f"04\x1fa{work.class_number}\x1f223"
    yield "090", f"  \x1fa{work.class_number}\x1fb{work.title[:1].upper()}{work.number % 1000}"
    main, added = work.authors[:1], work.authors[1:]
    yield from (("100", f"0 \x1fa{name}") for name in main)
    rest = f" :\x1fb{work.remainder}" if work.remainder else ""
    yield "245", f"10\x1fa{work.title}{rest} /\x1fc{', '.join(work.authors)}"
    yield "260", f"  \x1fa{work.place} :\x1fb{work.publisher},\x1fc{work.year}"
    yield "300", f"  \x1fa{work.number % 700 + 20} tr. ;\x1fc21 cm"
    yield "336", "  \x1favăn bản\x1fbtxt\x1f2rdacontent"
    yield "337", "  \x1fakhông có thiết bị trung gian\x1fbn\x1f2rdamedia"
    yield "338", "  \x1fatập\x1fbnc\x1f2rdacarrier"
    yield from (("490", f"0 \x1fa{name}") for name in (work.series,) if name)
    yield "500", f"  \x1fa{work.note}"
    yield "504", "  \x1faThư mục ở cuối sách"
    yield from (("505", f"0 \x1fa{text}") for text in (work.contents,) if text)
    yield from (("520", f"  \x1fa{text}") for text in (work.summary,) if text)
    for heading in work.subjects:
        yield (
            "650",
            " 4"
            + "".join(
                f"\x1f{'x' if at else 'a'}{part}" for at, part in enumerate(heading.split(" -- "))
            ),
        )
    yield from (("700", f"0 \x1fa{name}") for name in added)
    yield "911", "  \x1faNgười biên mục"
    yield "925", "  \x1faG"
    for copy in work.copies:
        yield (
            "852",
            f"  \x1fa{copy.library}\x1fb{copy.location}\x1fj{copy.accession_number}"
            f"\x1fp{copy.accession_number}",
        )


def _syllables(chance: random.Random) -> list[str]:
    onsets, rhymes = sorted(ONSETS), sorted(RHYMES)
    tones = ("", *TONES)
    drawn = (
        Syllable(chance.choice(onsets), chance.choice(rhymes), chance.choice(tones))
        for _ in range(12_000)
    )
    possible = sorted({syllable.spelt() for syllable in drawn if syllable.is_possible})
    chance.shuffle(possible)
    return possible[:4_000]


def _latin_words(chance: random.Random, count: int) -> list[str]:
    parts = _LATIN_PARTS.split()
    return ["".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(count)]


def _names(chance: random.Random, syllables: list[str]) -> list[str]:
    families = Zipf(_FAMILIES.split(), 0.9)
    middle = Zipf([_capital(word) for word in syllables[:60]], 0.6)
    given = Zipf([_capital(word) for word in syllables[60:560]], 0.6)
    highland = ("H’Hen Niê", "Y Ƀlŭl Niê Blô", "Y Moan Êñuôl", "H’Linh Mlô")
    common = [
        f"{families.one(chance)} {middle.one(chance)} {given.one(chance)}" for _ in range(200_000)
    ]
    return [*highland, *common]


def _isbn(number: int) -> str:
    twelve = f"978604{number % 1_000_000:06d}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def main() -> None:
    """Write a file of invented MARC records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    with arguments.out.open("wb") as file:
        for work in works(arguments.records, seed=arguments.seed):
            file.write(iso2709(work))


if __name__ == "__main__":
    main()
