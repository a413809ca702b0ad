"""Gathers what the lending rules need to know of a loan's parties, in as few queries as may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tangthu.catalogue.models import Item
from tangthu.circulation.models import LendingRule
from tangthu.circulation.policy import (
    Borrower,
    CardState,
    ItemFacts,
    ItemState,
    LendingRules,
    PatronFacts,
    RenewalStart,
    RestrictionFact,
    RulesFrom,
    local_day,
)
from tangthu.libraries.models import Library
from tangthu.libraries.reading import calendar_of, stored_preferences
from tangthu.patrons.models import Patron

PREFERENCES = ("lending_rules_from", "loans_end_with_card", "opening_hour", "renewal_starts_from")


@dataclass(frozen=True, slots=True)
class Decision:
    """Which library decides a loan, why that one, and its rules."""

    library: Library
    rules_from: RulesFrom
    rules: LendingRules


def decision_for(item: Item, *, patron: Patron, desk: Library) -> Decision:
    """Find the library that decides this loan, and read its rules. Three queries.

    The desk's library says whose rules count; everything else is said by the one they are.
    """
    chains = {*desk.chain, *item.library.chain, *patron.library.chain}
    stored = stored_preferences(chains, PREFERENCES)
    rules_from = RulesFrom(str(stored.at(desk.chain, "lending_rules_from").value))
    library = {
        RulesFrom.ITEM_LIBRARY: item.library,
        RulesFrom.PATRON_LIBRARY: patron.library,
        RulesFrom.DESK_LIBRARY: desk,
    }[rules_from]
    chain = library.chain
    rules = LendingRules(
        rows=LendingRule.objects.rows_for(library, patron.category),
        calendar=calendar_of(library),
        opening_hour=int(stored.at(chain, "opening_hour").value),
        loans_end_with_card=bool(stored.at(chain, "loans_end_with_card").value),
        renewal_start=RenewalStart(str(stored.at(chain, "renewal_starts_from").value)),
    )
    return Decision(library, rules_from, rules)


def patron_facts(patron: Patron, *, now: datetime, overdue: int) -> PatronFacts:
    """Return the reader as the rules see one. One query."""
    today = local_day(now)
    return PatronFacts(
        category=patron.category.code,
        expires_on=patron.expires_on,
        card=CardState(patron.card_status),
        age=patron.age(today),
        restrictions=tuple(
            RestrictionFact(kind=restriction.kind, until=restriction.until)
            for restriction in patron.restrictions.in_force(today).order_by("pk")
        ),
        library_is_living=patron.library.is_living(today),
        overdue=overdue,
    )


def item_facts(
    item: Item, *, now: datetime, borrower: Borrower, desk_may_lend: bool = True
) -> ItemFacts:
    """Return the copy as the rules see it. No query when its parts are at hand."""
    return ItemFacts(
        item_type=item.item_type.code,
        state=ItemState(item.status),
        type_is_loanable=item.item_type.loanable,
        location_on_site_only=item.location is not None and item.location.on_site_only,
        library_is_living=item.library.is_living(local_day(now)),
        desk_may_lend=desk_may_lend,
        borrower=borrower,
    )
