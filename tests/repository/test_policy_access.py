"""Laws of who may open what: nothing is ever opened by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.repository.policy.access import AccessRefusal, Terms, Viewer, judge
from tangthu.repository.policy.kinds import Access, Restriction, State

TODAY = date(2026, 11, 22)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
words = st.sampled_from([*State, *Access, *Restriction, "", "open", "PUBLIC", "none "])
terms = st.builds(
    Terms, state=words, access=words, restriction=words, embargo_until=st.none() | days
)
viewers = st.builds(
    Viewer,
    keeps=st.booleans(),
    is_staff=st.booleans(),
    has_valid_card=st.booleans(),
    is_on_site=st.booleans(),
    is_granted=st.booleans(),
)
STRANGER = Viewer()


@given(terms, viewers, days)
def test_what_a_stranger_may_open_everybody_may(terms, viewer, today):
    if judge(terms, STRANGER, today=today):
        assert judge(terms, viewer, today=today)


@given(
    terms,
    viewers,
    days,
    st.sampled_from(["keeps", "is_staff", "has_valid_card", "is_on_site", "is_granted"]),
)
def test_to_be_more_never_shuts_a_document(terms, viewer, today, name):
    more = replace(viewer, **{name: True})

    if judge(terms, viewer, today=today):
        assert judge(terms, more, today=today)


@given(terms, days)
def test_a_stranger_opens_only_what_is_published_public_and_free(terms, today):
    opened = bool(judge(terms, STRANGER, today=today))

    assert opened == (
        terms.state == "published"
        and terms.access == "public"
        and terms.restriction == "none"
        and (terms.embargo_until is None or terms.embargo_until < today)
    )


@given(terms, viewers, days)
def test_a_word_that_nobody_knows_opens_to_keepers_alone(terms, viewer, today):
    strange = replace(terms, access="everybody")

    if not viewer.keeps and not viewer.is_staff:
        assert not judge(strange, viewer, today=today)


@given(terms, viewers, days)
def test_an_embargo_shuts_for_all_but_its_keepers(terms, viewer, today):
    shut = replace(terms, embargo_until=today)

    assert bool(judge(shut, viewer, today=today)) == viewer.keeps


@given(terms, days)
def test_its_keepers_open_everything(terms, today):
    assert judge(terms, Viewer(keeps=True), today=today)


@pytest.mark.parametrize(
    ("access", "viewer", "refusal"),
    [
        (Access.CARDHOLDERS, STRANGER, AccessRefusal.CARD_NEEDED),
        (Access.CARDHOLDERS, Viewer(has_valid_card=True), None),
        (Access.ON_SITE, Viewer(has_valid_card=True), AccessRefusal.ON_SITE_ONLY),
        (Access.ON_SITE, Viewer(is_on_site=True), None),
        (Access.STAFF, Viewer(has_valid_card=True, is_on_site=True), AccessRefusal.STAFF_ONLY),
        (Access.STAFF, Viewer(is_staff=True), None),
        (Access.ON_REQUEST, Viewer(is_staff=True), AccessRefusal.ON_REQUEST),
        (Access.ON_REQUEST, Viewer(is_granted=True), None),
        (Access.LENT, Viewer(is_staff=True, has_valid_card=True), AccessRefusal.LENT),
        (Access.LENT, Viewer(is_granted=True), None),
        (Access.STAFF, Viewer(is_granted=True), AccessRefusal.STAFF_ONLY),
        (Access.CARDHOLDERS, Viewer(is_granted=True), AccessRefusal.CARD_NEEDED),
    ],
)
def test_each_level_names_what_it_asks_for(access, viewer, refusal):
    found = judge(Terms(state=State.PUBLISHED, access=access), viewer, today=TODAY)

    assert found.refusal == refusal


def test_a_refusal_tells_when_an_embargo_ends():
    ends = TODAY + timedelta(days=3)
    shut = Terms(state=State.PUBLISHED, access=Access.PUBLIC, embargo_until=ends)

    assert judge(shut, STRANGER, today=TODAY).until == ends
    assert judge(shut, STRANGER, today=ends + timedelta(days=1))


def test_what_a_community_keeps_stays_with_it():
    kept = Terms(state=State.PUBLISHED, access=Access.PUBLIC, restriction=Restriction.COMMUNITY)

    assert judge(kept, Viewer(is_staff=True), today=TODAY).refusal == AccessRefusal.COMMUNITY_ONLY
