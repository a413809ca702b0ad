"""Judge a check-out, a renewal, a return: facts and rules in, every reason out.

The checks run in one order, which the desk sees: due date, card, restrictions, overdue
copies, library of the reader, loan of the copy, limits, state and library of the copy, age. What a
reader owes belongs after the restrictions; other readers' holds after the copy's state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tangthu.circulation.policy.blocks import Block, Blocked, Verdict
from tangthu.circulation.policy.due import due, local_day, terms_from
from tangthu.circulation.policy.facts import (
    Borrower,
    CardState,
    CheckinFacts,
    CheckoutFacts,
    ItemFacts,
    ItemState,
    LendingRules,
    LoanTally,
    PatronFacts,
    RenewalFacts,
    RenewalStart,
)
from tangthu.circulation.policy.rules import Resolved, RuleBook, RuleName, RuleRow


def judge_checkout(facts: CheckoutFacts, rules: LendingRules) -> Verdict:
    """Decide whether the reader may take the copy, and until when.

    Every block is reported, not only the first. Without a rule for the number of loans,
    or for their length, nothing is lent.
    """
    book = RuleBook(rules.rows, facts.patron.category, facts.item.item_type)
    due_at = facts.due_at or _due(facts.now, facts.patron, book, rules, now=facts.now)
    blocks = (
        *_due_blocks(due_at, now=facts.now),
        *_patron_blocks(facts.patron, book, now=facts.now),
        *_loan_blocks(facts.item),
        *_limit_blocks(facts.open_loans, book),
        *_item_blocks(facts.item),
        *_desk_blocks(facts.item),
        *_age_blocks(facts.patron, book),
    )
    return Verdict(blocks=blocks, due_at=due_at, rules=_rules_used(book))


def judge_renewal(facts: RenewalFacts, rules: LendingRules) -> Verdict:
    """Decide whether an open loan may be extended, and until when.

    Limits on the number of loans do not count: nothing further is lent. Counted from the
    former due date, an overdue loan is counted from today.
    """
    book = RuleBook(rules.rows, facts.patron.category, facts.item.item_type)
    start = facts.now
    if rules.renewal_start is RenewalStart.DUE_DATE:
        start = max(facts.now, facts.due_at)
    due_at = _due(start, facts.patron, book, rules, now=facts.now, is_renewal=True)
    blocks = (
        *_due_blocks(due_at, now=facts.now),
        *_gain_blocks(due_at, facts),
        *_patron_blocks(facts.patron, book, now=facts.now),
        *_renewal_blocks(facts, book),
        *_item_blocks(facts.item),
    )
    return Verdict(blocks=blocks, due_at=due_at, rules=_rules_used(book))


class NextAction(StrEnum):
    """What the desk does with a copy that came back."""

    SHELVE = "shelve"
    SET_ASIDE = "set_aside"


class CheckinNotice(StrEnum):
    """What the desk should know about a copy that came back."""

    WAS_NOT_ON_LOAN = "was_not_on_loan"
    WAS_OVERDUE = "was_overdue"
    WAS_LOST = "was_lost"
    IS_DAMAGED = "is_damaged"
    IS_WITHDRAWN = "is_withdrawn"
    BELONGS_ELSEWHERE = "belongs_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinVerdict:
    """What follows from a return. A return is never refused: the copy is there."""

    next_action: NextAction
    notices: tuple[CheckinNotice, ...] = ()
    late_by: timedelta = timedelta(0)
    is_found: bool = False


def judge_checkin(facts: CheckinFacts) -> CheckinVerdict:
    """Say what follows from a copy's coming back.

    A lost copy is found by it. One that was withdrawn from the register does not return to
    the shelf: it is set aside for a person to look at.
    """
    late_by = max(facts.now - facts.due_at, timedelta(0)) if facts.due_at else timedelta(0)
    checks = {
        CheckinNotice.WAS_NOT_ON_LOAN: facts.due_at is None,
        CheckinNotice.WAS_OVERDUE: late_by > timedelta(0),
        CheckinNotice.WAS_LOST: facts.state is ItemState.LOST,
        CheckinNotice.IS_DAMAGED: facts.state is ItemState.DAMAGED,
        CheckinNotice.IS_WITHDRAWN: facts.state is ItemState.WITHDRAWN,
        CheckinNotice.BELONGS_ELSEWHERE: not facts.belongs_here,
    }
    withdrawn = facts.state is ItemState.WITHDRAWN
    return CheckinVerdict(
        next_action=NextAction.SET_ASIDE if withdrawn else NextAction.SHELVE,
        notices=tuple(notice for notice, applies in checks.items() if applies),
        late_by=late_by,
        is_found=facts.state is ItemState.LOST,
    )


def _due(
    start: datetime,
    patron: PatronFacts,
    book: RuleBook,
    rules: LendingRules,
    *,
    now: datetime,
    is_renewal: bool = False,
) -> datetime | None:
    length = book[RuleName.LOAN_LENGTH]
    if is_renewal and book[RuleName.RENEWAL_LENGTH].number is not None:
        length = book[RuleName.RENEWAL_LENGTH]
    terms = terms_from(
        book, length=length, calendar=rules.calendar, opening_hour=rules.opening_hour
    )
    if terms is None:
        return None
    # A card that has ended is a block of its own; lent in spite of it, it bounds nothing.
    if rules.loans_end_with_card and patron.expires_on >= local_day(now):
        terms = replace(terms, not_after=patron.expires_on)
    return due(start, terms)


def _due_blocks(due_at: datetime | None, *, now: datetime) -> Iterator[Blocked]:
    if due_at is None:
        yield Blocked(code=Block.NO_RULE, data={"name": RuleName.LOAN_LENGTH})
    elif due_at <= now:
        yield Blocked(code=Block.DUE_IN_THE_PAST, data={"due_at": due_at})


def _patron_blocks(patron: PatronFacts, book: RuleBook, *, now: datetime) -> Iterator[Blocked]:
    if patron.card is CardState.LOST:
        yield Blocked(code=Block.CARD_LOST)
    if patron.card is CardState.WITHDRAWN:
        yield Blocked(code=Block.CARD_WITHDRAWN)
    if patron.expires_on < local_day(now):
        yield Blocked(code=Block.CARD_EXPIRED, data={"expires_on": patron.expires_on})
    for restriction in patron.restrictions:
        yield Blocked(
            code=Block.PATRON_RESTRICTED,
            data={"kind": restriction.kind, "until": restriction.until},
        )
    overdue_blocks = book[RuleName.OVERDUE_BLOCKS]
    if overdue_blocks.number is not None and patron.overdue >= overdue_blocks.number:
        yield _over(Block.TOO_MANY_OVERDUE, overdue_blocks, count=patron.overdue)
    if not patron.library_is_living:
        yield Blocked(code=Block.PATRON_LIBRARY_CLOSED)


def _loan_blocks(item: ItemFacts) -> Iterator[Blocked]:
    if item.borrower is Borrower.THIS_PATRON:
        yield Blocked(code=Block.ON_LOAN_TO_THIS_PATRON)
    if item.borrower is Borrower.ANOTHER:
        yield Blocked(code=Block.ON_LOAN_TO_ANOTHER)
    if item.is_set_aside:
        yield Blocked(code=Block.SET_ASIDE)


def _limit_blocks(open_loans: tuple[LoanTally, ...], book: RuleBook) -> Iterator[Blocked]:
    limit = book[RuleName.MAX_LOANS]
    if limit.source is None:
        yield Blocked(code=Block.NO_RULE, data={"name": RuleName.MAX_LOANS})
    elif limit.number is not None:
        count = _counted(open_loans, limit.source, book)
        if count >= limit.number:
            yield _over(Block.MAX_LOANS, limit, count=count)
    total = book[RuleName.MAX_LOANS_TOTAL]
    if total.source is not None and total.number is not None:
        count = sum(tally.loans for tally in _within(open_loans, total.source))
        if count >= total.number:
            yield _over(Block.MAX_LOANS_TOTAL, total, count=count)


def _counted(open_loans: tuple[LoanTally, ...], rule: RuleRow, book: RuleBook) -> int:
    """Count the loans that the limit is about: those whose own type has no rule nearer to it."""
    return sum(
        tally.loans
        for tally in _within(open_loans, rule)
        if book.for_type(RuleName.MAX_LOANS, tally.item_type).source == rule
    )


def _within(open_loans: tuple[LoanTally, ...], rule: RuleRow) -> Iterator[LoanTally]:
    return (tally for tally in open_loans if tally.distance <= rule.distance)


def _item_blocks(item: ItemFacts) -> Iterator[Blocked]:
    on_site = item.state is ItemState.ON_SITE_ONLY or item.location_on_site_only
    checks = {
        Block.NOT_FOR_LOAN: on_site or not item.type_is_loanable,
        Block.IN_PROCESSING: item.state is ItemState.IN_PROCESSING,
        Block.ITEM_DAMAGED: item.state is ItemState.DAMAGED,
        Block.ITEM_LOST: item.state is ItemState.LOST,
        Block.ITEM_WITHDRAWN: item.state is ItemState.WITHDRAWN,
        Block.ITEM_LIBRARY_CLOSED: not item.library_is_living,
    }
    return (Blocked(code=code) for code, applies in checks.items() if applies)


def _desk_blocks(item: ItemFacts) -> Iterator[Blocked]:
    if not item.desk_may_lend:
        yield Blocked(code=Block.ITEM_OF_ANOTHER_LIBRARY)


def _age_blocks(patron: PatronFacts, book: RuleBook) -> Iterator[Blocked]:
    minimum = book[RuleName.MINIMUM_AGE]
    if not minimum.number:
        return
    if patron.age is None:
        yield Blocked(
            code=Block.AGE_UNKNOWN, rule=minimum.source, data={"minimum_age": minimum.number}
        )
    elif patron.age < minimum.number:
        yield Blocked(
            code=Block.TOO_YOUNG,
            rule=minimum.source,
            data={"age": patron.age, "minimum_age": minimum.number},
        )


def _gain_blocks(due_at: datetime | None, facts: RenewalFacts) -> Iterator[Blocked]:
    if due_at is not None and due_at <= facts.due_at:
        yield Blocked(code=Block.RENEWAL_GAINS_NOTHING, data={"due_at": facts.due_at})


def _renewal_blocks(facts: RenewalFacts, book: RuleBook) -> Iterator[Blocked]:
    allowed = book[RuleName.RENEWALS]
    if allowed.number is not None and facts.renewals >= allowed.number:
        yield _over(Block.NO_RENEWALS_LEFT, allowed, count=facts.renewals)
    early = book[RuleName.NO_RENEWAL_BEFORE_DAYS]
    if early.number is not None:
        from_day = local_day(facts.due_at) - timedelta(days=early.number)
        if local_day(facts.now) < from_day:
            yield Blocked(code=Block.RENEWAL_TOO_SOON, rule=early.source, data={"from": from_day})


def _over(code: Block, rule: Resolved, *, count: int) -> Blocked:
    return Blocked(code=code, rule=rule.source, data={"count": count, "limit": rule.number})


def _rules_used(book: RuleBook) -> tuple[RuleRow, ...]:
    found = (book[name].source for name in RuleName)
    return tuple(row for row in found if row is not None)
