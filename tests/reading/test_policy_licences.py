"""Laws of licences: never above a limit, never after the end, the cheapest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.reading.policy.licences import (
    LicenceFacts,
    LicenceState,
    Terms,
    best,
    free,
    free_places,
    is_usable,
    latest_due,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
# A busy machine draws its examples slowly.
moments = st.none() | st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days))


@st.composite
def licences(draw: st.DrawFn) -> list[LicenceFacts]:
    def one(key: int) -> LicenceFacts:
        return LicenceFacts(
            key=key,
            state=draw(st.sampled_from(LicenceState)),
            begins_at=draw(moments),
            expires_at=draw(moments),
            left=draw(st.none() | st.integers(0, 3)),
            at_once=draw(st.none() | st.integers(1, 3)),
            out=draw(st.integers(0, 3)),
            by_copies=draw(st.booleans()),
            serves=draw(st.booleans()),
        )

    return [one(key) for key in range(draw(st.integers(0, 5)))]


@given(licences())
def test_what_is_chosen_is_in_force_and_has_a_place_free(found: list[LicenceFacts]) -> None:
    chosen = best(found, now=NOW)

    if chosen is None:
        assert all(free(each, now=NOW) == 0 for each in found)
    else:
        assert chosen.state == LicenceState.ACTIVE
        assert chosen.serves
        assert chosen.expires_at is None or chosen.expires_at > NOW
        assert chosen.begins_at is None or chosen.begins_at <= NOW
        assert chosen.left is None or chosen.left > 0
        assert chosen.at_once is None or chosen.out < chosen.at_once


@given(licences())
def test_the_choice_does_not_hang_on_the_order_of_the_list(found: list[LicenceFacts]) -> None:
    assert best(found, now=NOW) == best(list(reversed(found)), now=NOW)


@given(licences())
def test_places_of_all_are_the_sum_of_the_places_of_each(found: list[LicenceFacts]) -> None:
    each = [free(licence, now=NOW) for licence in found]

    assert free_places(found, now=NOW) == (None if None in each else sum(n or 0 for n in each))


@given(licences(), st.integers(0, 400))
def test_a_loan_never_outlives_its_licence(found: list[LicenceFacts], days: int) -> None:
    wanted = NOW + timedelta(days=days)

    for licence in found:
        due = latest_due(licence, due_at=wanted)
        assert due <= wanted
        assert licence.expires_at is None or due <= licence.expires_at


def test_what_costs_least_is_lent_first() -> None:
    soon, late = NOW + timedelta(days=2), NOW + timedelta(days=9)
    timed = LicenceFacts(key=1, expires_at=late)
    sooner = LicenceFacts(key=2, expires_at=soon)
    perpetual = LicenceFacts(key=3)
    both = LicenceFacts(key=4, expires_at=soon, left=5)
    few = LicenceFacts(key=5, left=2)
    many = LicenceFacts(key=6, left=20)
    copies = LicenceFacts(key=7, by_copies=True, at_once=3)
    left = [copies, few, many, both, perpetual, timed, sooner]

    order = []
    while left:
        chosen = best(left, now=NOW)
        assert chosen
        order.append(chosen.key)
        left.remove(chosen)

    assert order == [2, 1, 3, 4, 6, 5, 7]


@pytest.mark.parametrize(
    ("values", "terms"),
    [
        ({}, Terms.PERPETUAL),
        ({"expires_at": NOW}, Terms.TIMED),
        ({"left": 3}, Terms.COUNTED),
        ({"expires_at": NOW, "left": 3}, Terms.TIMED_AND_COUNTED),
        ({"by_copies": True}, Terms.COPIES),
    ],
)
def test_the_terms_of_a_licence(values: dict, terms: Terms) -> None:
    assert LicenceFacts(key=1, **values).terms is terms


def test_a_licence_ends_with_its_moment_and_begins_with_it() -> None:
    second = timedelta(seconds=1)

    assert is_usable(LicenceFacts(key=1, expires_at=NOW + second), now=NOW)
    assert not is_usable(LicenceFacts(key=1, expires_at=NOW), now=NOW)
    assert is_usable(LicenceFacts(key=1, begins_at=NOW), now=NOW)
    assert not is_usable(LicenceFacts(key=1, begins_at=NOW + second), now=NOW)
