"""Gathers what the rules need to know before a reader may wait for a title or a copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.models import Hold, Loan
from tangthu.circulation.policy import (
    LIBRARY_ZONE,
    Borrower,
    HeldCopy,
    HoldFacts,
    RuleBook,
    Verdict,
    judge_hold,
    local_day,
)
from tangthu.circulation.reading.asked import with_debts
from tangthu.circulation.reading.parties import Books, Standing, item_facts, patron_facts
from tangthu.circulation.reading.queues import ShelfCopy, TermsOf, copies_of, place, rule_book
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader asks for: a title, or one copy of it, fetched at a library.

    `patron` has the category and the library that are remembered; `by_reader` is whether the
    reader asks alone, without the desk.
    """

    record: Record
    item: Item | None
    patron: Patron
    pickup: Library
    by_reader: bool = False
    starts_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a wish, and what a fee may depend on."""

    verdict: Verdict
    any_in: bool
    others_wait: bool


def judged(wish: Wish, known: Books, *, now: datetime) -> Judged:
    """Judge a wish by the rules that hold now.

    Seven queries, whatever the reader has, and one for each debt that a rule asks about.
    """
    patron = wish.patron
    book = rule_book(known, patron.library, category=patron.category.code, item_type="")
    facts = _facts(wish, known, book, now=now)
    waiting = Hold.objects.waiting().filter(record=wish.record).exclude(patron=patron)
    return Judged(
        judge_hold(facts, book),
        any_in=any(each.is_in for each in facts.copies),
        others_wait=waiting.exists(),
    )


def _facts(wish: Wish, known: Books, book: RuleBook, *, now: datetime) -> HoldFacts:
    patron, record, wanted = wish.patron, wish.record, wish.item.pk if wish.item else None
    facts = patron_facts(patron, now=now, overdue=patron.loans.overdue(now).count())
    counts = _counts(patron, record, wanted, now=now)
    copies = copies_of([record.pk], known).get(record.pk, [])
    return HoldFacts(
        now=now,
        patron=with_debts(facts, book, patron=patron),
        home=place(patron.library_id, known),
        pickup=place(wish.pickup.pk, known),
        pickup_is_living=wish.pickup.is_living(local_day(now)),
        copies=[_held_copy(each, patron, known, now=now) for each in copies],
        wanted=wanted,
        on_record=counts["on_record"],
        today=counts["today"],
        total=counts["total"],
        has_title=Loan.objects.open().filter(patron=patron, item__record=record).exists(),
        holds_this_copy=counts["same"] > 0,
        by_reader=wish.by_reader,
        starts_on=wish.starts_on,
        expires_on=wish.expires_on,
    )


def _counts(patron: Patron, record: Record, wanted: int | None, *, now: datetime) -> dict[str, int]:
    """Count the reader's holds: open, on this title, the same as this, and placed today."""
    morning = datetime.combine(local_day(now), time(), LIBRARY_ZONE)
    is_open, here = Q(closed_at=None), Q(closed_at=None, record=record)
    same = here & (Q(item=wanted) | Q(trapped=wanted) if wanted else Q(item=None))
    return Hold.objects.filter(patron=patron).aggregate(
        total=Count("pk", filter=is_open),
        on_record=Count("pk", filter=here),
        same=Count("pk", filter=same),
        today=Count("pk", filter=Q(placed_at__gte=morning)),
    )


def _held_copy(each: ShelfCopy, patron: Patron, known: Books, *, now: datetime) -> HeldCopy:
    item = each.item
    terms = TermsOf(known, item.library, item.item_type.code)
    return HeldCopy(
        copy=each.copy,
        item=item_facts(item, now=now, standing=Standing(Borrower.NOBODY)),
        is_in=each.is_lendable,
        book=terms.book(patron.category.code),
    )
