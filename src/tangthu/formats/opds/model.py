"""What a feed is made of, in either form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HTML, ATOM, OPDS2 = "text/html", "application/atom+xml", "application/opds+json"
ACQUISITION_FEED = "application/atom+xml;profile=opds-catalog;kind=acquisition"
NAVIGATION_FEED = "application/atom+xml;profile=opds-catalog;kind=navigation"
ATOM_ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
PUBLICATION = "application/opds-publication+json"
OPENSEARCH = "application/opensearchdescription+xml"
AUTHENTICATION = "application/opds-authentication+json"


class Rel(StrEnum):
    """The relations of links that clients know (OPDS 1.2, section 5; RFC 8288)."""

    ACQUISITION = "http://opds-spec.org/acquisition"
    OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
    BORROW = "http://opds-spec.org/acquisition/borrow"
    REVOKE = "http://librarysimplified.org/terms/rel/revoke"
    ALTERNATE = "alternate"
    SUBSECTION = "subsection"
    NEW = "http://opds-spec.org/sort/new"
    SHELF = "http://opds-spec.org/shelf"
    STREAM = "http://vaemendis.net/opds-pse/stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """How a publication stands for borrowing; `None` where there is no limit, or nothing to say.

    `state`: available, unavailable, reserved (one waits), ready (kept for the one who asks).
    """

    state: str
    since: datetime | None = None
    until: datetime | None = None
    copies: int | None = None
    free: int | None = None
    holds: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a publication. `indirect` names what is had in the end, from within outwards."""

    rel: str
    href: str
    media_type: str
    title: str = ""
    lending: Lending | None = None
    indirect: Sequence[str] = ()
    needs_login: bool = False
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a publication; a small one is for lists."""

    href: str
    width: int
    height: int
    is_small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A publication. `address` leads to its own document in the same form."""

    identifier: str
    title: str
    updated_at: datetime
    address: str
    kind: str
    subtitle: str = ""
    authors: Sequence[str] = ()
    contributors: Sequence[str] = ()
    publisher: str = ""
    issued: str = ""
    languages: Sequence[str] = ()
    subjects: Sequence[str] = ()
    summary: str = ""
    rights: str = ""
    isbn: str = ""
    pages: int = 0
    links: Sequence[Link] = ()
    images: Sequence[Image] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way further down the catalogue."""

    title: str
    href: str
    rel: str = Rel.SUBSECTION
    summary: str = ""
    count: int | None = None
    holds_publications: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLink:
    """One value by which a list is narrowed, or put in another order."""

    group: str
    title: str
    href: str
    count: int | None = None
    is_active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where a page stands among others; an address is empty where there is no such page."""

    total: int
    size: int
    number: int
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page of the catalogue. Addresses: its own, of the root, of search, of the shelf."""

    identifier: str
    title: str
    updated_at: datetime
    author: str
    self: str
    start: str
    search: str
    shelf: str
    authentication: str
    icon: str = ""
    up: str = ""
    ways: Sequence[Way] = ()
    entries: Sequence[Entry] = ()
    facets: Sequence[FacetLink] = ()
    paging: Paging | None = None

    @property
    def is_navigation(self) -> bool:
        """Whether it leads further instead of listing publications."""
        return bool(self.ways) and not self.entries
