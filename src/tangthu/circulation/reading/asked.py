"""What only some rules ask: debts, a second copy, a title had before. No rule, no query."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Helper, Loan
from tangthu.circulation.policy import CheckoutFacts, PatronFacts, RuleBook, RuleName, local_day
from tangthu.circulation.policy.names import Caution
from tangthu.fees.reading import debt_of, debts_of
from tangthu.patrons.models import Patron


def with_what_rules_ask(
    facts: CheckoutFacts, book: RuleBook, *, item: Item, patron: Patron
) -> CheckoutFacts:
    """Complete the facts of a check-out by what the rules of this book ask for.

    One query for each such rule that a library has set, and none without.
    """
    if facts.on_site:
        return facts
    twice = had_on = None
    if book[RuleName.SAME_TITLE].value != Caution.ALLOW:
        others = Loan.objects.open().filter(patron=patron, item__record=item.record_id)
        twice = others.exclude(item=item).exists()
    if book[RuleName.PREVIOUS_LOAN].value == Caution.ASK:
        had_on = _had_before_on(item, patron)
    return replace(
        facts,
        patron=with_debts(facts.patron, book, patron=patron),
        same_title_on_loan=bool(twice),
        had_before_on=had_on,
    )


def with_debts(facts: PatronFacts, book: RuleBook, *, patron: Patron) -> PatronFacts:
    """Complete the facts of a reader by the debts that the rules of this book ask for."""
    debt, of_wards, of_guardian = facts.debt, facts.debt_of_wards, facts.debt_of_guardian
    if book.number(RuleName.MAX_DEBT) is not None:
        debt = debt_of(patron.pk).amount
    if book.number(RuleName.MAX_DEBT_OF_WARDS) is not None:
        wards = Patron.objects.filter(guardian=patron).values_list("pk", flat=True)
        of_wards = sum(max(owed.amount, 0) for owed in debts_of(wards).values())
    if book.number(RuleName.MAX_DEBT_OF_GUARDIAN) is not None and patron.guardian_id:
        of_guardian = debt_of(patron.guardian_id).amount
    return replace(facts, debt=debt, debt_of_wards=of_wards, debt_of_guardian=of_guardian)


def may_borrow_for(helper: Patron, patron: Patron, *, on: date) -> bool:
    """Tell whether this reader may borrow for the other: named as a helper, or the guardian."""
    if patron.guardian_id == helper.pk:
        return True
    return Helper.objects.in_force(on).filter(patron=patron, helper=helper).exists()


def helpers_of(patron: Patron, *, on: date) -> list[Patron]:
    """Return everybody who may borrow for the reader, the guardian first."""
    named = Helper.objects.in_force(on).filter(patron=patron).select_related("helper__category")
    found = [each.helper for each in named.order_by("helper__sort_key", "pk")]
    if patron.guardian is not None and patron.guardian not in found:
        found.insert(0, patron.guardian)
    return found


def _had_before_on(item: Item, patron: Patron) -> date | None:
    """Return when the reader last had the title, of the past loans that they chose to keep."""
    last = (
        Loan.objects.kept_by_choice()
        .filter(patron=patron, item__record=item.record_id)
        .order_by("-lent_at")
        .values_list("lent_at", flat=True)
        .first()
    )
    return local_day(last) if last else None
