"""What a loan's lateness costs by the rules of the library that decides it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Loan
from tangthu.circulation.policy import RuleBook
from tangthu.circulation.policy.overdue import (
    OverdueFee,
    OverdueTerms,
    overdue_fee,
    overdue_terms,
)
from tangthu.circulation.reading.parties import Books
from tangthu.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class Judged:
    """The rules that decide a loan, the terms of lateness among them, and what it costs now."""

    book: RuleBook
    terms: OverdueTerms
    fee: OverdueFee


def book_of(loan: Loan, item: Item, patron: Patron, known: Books) -> RuleBook:
    """Return the rules that decide the loan. No query when its parts are known."""
    decision = known.decision(item, patron=patron, desk=loan.library)
    return decision.rules.book(patron.category.code, item.item_type.code)


def judge_lateness(
    loan: Loan, item: Item, patron: Patron, known: Books, *, now: datetime
) -> Judged:
    """Say what the loan costs for lateness if it ends now. No query when its parts are known.

    What is read on site costs nothing; lateness stops growing when the reader says that the
    copy was returned.
    """
    decision = known.decision(item, patron=patron, desk=loan.library)
    book = decision.rules.book(patron.category.code, item.item_type.code)
    terms = overdue_terms(book, calendar=decision.rules.calendar)
    until = min(now, loan.claimed_at) if loan.claimed_at else now
    ends = loan.due_at if loan.on_site else until
    return Judged(book, terms, overdue_fee(loan.due_at, ends, terms, price=item.price))
