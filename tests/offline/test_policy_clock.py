"""When it really happened, whatever the device's clock showed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tangthu.offline.policy import Doubt, Exchange, Reading, moments

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def reading(minutes_ago: float, *, fast: timedelta = timedelta(0), run: str = "r") -> Reading:
    """Return what a browser that began a day ago showed so long ago."""
    ago = minutes_ago * MINUTE
    return Reading(wall=NOW - ago + fast, run=run, ticks=timedelta(days=1) - ago)


@settings(deadline=None)
@given(st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)))
def test_a_clock_that_is_always_wrong_by_the_same_is_put_right(fast: timedelta) -> None:
    told = [reading(300, fast=fast), reading(10, fast=fast)]

    found = moments(told, Exchange(now=NOW, reading=reading(0, fast=fast)))

    assert [moment.at for moment in found] == [NOW - 300 * MINUTE, NOW - 10 * MINUTE]


def test_a_clock_that_was_set_back_is_not_believed() -> None:
    before = reading(60, fast=timedelta(days=2))

    (found,) = moments([before], Exchange(now=NOW, reading=reading(0)))

    assert found.at == NOW - 60 * MINUTE
    assert found.doubts == (Doubt.CLOCK_WAS_SET,)


def test_a_day_asleep_is_no_reason_for_doubt() -> None:
    asleep = Reading(wall=NOW - timedelta(days=1), run="r", ticks=timedelta(hours=2))
    now = Reading(wall=NOW, run="r", ticks=timedelta(hours=2, minutes=5))

    (found,) = moments([asleep], Exchange(now=NOW, reading=now))

    assert (found.at, found.doubts) == (NOW - timedelta(days=1), ())


def test_an_event_of_the_future_happened_when_it_came() -> None:
    told = Reading(wall=NOW + timedelta(days=30), run="of another day")

    (found,) = moments([told], Exchange(now=NOW, reading=reading(0)))

    assert (found.at, found.doubts) == (NOW, (Doubt.FROM_THE_FUTURE,))


def test_an_event_before_the_last_meeting_happened_after_it() -> None:
    met = NOW - timedelta(days=1)
    told = Reading(wall=datetime(1999, 1, 1, tzinfo=UTC), run="of another day")

    (found,) = moments([told], Exchange(now=NOW, reading=reading(0), not_before=met))

    assert (found.at, found.doubts) == (met, (Doubt.TOO_LONG_AGO,))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-10_000_000, 10_000_000),
            st.sampled_from(["r", "s"]),
            st.integers(0, 10_000_000),
        ),
        max_size=20,
    )
)
def test_no_event_lies_in_the_future_or_before_an_earlier_one(
    told: list[tuple[int, str, int]],
) -> None:
    readings = [
        Reading(wall=NOW + seconds * timedelta(seconds=1), run=run, ticks=timedelta(seconds=ticks))
        for seconds, run, ticks in told
    ]
    met = NOW - timedelta(days=3)

    found = [each.at for each in moments(readings, Exchange(now=NOW, not_before=met))]

    assert found == sorted(found)
    assert all(met <= at <= NOW for at in found)
