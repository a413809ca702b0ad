"""The seam: what is asked of a search engine and what it answers.

Two implementations: Tantivy inside the process (`embedded`), the default; a search server for a
network that has outgrown one machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tangthu.discovery.query import Everything, Node

DEEPEST_HIT = 10_000
"""Nobody turns five hundred pages; an engine that must sort so far answers everybody late."""

MOST_NODES = 250
"""The parts that a query may have. The search box stays far below; CQL and RPN may not."""


class Facet(StrEnum):
    """A way to narrow; its values are text.

    Headings, codes of languages, materials and libraries, ids of locations, years; `ONLINE` for
    what can be read on the screen. A filter by year may also be a span: `1990-2000`, `1990-`.
    """

    AUTHOR = "author"
    SUBJECT = "subject"
    LANGUAGE = "language"
    TYPE = "type"
    LIBRARY = "library"
    LOCATION = "location"
    YEAR = "year"
    ONLINE = "online"


ONLINE = "yes"
"""The one value of the facet `online`."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    YEAR_DESC = "year_desc"
    YEAR_ASC = "year_asc"
    TITLE = "title"
    AUTHOR = "author"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question: the tree, how it is narrowed, the order and the part of the hits wanted.

    Of several values of one facet any may hold; every facet must. `hidden` includes records
    that only staff may see; `among` looks at these records alone.
    """

    tree: Node = field(default_factory=Everything)
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: tuple[Facet, ...] = ()
    facet_size: int = 12
    hidden: bool = False
    among: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found. The score means something only beside the others of the same answer."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a facet and how many of the hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The answer. A facet that is filtered counts what its other values would find."""

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[Facet, tuple[Count, ...]] = field(default_factory=dict)
    took_ms: float = 0.0
    did_you_mean: str = ""


class SuggestionKind(StrEnum):
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A heading that begins as the reader has begun."""

    kind: SuggestionKind
    text: str
    count: int


class SearchEngine(Protocol):
    """What the faces ask. Every method raises `IndexUnavailable` while there is no index."""

    def search(self, query: Query) -> Results:
        """Answer a question. Refuses `PageTooDeep` and `QueryTooLarge`."""
        ...

    def suggest(self, prefix: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return headings that begin with what has been typed so far."""
        ...

    def count(self) -> int:
        """Return how many records the index holds."""
        ...
