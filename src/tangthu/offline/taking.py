"""What a device takes along: its library's book of rules, its readers, its copies, and the news.

A device holds the readers of its library and those who have its copies; the copies of its
library and those that its readers have. It asks for them in pages, in the order of their
numbers, and afterwards for what the feed says has changed. A row that is no longer for it is
named as gone.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone, translation

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Hold, Loan
from tangthu.circulation.policy import RuleName, local_day
from tangthu.circulation.reading import books
from tangthu.core import changes
from tangthu.core.changes import Position
from tangthu.core.models import Change
from tangthu.libraries.models import Library
from tangthu.offline.book import book_of
from tangthu.offline.claims import claims_on
from tangthu.offline.further import further_of_items, further_of_loans, further_of_patrons
from tangthu.offline.policy import ItemRow, LoanRow, PatronRow, Plain, Stop, encode, pack
from tangthu.patrons.models import Patron, Restriction
from tangthu.patrons.policy import age_on

PAGE = 4000
NEWS = 2000
TITLE = 80
CHILD = 18
"""Until this age records and rules ask for ages of all kinds, so the date of birth goes along."""

ROW_KINDS = frozenset({"patron", "loan", "record", "hold", "account"})
"""The kinds of news that are about single readers and copies. Any other may change the book."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order of their numbers, and the last of these; None after the last page."""

    rows: list[list[Plain]]
    last: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is different since a position; with `anew` the device must take everything again."""

    position: str
    patrons: list[list[Plain]] = field(default_factory=list)
    items: list[list[Plain]] = field(default_factory=list)
    gone_patrons: list[int] = field(default_factory=list)
    gone_items: list[int] = field(default_factory=list)
    more: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class BookText:
    """The book as JSON, and its digest."""

    text: str
    version: str


def book_text(library: Library) -> BookText:
    """Return the library's book in the language of the moment."""
    plain = encode(book_of(library))
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(f"{translation.get_language()}{text}".encode()).hexdigest()
    return BookText(text, digest[:16])


def head() -> str:
    """Return the position from which news has to be asked after everything was taken."""
    return _written(changes.head())


def patron_page(library: Library, *, after: int) -> Page:
    """Return the next readers."""
    ids = list(
        Patron.objects.filter(_readers_of(library), pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:PAGE]
    )
    return Page(patron_rows(ids), ids[-1] if len(ids) == PAGE else None)


def item_page(library: Library, *, after: int) -> Page:
    """Return the next copies."""
    ids = list(
        Item.objects.filter(_copies_of(library), pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:PAGE]
    )
    return Page(item_rows(ids), ids[-1] if len(ids) == PAGE else None)


def every_patron(library: Library) -> list[list[Plain]]:
    """Return all readers, for a file."""
    return _every(patron_page, library)


def every_item(library: Library) -> list[list[Plain]]:
    """Return all copies, for a file."""
    return _every(item_page, library)


def _every(page_of: Callable[..., Page], library: Library) -> list[list[Plain]]:
    rows, after = list[list[Plain]](), 0
    while True:
        page = page_of(library, after=after)
        rows += page.rows
        if page.last is None:
            return rows
        after = page.last


def news(library: Library, *, since: str) -> News:
    """Return what has changed since the position, at most two thousand lines of the feed."""
    start = _read(since)
    if start is None or changes.is_ahead(start):
        return News(position=head(), anew=True)
    found = changes.read(start, kinds=ROW_KINDS, limit=NEWS)
    patrons, items = _touched(found)
    position = _written(changes.position_of(found[-1])) if found else since
    return rows_of(library, patrons, items, position=position, more=len(found) == NEWS)


def rows_of(
    library: Library,
    patrons: Iterable[int],
    items: Iterable[int],
    *,
    position: str = "",
    more: bool = False,
) -> News:
    """Return how these readers and copies now are, and which of them are not for the device."""
    patrons, items = set(patrons), set(items)
    mine = set(
        Patron.objects.filter(_readers_of(library), pk__in=patrons).values_list("pk", flat=True)
    )
    ours = set(Item.objects.filter(_copies_of(library), pk__in=items).values_list("pk", flat=True))
    return News(
        position=position,
        patrons=patron_rows(sorted(mine)),
        items=item_rows(sorted(ours)),
        gone_patrons=sorted(patrons - mine),
        gone_items=sorted(items - ours),
        more=more,
    )


def patron_rows(ids: Sequence[int]) -> list[list[Plain]]:
    """Return the readers as packed rows. A few queries."""
    today = local_day(timezone.now())
    birthdays = _ages_that_matter()
    stops, further = _stops(ids), further_of_patrons(ids)
    found = Patron.objects.filter(pk__in=ids).order_by("pk")
    return [
        pack(
            PatronRow(
                id=pk,
                card=card,
                name=name,
                words=words,
                category=category,
                library=library,
                expires_on=expires_on,
                card_state=card_status,
                born=_told(birth_on, today, birthdays),
                stops=tuple(stops.get(pk, ())),
                further=further.get(pk, {}),
            )
        )
        for (
            pk,
            card,
            name,
            words,
            category,
            library,
            expires_on,
            card_status,
            birth_on,
        ) in found.values_list(
            "pk",
            "card",
            "name",
            "folded_name",
            "category__code",
            "library_id",
            "expires_on",
            "card_status",
            "birth_on",
        )
    ]


def item_rows(ids: Sequence[int]) -> list[list[Plain]]:
    """Return the copies as packed rows. A few queries."""
    loans, further, claims = _loans(ids), further_of_items(ids), claims_on(ids)
    found = Item.objects.filter(pk__in=ids).order_by("pk")
    return [
        pack(
            ItemRow(
                id=pk,
                record=record,
                barcode=barcode,
                number=number,
                title=title[:TITLE],
                type=kind,
                state=status,
                library=library,
                on_site=bool(on_site),
                loan=loans.get(pk),
                further=further.get(pk, {}),
                claims=claims.get(pk),
            )
        )
        for pk, record, barcode, number, title, kind, status, library, on_site in found.values_list(
            "pk",
            "record_id",
            "barcode",
            "accession_number",
            "record__title",
            "item_type__code",
            "status",
            "library_id",
            "location__on_site_only",
        )
    ]


def _readers_of(library: Library) -> Q:
    have_ours = Loan.objects.open().filter(item__library=library).values("patron")
    return Q(library=library) | Q(pk__in=have_ours)


def _copies_of(library: Library) -> Q:
    with_ours = Loan.objects.open().filter(patron__library=library).values("item")
    return Q(library=library) | Q(pk__in=with_ours)


def _loans(ids: Sequence[int]) -> dict[int, LoanRow]:
    found = list(Loan.objects.open().filter(item__in=ids))
    further = further_of_loans(found)
    return {
        loan.item_id: LoanRow(
            id=loan.pk,
            patron=loan.patron_id or 0,
            due_at=loan.due_at,
            lent_at=loan.lent_at,
            renewals=loan.renewals,
            library=loan.library_id,
            further=further.get(loan.pk, {}),
        )
        for loan in found
    }


def _stops(ids: Sequence[int]) -> Mapping[int, list[Stop]]:
    today = local_day(timezone.now())
    found: defaultdict[int, list[Stop]] = defaultdict(list)
    rows = Restriction.objects.in_force(today).filter(patron__in=ids).order_by("pk")
    for patron, kind, until in rows.values_list("patron_id", "kind", "until"):
        found[patron].append(Stop(kind=kind, until=until))
    return found


def _ages_that_matter() -> frozenset[int]:
    """Return the ages at which some rule changes its mind: of these the birthday counts."""
    named = {RuleName.MINIMUM_AGE, RuleName.MAXIMUM_AGE}
    ages = {
        int(row.value)
        for rows in books().rows.values()
        for row in rows
        if row.name in named and row.value.isdigit()
    }
    return frozenset(ages | {age + 1 for age in ages})


def _told(birth_on: date | None, today: date, birthdays: frozenset[int]) -> date | int | None:
    """Return the date of birth where a birthday of the coming year counts; else the age."""
    if birth_on is None:
        return None
    age = age_on(birth_on, today)
    return birth_on if age < CHILD or age + 1 in birthdays else age


def _touched(found: Iterable[Change]) -> tuple[set[int], set[int]]:
    """Return the readers and copies that these lines of the feed are about."""
    keys: defaultdict[str, set[int]] = defaultdict(set)
    for change in found:
        if change.key.isdigit():
            keys[change.kind].add(int(change.key))
    held = Hold.objects.filter(pk__in=keys["hold"]).values_list("record_id", "trapped_id")
    records = keys["record"] | {record for record, _trapped in held}
    patrons, items = keys["patron"] | keys["account"], {copy for _, copy in held if copy}
    loans = Loan.objects.filter(pk__in=keys["loan"]).values_list("patron_id", "item_id")
    for patron, item in loans:
        patrons |= {patron} if patron else set()
        items.add(item)
    copies = Item.objects.filter(record__in=records)
    return patrons, items | set(copies.values_list("pk", flat=True))


def _written(position: Position) -> str:
    return f"{position.transaction}:{position.change}"


def _read(text: str) -> Position | None:
    transaction, _, change = text.partition(":")
    if not (transaction.isascii() and transaction.isdigit() and change.isdigit()):
        return None
    return Position(int(transaction), int(change))
