"""Two people at once: one step is taken, the loan begins once, a copy goes one way."""

import pytest

from tangthu.circulation.actions import check_out
from tangthu.circulation.models import Loan, SetAside
from tangthu.core.money import Money
from tangthu.delivery import actions
from tangthu.delivery.actions import Request
from tangthu.delivery.models import Delivery, DeliveryItem
from tangthu.delivery.reading import Destination
from tangthu.fees.reading import debt_of
from tests.delivery.conftest import HOME
from tests.factories import PatronFactory
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_approved_twice_at_once_it_is_approved_once(asked, staff, reader):
    answers = at_once(
        lambda: actions.approve(asked, by=staff), lambda: actions.approve(asked, by=staff)
    )

    assert kinds(answers) == ["Delivery", "StepRefused"]
    assert debt_of(reader.pk) == Money(15_000)
    assert SetAside.objects.count() == 1


def test_delivered_twice_at_once_the_loan_begins_once(sent, staff):
    answers = at_once(
        lambda: actions.deliver(sent, by=staff), lambda: actions.deliver(sent, by=staff)
    )

    assert kinds(answers) == ["Delivery", "StepRefused"]
    assert Loan.objects.count() == 1


def test_delivered_and_come_back_at_once_only_one_is_so(sent, staff):
    at_once(lambda: actions.deliver(sent, by=staff), lambda: actions.come_back(sent, by=staff))

    sent.refresh_from_db()
    assert Loan.objects.count() == (1 if sent.state == "delivered" else 0)
    assert sent.state in {"delivered", "came_back"}
    assert not SetAside.objects.exists()


def test_the_desk_and_the_approval_reach_for_the_last_copy(asked, staff, patron, desk, book):
    item = book.items.get()

    at_once(lambda: actions.approve(asked, by=staff), lambda: check_out(item, to=patron, by=desk))

    asked.refresh_from_db()
    assert Loan.objects.count() + SetAside.objects.count() == 1
    assert (asked.state == "approved") == SetAside.objects.exists()


def test_two_requests_for_the_last_copy_are_not_both_approved(asked, library, book, staff):
    other = PatronFactory(library=library, address=HOME, phone="+84905000111")
    to = Destination(name="B", phone="0905000111", address=HOME)
    rival = actions.ask(Request(patron=other, library=library, to=to), [book], by=staff)

    answers = at_once(
        lambda: actions.approve(asked, by=staff), lambda: actions.approve(rival, by=staff)
    )

    assert sum(isinstance(answer, Delivery) for answer in answers) == 1
    assert DeliveryItem.objects.exclude(item=None).count() == 1


def test_asking_in_two_tabs_makes_one_request(request_, book, reading):
    at_once(
        lambda: actions.ask(request_, [book], by=reading),
        lambda: actions.ask(request_, [book], by=reading),
    )

    assert Delivery.objects.count() == 1
    assert DeliveryItem.objects.count() == 1
