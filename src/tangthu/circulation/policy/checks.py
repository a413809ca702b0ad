"""The single checks behind a check-out and a renewal: each yields its reasons, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tangthu.circulation.policy.blocks import Block, Blocked, Remark, Remarked
from tangthu.circulation.policy.due import local_day
from tangthu.circulation.policy.facts import (
    Borrower,
    CardState,
    CheckoutFacts,
    ItemFacts,
    ItemState,
    LoanTally,
    PatronFacts,
    RenewalFacts,
)
from tangthu.circulation.policy.names import Caution, RuleName, YesNo
from tangthu.circulation.policy.rules import Resolved, RuleBook, RuleRow

SUSPENSION = "suspension"
"""The kind of restriction that lateness brings. It stops loans, not reading on site."""


def due_blocks(due_at: datetime | None, *, now: datetime) -> Iterator[Blocked]:
    """Refuse a loan without a length, and one that would be over at once."""
    if due_at is None:
        yield Blocked(code=Block.NO_RULE, data={"name": RuleName.LOAN_LENGTH})
    elif due_at <= now:
        yield Blocked(code=Block.DUE_IN_THE_PAST, data={"due_at": due_at})


def card_blocks(patron: PatronFacts, *, now: datetime, on_site: bool = False) -> Iterator[Blocked]:
    """Refuse on a card that is lost, withdrawn, expired or stopped."""
    if patron.card is CardState.LOST:
        yield Blocked(code=Block.CARD_LOST)
    if patron.card is CardState.WITHDRAWN:
        yield Blocked(code=Block.CARD_WITHDRAWN)
    if patron.expires_on < local_day(now):
        yield Blocked(code=Block.CARD_EXPIRED, data={"expires_on": patron.expires_on})
    for restriction in patron.restrictions:
        if not (on_site and restriction.kind == SUSPENSION):
            data = {"kind": restriction.kind, "until": restriction.until}
            yield Blocked(code=Block.PATRON_RESTRICTED, data=data)


def debt_blocks(patron: PatronFacts, book: RuleBook) -> Iterator[Blocked]:
    """Refuse while the reader, or their family, owes more than the rules let them."""
    debts = (
        (Block.DEBT, RuleName.MAX_DEBT, patron.debt),
        (Block.DEBT_OF_WARDS, RuleName.MAX_DEBT_OF_WARDS, patron.debt_of_wards),
        (Block.DEBT_OF_GUARDIAN, RuleName.MAX_DEBT_OF_GUARDIAN, patron.debt_of_guardian),
    )
    for code, name, owed in debts:
        most = book[name]
        if most.number is not None and owed > most.number:
            data = {"owed": owed, "most_owed": most.number}
            yield Blocked(code=code, rule=most.source, data=data)


def standing_blocks(patron: PatronFacts, book: RuleBook) -> Iterator[Blocked]:
    """Refuse while too many copies are overdue, and to readers of a library that ended."""
    overdue_blocks = book[RuleName.OVERDUE_BLOCKS]
    if overdue_blocks.number is not None and patron.overdue >= overdue_blocks.number:
        yield over(Block.TOO_MANY_OVERDUE, overdue_blocks, count=patron.overdue)
    if not patron.library_is_living:
        yield Blocked(code=Block.PATRON_LIBRARY_CLOSED)


def loan_blocks(item: ItemFacts) -> Iterator[Blocked]:
    """Refuse a copy that somebody has, or that is kept back for somebody."""
    if item.borrower is Borrower.THIS_PATRON:
        yield Blocked(code=Block.ON_LOAN_TO_THIS_PATRON)
    if item.borrower is Borrower.ANOTHER:
        yield Blocked(code=Block.ON_LOAN_TO_ANOTHER)
    if item.is_set_aside:
        yield Blocked(code=Block.SET_ASIDE)


def limit_blocks(open_loans: tuple[LoanTally, ...], book: RuleBook) -> Iterator[Blocked]:
    """Refuse above the number of loans for this type, and above that of all together.

    What is read on site is not counted: it does not leave the house.
    """
    home = tuple(tally for tally in open_loans if not tally.on_site)
    limit = book[RuleName.MAX_LOANS]
    if limit.source is None:
        yield Blocked(code=Block.NO_RULE, data={"name": RuleName.MAX_LOANS})
    elif limit.number is not None:
        count = _counted(home, limit.source, book)
        if count >= limit.number:
            yield over(Block.MAX_LOANS, limit, count=count)
    yield from _total_blocks(Block.MAX_LOANS_TOTAL, book[RuleName.MAX_LOANS_TOTAL], home)


def on_site_blocks(facts: CheckoutFacts, book: RuleBook) -> Iterator[Blocked]:
    """Refuse what is not given out in the room, and above the number for one reader there."""
    given = book[RuleName.ON_SITE]
    if given.value == YesNo.NO:
        yield Blocked(code=Block.ON_SITE_NOT_GIVEN, rule=given.source)
    here = tuple(tally for tally in facts.open_loans if tally.on_site)
    yield from _total_blocks(Block.MAX_ON_SITE, book[RuleName.MAX_ON_SITE], here)


def item_blocks(item: ItemFacts, book: RuleBook, *, on_site: bool = False) -> Iterator[Blocked]:
    """Refuse for the state of the copy; reading on site asks less of it."""
    if not on_site:
        yield from _not_for_loan(item, book)
    checks = {
        Block.IN_PROCESSING: item.state is ItemState.IN_PROCESSING,
        Block.ITEM_DAMAGED: item.state is ItemState.DAMAGED,
        Block.ITEM_LOST: item.state is ItemState.LOST,
        Block.ITEM_WITHDRAWN: item.state is ItemState.WITHDRAWN,
        Block.LENT_AS_SCAN: item.state is ItemState.LENT_AS_SCAN,
        Block.IN_DIGITISATION: item.state is ItemState.IN_DIGITISATION,
        Block.ITEM_LIBRARY_CLOSED: not item.library_is_living,
    }
    yield from (Blocked(code=code) for code, applies in checks.items() if applies)


def desk_blocks(facts: CheckoutFacts) -> Iterator[Blocked]:
    """Refuse a copy that this desk may not lend, and a person who may not come for the reader."""
    if not facts.item.desk_may_lend:
        yield Blocked(code=Block.ITEM_OF_ANOTHER_LIBRARY)
    if not facts.helper_allowed:
        yield Blocked(code=Block.NOT_A_HELPER)


def age_blocks(patron: PatronFacts, item: ItemFacts, book: RuleBook) -> Iterator[Blocked]:
    """Refuse to readers who are too young or too old, by the rules or by the record."""
    lowest = book[RuleName.MINIMUM_AGE]
    least, rule = lowest.number or 0, lowest.source
    if (item.minimum_age or 0) > least and book[RuleName.RECORD_AGE].value != Caution.ALLOW:
        least, rule = item.minimum_age or 0, None
    if least and patron.age is None:
        yield Blocked(code=Block.AGE_UNKNOWN, rule=rule, data={"minimum_age": least})
    elif patron.age is not None and patron.age < least:
        data = {"age": patron.age, "minimum_age": least}
        yield Blocked(code=Block.TOO_YOUNG, rule=rule, data=data)
    highest = book[RuleName.MAXIMUM_AGE]
    if None not in (highest.number, patron.age) and (patron.age or 0) > (highest.number or 0):
        data = {"age": patron.age or 0, "maximum_age": highest.number or 0}
        yield Blocked(code=Block.TOO_OLD, rule=highest.source, data=data)


def question_blocks(facts: CheckoutFacts, book: RuleBook) -> Iterator[Blocked]:
    """Ask the desk about loose parts, a second copy, and a title that the reader had before."""
    if facts.item.materials and book[RuleName.MATERIALS].value == Caution.ASK:
        yield Blocked(
            code=Block.LOOSE_PARTS,
            rule=book[RuleName.MATERIALS].source,
            data={"materials": facts.item.materials},
        )
    twice = book[RuleName.SAME_TITLE]
    if facts.same_title_on_loan and twice.value != Caution.ALLOW:
        asks = twice.value == Caution.ASK
        code = Block.SAME_TITLE_ON_LOAN if asks else Block.SAME_TITLE_TWICE
        yield Blocked(code=code, rule=twice.source)
    before = book[RuleName.PREVIOUS_LOAN]
    if facts.had_before_on is not None and before.value == Caution.ASK:
        data = {"had_on": facts.had_before_on}
        yield Blocked(code=Block.HAD_BEFORE, rule=before.source, data=data)


def gain_blocks(due_at: datetime | None, facts: RenewalFacts) -> Iterator[Blocked]:
    """Refuse a renewal that would not bring a later due date."""
    if due_at is not None and due_at <= facts.due_at:
        yield Blocked(code=Block.RENEWAL_GAINS_NOTHING, data={"due_at": facts.due_at})


def renewal_blocks(facts: RenewalFacts, book: RuleBook) -> Iterator[Blocked]:
    """Refuse by the number of renewals, seen and unseen, and by the days that have gone by."""
    if facts.on_site:
        yield Blocked(code=Block.ON_SITE_NOT_RENEWED)
    if facts.claimed:
        yield Blocked(code=Block.CLAIMED_NOT_RENEWED)
    allowed = book[RuleName.RENEWALS]
    if allowed.number is not None and facts.renewals >= allowed.number:
        yield over(Block.NO_RENEWALS_LEFT, allowed, count=facts.renewals)
    unseen = book[RuleName.UNSEEN_RENEWALS]
    if facts.unseen and unseen.number is not None and facts.unseen_renewals >= unseen.number:
        yield over(Block.NO_UNSEEN_RENEWALS_LEFT, unseen, count=facts.unseen_renewals)
    late = book[RuleName.RENEW_OVERDUE]
    if late.value == YesNo.NO and facts.due_at < facts.now:
        yield Blocked(code=Block.OVERDUE_NOT_RENEWED, rule=late.source)
    yield from _day_blocks(facts, book)


def checkout_remarks(facts: CheckoutFacts, book: RuleBook) -> Iterator[Remarked]:
    """Tell what the desk should say with the loan though nothing stands against it."""
    if facts.item.materials and book[RuleName.MATERIALS].value == Caution.ALLOW:
        yield Remarked(code=Remark.LOOSE_PARTS, data={"materials": facts.item.materials})
    if facts.patron.debt > 0:
        yield Remarked(code=Remark.OWES, data={"owed": facts.patron.debt})


def over(code: Block, rule: Resolved, *, count: int) -> Blocked:
    """State that a count has reached the limit of a rule."""
    return Blocked(code=code, rule=rule.source, data={"count": count, "limit": rule.number})


def _not_for_loan(item: ItemFacts, book: RuleBook) -> Iterator[Blocked]:
    lent = book[RuleName.LENT_HOME]
    on_site = item.state is ItemState.ON_SITE_ONLY or item.location_on_site_only
    if lent.value == YesNo.NO:
        yield Blocked(code=Block.NOT_FOR_LOAN, rule=lent.source)
    elif on_site or not item.type_is_loanable:
        yield Blocked(code=Block.NOT_FOR_LOAN)


def _day_blocks(facts: RenewalFacts, book: RuleBook) -> Iterator[Blocked]:
    early = book[RuleName.NO_RENEWAL_BEFORE_DAYS]
    if early.number is not None:
        from_day = local_day(facts.due_at) - timedelta(days=early.number)
        if local_day(facts.now) < from_day:
            yield Blocked(code=Block.RENEWAL_TOO_SOON, rule=early.source, data={"from": from_day})
    most = book[RuleName.KEPT_AT_MOST_DAYS]
    if most.number is not None and facts.lent_at is not None:
        kept = (local_day(facts.now) - local_day(facts.lent_at)).days
        if kept >= most.number:
            yield over(Block.KEPT_TOO_LONG, most, count=kept)


def _total_blocks(code: Block, total: Resolved, loans: tuple[LoanTally, ...]) -> Iterator[Blocked]:
    if total.source is not None and total.number is not None:
        count = sum(tally.loans for tally in _within(loans, total.source))
        if count >= total.number:
            yield over(code, total, count=count)


def _counted(open_loans: tuple[LoanTally, ...], rule: RuleRow, book: RuleBook) -> int:
    """Count the loans that the limit is about: those whose own type has no rule nearer to it."""
    return sum(
        tally.loans
        for tally in _within(open_loans, rule)
        if book.for_type(RuleName.MAX_LOANS, tally.item_type).source == rule
    )


def _within(open_loans: tuple[LoanTally, ...], rule: RuleRow) -> Iterator[LoanTally]:
    return (tally for tally in open_loans if tally.distance <= rule.distance)
