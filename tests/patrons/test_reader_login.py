from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher

from tangthu.access.errors import SamePassword, WeakPassword, WrongPassword
from tangthu.access.policy import FREE_FAILURES, LONGEST_WAIT
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.patrons import actions
from tangthu.patrons.errors import (
    CardNotInUse,
    ReaderLoginLocked,
    ReaderLoginRefused,
    ReaderMustWait,
)
from tangthu.patrons.models import CardStatus, LoginTry, ReaderAccount, ReaderSession
from tangthu.patrons.policy import logins as policy
from tests.factories import PatronFactory
from tests.support.threads import at_once

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
ADDRESS = "203.0.113.7"
RIGHT, WRONG = "mùa cà phê chín", "sai rồi"
PHONE = "+84905123456"


@pytest.fixture
def reader(province):
    patron = PatronFactory(card="DLK000001", phone=PHONE, library=province)
    actions.choose_password(patron, RIGHT, by=actions.actor_for(patron))
    return patron


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def fail(times, *, clock, name="DLK000001", address=ADDRESS):
    for _ in range(times):
        clock.shift(LONGEST_WAIT)
        with pytest.raises(ReaderLoginRefused):
            actions.log_in(name, WRONG, address=address)


@pytest.mark.parametrize("typed", ["DLK000001", " dlk 000001 ", "0905 123 456", "+84 905123456"])
def test_card_or_phone_and_password_open(reader, typed):
    assert actions.log_in(typed, RIGHT, address=ADDRESS) == reader
    assert LoginTry.objects.get().succeeded


def test_every_wrong_pair_gets_the_same_refusal(reader, province):
    PatronFactory(card="DLK000002", library=province)
    gone = PatronFactory(card="DLK000003", library=province)
    actions.choose_password(gone, RIGHT, by=actions.actor_for(gone))
    gone.card_status = CardStatus.WITHDRAWN
    gone.save()
    pairs = [
        ("DLK000009", RIGHT),
        ("0905999999", RIGHT),
        ("DLK000001", WRONG),
        ("DLK000002", ""),
        ("DLK000003", RIGHT),
    ]

    said = []
    for number, (name, password) in enumerate(pairs):
        with pytest.raises(ReaderLoginRefused) as refused:
            actions.log_in(name, password, address=f"203.0.113.{number}")
        said.append((type(refused.value), refused.value.data))

    assert said == [(ReaderLoginRefused, {})] * 5


class CountingHasher(MD5PasswordHasher):
    """A hasher that remembers how often it was asked."""

    algorithm = "counting"
    asked = 0

    def encode(self, password, salt):
        CountingHasher.asked += 1
        return super().encode(password, salt)


@pytest.mark.parametrize(
    ("name", "comparisons"),
    [("DLK000001", 1), ("DLK000009", 1), ("0905123456", 2), ("0905999999", 2), ("nobody", 1)],
)
def test_somebody_unknown_costs_as_much_hashing(reader, settings, name, comparisons):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    actions.choose_password(reader, RIGHT, by=actions.actor_for(reader))
    CountingHasher.asked = 0

    with pytest.raises(ReaderLoginRefused):
        actions.log_in(name, WRONG, address=ADDRESS)

    assert CountingHasher.asked == comparisons


def test_a_phone_of_two_opens_the_one_whose_password_it_is(reader, province):
    other = PatronFactory(card="DLK000002", phone=PHONE, library=province)
    actions.choose_password(other, "đồi chè Ea Kar", by=actions.actor_for(other))

    assert actions.log_in("0905123456", "đồi chè Ea Kar", address=ADDRESS) == other
    assert actions.log_in("0905123456", RIGHT, address=ADDRESS) == reader


@pytest.mark.parametrize("name", ["DLK000001", "DLK000009"])
def test_tries_of_known_and_unknown_are_slowed_alike(reader, clock, name):
    fail(FREE_FAILURES, clock=clock, name=name)

    with pytest.raises(ReaderMustWait) as refused:
        actions.log_in(name, RIGHT, address=ADDRESS)

    assert refused.value.data == {"seconds": 1, "minutes": 1}
    assert LoginTry.objects.count() == FREE_FAILURES


def test_ten_failures_lock_the_card_until_the_desk_unlocks(reader, desk, clock):
    fail(10, clock=clock)
    with pytest.raises(ReaderLoginLocked):
        actions.log_in("DLK000001", RIGHT, address="198.51.100.1")

    actions.unlock_reader(reader, by=desk)

    assert actions.log_in("DLK000001", RIGHT, address=ADDRESS) == reader


def test_a_password_typed_as_a_name_is_not_kept(reader):
    with pytest.raises(ReaderLoginRefused):
        actions.log_in(RIGHT, "", address=ADDRESS)

    assert LoginTry.objects.get().name.startswith("#")


@pytest.mark.django_db(transaction=True)
def test_many_guesses_in_one_instant_do_not_pass_the_limit(reader):
    def guess():
        return actions.log_in("DLK000001", WRONG, address=ADDRESS)

    answers = at_once(*[guess] * 8)

    assert sum(type(answer) is ReaderLoginRefused for answer in answers) <= FREE_FAILURES
    assert all(isinstance(answer, ReaderLoginRefused | ReaderMustWait) for answer in answers)


def session(patron, key, *, is_kept=False):
    return actions.begin_session(
        patron, session_key=key, address=ADDRESS, browser="Firefox", is_kept=is_kept
    )


def test_a_changed_password_logs_out_all_browsers(reader):
    session(reader, "one")

    actions.change_password(reader, present=RIGHT, new="đồi chè Ea Kar", address=ADDRESS)

    assert actions.log_in("DLK000001", "đồi chè Ea Kar", address=ADDRESS) == reader
    assert not ReaderSession.objects.exists()


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
def test_a_password_that_cannot_be_accepted_changes_nothing(reader, present, new, refusal):
    with pytest.raises(refusal):
        actions.change_password(reader, present=present, new=new, address=ADDRESS)

    assert actions.log_in("DLK000001", RIGHT, address="198.51.100.9") == reader


def test_the_desk_gives_a_start_password_that_must_be_changed(reader, desk):
    session(reader, "one")

    first = actions.give_start_password(reader, by=desk)

    assert actions.log_in("DLK000001", first, address=ADDRESS) == reader
    assert ReaderAccount.objects.get(patron=reader).must_change_password
    assert not ReaderSession.objects.exists()
    with pytest.raises(ReaderLoginRefused):
        actions.log_in("DLK000001", RIGHT, address=ADDRESS)
    entry = AuditEntry.objects.get(action="patron.start_password_given")
    assert first not in str(entry.changes)


def test_a_start_password_holds_for_fourteen_days(reader, desk, clock):
    first = actions.give_start_password(reader, by=desk)
    clock.shift(policy.START_PASSWORD_LASTS + timedelta(seconds=1))

    with pytest.raises(ReaderLoginRefused):
        actions.log_in("DLK000001", first, address=ADDRESS)


def test_only_staff_of_the_library_give_start_passwords(reader, neighbour):
    for stranger in (neighbour, actions.actor_for(reader)):
        with pytest.raises(NotPermitted):
            actions.give_start_password(reader, by=stranger)

    assert actions.log_in("DLK000001", RIGHT, address=ADDRESS) == reader


def test_a_withdrawn_card_gets_no_start_password(reader, desk):
    reader.card_status = CardStatus.WITHDRAWN

    with pytest.raises(CardNotInUse):
        actions.give_start_password(reader, by=desk)


def test_nobody_chooses_the_password_of_another(reader, foreign_patron, desk):
    for stranger in (actions.actor_for(foreign_patron), desk):
        with pytest.raises(NotPermitted):
            actions.choose_password(reader, "đồi chè Ea Kar", by=stranger)


def test_all_other_browsers_are_ended_at_once(reader):
    for key in ("here", "there", "elsewhere"):
        session(reader, key)

    ended = actions.end_all_sessions(reader, keep="here", by=actions.actor_for(reader))

    assert ended == 2
    assert ReaderSession.objects.get().session_key == "here"


def test_only_the_reader_or_their_library_ends_sessions(reader, foreign_patron, neighbour, desk):
    open_session = session(reader, "here")
    other = actions.actor_for(foreign_patron)

    with pytest.raises(NotPermitted):
        actions.end_session(open_session, by=other)
    for stranger in (other, neighbour):
        with pytest.raises(NotPermitted):
            actions.end_all_sessions(reader, by=stranger)
    assert ReaderSession.objects.exists()

    actions.end_all_sessions(reader, by=desk)
    assert not ReaderSession.objects.exists()


def test_old_tries_and_dead_sessions_are_pruned(reader, clock):
    fail(1, clock=clock)
    session(reader, "old")
    session(reader, "kept", is_kept=True)
    clock.shift(timedelta(days=8))
    fail(1, clock=clock)

    assert actions.prune_reader_logins() == 2
    assert LoginTry.objects.count() == 1
    assert ReaderSession.objects.get().session_key == "kept"


def test_forgetting_the_account_leaves_no_way_in(reader):
    session(reader, "here")

    actions.forget_account(reader)

    assert not ReaderSession.objects.exists()
    with pytest.raises(ReaderLoginRefused):
        actions.log_in("DLK000001", RIGHT, address=ADDRESS)
