"""The table of steps and the terms, as laws."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.core.money import Money
from tangthu.delivery.policy import (
    CLOSED_STATES,
    STEPS,
    Condition,
    Effect,
    FailReason,
    Leg,
    Objection,
    Refusal,
    RequestFacts,
    State,
    StepFacts,
    StepName,
    Terms,
    Who,
    fee_of,
    find_step,
    judge_collection,
    judge_request,
    judge_step,
    named_categories,
    open_states,
    steps_from,
)

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
EVERYBODY = frozenset(Who)
TERMS = Terms(offered=True, fee=Money(15_000), collection_fee=Money(10_000))


def a_request(**changes):
    facts = {
        "library_kind": "province",
        "card_in_use": True,
        "card_valid": True,
        "restricted": False,
        "has_phone": True,
        "has_address": True,
        "address_verified": True,
        "deposit": Money(0),
        "copies": 1,
    }
    return RequestFacts(**{**facts, **changes})


@pytest.mark.parametrize("leg", Leg)
def test_no_two_lines_answer_the_same_question(leg):
    for name in StepName:
        for state in State:
            found = [s for s in STEPS if s.name is name and s.leg is leg and state in s.sources]
            assert len(found) <= 1


def test_nothing_leads_out_of_a_closed_state():
    assert not any(step.sources & CLOSED_STATES for step in STEPS)


@pytest.mark.parametrize("leg", Leg)
def test_every_open_state_can_be_reached_and_left_to_an_end(leg):
    reached, ends = {State.ASKED}, set(CLOSED_STATES)
    for _each in State:
        reached |= {s.target for s in STEPS if s.leg is leg and s.sources & reached}
        ends |= {state for s in STEPS if s.leg is leg and s.target in ends for state in s.sources}

    assert set(open_states(leg)) <= reached
    assert set(open_states(leg)) <= ends


def test_loans_begin_at_the_door_and_nowhere_else():
    lending = [step.name for step in STEPS if Effect.START_LOANS in step.effects]

    assert lending == [StepName.DELIVER]


def test_whatever_keeps_copies_back_is_undone_at_every_end():
    for step in STEPS:
        kept = step.sources & {State.APPROVED, State.PICKED, State.PACKED, State.ON_THE_WAY}
        if step.leg is Leg.OUT and kept and step.target in CLOSED_STATES:
            assert Effect.RELEASE in step.effects, step


def test_what_the_library_loses_costs_the_reader_nothing():
    for step in STEPS:
        if step.target is State.LOST:
            assert {Effect.REVERSE_FEE, Effect.MARK_LOST} <= step.effects


@given(
    name=st.sampled_from(StepName),
    leg=st.sampled_from(Leg),
    state=st.sampled_from(State),
    who=st.frozensets(st.sampled_from(Who), min_size=1),
)
def test_a_step_is_refused_or_stands_in_the_table_for_one_of_those_who_ask(name, leg, state, who):
    refusal = judge_step(name, StepFacts(leg=leg, state=state, who=who, reason="vì mưa"))

    step = find_step(name, leg=leg, state=state)
    if refusal is None:
        assert step is not None
        assert step in steps_from(leg, state, who)
    elif refusal is Refusal.WRONG_STATE:
        assert step is None
    else:
        assert refusal is Refusal.NOT_YOURS
        assert step not in steps_from(leg, state, who)


@pytest.mark.parametrize(
    ("name", "state", "changes", "refusal"),
    [
        (StepName.REJECT, State.ASKED, {"reason": "  "}, Refusal.REASON_NEEDED),
        (StepName.CANCEL, State.PACKED, {"who": frozenset({Who.READER})}, Refusal.NOT_YOURS),
        (StepName.DELIVER, State.PACKED, {}, Refusal.WRONG_STATE),
        (StepName.PICK, State.APPROVED, {"lines": 2}, Refusal.NOT_ALL_PICKED),
        (StepName.PACK, State.PICKED, {"lines": 2}, Refusal.NOT_ALL_PACKED),
        (StepName.APPROVE, State.ASKED, {"lines": 0}, Refusal.NOTHING_LEFT),
    ],
)
def test_why_a_step_is_refused(name, state, changes, refusal):
    facts = {"leg": Leg.OUT, "state": state, "who": EVERYBODY, **changes}

    assert judge_step(name, StepFacts(**facts)) is refusal


@pytest.mark.parametrize(
    ("failed_for", "changed", "refusal"),
    [
        (FailReason.NOT_HOME, None, None),
        (FailReason.WRONG_ADDRESS, None, Refusal.ADDRESS_STILL_WRONG),
        (FailReason.WRONG_ADDRESS, NOW - timedelta(hours=1), Refusal.ADDRESS_STILL_WRONG),
        (FailReason.WRONG_ADDRESS, NOW + timedelta(hours=1), None),
    ],
)
def test_a_wrong_address_is_corrected_before_the_next_try(failed_for, changed, refusal):
    facts = StepFacts(
        leg=Leg.OUT,
        state=State.FAILED,
        who=EVERYBODY,
        failed_for=failed_for,
        failed_at=NOW,
        address_changed_at=changed,
    )

    assert judge_step(StepName.RETRY, facts) is refusal


@pytest.mark.parametrize(
    ("age", "category", "fee"),
    [
        (40, "adult", 15_000),
        (None, "adult", 15_000),
        (15, "child", 0),
        (16, "adult", 15_000),
        (60, "adult", 0),
        (40, "disabled", 0),
    ],
)
def test_children_the_elderly_and_the_disabled_pay_nothing(age, category, fee):
    terms = Terms(
        offered=True,
        fee=Money(15_000),
        free_below_age=16,
        free_from_age=60,
        free_categories=named_categories("disabled; veteran"),
    )

    assert fee_of(Leg.OUT, terms, age=age, category=category) == Money(fee)


def test_age_makes_nobody_free_where_the_library_says_so():
    terms = Terms(offered=True, fee=Money(15_000), free_below_age=0, free_from_age=0)

    assert fee_of(Leg.OUT, terms, age=99, category="adult") == Money(15_000)


def test_fetching_has_a_price_of_its_own():
    assert fee_of(Leg.BACK, TERMS, age=40, category="adult") == Money(10_000)


@pytest.mark.parametrize(
    ("changes", "objection"),
    [
        ({"library_kind": "prison"}, Objection.NOT_OFFERED),
        ({"card_in_use": False}, Objection.CARD_NOT_IN_USE),
        ({"card_valid": False}, Objection.CARD_EXPIRED),
        ({"restricted": True}, Objection.RESTRICTED),
        ({"copies": 0}, Objection.NOTHING_ASKED),
        ({"copies": 6}, Objection.TOO_MANY_COPIES),
        ({"has_phone": False}, Objection.PHONE_MISSING),
        ({"has_address": False}, Objection.ADDRESS_MISSING),
        ({"address_verified": False}, Objection.NEITHER_ADDRESS_NOR_DEPOSIT),
    ],
)
def test_why_nothing_is_brought(changes, objection):
    assert judge_request(a_request(**changes), TERMS) == (objection,)


@pytest.mark.parametrize(
    ("condition", "verified", "deposit", "objections"),
    [
        (Condition.NONE, False, 0, ()),
        (Condition.VERIFIED_ADDRESS, True, 0, ()),
        (Condition.VERIFIED_ADDRESS, False, 500_000, (Objection.ADDRESS_NOT_VERIFIED,)),
        (Condition.DEPOSIT, True, 99_999, (Objection.DEPOSIT_MISSING,)),
        (Condition.DEPOSIT, False, 100_000, ()),
        (Condition.EITHER, False, 100_000, ()),
        (Condition.EITHER, True, 0, ()),
    ],
)
def test_what_secures_a_delivery(condition, verified, deposit, objections):
    terms = Terms(offered=True, condition=condition, deposit=Money(100_000))
    facts = a_request(address_verified=verified, deposit=Money(deposit))

    assert judge_request(facts, terms) == objections


def test_every_objection_is_told_at_once():
    facts = a_request(card_valid=False, has_phone=False, copies=9)

    assert judge_request(facts, TERMS) == (
        Objection.CARD_EXPIRED,
        Objection.TOO_MANY_COPIES,
        Objection.PHONE_MISSING,
    )


def test_books_are_fetched_even_from_readers_to_whom_nothing_is_brought():
    facts = a_request(card_valid=False, restricted=True, address_verified=False, copies=9)

    assert judge_collection(facts, TERMS) == ()


def test_a_library_that_does_not_deliver_refuses_before_all_else():
    refused = judge_request(a_request(copies=0), Terms(offered=False))

    assert refused == (Objection.NOT_OFFERED,)
