"""Documents to choose, found by the catalogue's search; each with what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.labels import language, material
from tangthu.core.numbers import whole_number
from tangthu.digitisation.choosing import MOST, Candidate, by_records
from tangthu.digitisation.models import Project
from tangthu.discovery import search as discovery
from tangthu.discovery.engine import Facet, Query, Results
from tangthu.discovery.language import parse
from tangthu.libraries.models import Library, Location

PAGE = 50
LAST_PAGE = 200
FACETS: Mapping[Facet, Promise] = {
    Facet.LOCATION: _("Stack"),
    Facet.LIBRARY: _("Library"),
    Facet.TYPE: _("Material"),
    Facet.LANGUAGE: _("Language"),
    Facet.SUBJECT: _("Subject"),
    Facet.YEAR: _("Year"),
}
MOST_FILTERS = 20
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search as its address says it."""

    q: str = ""
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    @property
    def is_empty(self) -> bool:
        return not self.q and not self.filters

    def query(self, *, offset: int, limit: int, facets: tuple[Facet, ...] = ()) -> Query:
        """Return the question to the index."""
        return Query(
            tree=parse(self.q).tree,
            filters=self.filters,
            offset=offset,
            limit=limit,
            facets=facets,
        )


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, with the address of the search that has it, or is without it."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    label: Promise
    values: list[Value]

    @property
    def chosen(self) -> list[Value]:
        return [value for value in self.values if value.chosen]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the answer. `free` of its lines may be chosen."""

    total: int
    lines: list[Candidate]
    groups: list[Group]
    pages: int
    free: int


def wanted(address: QueryDict) -> Wanted:
    """Read a search from its address. What makes no sense there is passed over."""
    chosen = {
        facet: tuple(
            value for value in address.getlist(facet)[:MOST_FILTERS] if 0 < len(value) <= LONGEST
        )
        for facet in FACETS
    }
    page = min(whole_number(address.get("page", "")) or 1, LAST_PAGE)
    return Wanted(
        q=address.get("q", "").strip()[:LONGEST],
        filters={facet: values for facet, values in chosen.items() if values},
        page=page,
    )


def find(question: Wanted, project: Project, *, address: QueryDict) -> Found:
    """Search, and say of each document what stands against choosing it. Raises as the index does.

    Documents that are under way or digitised are shown with the reason, not left out.
    """
    query = question.query(offset=(question.page - 1) * PAGE, limit=PAGE, facets=tuple(FACETS))
    results = discovery.search(query)
    lines = _judged([hit.id for hit in results.hits], project)
    return Found(
        total=results.total,
        lines=lines,
        groups=_groups(results, question, address),
        pages=min(-(-results.total // PAGE), LAST_PAGE),
        free=sum(not line.refusal for line in lines),
    )


def whole(question: Wanted, project: Project) -> list[Candidate]:
    """Return the whole result, in its order; one more than may be chosen where it is too large."""
    results = discovery.search(question.query(offset=0, limit=MOST + 1))
    return _judged([hit.id for hit in results.hits], project)


def _judged(keys: Sequence[int], project: Project) -> list[Candidate]:
    """Return the hits in the order of the search; what is gone from the catalogue is left out."""
    found = by_records([key for key in keys if key > 0], project)
    by_key = {each.record.pk: each for each in found if each.record is not None}
    return [by_key[key] for key in keys if key in by_key]


def _groups(results: Results, question: Wanted, address: QueryDict) -> list[Group]:
    groups = []
    for facet, label in FACETS.items():
        chosen = question.filters.get(facet, ())
        counts = {count.value: count.count for count in results.facets.get(facet, ())}
        shown = [*(value for value in chosen if value not in counts), *counts]
        names = _names(facet, shown)
        values = [
            Value(
                label=names.get(value, value),
                count=counts.get(value, 0),
                chosen=value in chosen,
                address=_toggled(address, facet, value),
            )
            for value in shown
        ]
        if values:
            groups.append(Group(label, values))
    return groups


def _names(facet: Facet, values: Sequence[str]) -> Mapping[str, str]:
    match facet:
        case Facet.LIBRARY:
            return dict(Library.objects.filter(code__in=values).values_list("code", "name"))
        case Facet.LOCATION:
            keys = [value for value in values if value.isdecimal()]
            rows = Location.objects.filter(pk__in=keys).select_related("library")
            return {str(row.pk): f"{row.name} · {row.library.name}" for row in rows}
        case Facet.TYPE:
            return {value: material(value) for value in values}
        case Facet.LANGUAGE:
            return {value: language(value) for value in values}
        case _:
            return {}


def _toggled(address: QueryDict, facet: str, value: str) -> str:
    changed = address.copy()
    kept = address.getlist(facet)
    changed.setlist(
        facet, [each for each in kept if each != value] if value in kept else [*kept, value]
    )
    changed.pop("page", None)
    return f"?{changed.urlencode()}"
