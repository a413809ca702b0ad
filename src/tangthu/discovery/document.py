"""The flat document: everything that search knows about one record.

It stands between the catalogue, which knows MARC, and the engine, which knows neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One bibliographic record as search sees it. Text stands as it is to be read, no text twice.

    `title` is the title proper; `full_title` has the rest of it and the parts. `title_key` and
    `author_key` order lists the Vietnamese way (`tangthu.text.sorting`). A record that is not
    `public` is found by staff only; of one that is `online`, something can be read on the screen.
    """

    id: int
    title: str
    full_title: str = ""
    other_titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    corporate: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    material_type: str = ""
    year: int | None = None
    title_key: bytes = b""
    author_key: bytes = b""
    libraries: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    public: bool = True
    online: bool = False
    added_at: datetime | None = None
