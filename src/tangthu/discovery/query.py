"""The query tree: one small language that every way of asking is translated into.

The search box of the catalogue, CQL and RPN each parse into these values, so the same question
means the same thing everywhere; an engine translates them into its own terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where to look. The last four hold codes, compared whole; the others hold text."""

    ANY = "any"
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    SERIES = "series"
    NOTE = "note"
    CONTENTS = "contents"
    IDENTIFIER = "identifier"
    CALL_NUMBER = "call_number"
    LANGUAGE = "language"
    MATERIAL_TYPE = "type"
    LIBRARY = "library"
    LOCATION = "location"


CODED = frozenset({Field.LANGUAGE, Field.MATERIAL_TYPE, Field.LIBRARY, Field.LOCATION})


@dataclass(frozen=True, slots=True)
class Term:
    """A word. Text that breaks into several words stands for them side by side."""

    text: str
    field: Field = Field.ANY


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side, in this order."""

    text: str
    field: Field = Field.ANY


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words of which the last may be longer (right truncation)."""

    text: str
    field: Field = Field.ANY


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole of a title, an author's heading or a subject heading, and nothing more."""

    text: str
    field: Field = Field.TITLE


@dataclass(frozen=True, slots=True)
class YearRange:
    """Published in these years, both included; an open end is None."""

    first: int | None = None
    last: int | None = None

    @property
    def is_one(self) -> bool:
        """Whether it is a single year."""
        return self.first is not None and self.first == self.last


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; of none, everything."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts; of none, nothing."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    part: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


Node = Term | Phrase | Prefix | Whole | YearRange | And | Or | Not | Everything
Worded = Term | Phrase | Prefix | Whole


def walk(tree: Node) -> Iterator[Node]:
    """Yield every node, parents before their parts, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case And(parts) | Or(parts):
                waiting.extend(reversed(parts))
            case Not(part):
                waiting.append(part)


def wanted(tree: Node) -> Iterator[Worded]:
    """Yield the worded nodes that a hit may contain: those not under a `Not`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case And(parts) | Or(parts):
                waiting.extend(reversed(parts))
            case Term() | Phrase() | Prefix() | Whole():
                yield node


def both(*parts: Node) -> Node:
    """Join parts by And, leaving out what adds nothing."""
    return _joined(And, tuple(part for part in parts if not isinstance(part, Everything)))


def either(*parts: Node) -> Node:
    """Join parts by Or."""
    return _joined(Or, parts) if parts else Everything()


def _joined(kind: type[And | Or], parts: tuple[Node, ...]) -> Node:
    if not parts:
        return Everything()
    if len(parts) == 1:
        return parts[0]
    return kind(parts)
