"""The pages of the catalogue: where it begins, what leads further, lists, and the shelf."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from tangthu.discovery import search
from tangthu.discovery.engine import ONLINE, Facet, Query
from tangthu.discovery.errors import IndexUnavailable
from tangthu.formats.opds.model import FacetLink, Feed, Paging, Rel, Way
from tangthu.libraries.reading import network
from tangthu.patrons.models import Patron
from tangthu.protocols.opds import finding
from tangthu.protocols.opds.entries import Shelved, entries_of
from tangthu.protocols.opds.finding import LAST_PAGE, NEWEST, PAGE, Asked, Found, offered
from tangthu.protocols.opds.places import Catalogue
from tangthu.reading.lending import shelf_of
from tangthu.repository.labels import LANGUAGES
from tangthu.repository.models import KIND_LABELS, Collection

COLLECTIONS, LANGUAGE, LIBRARIES, SUBJECTS = "collections", "languages", "libraries", "subjects"
BROWSED = (COLLECTIONS, LANGUAGE, LIBRARIES, SUBJECTS)


def root(catalogue: Catalogue, *, now: datetime) -> Feed:
    """Return the page where a client begins."""
    ways = [
        Way(
            title=_("New in the digital library"),
            href=catalogue.address("publications", sort=NEWEST),
            rel=Rel.NEW,
        ),
        Way(title=_("Everything by title"), href=catalogue.address("publications")),
        *(
            Way(title=title, href=catalogue.address("browse", by), holds_publications=False)
            for by, title in _titles().items()
        ),
    ]
    return replace(_page(catalogue, "root", _name(), now=now), ways=ways, up="")


def browse(catalogue: Catalogue, by: str, *, now: datetime) -> Feed:
    """Return the ways into the catalogue by collection, language, library or subject."""
    ways = {
        COLLECTIONS: _by_collection,
        LANGUAGE: _by_language,
        LIBRARIES: _by_library,
        SUBJECTS: _by_subject,
    }[by](catalogue)
    page = _page(catalogue, f"browse-{by}", _titles()[by], now=now)
    return replace(page, ways=ways, self=catalogue.address("browse", by))


def publications(catalogue: Catalogue, question: Asked, *, now: datetime) -> Feed:
    """Return a list of publications, with its pages and what narrows it."""
    found = finding.found(question)
    page = _page(catalogue, f"publications-{name_of(question)}", _title(question), now=now)
    number = question.page if question.page > 1 else ""
    return replace(
        page,
        entries=entries_of(found.objects, catalogue, now=now),
        facets=_facets(catalogue, question, found),
        paging=_paging(catalogue, question, found),
        self=catalogue.listing(question.told, page=number),
    )


def shelf(catalogue: Catalogue, patron: Patron, *, now: datetime) -> Feed:
    """Return what the reader has borrowed and waits for."""
    had = shelf_of(patron, now=now)
    objects = [*(loan.object for loan in had.loans), *(hold.object for hold in had.holds)]
    return replace(
        _page(catalogue, "shelf", _("My shelf"), now=now),
        entries=entries_of(objects, catalogue, now=now, shelved=shelved_of(patron, now=now)),
        self=catalogue.address("shelf"),
    )


def shelved_of(patron: Patron, *, now: datetime) -> Shelved:
    """Return what the reader has and waits for, by the object. Two queries."""
    had = shelf_of(patron, now=now)
    return Shelved(
        {loan.object_id: loan for loan in had.loans}, {hold.object_id: hold for hold in had.holds}
    )


def name_of(question: Asked) -> str:
    """Return what tells this list from others: the words of its address in their order."""
    return "-".join(f"{name}:{value}" for name, value in question.told.items() if value) or "all"


def _page(catalogue: Catalogue, identifier: str, title: str, *, now: datetime) -> Feed:
    """Return a page of the catalogue before anything is on it."""
    start = catalogue.address("root")
    return Feed(
        identifier=f"tag:{catalogue.site.domain},2026:opds:{identifier}",
        title=title,
        updated_at=_last_change() or now,
        author=_name(),
        self=start,
        start=start,
        search=catalogue.search,
        shelf=catalogue.address("shelf"),
        authentication=catalogue.authentication,
        icon=catalogue.site.at("/static/ui/mark.svg"),
        up=start,
    )


def _last_change() -> datetime | None:
    moment: datetime | None = offered().aggregate(at=Max("updated_at"))["at"]
    return moment


def _name() -> str:
    root = next((row for row in network().libraries.values() if row.parent_id is None), None)
    return root.name if root else "Tàng Thư"


def _titles() -> dict[str, str]:
    return {
        COLLECTIONS: _("By collection"),
        LANGUAGE: _("By language"),
        SUBJECTS: _("By subject"),
        LIBRARIES: _("By library"),
    }


def _title(question: Asked) -> str:
    if question.q:
        return _("Search: %(words)s") % {"words": question.q}
    if question.subject:
        return question.subject
    for name in finding.NARROWED_BY:
        if value := str(question.told[name]):
            return label(name, value)
    return _("New in the digital library") if question.sort == NEWEST else _("Everything by title")


def label(name: str, value: str) -> str:
    """Return what a value by which lists are narrowed is called."""
    match name:
        case "collection":
            row = Collection.objects.filter(code=value).first()
            return row.name if row else value
        case "library":
            known = network().libraries.values()
            return next((row.name for row in known if row.code == value), value)
        case "language":
            return str(LANGUAGES.get(value, value))
        case "kind":
            return str(KIND_LABELS.get(value, value))
    return value


def _by_collection(catalogue: Catalogue) -> list[Way]:
    return [
        Way(
            title=f"{'– ' * row.depth}{row.name}",
            href=catalogue.address("publications", collection=row.code),
            summary=row.description,
        )
        for row in Collection.objects.in_tree_order()
    ]


def _by_language(catalogue: Catalogue) -> list[Way]:
    return _counted(catalogue, "language")


def _by_library(catalogue: Catalogue) -> list[Way]:
    return _counted(catalogue, "library")


def _counted(catalogue: Catalogue, name: str) -> list[Way]:
    counts = finding.found(Asked()).counts.get(name, ())
    return [
        Way(
            title=label(name, value),
            href=catalogue.address("publications", **{name: value}),
            count=count,
        )
        for value, count in counts
    ]


def _by_subject(catalogue: Catalogue) -> list[Way]:
    """Return the subjects of what can be read; none while the index is being made."""
    query = Query(
        filters={Facet.ONLINE: (ONLINE,)}, limit=1, facets=(Facet.SUBJECT,), facet_size=100
    )
    try:
        counts = search.search(query).facets.get(Facet.SUBJECT, ())
    except IndexUnavailable:
        counts = ()
    return [
        Way(
            title=each.value,
            href=catalogue.address("publications", subject=each.value),
            count=each.count,
        )
        for each in counts
    ]


def _facets(catalogue: Catalogue, question: Asked, found: Found) -> list[FacetLink]:
    groups = {
        "kind": _("Kind"),
        "language": _("Language"),
        "library": _("Library"),
        "subject": _("Subject"),
    }
    links = [
        FacetLink(
            group=groups[name],
            title=label(name, value),
            href=catalogue.listing(
                question.told, **{name: "" if question.told[name] == value else value}
            ),
            count=count,
            is_active=question.told[name] == value,
        )
        for name, counts in found.counts.items()
        for value, count in counts
    ]
    if question.is_search:
        return links
    orders = {"": _("By title"), NEWEST: _("Newest first")}
    return [
        *(
            FacetLink(
                group=_("Order"),
                title=words,
                href=catalogue.listing(question.told, sort=sort),
                is_active=question.sort == sort,
            )
            for sort, words in orders.items()
        ),
        *links,
    ]


def _paging(catalogue: Catalogue, question: Asked, found: Found) -> Paging:
    pages = min(max(-(-found.total // PAGE), 1), LAST_PAGE)

    def at(page: int) -> str:
        return catalogue.listing(question.told, page=page if page > 1 else "")

    return Paging(
        total=found.total,
        size=PAGE,
        number=question.page,
        first=at(1),
        previous=at(question.page - 1) if question.page > 1 else "",
        next=at(question.page + 1) if question.page < pages else "",
        last=at(pages),
    )
