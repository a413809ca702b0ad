"""From the address of a search to the page that answers it, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tangthu.catalogue import labels as codes
from tangthu.catalogue.models import Record
from tangthu.circulation.reading import availability
from tangthu.circulation.reading.availability import Copy
from tangthu.core.numbers import whole_number
from tangthu.core.prepared import PreparedForKeys
from tangthu.discovery.engine import Count, Facet, Query, Results, SearchEngine, Sort
from tangthu.discovery.highlight import Highlighter, Segment
from tangthu.discovery.language import Parsed, parse
from tangthu.libraries.models import Library, Location
from tangthu.opac import labels, within
from tangthu.opac.marking import marked
from tangthu.opac.within import Texts, Visitor, Within
from tangthu.repository.models import DigitalObject

PAGE = 20
LAST_PAGE = 500
FACETS = (
    Facet.ONLINE,
    Facet.TYPE,
    Facet.LIBRARY,
    Facet.LANGUAGE,
    Facet.AUTHOR,
    Facet.SUBJECT,
    Facet.YEAR,
)
MOST_FILTERS = 20
LONGEST_FILTER = 300

_RECORDS = PreparedForKeys(
    lambda keys: Record.objects.public().without_marc().filter(pk__in=keys).order_by()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as its address says it."""

    q: str = ""
    page: int = 1
    sort: Sort = Sort.RELEVANCE
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)

    @property
    def parsed(self) -> Parsed:
        return parse(self.q)

    def query(self, *, limit: int = PAGE) -> Query:
        return Query(
            tree=self.parsed.tree,
            filters=self.filters,
            sort=self.sort,
            offset=(self.page - 1) * limit,
            limit=limit,
            facets=FACETS,
        )


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    name: str
    label: str
    values: list[FacetValue]
    open: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One hit as the page shows it: a record, or an object that has none."""

    title_html: SafeString
    record: Record | None = None
    document: DigitalObject | None = None
    kind_label: str = ""
    status: str = ""
    due_at: object = None
    place: str = ""
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The answer: cards, facets, and where one is in it.

    `inside` are the cards of what only the text of pages finds, `inside_total` how many there are,
    `inside_page` the page on which they begin where it is not this one.
    """

    asked: Asked
    total: int
    took_ms: float
    cards: list[Card]
    inside: list[Card]
    inside_total: int
    inside_page: int
    facets: list[FacetGroup]
    chips: list[dict[str, str]]
    did_you_mean: str
    notes: list[str]
    pages: int


def asked(address: QueryDict) -> Asked:
    """Read a search from its address. What makes no sense there is passed over."""
    sort = address.get("sort", "")
    return Asked(
        q=address.get("q", "").strip(),
        page=whole_number(address.get("page", "")) or 1,
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        filters=filters(address),
    )


def filters(address: QueryDict) -> dict[Facet, tuple[str, ...]]:
    """Return the chosen values of each facet, so many as a person may choose."""
    chosen = {
        facet: tuple(
            value
            for value in address.getlist(facet)[:MOST_FILTERS]
            if 0 < len(value) <= LONGEST_FILTER
        )
        for facet in Facet
    }
    return {facet: values for facet, values in chosen.items() if values}


def answer(question: Asked, *, engine: SearchEngine, address: QueryDict, visitor: Visitor) -> Page:
    """Search, and dress the hits: two queries to the database beside the index.

    A third where the text of documents has the words too.
    """
    query = question.query()
    results = engine.search(query)
    texts = within.find(query, engine=engine, visitor=visitor)
    total = results.total + len(texts.only)
    described = [hit.id for hit in results.hits]
    only = texts.only[slice(*_part(query, results.total, len(described)))]
    shown = cards((*described, *only), question, texts, visitor)
    first = results.total // PAGE + 1
    return Page(
        asked=question,
        total=total,
        took_ms=results.took_ms,
        cards=[shown[key] for key in described if key in shown],
        inside=[shown[key] for key in only if key in shown],
        inside_total=len(texts.only),
        inside_page=first if texts.only and question.page < first <= LAST_PAGE else 0,
        facets=facets(results, question),
        chips=chips(question, address),
        # What stands so in a document is no slip of the one who asks for it.
        did_you_mean="" if texts.is_verbatim else results.did_you_mean,
        notes=[str(labels.NOTES[note]) for note in question.parsed.notes],
        pages=min(-(-total // PAGE), LAST_PAGE),
    )


def _part(query: Query, described: int, here: int) -> tuple[int, int]:
    """Return which of those found by text alone this page shows, after the described ones."""
    start = max(0, query.offset - described)
    return start, start + max(0, min(query.limit - here, query.offset + query.limit - described))


def cards(keys: Sequence[int], question: Asked, texts: Texts, visitor: Visitor) -> dict[int, Card]:
    """Return the cards of these hits; what was withdrawn meanwhile is left out."""
    ids = [key for key in keys if key > 0]
    records = {record.pk: record for record in _RECORDS.all(ids)}
    copies = availability.of_records(ids)
    mark = Highlighter(question.parsed.tree).segments
    inside = within.shown(texts, keys, q=question.q, visitor=visitor)
    shown = {
        pk: card(record, copies.get(pk, []), mark, inside.get(pk)) for pk, record in records.items()
    }
    return shown | {key: object_card(found, mark) for key, found in inside.items() if key < 0}


def card(
    record: Record,
    copies: Sequence[Copy],
    mark: Callable[[str], Sequence[Segment]],
    inside: Within | None,
) -> Card:
    status, due_at = availability.summary(copies)
    return Card(
        record=record,
        title_html=marked(mark(record.title)),
        kind_label=codes.material(record.material_type),
        status=status,
        due_at=due_at,
        place=places(copies),
        within=inside,
    )


def object_card(inside: Within, mark: Callable[[str], Sequence[Segment]]) -> Card:
    """Return the card of an object that no record describes."""
    found = inside.object
    return Card(
        document=found,
        title_html=marked(mark(found.title)),
        kind_label=str(found.get_kind_display()),
        place=found.library.name,
        within=inside,
    )


def places(copies: Sequence[Copy]) -> str:
    """Return where a reader goes first: the library with a copy in, and how many others."""
    libraries = list(dict.fromkeys(copy.library for copy in copies if copy.is_in)) or list(
        dict.fromkeys(copy.library for copy in copies)
    )
    if not libraries:
        return ""
    return libraries[0] if len(libraries) == 1 else f"{libraries[0]} +{len(libraries) - 1}"


def facets(results: Results, question: Asked) -> list[FacetGroup]:
    names = Names()
    return [
        FacetGroup(
            name=facet,
            label=str(labels.FACETS[facet]),
            values=values(facet, results.facets.get(facet, ()), question, names),
            open=index < 4 or facet in question.filters,
        )
        for index, facet in enumerate(FACETS)
        if results.facets.get(facet) or facet in question.filters
    ]


def values(
    facet: Facet, counts: Sequence[Count], question: Asked, names: Names
) -> list[FacetValue]:
    chosen = question.filters.get(facet, ())
    found = {count.value: count.count for count in counts}
    shown = [*(value for value in chosen if value not in found), *found]
    return [
        FacetValue(value, names.of(facet, value), found.get(value, 0), value in chosen)
        for value in shown
    ]


def chips(question: Asked, address: QueryDict) -> list[dict[str, str]]:
    """Return the chosen values, each with the address of the search without it."""
    names = Names()
    return [
        {"label": names.of(facet, value), "url": without(address, facet, value)}
        for facet, chosen in question.filters.items()
        for value in chosen
    ]


def without(address: QueryDict, facet: str, value: str) -> str:
    changed = address.copy()
    changed.setlist(facet, [other for other in address.getlist(facet) if other != value])
    changed.pop("page", None)
    return f"?{changed.urlencode()}"


class Names:
    """The names of facet values; those of libraries and stacks are read when first needed."""

    def __init__(self) -> None:
        self._libraries: dict[str, str] | None = None
        self._locations: dict[str, str] | None = None

    def of(self, facet: Facet, value: str) -> str:
        match facet:
            case Facet.LANGUAGE:
                return codes.language(value)
            case Facet.TYPE:
                return codes.material(value)
            case Facet.ONLINE:
                return _("Can be read online")
            case Facet.LIBRARY:
                return self.libraries.get(value, value)
            case Facet.LOCATION:
                return self.locations.get(value, value)
            case _:
                return value

    @property
    def libraries(self) -> dict[str, str]:
        if self._libraries is None:
            self._libraries = dict(Library.objects.values_list("code", "name"))
        return self._libraries

    @property
    def locations(self) -> dict[str, str]:
        if self._locations is None:
            rows = Location.objects.values_list("pk", "name")
            self._locations = {str(pk): name for pk, name in rows}
        return self._locations
