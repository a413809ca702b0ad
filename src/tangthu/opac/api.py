"""Search and records over the REST API."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query as Parameter
from ninja import Router, Schema
from pydantic import Field

from tangthu.catalogue.models import Record
from tangthu.circulation.reading import availability
from tangthu.circulation.reading.availability import Copy
from tangthu.core.errors import Invalid, NotFound
from tangthu.discovery import search as discovery
from tangthu.discovery.engine import Facet, Query, Sort
from tangthu.discovery.language import parse
from tangthu.formats.marc.storage import loads
from tangthu.opac.exchange import FORMS, written

router = Router(tags=["catalogue"])

LONGEST_QUESTION = 10_000


class SearchIn(Schema):
    q: str = Field("", max_length=LONGEST_QUESTION)
    limit: int = Field(20, ge=0, le=100)
    offset: int = Field(0, ge=0, le=10_000)
    sort: Sort = Sort.RELEVANCE
    facet: str = ""


class HitOut(Schema):
    id: int
    title: str
    author: str
    year: int | None
    publisher: str
    language: str
    type: str
    isbn: str
    call_number: str
    score: float


class CountOut(Schema):
    value: str
    count: int


class SearchOut(Schema):
    total: int
    hits: list[HitOut]
    facets: dict[str, list[CountOut]]
    took_ms: float
    did_you_mean: str


class CopyOut(Schema):
    barcode: str
    accession_number: str
    library: str
    location: str
    call_number: str
    status: str
    due_at: object | None = None


class RecordOut(Schema):
    id: int
    title: str
    author: str
    responsibility: str
    year: int | None
    publisher: str
    language: str
    type: str
    isbn: str
    issn: str
    call_number: str
    version: int
    items: list[CopyOut]
    marc: dict[str, object]


@router.get("/search", response=SearchOut)
def search(request: HttpRequest, asked: Parameter[SearchIn]) -> dict[str, object]:
    """Search as the box of the catalogue does; an empty question is everything."""
    query = Query(
        tree=parse(asked.q).tree,
        filters=filters(request),
        sort=asked.sort,
        offset=asked.offset,
        limit=asked.limit,
        facets=facets(asked.facet),
    )
    results = discovery.engine().search(query)
    records = Record.objects.public().without_marc().in_bulk([hit.id for hit in results.hits])
    return {
        "total": results.total,
        "hits": [hit_out(records[hit.id], hit.score) for hit in results.hits if hit.id in records],
        "facets": {
            str(facet): [{"value": each.value, "count": each.count} for each in counts]
            for facet, counts in results.facets.items()
        },
        "took_ms": results.took_ms,
        "did_you_mean": results.did_you_mean,
    }


@router.get("/records/{record_id}", response=RecordOut)
def record(request: HttpRequest, record_id: int) -> dict[str, object] | HttpResponse:
    """Return a record with its copies; as MARC when `Accept` asks for it."""
    actor = request.auth  # type: ignore[attr-defined]
    row = Record.objects.visible_to(actor).filter(pk=record_id).first()
    if row is None:
        raise NotFound(kind="record", key=record_id)
    forms = {form.content_type: form for form in (FORMS["xml"], FORMS["mrc"])}
    wanted = request.get_preferred_type(["application/json", *forms])
    if form := forms.get(wanted or ""):
        return HttpResponse(written(loads(row.marc), form), form.content_type)
    copies = availability.of_records([row.pk]).get(row.pk, [])
    return record_out(row, copies)


def record_out(row: Record, copies: Iterable[Copy]) -> dict[str, object]:
    return {
        "id": row.pk,
        "title": row.title,
        "author": row.author,
        "responsibility": row.responsibility,
        "year": row.year,
        "publisher": row.publisher,
        "language": row.language,
        "type": row.material_type,
        "isbn": row.isbn,
        "issn": row.issn,
        "call_number": row.call_number,
        "version": row.version,
        "items": [copy_out(copy) for copy in copies],
        "marc": orjson.loads(row.marc),
    }


def copy_out(copy: Copy) -> dict[str, object]:
    return {
        "barcode": copy.barcode,
        "accession_number": copy.accession_number,
        "library": copy.library_code,
        "location": copy.location,
        "call_number": copy.call_number,
        "status": copy.status,
        "due_at": copy.due_at,
    }


def hit_out(row: Record, score: float) -> dict[str, object]:
    return {
        "id": row.pk,
        "title": row.title,
        "author": row.author,
        "year": row.year,
        "publisher": row.publisher,
        "language": row.language,
        "type": row.material_type,
        "isbn": row.isbn,
        "call_number": row.call_number,
        "score": score,
    }


def filters(request: HttpRequest) -> dict[Facet, tuple[str, ...]]:
    """Return the filters: `filter.language=vie&filter.language=rad`, each name a facet's."""
    chosen = {facet: tuple(request.GET.getlist(f"filter.{facet}")[:20]) for facet in Facet}
    return {facet: values for facet, values in chosen.items() if values}


def facets(names: str) -> tuple[Facet, ...]:
    """Return the facets asked for, separated by commas; refuse one that does not exist."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in set(Facet)]
    if unknown:
        raise Invalid("facet", unknown=unknown, known=[str(facet) for facet in Facet])
    return tuple(dict.fromkeys(Facet(name) for name in wanted))
