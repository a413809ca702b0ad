"""From where to where copies are carried: which limit decides, and what it decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.policy import Block, TransferLimit, TransferLimits, TransferPolicy
from tangthu.circulation.policy.queue import hindrances
from tests.circulation.queueing import (
    LIMITS,
    NEIGHBOUR,
    NETWORK,
    PROVINCE,
    SCHOOL,
    WARD,
    WHEREABOUTS,
    a_copy,
)

TYPES = st.sampled_from(["book", "disc"])


def way(origin, destination, *, allowed, item_type=None):
    return TransferLimit(
        origin=origin.id, destination=destination.id, item_type=item_type, allowed=allowed
    )


def allowed(limits, origin, destination, item_type="book"):
    return TransferLimits.of(limits).allow(origin.chain, destination.chain, item_type=item_type)


@pytest.mark.parametrize(
    ("limits", "may"),
    [
        ([], True),
        ([way(WARD, NEIGHBOUR, allowed=False)], False),
        ([way(PROVINCE, NEIGHBOUR, allowed=False)], False),
        ([way(NETWORK, NETWORK, allowed=False)], False),
        ([way(NEIGHBOUR, WARD, allowed=False)], True),
        ([way(WARD, NEIGHBOUR, allowed=False, item_type="disc")], True),
        (
            [
                way(WARD, NEIGHBOUR, allowed=False),
                way(WARD, NEIGHBOUR, allowed=True, item_type="book"),
            ],
            True,
        ),
        ([way(PROVINCE, NEIGHBOUR, allowed=False), way(WARD, NETWORK, allowed=True)], True),
        ([way(WARD, NETWORK, allowed=False), way(WARD, NEIGHBOUR, allowed=True)], True),
    ],
    ids=[
        "nothing is set",
        "the way itself",
        "the library above the sender's",
        "the root for all of its tree",
        "the way back is another way",
        "another type",
        "a type before all types",
        "the nearest sender",
        "the nearest receiver",
    ],
)
def test_the_nearest_limit_decides(limits, may):
    assert allowed(limits, WARD, NEIGHBOUR) is may
    assert allowed(limits[::-1], WARD, NEIGHBOUR) is may


@pytest.mark.parametrize(
    ("policy", "limit", "may"),
    [
        (TransferPolicy.NONE, None, False),
        (TransferPolicy.NONE, True, True),
        (TransferPolicy.ANY, None, True),
        (TransferPolicy.ANY, False, False),
        (TransferPolicy.BRANCH, True, True),
    ],
)
def test_a_limit_decides_before_the_rule(policy, limit, may):
    limits = [] if limit is None else [way(SCHOOL, NEIGHBOUR, allowed=limit)]
    copy = a_copy(owner=SCHOOL, transfers=policy, limits=TransferLimits.of(limits))

    found = list(hindrances(copy, home=PROVINCE, pickup=NEIGHBOUR, category="adult"))

    assert found == ([] if may else [Block.PICKUP_OUT_OF_REACH])


@given(LIMITS, WHEREABOUTS, TYPES)
def test_no_limit_keeps_a_copy_from_where_it_stands(limits, here, item_type):
    assert allowed(limits, here, here, item_type)


@given(LIMITS, WHEREABOUTS, WHEREABOUTS, TYPES)
def test_the_limit_found_is_about_this_way_and_none_is_nearer(
    limits, origin, destination, item_type
):
    known = TransferLimits.of(limits)

    found = known.governing(origin.chain, destination.chain, item_type=item_type)

    speaking = [
        limit
        for limit in limits
        if limit.origin in origin.chain
        and limit.destination in destination.chain
        and limit.item_type in (None, item_type)
    ]
    if origin == destination or not speaking:
        assert found is None
    else:
        assert found is not None
        assert _distance(found, origin, destination) == min(
            _distance(each, origin, destination) for each in speaking
        )


@given(LIMITS, LIMITS, WHEREABOUTS, WHEREABOUTS, TYPES)
def test_limits_about_other_ways_change_nothing(limits, more, origin, destination, item_type):
    others = [
        each
        for each in more
        if each.origin not in origin.chain or each.destination not in destination.chain
    ]

    before = allowed(limits, origin, destination, item_type)

    assert allowed([*limits, *others], origin, destination, item_type) is before


def _distance(limit, origin, destination):
    return (
        origin.chain.index(limit.origin),
        destination.chain.index(limit.destination),
        limit.item_type is None,
    )
