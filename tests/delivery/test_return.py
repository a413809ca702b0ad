"""Books fetched from a reader's home, and what is forgotten afterwards."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions.lateness import ON_TIME
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.money import Money
from tangthu.delivery import actions
from tangthu.delivery.errors import NotThisParcel, StepRefused
from tangthu.delivery.models import DeliveryEvent
from tangthu.delivery.policy import Refusal
from tangthu.fees.models import Entry
from tests.factories import lending_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(sent, staff):
    actions.deliver(sent, by=staff)
    return Loan.objects.get()


@pytest.fixture
def collection(request_, loan, reading):
    return actions.ask_collection(request_, [loan], by=reading)


@pytest.fixture
def coming(collection, carrier, staff):
    actions.approve(collection, by=staff)
    run = actions.begin_run(carrier, by=staff)
    actions.load(run, collection.reference, by=staff)
    actions.hand_over(run, by=staff)
    return actions.collect(collection, by=staff)


def test_a_reader_asks_for_books_to_be_fetched(collection, loan, reader):
    line = collection.lines.get()

    assert (collection.leg, collection.state) == ("back", "asked")
    assert (line.loan, line.item) == (loan, loan.item)
    assert loan.returned_at is None


def test_a_book_is_fetched_once(collection, request_, loan, reading):
    with pytest.raises(StepRefused) as refused:
        actions.ask_collection(request_, [loan], by=reading)

    assert refused.value.reason is Refusal.ALREADY_UNDER_WAY


def test_the_loan_goes_on_while_the_carrier_has_the_book(coming, loan):
    loan.refresh_from_db()

    assert coming.state == "collected"
    assert loan.returned_at is None


def test_the_loan_ends_when_the_library_has_the_book(coming, loan, staff):
    result = actions.receive_copy(coming, loan.item.barcode, by=staff)

    coming.refresh_from_db()
    loan.refresh_from_db()
    assert result.loan == loan
    assert loan.returned_at is not None
    assert (coming.state, coming.is_open) == ("received", False)


@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_loan_ends_when_the_carrier_fetched_the_book(coming, loan, staff, one_by_one):
    fetched_at = coming.events.get(step="collect").at
    after_it_was_due = loan.due_at + timedelta(days=9)

    with time_machine.travel(after_it_was_due, tick=False):
        if one_by_one:
            result = actions.receive_copy(coming, loan.item.barcode, by=staff)
        else:
            actions.receive(coming, by=staff)

    loan.refresh_from_db()
    assert loan.returned_at == fetched_at
    assert not Entry.objects.filter(source__startswith=f"loan:{loan.pk}").exists()
    assert not one_by_one or (result.late_by, result.lateness) == (timedelta(0), ON_TIME)


def test_what_was_late_when_it_was_fetched_is_late_by_that_much(collection, loan, carrier, staff):
    lending_rules(loan.library, overdue_fee=1000)
    actions.approve(collection, by=staff)
    run = actions.begin_run(carrier, by=staff)
    actions.load(run, collection.reference, by=staff)
    actions.hand_over(run, by=staff)
    with time_machine.travel(loan.due_at + timedelta(days=2), tick=False):
        coming = actions.collect(collection, by=staff)

    with time_machine.travel(loan.due_at + timedelta(days=9), tick=False):
        result = actions.receive_copy(coming, loan.item.barcode, by=staff)

    assert result.late_by == timedelta(days=2)
    assert result.lateness.fee == Money(2000)


def test_a_book_whose_fetching_nobody_noted_ends_its_loan_when_it_comes(
    collection, loan, carrier, staff
):
    actions.approve(collection, by=staff)
    run = actions.begin_run(carrier, by=staff)
    actions.load(run, collection.reference, by=staff)
    actions.hand_over(run, by=staff)

    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        actions.receive_copy(collection, loan.item.barcode, by=staff)
        now = timezone.now()

    loan.refresh_from_db()
    assert loan.returned_at == now


def test_a_book_of_somebody_else_is_not_of_this_collection(coming, staff):
    with pytest.raises(NotThisParcel):
        actions.receive_copy(coming, "KHAC", by=staff)

    coming.refresh_from_db()
    assert coming.state == "collected"


def test_what_did_not_come_stays_with_the_reader(coming, loan, staff):
    actions.receive(
        coming, by=staff, missing=[coming.lines.get().pk], reason="Bạn đọc chưa đọc xong"
    )

    loan.refresh_from_db()
    assert loan.returned_at is None
    assert coming.lines.get().is_dropped


def test_books_lost_on_their_way_back_are_no_longer_the_readers(coming, loan, staff):
    actions.lose(coming, reason="Xe bị trộm", by=staff)

    loan.refresh_from_db()
    loan.item.refresh_from_db()
    assert loan.returned_at is not None
    assert loan.item.status == ItemStatus.LOST


def test_a_finished_delivery_forgets_its_reader(sent, staff):
    actions.deliver(sent, by=staff)

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        count = actions.forget_addresses(by=Actor.machine("test", face=Face.JOB))

    sent.refresh_from_db()
    assert count == 1
    assert (sent.patron, sent.name, sent.phone, sent.address, sent.note) == (None, "", "", "", "")
    assert sent.lines.get().loan is None
    assert not DeliveryEvent.objects.exclude(note="").exists()
    assert sent.state == "delivered"


def test_an_open_or_a_fresh_delivery_is_not_forgotten(sent, staff):
    machine = Actor.machine("test", face=Face.JOB)

    with time_machine.travel(timezone.now() + timedelta(days=100)):
        assert actions.forget_addresses(by=machine) == 0
    actions.deliver(sent, by=staff)

    assert actions.forget_addresses(by=machine) == 0
    sent.refresh_from_db()
    assert sent.patron is not None


def test_only_the_machine_forgets(staff):
    with pytest.raises(NotPermitted):
        actions.forget_addresses(by=staff)
