"""A record as its page shows it: what it is, where it is, and its other views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.catalogue import labels
from tangthu.catalogue.models import Record
from tangthu.circulation.reading import availability
from tangthu.circulation.reading.availability import Copy
from tangthu.core.requests import LibraryRequest
from tangthu.delivery.reading import libraries_that_deliver
from tangthu.formats import citations
from tangthu.formats.citations import CITATIONS, Citation, Work
from tangthu.formats.marc.bibliographic import Description, describe
from tangthu.formats.marc.isbd import isbd
from tangthu.formats.marc.record import ControlField, MarcRecord
from tangthu.formats.marc.storage import loads
from tangthu.opac.exchange import FORMS, Form
from tangthu.opac.heading import heading_of
from tangthu.reading.offers import offers_of
from tangthu.repository import naming

SAFE_LINKS = ("http://", "https://", "ftp://")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The copies of one library."""

    library: str
    copies: list[Copy]
    copies_in: int


@dataclass(frozen=True, slots=True)
class MarcLine:
    """One line of the MARC view."""

    tag: str
    indicators: str
    parts: list[tuple[str, str]]


def tile(record: Record) -> dict[str, object]:
    """Return a record as a small card of the home page."""
    return {"record": record, "kind_label": labels.material(record.material_type)}


def page(record: Record, request: LibraryRequest) -> dict[str, object]:
    """Return all that the record page shows: one query for the copies."""
    marc = loads(record.marc)
    description = describe(marc)
    copies = availability.of_records([record.pk]).get(record.pk, [])
    status, due_at = availability.summary(copies)
    address = request.build_absolute_uri(reverse("opac:record", args=[record.pk]))
    offers = offers_of(record.pk, request.actor)
    site = request.build_absolute_uri("/")[:-1]
    heading = heading_of(record, description, site=site, offers=offers)
    cited = work_of(record, description, heading.ark)
    return {
        "record": record,
        "description": description,
        "kind_label": labels.material(record.material_type),
        "authors": [(name, search_for("author", name)) for name in names(description)],
        "subjects": [(term, search_for("subject", term)) for term in subjects(description)],
        "links": [url for url in description.urls if url.startswith(SAFE_LINKS)],
        "facts": facts(description),
        "shelves": shelves(copies),
        "offers": offers,
        "delivers": request.actor.is_reader and bool(libraries_that_deliver()),
        "status": status,
        "due_at": due_at,
        "isbd": isbd(marc),
        "marc": marc_lines(marc),
        "leader": marc.leader,
        "citation": citations.sentence(cited),
        "exports": exports(record),
        "address": address,
        "heading": heading,
        "links_to": heading.links,
    }


def work(record: Record, site: str) -> Work:
    """Return what a citation of the record needs; `site` has no slash at its end."""
    name = naming.address_of(naming.of_record(record.pk), site)
    return work_of(record, describe(loads(record.marc)), name)


def work_of(record: Record, description: Description, address: str) -> Work:
    return Work(
        key=str(record.pk),
        title=description.full_title or description.title,
        authors=names(description),
        kind=record.material_type,
        edition=description.edition,
        place=description.place,
        publisher=description.publisher,
        year=description.year,
        extent=description.extent,
        isbn=description.isbns[0] if description.isbns else "",
        url=address,
    )


def names(description: Description) -> tuple[str, ...]:
    """Return who made the work, the main author first, each once."""
    people = (author.name for author in description.authors)
    return tuple(dict.fromkeys([*people, *description.corporate]))


def subjects(description: Description) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*description.subjects, *description.places, *description.keywords]))


def facts(description: Description) -> list[tuple[str, object]]:
    """Return the description as labelled lines; the page hides the empty ones."""
    imprint = " : ".join(part for part in (description.place, description.publisher) if part)
    dated = ", ".join(part for part in (imprint, str(description.year or "")) if part)
    return [
        (_("Published"), dated),
        (_("Edition"), description.edition),
        (_("Extent"), description.extent),
        (_("Series"), "; ".join(description.series)),
        (_("Language"), ", ".join(labels.language(code) for code in description.languages)),
        (_("Other titles"), "; ".join(description.other_titles)),
        (_("Call number"), description.call_number),
        ("ISBN", ", ".join(description.isbns)),
        ("ISSN", ", ".join(description.issns)),
        (_("In"), description.host),
        (_("Genre"), "; ".join(description.genres)),
    ]


def shelves(copies: Sequence[Copy]) -> list[Shelf]:
    """Return the copies by library, those with a copy in first."""
    by_library: dict[str, list[Copy]] = {}
    for copy in copies:
        by_library.setdefault(copy.library, []).append(copy)
    found = [
        Shelf(library, held, sum(copy.is_in for copy in held))
        for library, held in by_library.items()
    ]
    return sorted(found, key=lambda shelf: not shelf.copies_in)


def marc_lines(marc: MarcRecord) -> list[MarcLine]:
    return [
        MarcLine(field.tag, "", [("", field.value)])
        if isinstance(field, ControlField)
        else MarcLine(
            field.tag,
            f"{field.ind1}{field.ind2}".replace(" ", "#"),
            [(subfield.code, subfield.value) for subfield in field.subfields],
        )
        for field in marc.fields
    ]


def exports(record: Record) -> list[tuple[str, str]]:
    every: dict[str, Form | Citation] = {**FORMS, **CITATIONS}
    return [
        (form.name, reverse("opac:export", args=[record.pk, ending]))
        for ending, form in every.items()
    ]


def search_for(field: str, words: str) -> str:
    quoted = words.replace('"', " ")
    query = urlencode({"q": f'{field}:"{quoted}"'})
    return f"{reverse('opac:search')}?{query}"
