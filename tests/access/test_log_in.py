from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher

from tangthu.access import actions, policy
from tangthu.access.errors import (
    LoginLocked,
    LoginMustWait,
    LoginRefused,
    SamePassword,
    WeakPassword,
    WrongPassword,
)
from tangthu.access.models import LoginAttempt, StaffSession
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tests.support.threads import at_once

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
ADDRESS = "203.0.113.7"
RIGHT, WRONG = "mùa cà phê chín", "sai rồi"


@pytest.fixture
def reader_of_passwords(desk_user):
    desk_user.set_password(RIGHT)
    desk_user.save()
    return desk_user


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def fail(times, *, username="desk", clock, address=ADDRESS):
    """Fail so often, each time after the wait that the failures before it cost."""
    for _ in range(times):
        clock.shift(policy.LONGEST_WAIT)
        with pytest.raises(LoginRefused):
            actions.log_in(username, WRONG, address=address)


def test_the_right_password_opens(reader_of_passwords):
    user = actions.log_in("  DESK ", RIGHT, address=ADDRESS)

    assert user == reader_of_passwords
    assert LoginAttempt.objects.get().succeeded
    assert AuditEntry.objects.get(action="user.logged_in").user_id == user.pk


def test_wrong_name_wrong_password_and_a_barred_user_get_the_same_refusal(reader_of_passwords):
    said = []
    for name, password in [("nobody", RIGHT), ("desk", WRONG)]:
        with pytest.raises(LoginRefused) as refused:
            actions.log_in(name, password, address=ADDRESS)
        said.append(refused.value.data)
    reader_of_passwords.is_active = False
    reader_of_passwords.save()
    with pytest.raises(LoginRefused) as refused:
        actions.log_in("desk", RIGHT, address=ADDRESS)

    assert said == [{}, {}]
    assert refused.value.data == {}


class CountingHasher(MD5PasswordHasher):
    """A hasher that remembers how often it was asked."""

    algorithm = "counting"
    asked = 0

    def encode(self, password, salt):
        CountingHasher.asked += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("username", ["desk", "nobody"])
def test_a_name_that_does_not_exist_costs_as_much_hashing(desk_user, settings, username):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    desk_user.set_password(RIGHT)
    desk_user.save()
    CountingHasher.asked = 0

    with pytest.raises(LoginRefused):
        actions.log_in(username, WRONG, address=ADDRESS)

    assert CountingHasher.asked == 1


@pytest.mark.parametrize("username", ["desk", "nobody"])
def test_after_three_failures_the_next_try_must_wait(reader_of_passwords, clock, username):
    fail(3, username=username, clock=clock)

    with pytest.raises(LoginMustWait) as refused:
        actions.log_in(username, RIGHT, address=ADDRESS)

    assert refused.value.data == {"seconds": 1, "minutes": 1}
    assert LoginAttempt.objects.count() == 3


def test_a_try_that_was_turned_away_does_not_prolong_the_wait(reader_of_passwords, clock):
    fail(3, clock=clock)
    for _ in range(5):
        with pytest.raises(LoginMustWait):
            actions.log_in("desk", WRONG, address=ADDRESS)
    clock.shift(timedelta(seconds=1))

    assert actions.log_in("desk", RIGHT, address=ADDRESS) == reader_of_passwords


@pytest.mark.parametrize("username", ["desk", "nobody"])
def test_ten_failures_lock_the_name_from_everywhere(reader_of_passwords, clock, username):
    fail(10, username=username, clock=clock)
    clock.shift(timedelta(minutes=14))

    with pytest.raises(LoginLocked) as refused:
        actions.log_in(username, RIGHT, address="198.51.100.1")

    assert refused.value.data == {"seconds": 60, "minutes": 1}


def test_the_lock_ends_by_itself(reader_of_passwords, clock):
    fail(10, clock=clock)
    clock.shift(policy.LOCK_LASTS)

    assert actions.log_in("desk", RIGHT, address=ADDRESS) == reader_of_passwords


def test_an_administrator_unlocks(reader_of_passwords, administrator, clock):
    fail(10, clock=clock)

    actions.unlock_user(reader_of_passwords, by=administrator)

    assert actions.log_in("desk", RIGHT, address=ADDRESS) == reader_of_passwords


def test_a_password_typed_as_a_name_is_not_kept(reader_of_passwords):
    with pytest.raises(LoginRefused):
        actions.log_in(RIGHT, "", address=ADDRESS)

    assert LoginAttempt.objects.get().username.startswith("#")


def test_success_forgives_what_was_before(reader_of_passwords, clock):
    fail(9, clock=clock)
    clock.shift(policy.LONGEST_WAIT)
    actions.log_in("desk", RIGHT, address=ADDRESS)

    fail(2, clock=clock)

    assert actions.log_in("desk", RIGHT, address=ADDRESS) == reader_of_passwords


def test_one_address_cannot_try_many_names_for_ever(reader_of_passwords, clock):
    for number in range(policy.FREE_FAILURES_OF_ADDRESS):
        with pytest.raises(LoginRefused):
            actions.log_in(f"guess{number}", WRONG, address=ADDRESS)

    with pytest.raises(LoginMustWait):
        actions.log_in("desk", RIGHT, address=ADDRESS)
    assert actions.log_in("desk", RIGHT, address="198.51.100.1") == reader_of_passwords


@pytest.mark.django_db(transaction=True)
def test_many_guesses_in_one_instant_do_not_pass_the_limit(reader_of_passwords):
    def guess():
        return actions.log_in("desk", WRONG, address=ADDRESS)

    answers = at_once(*[guess] * 8)

    assert sum(type(answer) is LoginRefused for answer in answers) <= policy.FREE_FAILURES
    assert all(isinstance(answer, LoginRefused | LoginMustWait) for answer in answers)


def test_a_new_password_logs_out_all_browsers(reader_of_passwords):
    session(reader_of_passwords, "one")

    actions.change_password(
        reader_of_passwords, present=RIGHT, new="đồi chè Ea Kar", address=ADDRESS
    )

    assert reader_of_passwords.check_password("đồi chè Ea Kar")
    assert not reader_of_passwords.must_change_password
    assert not StaffSession.objects.exists()


@pytest.mark.parametrize(
    ("present", "new", "refusal"),
    [
        (WRONG, "đồi chè Ea Kar", WrongPassword),
        (RIGHT, RIGHT, SamePassword),
        (RIGHT, "ngắn", WeakPassword),
        (RIGHT, "password123", WeakPassword),
        (RIGHT, "192837465564", WeakPassword),
        (RIGHT, "x" * 1001, WeakPassword),
    ],
)
def test_a_password_that_cannot_be_accepted_changes_nothing(
    reader_of_passwords, present, new, refusal
):
    with pytest.raises(refusal):
        actions.change_password(reader_of_passwords, present=present, new=new, address=ADDRESS)

    reader_of_passwords.refresh_from_db()
    assert reader_of_passwords.check_password(RIGHT)


def session(user, key):
    return actions.begin_session(user, session_key=key, address=ADDRESS, browser="Firefox")


def test_all_other_browsers_are_ended_at_once(desk_user, desk):
    for key in ("here", "there", "elsewhere"):
        session(desk_user, key)

    ended = actions.end_other_sessions(desk_user, keep="here", by=desk)

    assert ended == 2
    assert StaffSession.objects.get().session_key == "here"


def test_only_oneself_or_an_administrator_ends_a_session(
    desk_user, cataloguer, neighbour, administrator
):
    open_session = session(desk_user, "here")

    for stranger in (cataloguer, neighbour):
        with pytest.raises(NotPermitted):
            actions.end_session(open_session, by=stranger)
    assert StaffSession.objects.exists()

    actions.end_session(open_session, by=administrator)
    assert not StaffSession.objects.exists()


def test_old_tries_and_dead_sessions_are_pruned(desk_user, clock):
    fail(1, clock=clock)
    session(desk_user, "old")
    clock.shift(timedelta(days=91))
    fail(1, clock=clock)
    session(desk_user, "new")

    assert actions.prune_logins() == 2
    assert LoginAttempt.objects.count() == 1
    assert StaffSession.objects.get().session_key == "new"
