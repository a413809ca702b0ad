from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.access import policy
from tangthu.access.policy import Failures, LoginBarrier, LoginVerdict, judge_login

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NONE = Failures()


def test_two_failures_cost_nothing():
    verdict = judge_login(now=NOW, of_name=Failures(2, NOW), of_address=NONE)

    assert verdict
    assert verdict == LoginVerdict()


def test_a_try_beside_another_that_failed_a_moment_later_need_not_wait() -> None:
    a_moment_later = Failures(2, NOW + SECOND / 1000)

    assert judge_login(now=NOW, of_name=a_moment_later, of_address=a_moment_later)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 60)]
)
def test_each_further_failure_makes_the_wait_longer(failures, seconds):
    verdict = judge_login(now=NOW, of_name=Failures(failures, NOW), of_address=NONE)

    assert verdict == LoginVerdict(LoginBarrier.WAIT, NOW + seconds * SECOND)


def test_when_the_wait_is_over_the_next_try_is_free():
    of_name = Failures(5, NOW - 4 * SECOND)

    assert judge_login(now=NOW, of_name=of_name, of_address=NONE)


def test_ten_failures_lock_the_name_for_a_quarter_of_an_hour():
    verdict = judge_login(now=NOW, of_name=Failures(10, NOW), of_address=NONE)

    assert verdict == LoginVerdict(LoginBarrier.LOCKED, NOW + timedelta(minutes=15))


def test_a_library_behind_one_address_may_fail_more_often_than_one_name():
    assert judge_login(now=NOW, of_name=NONE, of_address=Failures(29, NOW))
    assert not judge_login(now=NOW, of_name=NONE, of_address=Failures(30, NOW))


def test_of_two_waits_the_longer_holds():
    verdict = judge_login(now=NOW, of_name=Failures(3, NOW), of_address=Failures(39, NOW))

    assert verdict.until == NOW + timedelta(minutes=5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_one_more_failure_never_shortens_the_wait(failures, more):
    def waits(count):
        return policy.waiting_time(count, free=3, longest=timedelta(minutes=1))

    assert waits(failures) <= waits(failures + more)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("a local socket", None),
        (None, None),
    ],
)
def test_a_network_of_ipv6_addresses_counts_as_one(address, counted_as):
    assert policy.throttled_address(address) == counted_as


@pytest.mark.parametrize("name", ["lan", "lan.nguyen", "tv-eakao_2", "a"])
def test_a_user_name_has_letters_digits_and_few_signs(name):
    assert policy.is_username(name)


@pytest.mark.parametrize("name", ["", "Lan", "lan nguyen", "lân", ".lan", "a" * 61, "lan\n"])
def test_other_user_names_are_refused(name):
    assert not policy.is_username(name)


def test_who_holds_the_same_in_more_libraries_covers():
    above = {"lend": frozenset({1, 2, 3}), "see": frozenset({1})}

    assert policy.covers(above, {"lend": frozenset({2})})
    assert policy.covers(above, {})
    assert not policy.covers(above, {"see": frozenset({1, 2})})
    assert not policy.covers(above, {"rule": frozenset({1})})
