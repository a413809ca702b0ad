"""Copies and holds for the tests of the queue, and strategies that draw them."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tangthu.circulation.policy import (
    NO_LIMITS,
    CopyTerms,
    FreeCopy,
    HoldPolicy,
    LocalFirst,
    PickupPolicy,
    Place,
    TransferLimit,
    TransferLimits,
    TransferPolicy,
    Waiting,
)

TODAY = date(2026, 11, 23)
NETWORK, PROVINCE, WARD, SCHOOL, NEIGHBOUR = (
    Place((1,)),
    Place((2, 1)),
    Place((3, 2, 1)),
    Place((4, 3, 2, 1)),
    Place((5, 1)),
)
PLACES = (NETWORK, PROVINCE, WARD, SCHOOL, NEIGHBOUR)


def a_copy(item=1, *, owner=PROVINCE, here=None, limits=NO_LIMITS, **terms):
    said = CopyTerms(**terms)
    return FreeCopy(
        item=item,
        owner=owner,
        here=here or owner,
        terms=lambda category: said,
        item_type="book",
        limits=limits,
    )


def a_hold(key=1, **changes):
    facts = Waiting(
        key=key, rank=key, patron=100 + key, category="adult", home=PROVINCE, pickup=PROVINCE
    )
    return replace(facts, **changes)


TERMS = st.builds(
    CopyTerms,
    holds=st.sampled_from([True, True, True, False]),
    who=st.sampled_from(HoldPolicy),
    pickup=st.sampled_from(PickupPolicy),
    transfers=st.sampled_from(TransferPolicy),
    local_first=st.sampled_from(LocalFirst),
    look_ahead=st.integers(0, 2),
)
WHEREABOUTS = st.sampled_from(PLACES)
LIMITS = st.lists(
    st.builds(
        TransferLimit,
        origin=st.integers(1, 5),
        destination=st.integers(1, 5),
        item_type=st.sampled_from([None, "book", "disc"]),
        allowed=st.booleans(),
    ),
    max_size=4,
)
DAYS = st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def copies(draw, *, most=4, terms=TERMS):
    said, limits = draw(terms), TransferLimits.of(draw(LIMITS))
    return [
        FreeCopy(
            item=item,
            owner=draw(WHEREABOUTS),
            here=draw(WHEREABOUTS),
            terms=lambda category: said,
            item_type=draw(st.sampled_from(["book", "disc"])),
            limits=limits,
        )
        for item in range(1, 1 + draw(st.integers(1, most)))
    ]


@st.composite
def queues(draw, *, most=6):
    return [
        Waiting(
            key=key,
            rank=draw(st.integers(-2, 6)),
            patron=100 + key,
            category="adult",
            home=draw(WHEREABOUTS),
            pickup=draw(WHEREABOUTS),
            wanted=draw(st.none() | st.integers(1, 4)),
            starts_on=draw(DAYS),
            expires_on=draw(DAYS),
            is_suspended=draw(st.sampled_from([False, False, True])),
            recalled=draw(st.sampled_from([None, None, None, 9])),
        )
        for key in range(1, 1 + draw(st.integers(0, most)))
    ]
