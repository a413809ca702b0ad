"""What an offline desk did is done again here: in order, once, at its own moment."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.access.models import User
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.actions import check_in, check_out
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline.actions import replay, revoke
from tangthu.offline.errors import EventsMissing
from tangthu.offline.models import EventState, OfflineEvent
from tangthu.patrons.actions import restrict
from tangthu.patrons.models import Patron, RestrictionKind
from tests.factories import ItemFactory, PatronFactory
from tests.offline.desk import OfflineDesk

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province: Library) -> Item:
    return ItemFactory(library=province)


def test_a_day_without_a_line_is_written_down_as_it_was(
    away: OfflineDesk, item: Item, patron: Patron, province: Library
) -> None:
    other = ItemFactory(library=province)
    lent = away.lend(item, patron, minute=10)
    away.lend(other, patron, minute=20)
    away.take_back(item, minute=300)

    count = away.come_back()

    assert count == 3
    loan = Loan.objects.get(item=item)
    assert abs(loan.lent_at - away.started - timedelta(minutes=10)) < timedelta(seconds=5)
    assert loan.returned_at == loan.lent_at + timedelta(minutes=290)
    assert Loan.objects.open().get().item == other
    row = away.row(lent)
    assert (row.state, row.outcome["code"]) == (EventState.DONE, "lent")
    assert {event.face for event in LoanEvent.objects.all()} == {"offline"}
    assert LoanEvent.objects.order_by("at").first().at == loan.lent_at  # type: ignore[union-attr]


def test_the_same_batch_twice_does_nothing_twice(
    away: OfflineDesk, item: Item, patron: Patron
) -> None:
    away.lend(item, patron, minute=1)
    away.take_back(item, minute=2)
    away.lend(item, patron, minute=3)
    away.come_back()

    again = away.come_back()

    assert again == 0
    assert Loan.objects.count() == 2
    assert LoanEvent.objects.count() == 3
    assert OfflineEvent.objects.count() == 3


def test_a_batch_that_was_cut_off_goes_on_where_it_stopped(
    away: OfflineDesk, province: Library
) -> None:
    patrons = [PatronFactory(library=province) for _ in range(4)]
    for minute, patron in enumerate(patrons):
        away.lend(ItemFactory(library=province), patron, minute=minute)
    away.hand_over(away.events[:2])
    replay(away.device)

    fresh = away.hand_over(away.events[1:])
    replay(away.device)

    assert fresh == 2
    assert Loan.objects.count() == 4


def test_events_that_went_missing_are_asked_for(away: OfflineDesk, item: Item) -> None:
    away.take_back(item, minute=1)
    away.take_back(item, minute=2)

    with pytest.raises(EventsMissing) as refused:
        away.hand_over(away.events[1:], after=1)

    assert refused.value.data == {"after": 0}
    assert OfflineEvent.objects.count() == 0


def test_two_offline_desks_lend_one_copy(
    away: OfflineDesk, staff: Actor, item: Item, patron: Patron, province: Library
) -> None:
    second = OfflineDesk.at(province, by=staff)
    neighbour = PatronFactory(library=province)
    away.lend(item, patron, minute=10)
    late = second.lend(item, neighbour, minute=20)

    away.come_back()
    second.come_back()

    assert Loan.objects.open().get().patron == patron
    row = second.row(late)
    assert row.state == EventState.REFUSED
    assert row.outcome["blocks"][0]["code"] == "on_loan_to_another"
    assert (row.patron, row.item) == (neighbour, item)


def test_a_loan_that_the_rules_refuse_now_is_written_down_for_a_person_to_look_at(
    away: OfflineDesk, item: Item, patron: Patron, staff: Actor
) -> None:
    lent = away.lend(item, patron, minute=5)
    restrict(patron, RestrictionKind.MANUAL, by=staff)

    away.come_back()

    loan = Loan.objects.open().get()
    assert (loan.item, loan.patron) == (item, patron)
    assert loan.overridden == ["patron_restricted"]
    row = away.row(lent)
    assert row.state == EventState.NOTED
    assert [block["code"] for block in row.outcome["blocks"]] == ["patron_restricted"]


def test_a_return_that_came_before_another_loan_leaves_that_loan_alone(
    away: OfflineDesk, item: Item, patron: Patron, province: Library, staff: Actor
) -> None:
    neighbour = PatronFactory(library=province)
    check_out(item, to=patron, by=staff, at=timezone.now() - timedelta(days=2))
    returned = away.take_back(item, minute=30)
    check_in(item, by=staff, at=away.started + timedelta(minutes=90))
    check_out(item, to=neighbour, by=staff, at=away.started + timedelta(minutes=91))

    away.come_back()

    assert Loan.objects.open().get().patron == neighbour
    assert away.row(returned).outcome["code"] == "lent_since"


def test_a_reader_registered_offline_borrows_at_once(
    away: OfflineDesk, item: Item, province: Library
) -> None:
    PatronFactory(library=province)
    registered = away.register("H’Hen Niê", "OFF001", minute=1, phone="0905 123 456")
    away.note_for_newcomer(item, registered, minute=2)

    away.come_back()

    patron = Patron.objects.get(card="OFF001")
    assert patron.name == "H’Hen Niê"
    assert Loan.objects.open().get().patron == patron
    row = away.row(registered)
    assert row.state == EventState.DONE
    assert "newcomer" not in row.body


def test_a_card_that_is_taken_keeps_the_reader_and_their_loans_for_a_person(
    away: OfflineDesk, item: Item, patron: Patron
) -> None:
    registered = away.register("Y Blŭl Niê", patron.card, minute=1)
    lent = away.note_for_newcomer(item, registered, minute=2)

    away.come_back()

    assert away.row(registered).outcome["code"] == "card_taken"
    assert away.row(lent).outcome["code"] == "reader_not_registered"
    assert Loan.objects.count() == 0
    assert Patron.objects.count() == 1


def test_a_lost_copy_is_found_by_its_return(away: OfflineDesk, item: Item) -> None:
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.LOST)
    away.take_back(item, minute=1)

    away.come_back()

    item.refresh_from_db()
    assert item.status == ItemStatus.AVAILABLE


def test_what_was_done_in_the_name_of_a_stranger_waits_for_a_person(
    away: OfflineDesk, item: Item, patron: Patron, administrator_user: User
) -> None:
    away.by = Actor(face=away.by.face, user_id=administrator_user.pk, grants=away.by.grants)
    lent = away.lend(item, patron, minute=1)

    away.come_back()

    assert away.row(lent).outcome["code"] == "unknown_staff"
    assert Loan.objects.count() == 0


def test_a_device_that_was_shut_out_is_heard_but_not_obeyed(
    away: OfflineDesk, item: Item, patron: Patron, staff: Actor
) -> None:
    lent = away.lend(item, patron, minute=1)
    revoke(away.device, by=staff)

    away.come_back()

    assert away.row(lent).state == EventState.REFUSED
    assert away.row(lent).outcome == {"code": "device_revoked"}
    assert Loan.objects.count() == 0


def test_the_due_date_that_the_reader_was_told_stands(
    away: OfflineDesk, item: Item, patron: Patron
) -> None:
    told = (away.started + timedelta(days=21)).replace(microsecond=0)
    away.lend(item, patron, minute=1, due_at=told)

    away.come_back()

    assert Loan.objects.get().due_at == told


def test_a_wrong_clock_promises_nothing(
    province: Library, staff: Actor, item: Item, patron: Patron
) -> None:
    desk = OfflineDesk.at(province, by=staff, fast=timedelta(days=365))
    event = desk.lend(item, patron, minute=1, due_at=desk.started + timedelta(days=380))

    desk.come_back()

    loan = Loan.objects.get()
    assert abs(loan.lent_at - (desk.started + timedelta(minutes=1))) < timedelta(seconds=5)
    assert loan.due_at < timezone.now() + timedelta(days=20)
    assert desk.row(event).doubts == ["clock_off"]


def test_an_event_that_nobody_can_read_does_not_stop_the_others(
    away: OfflineDesk, item: Item, patron: Patron
) -> None:
    broken = away.take_back(item, minute=1)
    away.lend(item, patron, minute=2)
    away.hand_over()
    OfflineEvent.objects.filter(uid=broken.id).update(body={"kind": "check_in"})

    count = replay(away.device)

    assert count == 2
    assert away.row(broken).outcome == {"code": "failed"}
    assert Loan.objects.open().get().patron == patron


@pytest.mark.serial
def test_five_thousand_events_of_which_a_third_is_refused(
    away: OfflineDesk, province: Library
) -> None:
    copies = [ItemFactory(library=province, location=None) for _ in range(50)]
    readers = [PatronFactory(library=province) for _ in range(50)]
    # Thrice in turn: lent; lent to another though it is out; returned.
    for number in range(5000):
        copy, turn = copies[(number // 3) % 50], number % 3
        if turn == 2:
            away.take_back(copy, minute=number / 20)
        else:
            away.lend(copy, readers[(number // 3 + turn) % 50], minute=number / 20)
    started = time.monotonic()

    away.hand_over()
    count = replay(away.device)

    took = time.monotonic() - started
    assert count == 5000
    assert OfflineEvent.objects.filter(state=EventState.REFUSED).count() == 1667
    assert OfflineEvent.objects.filter(state=EventState.DONE).count() == 3333
    assert Loan.objects.count() == 1667
    assert took < 600  # A minute where nothing else runs.
