"""From a record and its items to the document that search keeps of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tangthu.discovery.document import Document
from tangthu.formats.marc import storage
from tangthu.formats.marc.bibliographic import Description, describe
from tangthu.formats.marc.errors import Unreadable
from tangthu.formats.marc.responsibility import Kind

log = logging.getLogger(__name__)


# Tuples, not dataclasses: rows go to other processes, and these are packed twice as fast.


class Holdings(NamedTuple):
    """What search knows of the items of a record: where they are, and their numbers."""

    libraries: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()


class Row(NamedTuple):
    """The columns of a record that its description does not tell."""

    id: int
    marc: str
    title_key: bytes
    author_key: bytes
    hidden: bool
    created_at: datetime
    holdings: Holdings = Holdings()
    online: bool = False


def documents_of(rows: Iterable[Row]) -> Iterator[Document]:
    """Yield the documents of records, read from their MARC; pass over one that cannot be read."""
    for row in rows:
        try:
            marc = storage.loads(row.marc)
        except Unreadable as error:
            log.error("record %s is not in the index: %s", row.id, error)
            continue
        yield document(row, describe(marc))


def document(row: Row, description: Description) -> Document:
    """Return the flat document of a record as its MARC describes it."""
    holdings = row.holdings
    return Document(
        id=row.id,
        title=description.title or next(iter(description.other_titles), ""),
        full_title=_full_title(description),
        other_titles=description.other_titles,
        authors=_names(description, persons=True),
        corporate=_names(description, persons=False),
        subjects=description.subjects,
        keywords=(*description.keywords, *description.genres),
        publishers=_present(description.publisher),
        places=_present(description.place),
        series=(*description.series, *_present(description.host)),
        notes=(*description.notes, *_present(description.responsibility)),
        contents=description.contents,
        summary=_present(description.summary),
        identifiers=_identifiers(description, holdings),
        call_numbers=_unique((description.call_number, description.ddc, *holdings.call_numbers)),
        languages=description.languages,
        material_type=description.material_type.value,
        year=description.year,
        title_key=row.title_key,
        author_key=row.author_key if description.main_author else b"",
        libraries=holdings.libraries,
        locations=holdings.locations,
        public=not row.hidden,
        online=row.online,
        added_at=row.created_at,
    )


def _full_title(description: Description) -> str:
    return f"{description.full_title} {description.volume}".strip()


def _names(description: Description, *, persons: bool) -> tuple[str, ...]:
    return tuple(
        contributor.name
        for contributor in description.authors
        if (contributor.kind is Kind.PERSON) is persons
    )


def _identifiers(description: Description, holdings: Holdings) -> tuple[str, ...]:
    control = (description.control_number,)
    return _unique((*control, *description.isbns, *description.issns, *holdings.numbers))


def _present(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
