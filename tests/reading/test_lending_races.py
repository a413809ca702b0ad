"""Two at once: the last copy goes to one of them, whether they lend it in print or as a scan."""

from __future__ import annotations

from functools import partial

import pytest
from django.http import HttpResponse

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.reading.actions.lending import borrow, give_back, place_digital_hold
from tangthu.reading.models import DigitalHold, DigitalLoan, HoldState, StandIn
from tangthu.reading.refusals import BorrowRefused
from tests.conftest import client_of_reader
from tests.reading.lending import as_reader, ebook, licensed, readers, scan_of
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_copy_goes_out_once_in_print_or_as_a_scan(province: Library, desk: Actor) -> None:
    obj, (item,) = scan_of(province, copies=1)
    first, second = readers(province, number=2)

    came = at_once(
        partial(check_out, item, to=first, by=desk),
        partial(borrow, obj, for_=second, by=as_reader(second)),
    )

    lent = [each for each in came if isinstance(each, Loan | DigitalLoan)]
    refused = [each for each in came if isinstance(each, CheckoutRefused | BorrowRefused)]
    item.refresh_from_db()
    out_in_print = Loan.objects.open().filter(item=item).count()
    assert (len(lent), len(refused)) == (1, 1)
    assert out_in_print + StandIn.objects.filter(item=item).count() == 1
    assert (item.status == ItemStatus.LENT_AS_SCAN) == (out_in_print == 0)


def test_a_place_of_a_licence_goes_to_one_reader(province: Library) -> None:
    obj = ebook(province)
    licensed(obj, at_once=2)
    people = readers(province, number=4)

    came = at_once(*(partial(borrow, obj, for_=each, by=as_reader(each)) for each in people))

    assert sum(isinstance(each, DigitalLoan) for each in came) == 2
    assert sum(isinstance(each, BorrowRefused) for each in came) == 2
    assert set(DigitalLoan.objects.values_list("slot", flat=True)) == {1, 2}


def test_the_last_place_goes_to_one_of_thirty_who_ask_on_the_page_in_the_same_instant(
    province: Library,
) -> None:
    obj = ebook(province)
    licensed(obj)
    visitors = [client_of_reader(each) for each in readers(province, number=30)]

    came = at_once(
        *(
            partial(each.post, f"/read/{obj.identifier}/lending", {"deed": "borrow"})
            for each in visitors
        )
    )

    answers = [each.status_code for each in came if isinstance(each, HttpResponse)]
    assert sorted(answers) == [302, *[409] * 29]
    assert DigitalLoan.objects.count() == 1


def test_the_last_counted_loan_is_made_once(province: Library) -> None:
    obj = ebook(province)
    licence = licensed(obj, at_once=None, loans_bought=1)
    people = readers(province, number=3)

    at_once(*(partial(borrow, obj, for_=each, by=as_reader(each)) for each in people))

    licence.refresh_from_db()
    assert (DigitalLoan.objects.count(), licence.loans_left) == (1, 0)


def test_a_reader_at_two_devices_borrows_once(province: Library) -> None:
    obj = ebook(province)
    licensed(obj, at_once=5)
    (reader,) = readers(province, number=1)

    came = at_once(*[partial(borrow, obj, for_=reader, by=as_reader(reader))] * 2)

    assert sum(isinstance(each, DigitalLoan) for each in came) == 1
    assert DigitalLoan.objects.count() == 1


def test_what_comes_back_while_two_want_it_is_promised_to_who_waited(province: Library) -> None:
    obj = ebook(province)
    licensed(obj)
    first, second, third = readers(province, number=3)
    loan = borrow(obj, for_=first, by=as_reader(first))
    place_digital_hold(obj, for_=second, by=as_reader(second))

    came = at_once(
        partial(give_back, loan, by=as_reader(first)),
        partial(borrow, obj, for_=third, by=as_reader(third)),
    )

    assert isinstance(came[1], BorrowRefused)
    assert DigitalHold.objects.get().state == HoldState.READY
