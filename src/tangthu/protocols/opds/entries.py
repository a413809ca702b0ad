"""A digital object as a publication of a feed: described by its record, with the ways to have it.

open to all     open-access: its file, and the reader on the web
lent            borrow, with copies and who waits; for who has it, its file or the reader
other levels    acquisition behind the login: its file, or the reader
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.formats.marc.bibliographic import Description, describe
from tangthu.formats.marc.storage import loads
from tangthu.formats.opds import model
from tangthu.formats.opds.model import Entry, Image, Lending, Link, Rel
from tangthu.protocols.opds.places import ONE, Catalogue
from tangthu.reading.lcp_server import LICENCE
from tangthu.reading.lending import Availability, availability_of
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.reading.policy.licences import Protection
from tangthu.reading.protection import may_be_fetched
from tangthu.reading.readers import SHOWN_ROLES, may_be_streamed
from tangthu.repository import mets, naming
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.kinds import Access, ObjectKind
from tangthu.repository.policy.rights import Rights
from tangthu.repository.reading import is_open_to_all
from tangthu.ui.templatetags.ui import LANGUAGES

KINDS: Mapping[str, str] = {
    ObjectKind.AUDIO: "http://schema.org/Audiobook",
    ObjectKind.VIDEO: "http://schema.org/VideoObject",
    ObjectKind.DATA: "http://schema.org/Dataset",
}
BOOK = "http://schema.org/Book"
COVER, SMALL = (600, 800), (240, 320)


@dataclass(frozen=True, slots=True)
class Shelved:
    """What one reader has and waits for, by the object."""

    loans: Mapping[int, DigitalLoan] = field(default_factory=dict)
    holds: Mapping[int, DigitalHold] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is read once for all publications of a feed."""

    files: Mapping[int, Sequence[DigitalFile]]
    covers: Mapping[int, tuple[str, int]]
    lending: Mapping[int, Availability]


def entries_of(
    objects: Sequence[DigitalObject],
    catalogue: Catalogue,
    *,
    now: datetime,
    shelved: Shelved | None = None,
) -> list[Entry]:
    """Return these objects as publications, in their order: a fixed number of queries for all."""
    rows = _whole(objects)
    facts = _Facts(
        files=_files(rows.values()),
        covers=_covers(list(rows)),
        lending=availability_of(
            [row.pk for row in rows.values() if row.access == Access.LENT], now=now
        ),
    )
    return [
        _entry(rows[obj.pk], catalogue, facts, shelved or Shelved(), now)
        for obj in objects
        if obj.pk in rows
    ]


def _whole(objects: Sequence[DigitalObject]) -> dict[int, DigitalObject]:
    rows = DigitalObject.objects.filter(pk__in=[obj.pk for obj in objects])
    whole = rows.select_related("library").prefetch_related("links__record", "collections")
    return {row.pk: row for row in whole}


def _files(objects: Iterable[DigitalObject]) -> dict[int, list[DigitalFile]]:
    """Return the files by which each object is read elsewhere, the newest of each form."""
    known = {obj.pk: obj for obj in objects}
    rows = DigitalFile.objects.current().filter(
        object__in=list(known), role__in=SHOWN_ROLES, page_shown=None
    )
    found: dict[int, dict[str, DigitalFile]] = {}
    for row in rows.order_by("role", "-id"):
        row.object = known[row.object_id]
        if may_be_streamed(row):
            found.setdefault(row.object_id, {}).setdefault(row.media_type, row)
    return {pk: list(files.values()) for pk, files in found.items()}


def _covers(ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Return the first page of each object that has any, and how many it has. One query."""
    pages = Page.objects.filter(object=OuterRef("pk")).ready().order_by("position")
    rows = DigitalObject.objects.filter(pk__in=ids, pages__delivery__isnull=False).annotate(
        first=Subquery(pages.values("identifier")[:1]), count=Count("pages")
    )
    return {pk: (first, count) for pk, first, count in rows.values_list("pk", "first", "count")}


def _entry(
    obj: DigitalObject, catalogue: Catalogue, facts: _Facts, shelved: Shelved, now: datetime
) -> Entry:
    record = mets.first_record(obj)
    about = describe(loads(record.marc)) if record else None
    is_open = is_open_to_all(obj, now=now)
    cover, pages = facts.covers.get(obj.pk, ("", 0))
    return Entry(
        identifier=str(naming.of_object(obj.identifier)),
        title=obj.title,
        subtitle=about.subtitle if about and about.title == obj.title else "",
        updated_at=obj.updated_at,
        address=catalogue.address("object", obj.identifier),
        kind=KINDS.get(obj.kind, BOOK),
        authors=_authors(about),
        contributors=_contributors(about),
        publisher=about.publisher if about else "",
        issued=str(about.year or "") if about else "",
        languages=_languages(obj, about),
        subjects=_subjects(obj, about),
        summary=obj.description or (about.summary if about else ""),
        rights=Rights(obj.rights).uri if obj.rights else "",
        isbn=next(iter(about.isbns), "") if about else "",
        pages=pages,
        links=_links(obj, catalogue, facts, shelved, now),
        images=_images(cover, catalogue) if is_open else (),
    )


def _authors(about: Description | None) -> tuple[str, ...]:
    return (about.main_author,) if about and about.main_author else ()


def _contributors(about: Description | None) -> tuple[str, ...]:
    if about is None:
        return ()
    return tuple(each.name for each in about.authors if each.name != about.main_author)


def _languages(obj: DigitalObject, about: Description | None) -> tuple[str, ...]:
    """Return the languages as the web writes them (BCP 47): `vi`, but `rad`."""
    codes = obj.language_codes or (about.languages if about else ())
    return tuple(LANGUAGES.get(code, code) for code in codes)


def _subjects(obj: DigitalObject, about: Description | None) -> tuple[str, ...]:
    shelves = (row.name for row in obj.collections.all())
    subjects = (*about.subjects, *about.places, *about.keywords) if about else ()
    return tuple(dict.fromkeys([*subjects, *shelves]))


def _images(cover: str, catalogue: Catalogue) -> list[Image]:
    if not cover:
        return []
    return [
        Image(catalogue.site.image(cover, f"!{width},{height}"), width, height, is_small)
        for (width, height), is_small in ((COVER, False), (SMALL, True))
    ]


def _links(
    obj: DigitalObject, catalogue: Catalogue, facts: _Facts, shelved: Shelved, now: datetime
) -> list[Link]:
    files = facts.files.get(obj.pk, ())
    if is_open_to_all(obj, now=now):
        return _open_links(obj, catalogue, files, facts.covers.get(obj.pk, ("", 0))[1])
    if obj.access == Access.LENT:
        return _lent_links(obj, catalogue, facts, shelved)
    found = [_behind_login(obj, row, catalogue) for row in files]
    return [*found, _web(obj, catalogue, Rel.ACQUISITION, needs_login=True)]


def _open_links(
    obj: DigitalObject, catalogue: Catalogue, files: Sequence[DigitalFile], pages: int
) -> list[Link]:
    found = [
        Link(
            rel=Rel.OPEN_ACCESS,
            href=catalogue.site.at(reverse("reading:file", args=[obj.identifier, row.identifier])),
            media_type=row.media_type,
            title=row.name,
        )
        for row in files
    ]
    if pages and catalogue.version == ONE:
        stream = catalogue.site.at(reverse("sharing:opds_page", args=[obj.identifier]))
        template = f"{stream}?n={{pageNumber}}&width={{maxWidth}}"
        found.append(Link(rel=Rel.STREAM, href=template, media_type="image/jpeg", pages=pages))
    return [*found, _web(obj, catalogue, Rel.OPEN_ACCESS)]


def _lent_links(
    obj: DigitalObject, catalogue: Catalogue, facts: _Facts, shelved: Shelved
) -> list[Link]:
    """Return what can be done with a lent object: have it, borrow it, or wait for it."""
    loan, hold = shelved.loans.get(obj.pk), shelved.holds.get(obj.pk)
    files = facts.files.get(obj.pk, ())
    stands = facts.lending.get(obj.pk, Availability())
    if loan is not None:
        return _loan_links(obj, catalogue, loan, files, stands)
    forms = [row.media_type for row in files] or [model.HTML]
    ready = hold is not None and hold.is_ready
    borrow = Link(
        rel=Rel.BORROW,
        href=catalogue.address("borrow", obj.identifier),
        media_type=model.ATOM_ENTRY if catalogue.version == ONE else model.PUBLICATION,
        title=_("Place a hold") if stands.free == 0 and not ready else _("Borrow"),
        lending=_lending(stands, hold),
        indirect=forms[:1],
        needs_login=True,
    )
    revoke = [_revoke(catalogue.address("unhold", hold.pk))] if hold is not None else []
    return [borrow, *revoke]


def _loan_links(
    obj: DigitalObject,
    catalogue: Catalogue,
    loan: DigitalLoan,
    files: Sequence[DigitalFile],
    stands: Availability,
) -> list[Link]:
    """Return how a reader has what is lent to them: as a file, by a licence, or in our reader."""
    lending = Lending(
        state="available",
        since=loan.borrowed_at,
        until=loan.due_at,
        copies=stands.total,
        free=stands.free,
        holds=stands.waiting,
    )
    if loan.licence.protection == Protection.LCP:
        had = [_licence(obj, files, catalogue, lending)]
    else:
        taken = [row for row in files if may_be_fetched(loan, row)]
        had = [_behind_login(obj, row, catalogue, lending) for row in taken]
        had.append(_web(obj, catalogue, Rel.ACQUISITION, needs_login=True, lending=lending))
    return [
        *had,
        _revoke(catalogue.address("give_back", loan.pk)),
    ]


def _lending(stands: Availability, hold: DigitalHold | None) -> Lending:
    if hold is not None:
        ready = hold.is_ready
        return Lending(
            state="ready" if ready else "reserved",
            since=hold.ready_at if ready else hold.placed_at,
            until=hold.ready_until if ready else None,
            copies=stands.total,
            free=stands.free,
            holds=stands.waiting,
            position=hold.place,
        )
    is_free = stands.is_lent and stands.free != 0
    return Lending(
        state="available" if is_free else "unavailable",
        until=None if is_free else stands.next_due_at,
        copies=stands.total,
        free=stands.free,
        holds=stands.waiting,
    )


def _behind_login(
    obj: DigitalObject, row: DigitalFile, catalogue: Catalogue, lending: Lending | None = None
) -> Link:
    return Link(
        rel=Rel.ACQUISITION,
        href=catalogue.site.at(reverse("sharing:opds_file", args=[obj.identifier, row.identifier])),
        media_type=row.media_type,
        title=row.name,
        lending=lending,
        needs_login=True,
    )


def _licence(
    obj: DigitalObject, files: Sequence[DigitalFile], catalogue: Catalogue, lending: Lending
) -> Link:
    """Return where the LCP licence is had, by which a program fetches and opens the book itself."""
    return Link(
        rel=Rel.ACQUISITION,
        href=catalogue.site.at(reverse("sharing:opds_licence", args=[obj.identifier])),
        media_type=LICENCE,
        title=obj.title,
        indirect=[row.media_type for row in files][:1],
        lending=lending,
        needs_login=True,
    )


def _web(
    obj: DigitalObject,
    catalogue: Catalogue,
    rel: Rel,
    *,
    needs_login: bool = False,
    lending: Lending | None = None,
) -> Link:
    return Link(
        rel=rel,
        href=catalogue.site.object(obj.identifier),
        media_type=model.HTML,
        title=_("Read on the web"),
        needs_login=needs_login,
        lending=lending,
    )


def _revoke(address: str) -> Link:
    return Link(rel=Rel.REVOKE, href=address, media_type=model.ATOM_ENTRY, needs_login=True)
