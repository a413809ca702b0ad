"""May this reader borrow this object, extend the loan, wait for it: facts in, every reason out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class Block(StrEnum):
    """Why an electronic loan or a hold may not be. The codes are stable: programs read them."""

    NOT_LENT = "digital_not_lent"
    OBJECT_CLOSED = "digital_object_closed"
    NOT_FOR_YOUR_LIBRARY = "digital_not_for_your_library"
    NOT_GIVEN = "digital_not_given"
    CARD_NOT_VALID = "digital_card_not_valid"
    CARD_EXPIRED = "digital_card_expired"
    CARD_STOPPED = "digital_card_stopped"
    DEBT = "digital_debt"
    TOO_YOUNG = "digital_too_young"
    HAS_IT = "digital_has_it"
    MAX_LOANS = "digital_max_loans"
    NO_COPY_FREE = "digital_no_copy_free"
    COPY_FREE = "digital_copy_free"
    WAITS_ALREADY = "digital_waits_already"
    MAX_HOLDS = "digital_max_holds"
    NO_RENEWALS_LEFT = "digital_no_renewals_left"
    OTHERS_WAIT = "digital_others_wait"
    GAINS_NOTHING = "digital_gains_nothing"


@dataclass(frozen=True, slots=True)
class Blocked:
    """One reason, with what its sentence needs."""

    code: Block
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """True when nothing stands against it. Else it carries every reason."""

    blocks: tuple[Blocked, ...] = ()

    def __bool__(self) -> bool:
        return not self.blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the reader's library decides for the reader's category. `None` is without limit.

    `max_debt` is in whole đồng: above it nothing is lent. `ready_days` is how long a copy is kept
    for who waited.
    """

    loans: int | None = 5
    days: int = 14
    renewals: int = 1
    holds: int | None = 5
    ready_days: int = 3
    max_debt: int | None = None


DEFAULTS = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one library says for a category, or for all; what it leaves open is `None`.

    `distance` counts the steps up from the reader's library. A number below zero is "no limit".
    """

    distance: int
    category: str | None = None
    loans: int | None = None
    days: int | None = None
    renewals: int | None = None
    holds: int | None = None
    ready_days: int | None = None
    max_debt: int | None = None


def rules_for(rows: Sequence[Row], *, category: str) -> Rules:
    """Return what holds: each value from the nearest library, there from the category first."""
    applying = sorted(
        (row for row in rows if row.category in (None, category)),
        key=lambda row: (row.distance, row.category is None),
    )

    def value(name: str, default: int | None) -> int | None:
        found = next((v for row in applying if (v := getattr(row, name)) is not None), default)
        return None if found is not None and found < 0 else found

    return Rules(
        loans=value("loans", DEFAULTS.loans),
        days=value("days", DEFAULTS.days) or DEFAULTS.days,
        renewals=value("renewals", DEFAULTS.renewals) or 0,
        holds=value("holds", DEFAULTS.holds),
        ready_days=value("ready_days", DEFAULTS.ready_days) or DEFAULTS.ready_days,
        max_debt=value("max_debt", DEFAULTS.max_debt),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFacts:
    """The reader as the rules see one: the card, debts in whole đồng, and what is out."""

    card_in_use: bool
    expires_on: date
    is_stopped: bool = False
    debt: int = 0
    age: int | None = None
    loans: int = 0
    holds: int = 0
    has_it: bool = False
    waits: bool = False
    is_kept_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFacts:
    """The object as the rules see it.

    `is_lent`: it is published, nothing closes it, and a licence lends it to somebody; `serves`:
    one of these serves the reader's library. `free` counts places that nobody was promised; `None`
    is without limit. `waiting` counts those who wait and are kept nothing yet.
    """

    is_lent: bool
    is_open: bool = True
    serves: bool = True
    free: int | None = 0
    waiting: int = 0
    minimum_age: int | None = None


def judge_loan(reader: ReaderFacts, obj: ObjectFacts, rules: Rules, *, today: date) -> Verdict:
    """Say whether the reader may borrow now. Who is kept a copy needs none that is free."""
    blocks = [*_object_blocks(obj), *_reader_blocks(reader, obj, rules, today=today)]
    if reader.has_it:
        blocks.append(Blocked(Block.HAS_IT))
    if rules.loans and reader.loans >= rules.loans:
        blocks.append(_over(Block.MAX_LOANS, reader.loans, rules.loans))
    if not reader.is_kept_one and obj.is_lent and obj.serves and obj.free == 0:
        blocks.append(Blocked(Block.NO_COPY_FREE, {"waiting": obj.waiting}))
    return Verdict(tuple(blocks))


def judge_hold(reader: ReaderFacts, obj: ObjectFacts, rules: Rules, *, today: date) -> Verdict:
    """Say whether the reader may wait for it. Nobody waits for what is free, or is theirs."""
    blocks = [*_object_blocks(obj), *_reader_blocks(reader, obj, rules, today=today)]
    if reader.has_it:
        blocks.append(Blocked(Block.HAS_IT))
    if reader.waits or reader.is_kept_one:
        blocks.append(Blocked(Block.WAITS_ALREADY))
    elif obj.is_lent and obj.serves and obj.free != 0:
        blocks.append(Blocked(Block.COPY_FREE))
    if rules.holds is not None and reader.holds >= rules.holds:
        blocks.append(_over(Block.MAX_HOLDS, reader.holds, rules.holds))
    return Verdict(tuple(blocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalFacts:
    """A loan to be extended: how often it was, when it is due, and until when it could be."""

    renewals: int
    due_at: datetime
    new_due_at: datetime


def judge_renewal(
    loan: RenewalFacts, reader: ReaderFacts, obj: ObjectFacts, rules: Rules, *, today: date
) -> Verdict:
    """Say whether the loan may be extended: not while anybody waits, nor for nothing."""
    blocks = [*_object_blocks(obj), *_reader_blocks(reader, obj, rules, today=today)]
    if obj.waiting:
        blocks.append(Blocked(Block.OTHERS_WAIT, {"waiting": obj.waiting}))
    if loan.renewals >= rules.renewals:
        blocks.append(_over(Block.NO_RENEWALS_LEFT, loan.renewals, rules.renewals))
    if loan.new_due_at <= loan.due_at:
        blocks.append(Blocked(Block.GAINS_NOTHING, {"due_at": loan.due_at}))
    return Verdict(tuple(blocks))


def due_at(now: datetime, rules: Rules, *, card_ends: datetime) -> datetime:
    """Return when a loan made now ends: after the days of the rules, never after the card."""
    return min(now + timedelta(days=rules.days), card_ends)


def _object_blocks(obj: ObjectFacts) -> Iterator[Blocked]:
    if not obj.is_open:
        yield Blocked(Block.OBJECT_CLOSED)
    elif not obj.is_lent:
        yield Blocked(Block.NOT_LENT)
    elif not obj.serves:
        yield Blocked(Block.NOT_FOR_YOUR_LIBRARY)


def _reader_blocks(
    reader: ReaderFacts, obj: ObjectFacts, rules: Rules, *, today: date
) -> Iterator[Blocked]:
    if rules.loans == 0:
        yield Blocked(Block.NOT_GIVEN)
    if not reader.card_in_use:
        yield Blocked(Block.CARD_NOT_VALID)
    if reader.expires_on < today:
        yield Blocked(Block.CARD_EXPIRED, {"expires_on": reader.expires_on})
    if reader.is_stopped:
        yield Blocked(Block.CARD_STOPPED)
    if rules.max_debt is not None and reader.debt > rules.max_debt:
        yield Blocked(Block.DEBT, {"owed": reader.debt, "most_owed": rules.max_debt})
    least = obj.minimum_age or 0
    if least and (reader.age is None or reader.age < least):
        yield Blocked(Block.TOO_YOUNG, {"minimum_age": least})


def _over(code: Block, count: int, limit: int) -> Blocked:
    return Blocked(code, {"count": count, "limit": limit})
