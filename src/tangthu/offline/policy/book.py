"""The book of rules that a device takes along: what the rules need beside reader and copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tangthu.circulation.policy import LendingRules, RulesFrom
from tangthu.offline.policy.codec import BadPlain, decode


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry:
    """A library as the rules see it. `chain` holds the ids from it up to the root."""

    code: str
    name: str
    chain: tuple[int, ...]
    rules_from: RulesFrom
    valid_from: date | None = None
    valid_to: date | None = None

    def is_living(self, day: date) -> bool:
        """Tell whether the library exists on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeEntry:
    """A type of copies."""

    name: str
    loanable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryEntry:
    """A category of readers, and what its card asks and is worth."""

    name: str
    card_months: int
    minimum_age: int | None = None
    maximum_age: int | None = None
    needs_guardian: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of the desk in the language of its people, with named places to fill."""

    blocks: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    stops: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    rule: str = ""
    rule_labels: Mapping[str, str] = field(default_factory=dict)
    rule_blanks: Mapping[str, str] = field(default_factory=dict)
    every_category: str = ""
    every_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All rules that may decide at one desk. `rules` are by deciding library and category."""

    library: int
    libraries: Mapping[int, LibraryEntry]
    rules: Mapping[int, Mapping[str, LendingRules]]
    types: Mapping[str, TypeEntry]
    categories: Mapping[str, CategoryEntry]
    guardian_until_age: int
    words: Words

    @property
    def desk(self) -> LibraryEntry:
        """The library at which the device stands."""
        return self.libraries[self.library]


def read_book(plain: object) -> Book:
    """Read a book from plain JSON; raises BadPlain."""
    book = decode(Book, plain)
    if not isinstance(book, Book) or book.library not in book.libraries:
        raise BadPlain("no book of rules")
    return book
