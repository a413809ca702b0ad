"""Judge whether a reader may hold a title or a copy: facts in, every reason out.

The checks run in one order, which the reader sees: card, restrictions, debt, what the reader
has or waits for already, limits, the copy, the place of collection, the shelf. The reader's
limits are those of the reader's own library; what is said of a copy, its library says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tangthu.circulation.policy import checks
from tangthu.circulation.policy.blocks import Block, Blocked, Verdict
from tangthu.circulation.policy.due import local_day
from tangthu.circulation.policy.facts import ItemFacts, ItemState, PatronFacts
from tangthu.circulation.policy.hold_names import (
    HoldFeeAt,
    HoldPolicy,
    LocalFirst,
    OnShelfHolds,
    PickupPolicy,
    TransferPolicy,
)
from tangthu.circulation.policy.names import RuleName, YesNo
from tangthu.circulation.policy.queue import CopyTerms, FreeCopy, Place, hindrances
from tangthu.circulation.policy.rules import Resolved, RuleBook
from tangthu.libraries.policy import Calendar, NeverOpen

NEVER_HELD = {
    ItemState.LOST: Block.ITEM_LOST,
    ItemState.WITHDRAWN: Block.ITEM_WITHDRAWN,
    ItemState.DAMAGED: Block.ITEM_DAMAGED,
    ItemState.ON_SITE_ONLY: Block.NOT_FOR_LOAN,
}

RULE_OF = {
    Block.HOLDS_NOT_ALLOWED: RuleName.HOLDS_ALLOWED,
    Block.HOLD_BY_OWN_READERS_ONLY: RuleName.HOLD_POLICY,
    Block.HOLD_OUTSIDE_BRANCH: RuleName.HOLD_POLICY,
    Block.PICKUP_NOT_ALLOWED: RuleName.PICKUP_POLICY,
    Block.PICKUP_OUT_OF_REACH: RuleName.TRANSFERS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCopy:
    """A copy that a hold may be about: its state, whether it is in, and its library's rules.

    `is_in` is true of a copy that stands on the shelf and is kept for nobody.
    """

    copy: FreeCopy
    item: ItemFacts
    is_in: bool
    book: RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """All that the placing of a hold depends on beside the rules.

    `wanted` is the copy that is asked for; without one, any of the title will do. The counts
    are of open holds: on this title, placed today, and all together.
    """

    now: datetime
    patron: PatronFacts
    home: Place
    pickup: Place
    pickup_is_living: bool
    copies: Sequence[HeldCopy]
    wanted: int | None = None
    on_record: int = 0
    today: int = 0
    total: int = 0
    has_title: bool = False
    holds_this_copy: bool = False
    by_reader: bool = False
    starts_on: date | None = None
    expires_on: date | None = None


def judge_hold(facts: HoldFacts, book: RuleBook) -> Verdict:
    """Decide whether the reader may wait for the title, or for the one copy that is wanted.

    Every block is reported. A title may be held when any of its copies may; when none may, the
    blocks are those of the copy with the fewest. `book` has the rules of the reader's library.
    """
    blocks = (
        *checks.card_blocks(facts.patron, now=facts.now),
        *checks.debt_blocks(facts.patron, book),
        *checks.standing_blocks(facts.patron, book),
        *_day_blocks(facts),
        *_own_blocks(facts),
        *_limit_blocks(facts, book),
        *_copy_blocks(facts),
    )
    return Verdict(blocks=blocks, rules=book.used)


def copy_terms(book: RuleBook) -> CopyTerms:
    """Gather what the rules of a copy's library say of its holds."""

    def value(name: RuleName) -> str:
        return str(book[name].value)

    return CopyTerms(
        holds=value(RuleName.HOLDS_ALLOWED) == YesNo.YES,
        who=HoldPolicy(value(RuleName.HOLD_POLICY)),
        pickup=PickupPolicy(value(RuleName.PICKUP_POLICY)),
        transfers=TransferPolicy(value(RuleName.TRANSFERS)),
        local_first=LocalFirst(value(RuleName.LOCAL_FIRST)),
        look_ahead=book[RuleName.HOLD_LOOK_AHEAD].number or 0,
    )


def shelf_until(today: date, book: RuleBook, calendar: Calendar) -> date:
    """Give the last day on which the copy is kept for its reader, counted in open days."""
    days = book[RuleName.PICKUP_DAYS].number or 1
    try:
        return calendar.add_open_days(today, days)
    except NeverOpen:
        return date.fromordinal(today.toordinal() + days)


def shelf_after_closing(until: date, *, since: date, before: Calendar, after: Calendar) -> date:
    """Give the last day on which a copy is kept, once some days after `since` were closed.

    The reader has as many open days to fetch it as before, and never loses one.
    """
    left = before.open_days_between(since, until)
    try:
        return max(until, after.add_open_days(since, left)) if left else until
    except NeverOpen:
        return until


def open_day_from(day: date, calendar: Calendar) -> date:
    """Give that day, or the next on which the library is open."""
    try:
        return calendar.next_open(day)
    except NeverOpen:
        return day


def hold_fee(book: RuleBook, *, at: HoldFeeAt, any_in: bool = False, others: bool = False) -> int:
    """Give what the hold costs at this moment, in đồng; 0 when nothing.

    A fee for queueing is due where no copy is in, or others wait already.
    """
    amount = book[RuleName.HOLD_FEE].number or 0
    moment = HoldFeeAt(str(book[RuleName.HOLD_FEE_AT].value))
    if moment is HoldFeeAt.QUEUED and at is HoldFeeAt.PLACED:
        return amount if others or not any_in else 0
    return amount if moment is at else 0


def _day_blocks(facts: HoldFacts) -> Iterator[Blocked]:
    today = local_day(facts.now)
    if facts.starts_on is not None and facts.starts_on < today:
        yield Blocked(code=Block.HOLD_STARTS_IN_THE_PAST, data={"starts_on": facts.starts_on})
    first = max(facts.starts_on or today, today)
    if facts.expires_on is not None and facts.expires_on < first:
        yield Blocked(code=Block.HOLD_ENDS_TOO_SOON, data={"expires_on": facts.expires_on})


def _own_blocks(facts: HoldFacts) -> Iterator[Blocked]:
    if facts.holds_this_copy:
        yield Blocked(code=Block.ALREADY_ON_HOLD)
    if facts.has_title:
        yield Blocked(code=Block.HAS_THE_TITLE)


def _limit_blocks(facts: HoldFacts, book: RuleBook) -> Iterator[Blocked]:
    # Who waits for this already need not hear that one cannot wait twice.
    on_record = 0 if facts.holds_this_copy else facts.on_record
    counts = (
        (Block.HOLDS_PER_RECORD, book[RuleName.HOLDS_PER_RECORD], on_record),
        (Block.HOLDS_PER_DAY, book[RuleName.HOLDS_PER_DAY], facts.today),
        (Block.MAX_HOLDS, book[RuleName.MAX_HOLDS], facts.total),
    )
    for code, limit, count in counts:
        if limit.number == 0:
            yield Blocked(code=Block.HOLDS_NOT_ALLOWED, rule=limit.source)
        elif limit.number is not None and count >= limit.number:
            yield checks.over(code, limit, count=count)


def _copy_blocks(facts: HoldFacts) -> Iterator[Blocked]:
    asked = [each for each in facts.copies if facts.wanted in (None, each.copy.item)]
    if not asked:
        yield Blocked(code=Block.NO_COPY_TO_HOLD)
        return
    if not facts.pickup_is_living:
        yield Blocked(code=Block.PICKUP_CLOSED)
    found = [tuple(_against(each, facts)) for each in asked]
    yield from min(found, key=len)


def _against(held: HeldCopy, facts: HoldFacts) -> Iterator[Blocked]:
    """Give everything that forbids a hold on this copy."""
    yield from _never(held, facts)
    if not any(_never(held, facts)):
        yield from _shelf_blocks(held, facts)


def _never(held: HeldCopy, facts: HoldFacts) -> Iterator[Blocked]:
    """Give what forbids the copy to the reader, wherever it is now."""
    state = NEVER_HELD.get(held.item.state)
    if state is not None:
        yield Blocked(code=state)
    elif not held.item.type_is_loanable or held.item.location_on_site_only:
        yield Blocked(code=Block.NOT_FOR_LOAN)
    if not held.item.library_is_living:
        yield Blocked(code=Block.ITEM_LIBRARY_CLOSED)
    if facts.wanted is not None and facts.by_reader:
        yield from _if_not(YesNo.YES, held.book[RuleName.ITEM_HOLDS], Block.ITEM_HOLDS_NOT_ALLOWED)
    yield from checks.age_blocks(facts.patron, held.item, held.book)
    for block in hindrances(
        held.copy, home=facts.home, pickup=facts.pickup, category=facts.patron.category
    ):
        yield _hindered(block, held, facts)


def _hindered(block: Block, held: HeldCopy, facts: HoldFacts) -> Blocked:
    """Say what forbids the copy, and which rule or limit of transports does."""
    limit = held.copy.limit_to(facts.pickup)
    if block is Block.PICKUP_OUT_OF_REACH and limit is not None:
        ends = {"origin": limit.origin_name, "destination": limit.destination_name}
        return Blocked(code=block, data=ends)
    return Blocked(code=block, rule=held.book[RULE_OF[block]].source)


def _shelf_blocks(held: HeldCopy, facts: HoldFacts) -> Iterator[Blocked]:
    rule = held.book[RuleName.ON_SHELF_HOLDS]
    match OnShelfHolds(str(rule.value)):
        case OnShelfHolds.ALWAYS:
            is_against = False
        case OnShelfHolds.ALL_OUT:
            is_against = any(each.is_in and not any(_never(each, facts)) for each in facts.copies)
        case OnShelfHolds.THIS_OUT:
            is_against = held.is_in
    if is_against:
        yield Blocked(code=Block.COPY_ON_SHELF, rule=rule.source)


def _if_not(expected: str, rule: Resolved, code: Block) -> Iterator[Blocked]:
    if rule.value != expected:
        yield Blocked(code=code, rule=rule.source)
