"""What the library could not do after the desk is decided by a person."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tangthu.access.models import User
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline.actions import (
    dismiss,
    do_after_all,
    forget_events,
    note_seen,
    replay_waiting,
)
from tangthu.offline.errors import AlreadySettled, NotWithoutReason
from tangthu.offline.models import EventState, OfflineEvent
from tangthu.patrons.actions import restrict
from tangthu.patrons.models import Patron, RestrictionKind
from tests.conftest import client_of
from tests.factories import ItemFactory, PatronFactory
from tests.offline.desk import OfflineDesk

pytestmark = pytest.mark.django_db


@pytest.fixture
def offline_client(offline_user: User) -> Client:
    return client_of(offline_user)


@pytest.fixture
def contested(away: OfflineDesk, province: Library, patron: Patron) -> OfflineEvent:
    """A loan of a copy that, by the register, another reader still has."""
    item = ItemFactory(library=province)
    away.lend(item, patron, minute=1)
    second = away.lend(item, PatronFactory(library=province, name="Y Thih Ayun"), minute=9)
    away.come_back()
    return away.row(second)


def test_the_earlier_loan_is_ended_and_the_later_one_stands(
    contested: OfflineEvent, staff: Actor
) -> None:
    do_after_all(contested, by=staff, override=True, take_back=True)

    loan = Loan.objects.open().get()
    assert loan.patron == contested.patron
    assert loan.lent_at == contested.at
    contested.refresh_from_db()
    assert contested.state == EventState.SETTLED
    with pytest.raises(AlreadySettled):
        do_after_all(contested, by=staff, take_back=True)


def test_putting_aside_takes_a_reason_and_changes_nothing(
    contested: OfflineEvent, staff: Actor
) -> None:
    with pytest.raises(NotWithoutReason):
        dismiss(contested, reason="  ", by=staff)
    before = Loan.objects.open().get()

    dismiss(contested, reason="Sách đã về kho", by=staff)

    contested.refresh_from_db()
    assert (contested.state, contested.reason) == (EventState.DISMISSED, "Sách đã về kho")
    assert Loan.objects.open().get() == before


def test_a_card_that_is_taken_is_replaced_by_the_next_number(
    away: OfflineDesk, staff: Actor, patron: Patron
) -> None:
    registered = away.register("H’Yam Bkrông", patron.card, minute=1)
    away.come_back()

    do_after_all(away.row(registered), by=staff, new_card=True)

    row = away.row(registered)
    assert row.patron is not None
    assert row.patron.name == "H’Yam Bkrông"
    assert row.patron.card != patron.card
    assert "newcomer" not in row.body


def test_the_pages_show_every_fact_and_take_the_decision(
    contested: OfflineEvent, offline_client: Client
) -> None:
    page = f"/desk/offline/todo/{contested.pk}/"

    listed = offline_client.get("/desk/offline/todo/").content.decode()
    shown = offline_client.get(page).content.decode()
    refused = offline_client.post(f"{page}dismiss", {"reason": ""})
    done = offline_client.post(f"{page}do", {"how": "take_back"})

    assert "Y Thih Ayun" in listed
    assert 'value="take_back"' in shown
    assert "Nguyễn Thị Thủ Thư" in shown
    assert refused.status_code == 422
    assert done.status_code == 302
    assert Loan.objects.open().get().patron == contested.patron
    assert "take_back" not in offline_client.get(page).content.decode()


def test_a_loan_in_good_faith_is_looked_at_once(
    away: OfflineDesk, staff: Actor, patron: Patron, province: Library, offline_client: Client
) -> None:
    event = away.lend(ItemFactory(library=province), patron, minute=1)
    restrict(patron, RestrictionKind.MANUAL, by=staff)
    away.come_back()
    page = f"/desk/offline/todo/{away.row(event).pk}/"

    shown = offline_client.get(page)
    note_seen(away.row(event), by=staff)

    assert shown.status_code == 200
    assert OfflineEvent.objects.to_do().count() == 0
    assert offline_client.get("/desk/offline/todo/?show=settled").status_code == 200


def test_another_librarys_staff_see_nothing_of_it(
    contested: OfflineEvent, neighbour_client: Client
) -> None:
    answer = neighbour_client.get(f"/desk/offline/todo/{contested.pk}/")

    assert answer.status_code in (403, 404)


def test_what_was_dealt_with_forgets_its_reader_but_not_that_it_came(
    away: OfflineDesk, province: Library, patron: Patron
) -> None:
    event = away.lend(ItemFactory(library=province), patron, minute=1)
    away.come_back()

    forgotten = forget_events(before=timezone.now())

    row = away.row(event)
    assert forgotten == 1
    assert (row.patron, row.body, row.outcome) == (None, {}, {})
    assert away.come_back() == 0
    assert Loan.objects.count() == 1


def test_what_a_closed_browser_left_waiting_is_done_all_the_same(
    away: OfflineDesk, province: Library, patron: Patron
) -> None:
    away.lend(ItemFactory(library=province), patron, minute=1)
    away.hand_over()

    assert replay_waiting() == 1
    assert replay_waiting() == 0
    assert Loan.objects.count() == 1
