"""Which publications a list holds: by title, newest first, narrowed; or found by words.

Words are looked for as the catalogue's own search does, with its folding, among the records of
which something can be read on the screen, and in the titles of objects that no record describes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict

from tangthu.core.actor import NOBODY
from tangthu.core.numbers import whole_number
from tangthu.discovery import search
from tangthu.discovery.engine import ONLINE, Facet, Query
from tangthu.discovery.engine import Count as Counted
from tangthu.discovery.errors import IndexUnavailable, PageTooDeep, QueryTooLarge
from tangthu.discovery.language import parse
from tangthu.libraries.models import Library
from tangthu.reading.readers import readable
from tangthu.repository.models import Collection, DigitalObject
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.text import fold

PAGE = 25
LAST_PAGE = 400
LONGEST = 300
MOST_TITLES = 10
NEWEST, BY_TITLE = "new", "title"
NARROWED_BY = ("collection", "language", "library", "kind")
_FOUND_BY = {"subject": Facet.SUBJECT, "language": Facet.LANGUAGE, "library": Facet.LIBRARY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list as its address says it. What makes no sense there is passed over."""

    q: str = ""
    subject: str = ""
    collection: str = ""
    language: str = ""
    library: str = ""
    kind: str = ""
    sort: str = ""
    page: int = 1

    @property
    def is_search(self) -> bool:
        """Whether the index of records is asked."""
        return bool(self.q or self.subject)

    @property
    def told(self) -> dict[str, object]:
        """What the address of this list says, but for the page."""
        return {
            "q": self.q,
            "subject": self.subject,
            "collection": self.collection,
            "language": self.language,
            "library": self.library,
            "kind": self.kind,
            "sort": self.sort,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of publications, how many there are in all, and the counts of what narrows them."""

    objects: Sequence[DigitalObject]
    total: int
    counts: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)


def asked(query: QueryDict) -> Asked:
    """Read what a list is asked for from its address."""

    def word(name: str) -> str:
        return query.get(name, "").replace("\x00", "").strip()[:LONGEST]

    sort = word("sort")
    return Asked(
        q=word("q"),
        subject=word("subject"),
        collection=word("collection"),
        language=word("language"),
        library=word("library"),
        kind=word("kind"),
        sort=sort if sort in {NEWEST, BY_TITLE} else "",
        page=min(whole_number(query.get("page", "")) or 1, LAST_PAGE),
    )


def offered() -> QuerySet[DigitalObject]:
    """Return what anybody finds and some reader can show."""
    return DigitalObject.objects.visible_to(NOBODY).published().filter(readable())


def found(question: Asked) -> Found:
    """Return the page of the list that is asked for."""
    return _searched(question) if question.is_search else _listed(question)


def _listed(question: Asked) -> Found:
    rows = _narrowed(offered(), question)
    order = ("title_key", "id")
    if question.sort == NEWEST:
        newest = F("published_at").desc(nulls_last=True)
        ordered = rows.order_by(newest, "-id")
    else:
        ordered = rows.order_by(*order)
    begin = (question.page - 1) * PAGE
    return Found(
        objects=list(ordered[begin : begin + PAGE]), total=rows.count(), counts=_counts(rows)
    )


def _narrowed(rows: QuerySet[DigitalObject], question: Asked) -> QuerySet[DigitalObject]:
    if question.collection:
        inside = Collection.objects.filter(code=question.collection).first()
        if inside is None:
            return rows.none()
        below = DigitalObject.objects.in_collection(inside)
        rows = rows.filter(pk__in=below.values("pk"))
    if question.library:
        chosen = Library.objects.filter(code=question.library).first()
        if chosen is None:
            return rows.none()
        rows = rows.filter(library__in=Library.objects.under(chosen).values("pk"))
    if question.language:
        rows = rows.filter(_in_language(question.language))
    if question.kind in set(ObjectKind):
        rows = rows.filter(kind=question.kind)
    return rows


def _in_language(code: str) -> Q:
    """Match a code among those that stand in the column with spaces between."""
    return (
        Q(languages=code)
        | Q(languages__startswith=f"{code} ")
        | Q(languages__endswith=f" {code}")
        | Q(languages__contains=f" {code} ")
    )


def _counts(rows: QuerySet[DigitalObject]) -> dict[str, list[tuple[str, int]]]:
    """Count the values that narrow the list further. Three queries."""
    bare = rows.order_by()
    languages: dict[str, int] = {}
    for codes, count in bare.values_list("languages").annotate(n=Count("pk")):
        for code in codes.split():
            languages[code] = languages.get(code, 0) + count
    kinds = bare.values_list("kind").annotate(n=Count("pk"))
    libraries = bare.values_list("library__code").annotate(n=Count("pk"))
    return {
        "kind": _most(dict(kinds)),
        "language": _most(languages),
        "library": _most(dict(libraries)),
    }


def _most(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:12]


def _searched(question: Asked) -> Found:
    filters = {
        facet: (value,) for name, facet in _FOUND_BY.items() if (value := str(question.told[name]))
    }
    query = Query(
        tree=parse(question.q).tree,
        filters={**filters, Facet.ONLINE: (ONLINE,)},
        offset=(question.page - 1) * PAGE,
        limit=PAGE,
        facets=(Facet.LANGUAGE, Facet.LIBRARY, Facet.SUBJECT),
    )
    try:
        results = search.search(query)
    except (IndexUnavailable, PageTooDeep, QueryTooLarge):
        return _by_titles(question)
    ids = [hit.id for hit in results.hits]
    described = list(offered().filter(links__record__in=ids).distinct().prefetch_related("links"))
    order = {pk: place for place, pk in enumerate(ids)}
    described.sort(key=lambda obj: (_place(obj, order), obj.pk))
    plain = _bare(question) if question.page == 1 and not question.subject else []
    return Found(
        objects=[*plain, *described],
        total=results.total + len(plain),
        counts={name: _told(results.facets.get(facet, ())) for name, facet in _FOUND_BY.items()},
    )


def _place(obj: DigitalObject, order: Mapping[int, int]) -> int:
    return min(order[link.record_id] for link in obj.links.all() if link.record_id in order)


def _bare(question: Asked) -> list[DigitalObject]:
    """Return objects without a record whose title holds the words."""
    rows = _with_words(offered().filter(links=None), question.q)
    return list(rows.order_by("title_key", "id")[:MOST_TITLES])


def _by_titles(question: Asked) -> Found:
    """Answer while the index is being made: by the titles alone."""
    rows = _with_words(_narrowed(offered(), question), question.q)
    begin = (question.page - 1) * PAGE
    return Found(
        objects=list(rows.order_by("title_key", "id")[begin : begin + PAGE]), total=rows.count()
    )


def _with_words(rows: QuerySet[DigitalObject], text: str) -> QuerySet[DigitalObject]:
    words = fold(text).split()[:10]
    if not words:
        return rows.none()
    for word in words:
        rows = rows.filter(folded_title__contains=word)
    return rows


def _told(counts: Sequence[Counted]) -> list[tuple[str, int]]:
    return [(count.value, count.count) for count in counts]
