"""How a document moves through its stages, as laws."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.digitisation.policy.numbers import batch_number, capture_number, number_in, pasted
from tangthu.digitisation.policy.progress import Share, middle
from tangthu.digitisation.policy.stages import (
    Effect,
    Place,
    StagePlan,
    StagesFault,
    fault_in,
    finished,
    resumed,
    sent_back,
)


@st.composite
def walks(draw: st.DrawFn) -> tuple[int, list[tuple[str, int]]]:
    """A list of so many stages, and what people do to a document in it."""
    last = draw(st.integers(0, 8))
    deeds = st.tuples(st.sampled_from(["finish", "back", "resume"]), st.integers(0, 8))
    return last, draw(st.lists(deeds, max_size=30))


def move(place: Place, deed: str, to: int) -> Place | None:
    if deed == "finish":
        return finished(place)
    try:
        return sent_back(place, to) if deed == "back" else resumed(place)
    except ValueError:
        return place


@given(walks())
def test_wherever_it_is_sent_it_stays_in_the_list_and_knows_how_far_it_had_come(walk):
    last, deeds = walk
    place, farthest = Place(0, last), 0
    for deed, to in deeds:
        after = move(place, deed, to)
        if after is None:
            assert place.at == last
            return
        place, farthest = after, max(farthest, after.at)

        assert 0 <= place.at <= last
        assert place.back_to is None or place.at < place.back_to <= last
        assert max(place.at, place.back_to or 0) == farthest


@given(walks())
def test_finishing_every_stage_always_comes_to_an_end(walk):
    last, deeds = walk
    place = Place(0, last)
    for deed, to in deeds:
        place = move(place, deed, to) or place

    steps = 0
    while (after := finished(place)) is not None:
        place, steps = after, steps + 1

    assert place.at == last
    assert steps <= last


@given(st.integers(1, 9), st.data())
def test_what_is_sent_back_and_mended_stands_where_it_stood(last, data):
    at = data.draw(st.integers(1, last))
    to = data.draw(st.integers(0, at - 1))
    place = Place(at, last)

    assert resumed(sent_back(place, to)) == place


@pytest.mark.parametrize("to", [3, 4, -1])
def test_it_is_sent_back_to_an_earlier_stage_only(to):
    with pytest.raises(ValueError, match=str(to)):
        sent_back(Place(3, 6), to)


def plan(name: str, effect: Effect = Effect.NONE, *, gives_back: bool = False) -> StagePlan:
    return StagePlan(name=name, effect=effect, gives_back=gives_back)


@pytest.mark.parametrize(
    ("stages", "fault"),
    [
        ([plan("Quét", Effect.SCAN)], None),
        ([], StagesFault.NONE_AT_ALL),
        ([plan("Quét"), plan("quét")], StagesFault.NAMED_TWICE),
        ([plan("a", Effect.SCAN), plan("b", Effect.SCAN)], StagesFault.EFFECT_TWICE),
        ([plan("a", Effect.CHECK), plan("b", Effect.SCAN)], StagesFault.OUT_OF_ORDER),
        ([plan("a", Effect.FETCH), plan("b", Effect.SCAN)], StagesFault.NEVER_GIVEN_BACK),
        (
            [plan("a", Effect.FETCH, gives_back=True), plan("b", Effect.SCAN)],
            StagesFault.NEVER_GIVEN_BACK,
        ),
        ([plan("a", Effect.FETCH), plan("b", Effect.SCAN), plan("c", gives_back=True)], None),
        ([plan(str(n)) for n in range(21)], StagesFault.TOO_MANY),
    ],
)
def test_a_list_of_stages_can_be_gone_through(stages, fault):
    assert fault_in(stages) is fault


@pytest.mark.parametrize(
    ("scanned", "number"),
    [
        ("DC26-0012", "DC26-0012"),
        (" dc26-0012\r", "DC26-0012"),
        ("https://thuvien.example.vn/desk/digitisation/captures/DC26-0012/", "DC26-0012"),
        ("http://127.0.0.1:8000/desk/digitisation/batches/DC26-L02/", "DC26-L02"),
        ("DLK0001234", ""),
        ("", ""),
    ],
)
def test_a_docket_is_known_by_its_number_or_its_address(scanned, number):
    assert number_in(scanned) == number


def test_numbers_count_on():
    assert (capture_number("DC26", 12), batch_number("DC26", 2)) == ("DC26-0012", "DC26-L02")
    assert pasted("ĐC.001\nĐC.002\tĐC.001; 15\r\n\n") == ["ĐC.001", "ĐC.002", "15"]


@pytest.mark.parametrize(
    ("share", "percent", "to_go", "reached"),
    [
        (Share(0, 0), 0, 0, False),
        (Share(69, 100), 69, 1, False),
        (Share(699, 1000), 69, 1, False),
        (Share(70, 100), 70, 0, True),
        (Share(7, 10, planned=20), 35, 7, False),
        (Share(30, 10, planned=20), 100, 0, True),
    ],
)
def test_the_goal_is_not_reached_a_document_too_early(share, percent, to_go, reached):
    assert (share.percent, share.to_go, share.is_reached) == (percent, to_go, reached)


def test_the_middle_time_is_that_of_half_of_them():
    assert middle([]) is None
    assert middle([timedelta(hours=1), timedelta(hours=9), timedelta(hours=2)]) == timedelta(
        hours=2
    )
