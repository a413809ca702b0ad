"""The rules of electronic loans: what a library decides, and every reason against a loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tangthu.reading.policy.lending import (
    DEFAULTS,
    Block,
    ObjectFacts,
    ReaderFacts,
    RenewalFacts,
    Row,
    Rules,
    due_at,
    judge_hold,
    judge_loan,
    judge_renewal,
    rules_for,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
READER = ReaderFacts(card_in_use=True, expires_on=date(2027, 1, 1), age=30)
FREE = ObjectFacts(is_lent=True, free=1)
OUT = ObjectFacts(is_lent=True, free=0, waiting=2)


def loan_blocks(reader: ReaderFacts = READER, obj: ObjectFacts = FREE, rules: Rules = DEFAULTS):
    return [each.code for each in judge_loan(reader, obj, rules, today=TODAY).blocks]


def test_what_is_free_is_lent_to_a_valid_card() -> None:
    assert loan_blocks() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"card_in_use": False}, Block.CARD_NOT_VALID),
        ({"expires_on": date(2026, 11, 21)}, Block.CARD_EXPIRED),
        ({"is_stopped": True}, Block.CARD_STOPPED),
        ({"loans": 5}, Block.MAX_LOANS),
        ({"has_it": True}, Block.HAS_IT),
    ],
)
def test_a_reason_on_the_readers_side(change: dict, code: Block) -> None:
    assert loan_blocks(replace(READER, **change)) == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_lent": False}, Block.NOT_LENT),
        ({"is_open": False}, Block.OBJECT_CLOSED),
        ({"serves": False}, Block.NOT_FOR_YOUR_LIBRARY),
        ({"free": 0}, Block.NO_COPY_FREE),
        ({"minimum_age": 31}, Block.TOO_YOUNG),
    ],
)
def test_a_reason_on_the_objects_side(change: dict, code: Block) -> None:
    assert loan_blocks(obj=replace(FREE, **change)) == [code]


def test_every_reason_is_told_at_once() -> None:
    reader = replace(READER, card_in_use=False, is_stopped=True, loans=5)

    assert loan_blocks(reader, OUT) == [
        Block.CARD_NOT_VALID,
        Block.CARD_STOPPED,
        Block.MAX_LOANS,
        Block.NO_COPY_FREE,
    ]


def test_who_is_kept_a_copy_needs_none_that_is_free() -> None:
    assert loan_blocks(replace(READER, is_kept_one=True), OUT) == []


def test_debts_count_only_where_a_library_says_so() -> None:
    owing = replace(READER, debt=50_000)

    assert loan_blocks(owing) == []
    assert loan_blocks(owing, rules=Rules(max_debt=50_000)) == []
    assert loan_blocks(owing, rules=Rules(max_debt=49_999)) == [Block.DEBT]


def test_nobody_waits_for_what_is_free_or_theirs() -> None:
    def codes(reader: ReaderFacts, obj: ObjectFacts) -> list[Block]:
        return [each.code for each in judge_hold(reader, obj, DEFAULTS, today=TODAY).blocks]

    assert codes(READER, OUT) == []
    assert codes(READER, FREE) == [Block.COPY_FREE]
    assert codes(READER, replace(FREE, free=None)) == [Block.COPY_FREE]
    assert codes(replace(READER, has_it=True), OUT) == [Block.HAS_IT]
    assert codes(replace(READER, waits=True), OUT) == [Block.WAITS_ALREADY]
    assert codes(replace(READER, holds=5), OUT) == [Block.MAX_HOLDS]


def test_a_loan_is_extended_once_and_not_while_others_wait() -> None:
    soon = NOW + timedelta(days=1)
    loan = RenewalFacts(renewals=0, due_at=soon, new_due_at=NOW + timedelta(days=14))
    mine = replace(READER, has_it=True, loans=5)

    def codes(facts: RenewalFacts, obj: ObjectFacts) -> list[Block]:
        return [e.code for e in judge_renewal(facts, mine, obj, DEFAULTS, today=TODAY).blocks]

    assert codes(loan, replace(OUT, waiting=0)) == []
    assert codes(loan, OUT) == [Block.OTHERS_WAIT]
    assert codes(replace(loan, renewals=1), FREE) == [Block.NO_RENEWALS_LEFT]
    assert codes(replace(loan, new_due_at=soon), FREE) == [Block.GAINS_NOTHING]


def test_each_value_comes_from_the_nearest_library_and_there_from_the_category() -> None:
    rows = [
        Row(distance=1, loans=10, days=7, holds=-1),
        Row(distance=0, loans=3),
        Row(distance=0, category="child", loans=1),
    ]

    assert rules_for(rows, category="adult") == Rules(loans=3, days=7, holds=None)
    assert rules_for(rows, category="child") == Rules(loans=1, days=7, holds=None)
    assert rules_for([], category="adult") == DEFAULTS


def test_a_loan_never_outlives_the_card() -> None:
    card_ends = NOW + timedelta(days=3)

    assert due_at(NOW, Rules(days=14), card_ends=card_ends) == card_ends
    assert due_at(NOW, Rules(days=2), card_ends=card_ends) == NOW + timedelta(days=2)
