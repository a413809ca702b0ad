"""Invented records as search documents, without the catalogue between."""

from __future__ import annotations

from datetime import UTC, datetime

from bench.generate import Work
from tangthu.discovery.document import Document
from tangthu.text import sort_key

_ADDED = datetime(2026, 1, 1, tzinfo=UTC)


def document(work: Work) -> Document:
    """Return the document that the catalogue would make of the record."""
    numbers = tuple(copy.accession_number for copy in work.copies)
    return Document(
        id=work.number,
        title=work.title,
        full_title=f"{work.title} : {work.remainder}" if work.remainder else work.title,
        authors=work.authors,
        subjects=work.subjects,
        publishers=(work.publisher,),
        places=(work.place,),
        series=(work.series,) if work.series else (),
        notes=(work.note, "Thư mục ở cuối sách"),
        contents=(work.contents,) if work.contents else (),
        summary=(work.summary,) if work.summary else (),
        identifiers=(f"gen{work.number:08d}", work.isbn, *numbers),
        call_numbers=(work.class_number,),
        languages=(work.language,),
        material_type=work.material_type,
        year=work.year,
        title_key=sort_key(work.title),
        author_key=sort_key(work.authors[0]) if work.authors else b"",
        libraries=tuple(dict.fromkeys(copy.library for copy in work.copies)),
        locations=tuple(dict.fromkeys(copy.location for copy in work.copies)),
        added_at=_ADDED,
    )
