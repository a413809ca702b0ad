"""Gathers what the lending rules need to know of a loan's parties, in as few queries as may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from tangthu.catalogue.models import Item, ItemType
from tangthu.circulation.models import LendingRule, Loan, SetAside, Transfer
from tangthu.circulation.policy import (
    DEFINITIONS,
    NO_LIMITS,
    Borrower,
    CardState,
    ItemFacts,
    ItemState,
    LendingRules,
    LoanTally,
    PatronFacts,
    RenewalStart,
    RestrictionFact,
    RuleName,
    RuleRow,
    RulesFrom,
    TransferLimits,
    local_day,
    meeting_distance,
)
from tangthu.circulation.reading.limits import read_limits
from tangthu.core.prepared import Prepared
from tangthu.core.stamps import Remembered
from tangthu.libraries.models import Library
from tangthu.libraries.reading import Network, read_network
from tangthu.notices.kinds import Topic
from tangthu.notices.models import Choice
from tangthu.patrons.models import Patron, PatronCategory, Restriction


@dataclass(frozen=True, slots=True)
class Decision:
    """Which library decides a loan, why that one, and its rules."""

    library: Library
    rules_from: RulesFrom
    rules: LendingRules


@dataclass(frozen=True, slots=True)
class Books:
    """All that decides loans and seldom changes: read at once, remembered until it does.

    Its rows are shared by every thread: to be read, never saved.
    """

    network: Network
    item_types: Mapping[int, ItemType]
    categories: Mapping[int, PatronCategory]
    rows: Mapping[int, Sequence[LendingRule]]
    limits: TransferLimits = NO_LIMITS
    _rules: dict[tuple[int, int], LendingRules] = field(default_factory=dict)

    def item(self, item: Item) -> Item:
        """Give the copy its library, location and type, as they are remembered."""
        item.library = self.network.libraries[item.library_id]
        item.item_type = self.item_types[item.item_type_id]
        item.location = self.network.locations[item.location_id] if item.location_id else None
        return item

    def patron(self, patron: Patron) -> Patron:
        """Give the reader the category and the library, as they are remembered."""
        patron.library = self.network.libraries[patron.library_id]
        patron.category = self.categories[patron.category_id]
        return patron

    def desk(self, library_id: int | None, *, owner: Library) -> Library:
        """Return the library at which an actor stands; a machine stands where the copy belongs."""
        return owner if library_id is None else self.network.libraries[library_id]

    def decision(self, item: Item, *, patron: Patron, desk: Library) -> Decision:
        """Find the library that decides this loan, and its rules. No query.

        The desk's library says whose rules count; everything else is said by the one they are.
        """
        rules_from = RulesFrom(str(self.network.preference(desk.chain, "lending_rules_from")))
        library = {
            RulesFrom.ITEM_LIBRARY: item.library,
            RulesFrom.PATRON_LIBRARY: patron.library,
            RulesFrom.DESK_LIBRARY: desk,
        }[rules_from]
        return Decision(library, rules_from, self.rules(library, patron.category))

    def rules(self, library: Library, category: PatronCategory) -> LendingRules:
        """Return the rules of the library for readers of that category. No query."""
        key = (library.pk, category.pk)
        if key not in self._rules:
            self._rules[key] = self._rules_for(library, category)
        return self._rules[key]

    def _rules_for(self, library: Library, category: PatronCategory) -> LendingRules:
        chain = library.chain
        return LendingRules(
            rows=tuple(
                self._row(row, distance)
                for distance, pk in enumerate(chain)
                for row in self.rows.get(pk, ())
                if row.category_id in (None, category.pk)
            ),
            calendar=self.network.calendar(chain),
            opening_hour=int(self.network.preference(chain, "opening_hour")),
            loans_end_with_card=bool(self.network.preference(chain, "loans_end_with_card")),
            renewal_start=RenewalStart(str(self.network.preference(chain, "renewal_starts_from"))),
        )

    def _row(self, row: LendingRule, distance: int) -> RuleRow:
        return RuleRow(
            name=RuleName(row.name),
            distance=distance,
            library=self.network.libraries[row.library_id].code,
            category=self.categories[row.category_id].code if row.category_id else None,
            item_type=self.item_types[row.item_type_id].code if row.item_type_id else None,
            value=row.value,
        )

    def tallies(
        self, patron: Patron, decision: Decision, *, at: datetime
    ) -> tuple[tuple[LoanTally, ...], int]:
        """Count the reader's open loans by type and by library, and those overdue. One query.

        The distance of a tally is measured from the deciding library to that of the loans:
        of the copies, or of the desks that lent them, as the rules are chosen.
        """
        counted, overdue = defaultdict[tuple[str, int, bool], int](int), 0
        for item_type, of_copy, of_desk, on_site, loans, late in _TALLIES.all(patron.pk, at):
            pk = {
                RulesFrom.ITEM_LIBRARY: of_copy,
                RulesFrom.DESK_LIBRARY: of_desk,
                RulesFrom.PATRON_LIBRARY: decision.library.pk,
            }[decision.rules_from]
            own = self.network.libraries[pk].chain
            distance = meeting_distance(decision.library.chain, own)
            counted[self.item_types[item_type].code, distance, bool(on_site)] += loans
            overdue += late
        tallies = (
            LoanTally(item_type=item_type, distance=distance, loans=loans, on_site=on_site)
            for (item_type, distance, on_site), loans in counted.items()
        )
        return tuple(tallies), overdue


def books() -> Books:
    """Return what decides loans, as it is now. One query; eight more after a change."""
    return _BOOKS.get()


def _read_books() -> Books:
    rows = defaultdict[int, list[LendingRule]](list)
    for row in LendingRule.objects.filter(name__in=tuple(DEFINITIONS)):
        rows[row.library_id].append(row)
    network, item_types = read_network(), ItemType.objects.in_bulk()
    categories = PatronCategory.objects.in_bulk()
    return Books(network, item_types, categories, rows, read_limits(network, item_types))


_BOOKS = Remembered(_read_books)

_TALLIES = Prepared(
    lambda patron, at: (
        Loan.objects.open()
        .filter(patron=patron)
        .values("item__item_type", "item__library", "library", "on_site")
        .annotate(loans=Count("id"), late=Count("id", filter=Q(due_at__lt=at, claimed_at=None)))
        .values_list("item__item_type", "item__library", "library", "on_site", "loans", "late")
    ),
    slots=2,
)
_RESTRICTIONS = Prepared(
    lambda patron, today: (
        Restriction.objects.in_force(today)
        .filter(patron=patron)
        .order_by("pk")
        .values_list("kind", "until")
    ),
    slots=2,
)
_STANDING = Prepared(
    lambda item, patron: Item.objects.filter(pk=item).values_list(
        Subquery(Loan.objects.open().filter(item=OuterRef("pk")).values("patron_id")[:1]),
        Exists(SetAside.objects.filter(item=OuterRef("pk"))),
        Subquery(Transfer.objects.open().filter(item=OuterRef("pk")).values("pk")[:1]),
        Subquery(Loan.objects.open().filter(item=OuterRef("pk")).values("on_site")[:1]),
        "record__minimum_age",
        Exists(Choice.objects.for_topic(Topic.LOAN_SLIPS).filter(patron=patron)),
    ),
    slots=2,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has a copy, seen from one reader, and whether it is kept back for anybody.

    `transfer` is the open transport on which it was sent, if there is one; `is_on_site` whether
    it is only being read here; `minimum_age` is what its record asks for; `wants_slip` whether
    this reader chose to be sent a slip of what they borrow.
    """

    borrower: Borrower
    is_set_aside: bool = False
    transfer: int | None = None
    is_on_site: bool = False
    minimum_age: int | None = None
    wants_slip: bool = False


def standing_of(item: Item, patron: Patron) -> Standing:
    """Say who has the copy or waits for it at home, seen from this reader. One query.

    To be asked after the locks: in the locking query itself PostgreSQL would answer from before.
    """
    found = _STANDING.first(item.pk, patron.pk) or (None, False, None, False, None, False)
    holder, is_set_aside, transfer, is_on_site, minimum_age, wants_slip = found
    borrower = Borrower.THIS_PATRON if holder == patron.pk else Borrower.ANOTHER
    if holder is None:
        borrower = Borrower.NOBODY
    return Standing(
        borrower,
        bool(is_set_aside),
        transfer,
        bool(is_on_site),
        minimum_age,
        bool(wants_slip),
    )


def patron_facts(patron: Patron, *, now: datetime, overdue: int) -> PatronFacts:
    """Return the reader as the rules see one. One query."""
    today = local_day(now)
    return PatronFacts(
        category=patron.category.code,
        expires_on=patron.expires_on,
        card=CardState(patron.card_status),
        age=patron.age(today),
        restrictions=_restrictions(patron, today),
        library_is_living=patron.library.is_living(today),
        overdue=overdue,
    )


def _restrictions(patron: Patron, today: date) -> tuple[RestrictionFact, ...]:
    return tuple(
        RestrictionFact(kind=kind, until=until)
        for kind, until in _RESTRICTIONS.all(patron.pk, today)
    )


def item_facts(
    item: Item, *, now: datetime, standing: Standing, desk_may_lend: bool = True
) -> ItemFacts:
    """Return the copy as the rules see it. No query when its parts are at hand."""
    return ItemFacts(
        item_type=item.item_type.code,
        state=ItemState(item.status),
        type_is_loanable=item.item_type.loanable,
        location_on_site_only=item.location is not None and item.location.on_site_only,
        library_is_living=item.library.is_living(local_day(now)),
        desk_may_lend=desk_may_lend,
        borrower=standing.borrower,
        is_set_aside=standing.is_set_aside,
        materials=item.materials,
        minimum_age=standing.minimum_age,
    )
