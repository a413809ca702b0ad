"""Holds as the rules see them: the queue of a title, the copies that are free for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.models import Hold, HoldState, Loan, SetAside, Transfer
from tangthu.circulation.policy import (
    CopyTerms,
    FreeCopy,
    Place,
    RuleBook,
    Waiting,
    copy_terms,
    pull,
)
from tangthu.circulation.reading.parties import Books
from tangthu.core.prepared import Prepared
from tangthu.libraries.models import Library, chain_of

HoldRow = tuple[
    int,
    int,
    int,
    int,
    int,
    int,
    int | None,
    date | None,
    date | None,
    bool,
    list[str],
    int | None,
    str,
    int | None,
    int,
]


def _rows(holds: QuerySet[Hold]) -> QuerySet[Hold, HoldRow]:
    rows = holds.order_by().values_list(
        "pk",
        "rank",
        "patron_id",
        "patron__category_id",
        "patron__library_id",
        "pickup_id",
        "item_id",
        "starts_on",
        "expires_on",
        "suspended",
        "overridden",
        "recall__loan_id",
        "state",
        "trapped_id",
        "record_id",
    )
    return cast(QuerySet[Hold, HoldRow], rows)


_CLAIMS = Prepared(
    lambda item, record: _rows(
        Hold.objects.filter(Q(trapped=item) | Q(record=record, state=HoldState.WAITING))
    ),
    slots=2,
)


@dataclass(frozen=True, slots=True)
class TermsOf:
    """What the rules of one library say of the holds on one type of copy, asked once each."""

    known: Books
    library: Library
    item_type: str
    _found: dict[str, CopyTerms] = field(default_factory=dict)

    def __call__(self, category: str) -> CopyTerms:
        """Return what holds for readers of that category."""
        if category not in self._found:
            self._found[category] = copy_terms(self.book(category))
        return self._found[category]

    def book(self, category: str) -> RuleBook:
        """Return the rules for readers of that category. No query."""
        return rule_book(self.known, self.library, category=category, item_type=self.item_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A hold that has one copy: kept for its reader, or left on the shelf when it ended."""

    hold: int
    state: str
    patron: int | None
    pickup: int

    @property
    def is_open(self) -> bool:
        return self.state in (HoldState.IN_TRANSIT, HoldState.ON_SHELF)


@dataclass(frozen=True, slots=True)
class Claims:
    """All that readers want of one copy: the holds bound to it, and the queue of its title."""

    bound: tuple[Claim, ...] = ()
    queue: tuple[Waiting, ...] = ()

    @property
    def kept(self) -> Claim | None:
        """The open hold for which the copy is kept."""
        return next((claim for claim in self.bound if claim.is_open), None)

    def others(self, patron: int) -> int:
        """Count the others who wait for the title."""
        return sum(hold.patron != patron for hold in self.queue)


def claims_on(item: Item, known: Books) -> Claims:
    """Return what readers want of the copy. One query; to be asked after its lock."""
    bound, queue = list[Claim](), list[Waiting]()
    for row in _CLAIMS.all(item.pk, item.record_id):
        *_, state, trapped, _record = row
        if trapped == item.pk:
            bound.append(Claim(hold=row[0], state=state, patron=row[2], pickup=row[5]))
        else:
            queue.append(_waiting(row, known))
    return Claims(tuple(bound), tuple(queue))


def queues_of(record_ids: Iterable[int] | None, known: Books) -> dict[int, list[Waiting]]:
    """Return those who wait, by title; of all titles without any named. One query."""
    holds = Hold.objects.waiting()
    if record_ids is not None:
        holds = holds.filter(record__in=list(record_ids))
    found = defaultdict[int, list[Waiting]](list)
    for row in _rows(holds):
        found[row[-1]].append(_waiting(row, known))
    return dict(found)


def place(library_id: int, known: Books) -> Place:
    """Return the library as the rules see it. No query."""
    return _place(known.network.libraries[library_id].path)


@lru_cache(maxsize=4096)
def _place(path: str) -> Place:
    return Place(chain_of(path))


def rule_book(known: Books, library: Library, *, category: str, item_type: str) -> RuleBook:
    """Return the library's rules for readers of that category. No query."""
    categories = (each for each in known.categories.values() if each.code == category)
    return RuleBook(known.rules(library, next(categories)).rows, category, item_type)


def copy_at(item: Item, library_id: int, known: Books) -> FreeCopy:
    """Return the copy as if it stood free at that library. No query when its parts are known."""
    owner = known.network.libraries[item.library_id]
    item_type = known.item_types[item.item_type_id].code
    return FreeCopy(
        item=item.pk,
        owner=Place(owner.chain),
        here=place(library_id, known),
        terms=TermsOf(known, owner, item_type),
        item_type=item_type,
        limits=known.limits,
    )


@dataclass(frozen=True, slots=True)
class ShelfCopy:
    """A copy in stock: where it is, and whether it is in and kept for nobody."""

    item: Item
    copy: FreeCopy
    is_in: bool

    @property
    def is_lendable(self) -> bool:
        """Whether it is in, and of a kind and a stack that are lent."""
        location = self.item.location
        on_site = location is not None and location.on_site_only
        good = self.item.status == ItemStatus.AVAILABLE and self.item.item_type.loanable
        return self.is_in and good and not on_site


def copies_of(record_ids: Iterable[int], known: Books) -> dict[int, list[ShelfCopy]]:
    """Return the copies in stock of these titles. One query."""
    this = OuterRef("pk")
    items = (
        Item.objects.in_stock()
        .filter(record__in=list(record_ids))
        .annotate(
            away=Exists(Loan.objects.open().filter(item=this))
            | Exists(Hold.objects.filter(trapped=this))
            | Exists(Transfer.objects.open().filter(item=this))
            | Exists(SetAside.objects.filter(item=this)),
            stays_at=F("stay__library"),
        )
        .order_by("pk")
    )
    found = defaultdict[int, list[ShelfCopy]](list)
    for item in items:
        here = item.stays_at or item.library_id  # type: ignore[attr-defined]
        away: bool = item.away  # type: ignore[attr-defined]
        copy = copy_at(known.item(item), here, known)
        found[item.record_id].append(ShelfCopy(item, copy, is_in=not away))
    return dict(found)


def other_free_copies(item: Item, known: Books) -> list[FreeCopy]:
    """Return the free copies of the item's title but for itself. One query."""
    standing = copies_of([item.record_id], known).get(item.record_id, [])
    return [each.copy for each in standing if each.is_lendable and each.item.pk != item.pk]


@dataclass(frozen=True, slots=True)
class Pulled:
    """A copy to fetch from the shelf, and the hold it is for."""

    copy: ShelfCopy
    hold: Waiting


def pull_list(library: Library, known: Books, *, today: date) -> list[Pulled]:
    """Return what to fetch from this library's shelves for those who wait. Two queries.

    Reckoned for the whole network at once, so that no hold is on the lists of two libraries.
    """
    queues = queues_of(None, known)
    copies = copies_of(queues, known)
    return [
        Pulled(each, chosen[each.item.pk])
        for record, queue in queues.items()
        for chosen in [_pulled(copies.get(record, []), queue, today)]
        for each in copies.get(record, [])
        if each.item.pk in chosen and each.copy.here.id == library.pk
    ]


def _pulled(
    copies: Sequence[ShelfCopy], queue: Sequence[Waiting], today: date
) -> Mapping[int, Waiting]:
    return pull([each.copy for each in copies if each.is_lendable], queue, today=today)


def _waiting(row: HoldRow, known: Books) -> Waiting:
    pk, rank, patron, category, home, pickup, item, starts, expires, suspended, waived, loan = row[
        :12
    ]
    return Waiting(
        key=pk,
        rank=rank,
        patron=patron,
        category=known.categories[category].code,
        home=place(home, known),
        pickup=place(pickup, known),
        wanted=item,
        starts_on=starts,
        expires_on=expires,
        is_suspended=suspended,
        recalled=loan,
        waived=frozenset(waived),
    )
