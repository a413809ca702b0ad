"""The words that a library has for its readers and its copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tangthu.text.folding import fold

_PARTS = re.compile(r"[,;/]| và ")

_ALSO_CALLED = {
    "child": ("thiếu nhi", "trẻ em", "thiếu niên"),
    "adult": ("người lớn",),
    "student": ("học sinh", "sinh viên"),
    "staff": ("cán bộ",),
    "book": ("sách",),
    "serial": ("báo", "tạp chí"),
    "map": ("bản đồ",),
}
"""What people say for the usual codes, whatever name a library has given them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of the categories of readers and of the types of copies, by their codes.

    Each is known by its name, by the parts of a name such as “Báo, tạp chí”, and by what the
    usual ones are also called. Words that could mean two things mean neither.
    """

    categories: Mapping[str, str]
    item_types: Mapping[str, str]
    words: Mapping[str, tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = [
            *_named("category", self.categories),
            *_named("item_type", self.item_types),
        ]
        object.__setattr__(self, "words", _unambiguous(named))

    def name_of(self, kind: str, code: str) -> str:
        """Give the name that people know a category or an item type by."""
        names = self.categories if kind == "category" else self.item_types
        return names.get(code, code)

    def spoken(self, kind: str, code: str) -> str:
        """Give a name that stands for this alone in a sentence; the code where none does."""
        name = plain(self.name_of(kind, code))
        return name if self.words.get(fold(name)) == (kind, code) else code


def plain(name: str) -> str:
    """Write a name as it stands inside a sentence: small letters, no signs between its words."""
    return " ".join(re.findall(r"\w+", name.lower()))


def _named(kind: str, names: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str], int]]:
    for code, name in names.items():
        meaning = (kind, code)
        yield fold(plain(name)), meaning, 0
        yield fold(plain(code)), meaning, 1
        for part in _PARTS.split(name):
            yield fold(plain(part)), meaning, 2
        for also in _ALSO_CALLED.get(code, ()):
            yield fold(also), meaning, 2


def _unambiguous(
    named: list[tuple[str, tuple[str, str], int]],
) -> dict[str, tuple[str, str]]:
    """Keep the words with one meaning; a whole name wins over a code, that over a part."""
    words: dict[str, tuple[str, str]] = {}
    for rank in (0, 1, 2):
        fresh: dict[str, set[tuple[str, str]]] = {}
        for word, meaning, of_rank in named:
            if of_rank == rank and word and word not in words:
                fresh.setdefault(word, set()).add(meaning)
        words |= {word: next(iter(found)) for word, found in fresh.items() if len(found) == 1}
    return words
