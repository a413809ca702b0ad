"""Judge a check-out and a renewal: facts and rules in, every reason out.

The checks run in one order, which the desk sees: due date, card, restrictions, debts, overdue
copies, library of the reader, loan of the copy, limits, state of the copy, others who wait,
age, and last the questions that the desk answers itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tangthu.circulation.policy import checks
from tangthu.circulation.policy.blocks import Blocked, Remark, Remarked, Verdict
from tangthu.circulation.policy.due import due, end_of, local_day, terms_from
from tangthu.circulation.policy.facts import (
    CheckoutFacts,
    LendingRules,
    PatronFacts,
    RenewalFacts,
    RenewalStart,
)
from tangthu.circulation.policy.names import RuleName
from tangthu.circulation.policy.rules import Resolved, RuleBook


def judge_checkout(
    facts: CheckoutFacts, rules: LendingRules, book: RuleBook | None = None
) -> Verdict:
    """Decide whether the reader may take the copy, and until when.

    Every block is reported, not only the first. Without a rule for the number of loans,
    or for their length, nothing is lent home. `book` is that of the same rules, category and
    type where the caller asks it often.
    """
    book = book or rules.book(facts.patron.category, facts.item.item_type)
    if facts.on_site:
        return _judge_on_site(facts, book)
    computed = _first_due(facts, book, rules)
    due_at = facts.due_at or computed.at
    blocks = (
        *checks.due_blocks(due_at, now=facts.now),
        *_patron_blocks(facts.patron, book, now=facts.now),
        *checks.loan_blocks(facts.item),
        *checks.limit_blocks(facts.open_loans, book),
        *checks.item_blocks(facts.item, book),
        *facts.rivals,
        *checks.desk_blocks(facts),
        *checks.age_blocks(facts.patron, facts.item, book),
        *checks.question_blocks(facts, book),
    )
    remarks = (*checks.checkout_remarks(facts, book), *_shorter(computed, facts))
    return Verdict(blocks=blocks, due_at=due_at, rules=book.used, remarks=remarks)


def judge_renewal(facts: RenewalFacts, rules: LendingRules) -> Verdict:
    """Decide whether an open loan may be extended, and until when.

    Limits on the number of loans do not count: nothing further is lent. Counted from the
    former due date, an overdue loan is counted from today.
    """
    book = rules.book(facts.patron.category, facts.item.item_type)
    start = facts.now
    if rules.renewal_start is RenewalStart.DUE_DATE:
        start = max(facts.now, facts.due_at)
    length = book[RuleName.RENEWAL_LENGTH]
    if length.number is None:
        length = book[RuleName.LOAN_LENGTH]
    due_at = _due(start, length, facts.patron, book, rules, now=facts.now)
    blocks = (
        *checks.due_blocks(due_at, now=facts.now),
        *checks.gain_blocks(due_at, facts),
        *_patron_blocks(facts.patron, book, now=facts.now),
        *checks.renewal_blocks(facts, book),
        *checks.item_blocks(facts.item, book),
        *facts.rivals,
    )
    return Verdict(blocks=blocks, due_at=due_at, rules=book.used)


def _judge_on_site(facts: CheckoutFacts, book: RuleBook) -> Verdict:
    """Decide whether the reader may have the copy in the room: until tonight at the latest.

    Neither debts nor lateness keep anybody from reading here.
    """
    due_at = facts.due_at or _due_on_site(facts.now, book)
    blocks = (
        *checks.due_blocks(due_at, now=facts.now),
        *checks.card_blocks(facts.patron, now=facts.now, on_site=True),
        *checks.loan_blocks(facts.item),
        *checks.on_site_blocks(facts, book),
        *checks.item_blocks(facts.item, book, on_site=True),
        *facts.rivals,
        *checks.desk_blocks(facts),
        *checks.age_blocks(facts.patron, facts.item, book),
    )
    return Verdict(blocks=blocks, due_at=due_at, rules=book.used)


@dataclass(frozen=True, slots=True)
class _Due:
    """A computed due date, and the rule that made it shorter because others wait."""

    at: datetime | None
    shorter_by: Resolved | None = None


def _first_due(facts: CheckoutFacts, book: RuleBook, rules: LendingRules) -> _Due:
    now, patron = facts.now, facts.patron
    usual = _due(now, book[RuleName.LOAN_LENGTH], patron, book, rules, now=now)
    many = book.number(RuleName.HIGH_DEMAND_FROM)
    short = book[RuleName.HIGH_DEMAND_LENGTH]
    if many is None or short.number is None or facts.item.waiting < many:
        return _Due(usual)
    shorter = _due(now, short, patron, book, rules, now=now)
    if usual is None or shorter is None or shorter >= usual:
        return _Due(usual)
    return _Due(shorter, short)


def _shorter(computed: _Due, facts: CheckoutFacts) -> tuple[Remarked, ...]:
    if computed.shorter_by is None or facts.due_at is not None:
        return ()
    data = {"waiting": facts.item.waiting}
    rule = computed.shorter_by.source
    return (Remarked(code=Remark.SHORTER_FOR_OTHERS, rule=rule, data=data),)


def _due(
    start: datetime,
    length: Resolved,
    patron: PatronFacts,
    book: RuleBook,
    rules: LendingRules,
    *,
    now: datetime,
) -> datetime | None:
    terms = terms_from(
        book, length=length, calendar=rules.calendar, opening_hour=rules.opening_hour
    )
    if terms is None:
        return None
    # A card that has ended is a block of its own; lent in spite of it, it bounds nothing.
    if rules.loans_end_with_card and patron.expires_on >= local_day(now):
        terms = replace(terms, not_after=patron.expires_on)
    return due(start, terms)


def _due_on_site(now: datetime, book: RuleBook) -> datetime:
    # Given out in a day's last minute, it is read until the next night.
    tonight = end_of(local_day(now + timedelta(minutes=1)))
    hours = book.number(RuleName.ON_SITE_HOURS)
    return tonight if hours is None else min(now + timedelta(hours=hours), tonight)


def _patron_blocks(patron: PatronFacts, book: RuleBook, *, now: datetime) -> tuple[Blocked, ...]:
    return (
        *checks.card_blocks(patron, now=now),
        *checks.debt_blocks(patron, book),
        *checks.standing_blocks(patron, book),
    )
