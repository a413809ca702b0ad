"""Waiting for a digital object: a fair order, a turn that is kept for days, and passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.libraries.models import Library
from tangthu.notices.kinds import NoticeKind
from tangthu.notices.models import Notice
from tangthu.patrons.holders import forget_everywhere, told_by_all
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import (
    LicenceData,
    add_licence,
    borrow,
    cancel_digital_hold,
    give_back,
    place_digital_hold,
    renew_loan,
    settle_all,
    stop_licence,
)
from tangthu.reading.lending import availability_of, shelf_of
from tangthu.reading.lending_setup import outdated
from tangthu.reading.models import DigitalHold, DigitalLoan, HoldState
from tangthu.reading.policy.lending import Block
from tangthu.reading.refusals import (
    BorrowRefused,
    DigitalHoldClosed,
    DigitalHoldRefused,
    DigitalRenewalRefused,
)
from tangthu.repository.models import DigitalObject
from tests.reading.lending import as_reader, ebook, licensed, readers, scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(province: Library) -> list[Patron]:
    return readers(province, number=4)


@pytest.fixture
def book(province: Library) -> DigitalObject:
    obj = ebook(province)
    licensed(obj)
    return obj


@pytest.fixture
def loan(book: DigitalObject, people: list[Patron]) -> DigitalLoan:
    """The first of the people has the book."""
    return borrow(book, for_=people[0], by=as_reader(people[0]))


def wait(obj: DigitalObject, patron: Patron) -> DigitalHold:
    return place_digital_hold(obj, for_=patron, by=as_reader(patron))


def places(patron: Patron) -> list[int]:
    return [each.place for each in shelf_of(patron, now=timezone.now()).holds]


def test_who_came_first_is_served_first(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    first, second = wait(book, people[1]), wait(book, people[2])
    before = places(people[1]), places(people[2])

    give_back(loan, by=as_reader(people[0]))

    first.refresh_from_db()
    second.refresh_from_db()
    assert before == ([1], [2])
    assert (first.state, second.state) == (HoldState.READY, HoldState.WAITING)
    assert (places(people[1]), places(people[2])) == ([0], [1])


def test_a_turn_is_kept_for_its_reader_alone(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    hold = wait(book, people[1])
    give_back(loan, by=as_reader(people[0]))

    with pytest.raises(BorrowRefused) as refused:
        borrow(book, for_=people[2], by=as_reader(people[2]))
    borrow(book, for_=people[1], by=as_reader(people[1]))

    hold.refresh_from_db()
    assert [each.code for each in refused.value.blocks] == [Block.NO_COPY_FREE]
    assert hold.state == HoldState.FILLED


def test_a_turn_that_is_missed_passes_on(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    missed, following = wait(book, people[1]), wait(book, people[2])
    give_back(loan, by=as_reader(people[0]))
    missed.refresh_from_db()
    assert missed.ready_until

    settle_all(now=missed.ready_until)

    missed.refresh_from_db()
    following.refresh_from_db()
    assert (missed.state, following.state) == (HoldState.EXPIRED, HoldState.READY)


def test_a_turn_is_kept_until_the_end_of_the_third_day(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    hold = wait(book, people[1])

    give_back(loan, by=as_reader(people[0]))

    hold.refresh_from_db()
    assert hold.ready_at
    assert hold.ready_until
    days = timezone.localdate(hold.ready_until) - timezone.localdate(hold.ready_at)
    assert days == timedelta(days=3)


def test_a_turn_comes_also_when_a_loan_ends_by_itself(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    hold = wait(book, people[1])

    settle_all(now=loan.due_at)

    hold.refresh_from_db()
    assert hold.state == HoldState.READY


def test_a_cancelled_turn_passes_on_and_is_not_cancelled_twice(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    first, second = wait(book, people[1]), wait(book, people[2])
    give_back(loan, by=as_reader(people[0]))

    cancel_digital_hold(first, by=as_reader(people[1]))

    second.refresh_from_db()
    assert second.state == HoldState.READY
    with pytest.raises(DigitalHoldClosed):
        cancel_digital_hold(first, by=as_reader(people[1]))


def test_nobody_cancels_what_another_waits_for(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    hold = wait(book, people[1])

    with pytest.raises(NotPermitted):
        cancel_digital_hold(hold, by=as_reader(people[2]))

    hold.refresh_from_db()
    assert hold.state == HoldState.WAITING


def test_nobody_waits_for_what_is_free(book: DigitalObject, people: list[Patron]) -> None:
    with pytest.raises(DigitalHoldRefused) as refused:
        wait(book, people[0])

    assert [each.code for each in refused.value.blocks] == [Block.COPY_FREE]
    assert not DigitalHold.objects.exists()


def test_nobody_waits_twice(book: DigitalObject, loan: DigitalLoan, people: list[Patron]) -> None:
    wait(book, people[1])

    with pytest.raises(DigitalHoldRefused) as refused:
        wait(book, people[1])

    assert [each.code for each in refused.value.blocks] == [Block.WAITS_ALREADY]
    assert DigitalHold.objects.count() == 1


def test_nothing_is_extended_while_others_wait(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    wait(book, people[1])

    with (
        time_machine.travel(loan.borrowed_at + timedelta(days=3), tick=False),
        pytest.raises(DigitalRenewalRefused) as refused,
    ):
        renew_loan(loan, by=as_reader(people[0]))

    assert [each.code for each in refused.value.blocks] == [Block.OTHERS_WAIT]


def test_a_new_licence_serves_those_who_wait(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron], administrator: Actor
) -> None:
    first, second = wait(book, people[1]), wait(book, people[2])

    add_licence(book, LicenceData(library=book.library, at_once=1), by=administrator)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (HoldState.READY, HoldState.WAITING)


def test_who_was_promised_a_place_of_a_stopped_licence_waits_on_at_their_place(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron], administrator: Actor
) -> None:
    first, second = wait(book, people[1]), wait(book, people[2])
    give_back(loan, by=as_reader(people[0]))

    stop_licence(book.licences.get(), by=administrator)
    add_licence(book, LicenceData(library=book.library, at_once=1), by=administrator)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (HoldState.READY, HoldState.WAITING)


def test_a_copy_stays_in_while_its_scan_is_kept_for_a_reader(
    province: Library, people: list[Patron], desk: Actor
) -> None:
    obj, (item,) = scan_of(province, copies=1)
    loan = borrow(obj, for_=people[0], by=as_reader(people[0]))
    hold = wait(obj, people[1])
    give_back(loan, by=as_reader(people[0]))

    with pytest.raises(CheckoutRefused):
        check_out(item, to=people[2], by=desk)
    borrow(obj, for_=people[1], by=as_reader(people[1]))

    hold.refresh_from_db()
    item.refresh_from_db()
    assert (hold.state, item.status) == (HoldState.FILLED, ItemStatus.LENT_AS_SCAN)


def test_a_missed_turn_frees_the_copy_for_the_desk_at_once(
    province: Library, people: list[Patron], desk: Actor
) -> None:
    obj, (item,) = scan_of(province, copies=1)
    loan = borrow(obj, for_=people[0], by=as_reader(people[0]))
    hold = wait(obj, people[1])
    give_back(loan, by=as_reader(people[0]))
    hold.refresh_from_db()
    assert hold.ready_until

    with time_machine.travel(hold.ready_until, tick=False):
        free = availability_of([obj.pk], now=timezone.now())[obj.pk].free
        check_out(item, to=people[2], by=desk)

    hold.refresh_from_db()
    assert (free, hold.state) == (1, HoldState.EXPIRED)


def test_the_reader_is_told_once_whose_turn_it_is(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron], settings: Settings
) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    Patron.objects.filter(pk=people[1].pk).update(email="lan@example.org")
    hold = wait(book, people[1])

    give_back(loan, by=as_reader(people[0]))
    settle_all(now=timezone.now())

    (told,) = Notice.objects.filter(kind=NoticeKind.DIGITAL_READY)
    assert outdated([told.source]) == frozenset()
    cancel_digital_hold(hold, by=as_reader(people[1]))
    assert outdated([told.source]) == {told.source}


def test_an_erased_reader_leaves_nothing_behind(
    book: DigitalObject, loan: DigitalLoan, people: list[Patron]
) -> None:
    hold = wait(book, people[1])
    told = {section.key: len(section.rows) for section in told_by_all(people[0])}

    forget_everywhere(people[0])
    forget_everywhere(people[1])

    loan.refresh_from_db()
    hold.refresh_from_db()
    assert told["digital_loans"] == 1
    assert (loan.patron_id, hold.patron_id) == (None, None)
    assert loan.returned_at is not None
