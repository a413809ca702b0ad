"""What other rules would have decided of loans that were made: for a library that tries a change.

Only what is known of a past loan is asked: the reader's category and age band, the type of the
copy, how many loans were open then where the reader is still known, how many others waited for
the title, and the days. Not replayed is what nobody wrote down: which copies stood on the shelf,
and so whether a loan or a renewal would have been refused for those who waited; debts and stopped
cards as they were then; the rules about holds and transports themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tangthu.circulation.policy.blocks import Block
from tangthu.circulation.policy.due import local_day
from tangthu.circulation.policy.facts import (
    CheckoutFacts,
    ItemFacts,
    LendingRules,
    LoanTally,
    PatronFacts,
)
from tangthu.circulation.policy.judge import judge_checkout
from tangthu.circulation.policy.names import RuleName
from tangthu.circulation.policy.overdue import overdue_fee, overdue_terms


class Otherwise(StrEnum):
    """How a past loan would have gone under the other rules."""

    REFUSED = "refused"
    ALLOWED = "allowed"
    DUE_EARLIER = "due_earlier"
    DUE_LATER = "due_later"
    RENEWALS_REFUSED = "renewals_refused"
    FEE_HIGHER = "fee_higher"
    FEE_LOWER = "fee_lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """A loan of the past, without its reader.

    `open_loans` is `None` where nobody knows any more what else the reader had; `waiting` is how
    many others waited for the title.
    """

    category: str
    item_type: str
    lent_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    renewals: int = 0
    age: int | None = None
    price: int | None = None
    open_loans: tuple[LoanTally, ...] | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One loan that would have gone otherwise: its days, never its reader."""

    category: str
    item_type: str
    how: Otherwise
    lent_on: date
    before: date | int | None = None
    after: date | int | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """How many past loans were replayed, and what would have been otherwise."""

    loans: int = 0
    changed: int = 0
    by_way: Mapping[Otherwise, int] = field(default_factory=dict)
    by_scope: Mapping[tuple[str, str], int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    fees_before: int = 0
    fees_after: int = 0
    without_reader: int = 0


@dataclass(frozen=True, slots=True)
class _Decided:
    blocks: tuple[Block, ...]
    due_on: date | None
    fee: int
    renewals: int | None


MOST_EXAMPLES = 3
"""Of each way in which loans would have gone otherwise."""

_JUDGED_ALONE = frozenset(
    {
        Block.NO_RULE,
        Block.MAX_LOANS,
        Block.MAX_LOANS_TOTAL,
        Block.NOT_FOR_LOAN,
        Block.TOO_YOUNG,
        Block.TOO_OLD,
        Block.DUE_IN_THE_PAST,
    }
)
"""The blocks that follow from what is known of a past loan."""


def replay(cases: Iterable[tuple[PastCase, LendingRules, LendingRules]]) -> Replay:
    """Decide each past loan by the rules that hold and by the others, and tell the differences.

    A loan may differ in several ways, and then counts in each. Loans that were refused at the
    time have left no trace: only those that were made are replayed.
    """
    ways, scopes, shown = Counter[Otherwise](), Counter[tuple[str, str]](), Counter[Otherwise]()
    examples = list[Example]()
    total = changed = before = after = unknown = 0
    for case, old, new in cases:
        was, would = _decide(case, old), _decide(case, new)
        total += 1
        unknown += case.open_loans is None
        before, after = before + was.fee, after + would.fee
        found = list(_differences(case, was, would))
        changed += bool(found)
        scopes[case.category, case.item_type] += bool(found)
        for example in found:
            ways[example.how] += 1
            if shown[example.how] < MOST_EXAMPLES:
                shown[example.how] += 1
                examples.append(example)
    return Replay(
        loans=total,
        changed=changed,
        by_way=dict(ways),
        by_scope={scope: count for scope, count in scopes.most_common() if count},
        examples=tuple(examples),
        fees_before=before,
        fees_after=after,
        without_reader=unknown,
    )


def _decide(case: PastCase, rules: LendingRules) -> _Decided:
    book = rules.book(case.category, case.item_type)
    facts = CheckoutFacts(
        now=case.lent_at,
        patron=PatronFacts(category=case.category, expires_on=date.max, age=case.age),
        item=ItemFacts(item_type=case.item_type, waiting=case.waiting),
        open_loans=case.open_loans or (),
    )
    verdict = judge_checkout(facts, rules, book)
    blocks = tuple(code for code in verdict.codes if code in _JUDGED_ALONE)
    terms = overdue_terms(book, calendar=rules.calendar)
    ended = case.ended_at or case.due_at
    return _Decided(
        blocks=blocks,
        due_on=local_day(verdict.due_at) if verdict.due_at else None,
        fee=overdue_fee(case.due_at, ended, terms, price=case.price).amount,
        renewals=book.number(RuleName.RENEWALS),
    )


def _differences(case: PastCase, was: _Decided, would: _Decided) -> Iterable[Example]:
    if would.blocks and not was.blocks:
        yield _example(case, Otherwise.REFUSED, blocks=would.blocks)
        return
    if was.blocks and not would.blocks:
        yield _example(case, Otherwise.ALLOWED, blocks=was.blocks)
    if was.due_on and would.due_on and was.due_on != would.due_on:
        earlier = would.due_on < was.due_on
        how = Otherwise.DUE_EARLIER if earlier else Otherwise.DUE_LATER
        yield _example(case, how, before=was.due_on, after=would.due_on)
    if _too_many(case, would.renewals) and not _too_many(case, was.renewals):
        yield _example(case, Otherwise.RENEWALS_REFUSED, before=case.renewals, after=would.renewals)
    if was.fee != would.fee:
        how = Otherwise.FEE_HIGHER if would.fee > was.fee else Otherwise.FEE_LOWER
        yield _example(case, how, before=was.fee, after=would.fee)


def _too_many(case: PastCase, allowed: int | None) -> bool:
    return allowed is not None and case.renewals > allowed


def _example(
    case: PastCase,
    how: Otherwise,
    *,
    before: date | int | None = None,
    after: date | int | None = None,
    blocks: tuple[Block, ...] = (),
) -> Example:
    return Example(
        category=case.category,
        item_type=case.item_type,
        how=how,
        lent_on=local_day(case.lent_at),
        before=before,
        after=after,
        blocks=blocks,
    )
