"""Borrowing a digital object, reading it meanwhile, and giving it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.actions import check_in, check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.libraries.models import Library
from tangthu.libraries.reading import network
from tangthu.patrons.models import Patron, Restriction
from tangthu.reading.actions.lending import (
    borrow,
    change_licence,
    forget_digital_readers,
    give_back,
    renew_loan,
    set_digital_rule,
    settle_all,
    stop_licence,
)
from tangthu.reading.actions.lending.licences import LicenceData
from tangthu.reading.lending import Availability, availability_of, shelf_of
from tangthu.reading.models import DigitalLoan, StandIn
from tangthu.reading.policy.lending import Block
from tangthu.reading.refusals import (
    BorrowRefused,
    DigitalLoanOver,
    DigitalRenewalRefused,
    LicenceInUse,
    LicenceRefused,
)
from tangthu.repository.models import DigitalObject
from tangthu.repository.reading import may_see
from tests.reading.lending import as_reader, ebook, licensed, readers, scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(province: Library) -> DigitalObject:
    """An e-book of which one reader at a time may have it."""
    obj = ebook(province)
    licensed(obj)
    return obj


def codes(refusal: BorrowRefused | DigitalRenewalRefused) -> list[Block]:
    return [each.code for each in refusal.blocks]


def opens(obj: DigitalObject, patron: Patron) -> bool:
    return bool(may_see(obj, as_reader(patron), address=None, now=timezone.now()))


def test_a_loan_opens_the_object_until_it_ends(book: DigitalObject, patron: Patron) -> None:
    assert not opens(book, patron)

    loan = borrow(book, for_=patron, by=as_reader(patron))

    assert opens(book, patron)
    assert loan.due_at - loan.borrowed_at == timedelta(days=14)
    with time_machine.travel(loan.due_at, tick=False):
        assert not opens(book, patron)


def test_a_loan_opens_the_object_to_nobody_else(book: DigitalObject, province: Library) -> None:
    first, second = readers(province, number=2)

    borrow(book, for_=first, by=as_reader(first))

    assert not opens(book, second)


def test_one_copy_is_lent_to_one_reader(book: DigitalObject, province: Library) -> None:
    first, second = readers(province, number=2)
    borrow(book, for_=first, by=as_reader(first))

    with pytest.raises(BorrowRefused) as refused:
        borrow(book, for_=second, by=as_reader(second))

    assert codes(refused.value) == [Block.NO_COPY_FREE]
    assert DigitalLoan.objects.count() == 1


def test_what_was_given_back_is_lent_again(book: DigitalObject, province: Library) -> None:
    first, second = readers(province, number=2)
    loan = borrow(book, for_=first, by=as_reader(first))

    give_back(loan, by=as_reader(first))
    borrow(book, for_=second, by=as_reader(second))

    loan.refresh_from_db()
    assert (loan.ending, opens(book, first), opens(book, second)) == ("early", False, True)


def test_a_loan_that_ended_by_itself_is_lent_again_before_any_job_ran(
    book: DigitalObject, province: Library
) -> None:
    first, second = readers(province, number=2)
    loan = borrow(book, for_=first, by=as_reader(first))

    with time_machine.travel(loan.due_at + timedelta(seconds=1), tick=False):
        free = availability_of([book.pk], now=timezone.now())[book.pk].free
        borrow(book, for_=second, by=as_reader(second))

    loan.refresh_from_db()
    assert free == 1
    assert (loan.ending, loan.returned_at) == ("due", loan.due_at)


def test_the_job_ends_what_is_over(book: DigitalObject, patron: Patron) -> None:
    loan = borrow(book, for_=patron, by=as_reader(patron))

    settle_all(now=loan.due_at - timedelta(seconds=1))
    loan.refresh_from_db()
    before = loan.returned_at
    settle_all(now=loan.due_at)

    loan.refresh_from_db()
    assert (before, loan.returned_at) == (None, loan.due_at)


def test_nobody_borrows_the_same_object_twice(book: DigitalObject, patron: Patron) -> None:
    licensed(book)
    borrow(book, for_=patron, by=as_reader(patron))

    with pytest.raises(BorrowRefused) as refused:
        borrow(book, for_=patron, by=as_reader(patron))

    assert codes(refused.value) == [Block.HAS_IT]


def test_a_reader_borrows_for_nobody_else(book: DigitalObject, province: Library) -> None:
    first, second = readers(province, number=2)

    with pytest.raises(NotPermitted):
        borrow(book, for_=first, by=as_reader(second))

    assert not DigitalLoan.objects.exists()


def test_staff_lend_for_a_reader(
    book: DigitalObject, patron: Patron, administrator: Actor, neighbour: Actor
) -> None:
    with pytest.raises(NotPermitted):
        borrow(book, for_=patron, by=neighbour)

    borrow(book, for_=patron, by=administrator)

    assert opens(book, patron)


def test_every_reason_is_told(book: DigitalObject, patron: Patron) -> None:
    now = timezone.now()
    Restriction.objects.create(patron=patron, kind="manual", set_at=now, set_by="desk")
    Patron.objects.filter(pk=patron.pk).update(expires_on=now.date() - timedelta(days=2))

    with pytest.raises(BorrowRefused) as refused:
        borrow(book, for_=patron, by=as_reader(patron))

    assert codes(refused.value) == [Block.CARD_EXPIRED, Block.CARD_STOPPED]


@pytest.mark.parametrize(
    "values", [{"state": "withdrawn"}, {"access": "public"}, {"restriction": "community"}]
)
def test_what_a_loan_would_not_open_is_not_lent(
    province: Library, patron: Patron, values: dict
) -> None:
    obj = ebook(province, **values)
    licensed(obj)

    with pytest.raises(BorrowRefused) as refused:
        borrow(obj, for_=patron, by=as_reader(patron))

    assert codes(refused.value) == [Block.OBJECT_CLOSED]


def test_without_a_licence_nothing_is_lent(province: Library, patron: Patron) -> None:
    with pytest.raises(BorrowRefused) as refused:
        borrow(ebook(province), for_=patron, by=as_reader(patron))

    assert codes(refused.value) == [Block.NOT_LENT]


def test_a_licence_serves_its_library_and_those_below(
    province: Library, commune: Library, patron: Patron, foreign_patron: Patron
) -> None:
    own, all_of_them = ebook(province), ebook(province)
    licensed(own, province)
    licensed(all_of_them, province.parent)

    borrow(all_of_them, for_=foreign_patron, by=as_reader(foreign_patron))
    with pytest.raises(BorrowRefused) as refused:
        borrow(own, for_=foreign_patron, by=as_reader(foreign_patron))

    assert codes(refused.value) == [Block.NOT_FOR_YOUR_LIBRARY]


def test_counted_loans_are_used_up(province: Library) -> None:
    obj = ebook(province)
    licence = licensed(obj, at_once=None, loans_bought=2)
    people = readers(province, number=3)

    loans = [borrow(obj, for_=each, by=as_reader(each)) for each in people[:2]]
    give_back(loans[0], by=as_reader(people[0]))
    with pytest.raises(BorrowRefused) as refused:
        borrow(obj, for_=people[2], by=as_reader(people[2]))

    licence.refresh_from_db()
    assert codes(refused.value) == [Block.NOT_LENT]
    assert licence.loans_left == 0


def test_a_loan_ends_with_its_licence(province: Library, patron: Patron) -> None:
    obj = ebook(province)
    ends = timezone.now() + timedelta(days=3)
    licensed(obj, expires_at=ends)

    loan = borrow(obj, for_=patron, by=as_reader(patron))

    assert loan.due_at == ends


def test_the_licence_that_costs_least_is_used(province: Library) -> None:
    obj = ebook(province)
    perpetual = licensed(obj)
    timed = licensed(obj, expires_at=timezone.now() + timedelta(days=30))
    first, second = readers(province, number=2)

    chosen = [borrow(obj, for_=each, by=as_reader(each)).licence for each in (first, second)]

    assert chosen == [timed, perpetual]


def test_rules_of_the_readers_library_bound_loans(
    book: DigitalObject, province: Library, patron: Patron, administrator: Actor
) -> None:
    set_digital_rule(province, None, by=administrator, loans=1, days=2)
    other = ebook(province)
    licensed(other)

    loan = borrow(book, for_=patron, by=as_reader(patron))
    with pytest.raises(BorrowRefused) as refused:
        borrow(other, for_=patron, by=as_reader(patron))

    assert loan.due_at - loan.borrowed_at == timedelta(days=2)
    assert codes(refused.value) == [Block.MAX_LOANS]


def test_a_loan_is_extended_from_the_day_of_asking(book: DigitalObject, patron: Patron) -> None:
    loan = borrow(book, for_=patron, by=as_reader(patron))
    later = loan.borrowed_at + timedelta(days=5)

    with time_machine.travel(later, tick=False):
        renewed = renew_loan(loan, by=as_reader(patron))
        with pytest.raises(DigitalRenewalRefused) as refused:
            renew_loan(loan, by=as_reader(patron))

    assert renewed.due_at == later + timedelta(days=14)
    assert codes(refused.value) == [Block.NO_RENEWALS_LEFT, Block.GAINS_NOTHING]


def test_what_is_over_is_neither_given_back_nor_extended(
    book: DigitalObject, patron: Patron
) -> None:
    loan = borrow(book, for_=patron, by=as_reader(patron))

    with time_machine.travel(loan.due_at, tick=False):
        for deed in (give_back, renew_loan):
            with pytest.raises(DigitalLoanOver):
                deed(loan, by=as_reader(patron))


def test_the_shelf_and_the_availability(book: DigitalObject, patron: Patron) -> None:
    now = timezone.now()
    before = availability_of([book.pk], now=now)[book.pk]

    loan = borrow(book, for_=patron, by=as_reader(patron))

    now = timezone.now()
    after = availability_of([book.pk], now=now)[book.pk]
    assert before == Availability(is_lent=True, total=1, free=1)
    assert after == Availability(is_lent=True, total=1, free=0, next_due_at=loan.due_at)
    assert [each.pk for each in shelf_of(patron, now=now).loans] == [loan.pk]


def test_availability_asks_the_database_a_bounded_number_of_times(
    province: Library, django_assert_max_num_queries: object
) -> None:
    scan, _ = scan_of(province, copies=2)
    found = [scan, *(ebook(province) for _ in range(5))]
    for each in found[1:]:
        licensed(each)

    network()

    # The licences, the loans, the holds, the copies, and whether the tree of libraries changed.
    with django_assert_max_num_queries(5):
        told = availability_of([each.pk for each in found], now=timezone.now())

    assert [told[each.pk].free for each in found] == [2, 1, 1, 1, 1, 1]


def test_a_scan_is_lent_as_often_as_there_are_copies(province: Library) -> None:
    obj, items = scan_of(province, copies=2)
    people = readers(province, number=3)

    for each in people[:2]:
        borrow(obj, for_=each, by=as_reader(each))
    with pytest.raises(BorrowRefused) as refused:
        borrow(obj, for_=people[2], by=as_reader(people[2]))

    assert codes(refused.value) == [Block.NO_COPY_FREE]
    states = set(Item.objects.filter(record=items[0].record).values_list("status", flat=True))
    assert states == {ItemStatus.LENT_AS_SCAN}
    assert StandIn.objects.count() == 2


def test_a_printed_loan_takes_a_copy_from_the_scan(province: Library, desk: Actor) -> None:
    obj, items = scan_of(province, copies=1)
    first, second = readers(province, number=2)
    check_out(items[0], to=first, by=desk)

    with pytest.raises(BorrowRefused) as refused:
        borrow(obj, for_=second, by=as_reader(second))
    check_in(items[0], by=desk)
    borrow(obj, for_=second, by=as_reader(second))

    assert codes(refused.value) == [Block.NO_COPY_FREE]


def test_the_desk_does_not_lend_the_copy_whose_scan_is_out(province: Library, desk: Actor) -> None:
    obj, items = scan_of(province, copies=1)
    first, second = readers(province, number=2)
    loan = borrow(obj, for_=first, by=as_reader(first))

    with pytest.raises(CheckoutRefused) as refused:
        check_out(items[0], to=second, by=desk, override=["lent_as_scan"])
    give_back(loan, by=as_reader(first))
    check_out(items[0], to=second, by=desk)

    assert [(each.code, each.overridable) for each in refused.value.blocks] == [
        ("lent_as_scan", False)
    ]
    assert not StandIn.objects.exists()


def test_the_desk_lends_a_copy_whose_scan_came_back_by_itself(
    province: Library, desk: Actor
) -> None:
    obj, items = scan_of(province, copies=1)
    first, second = readers(province, number=2)
    loan = borrow(obj, for_=first, by=as_reader(first))

    with time_machine.travel(loan.due_at, tick=False):
        check_out(items[0], to=second, by=desk)

    loan.refresh_from_db()
    assert (loan.ending, StandIn.objects.count()) == ("due", 0)


def test_a_copy_gets_back_the_state_it_had(province: Library, patron: Patron) -> None:
    obj, (item,) = scan_of(province, copies=1)
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_SITE_ONLY)
    loan = borrow(obj, for_=patron, by=as_reader(patron))

    give_back(loan, by=as_reader(patron))

    item.refresh_from_db()
    assert item.status == ItemStatus.ON_SITE_ONLY


def test_a_stopped_licence_lends_no_more_but_its_loans_go_on(
    book: DigitalObject, province: Library, administrator: Actor
) -> None:
    first, second = readers(province, number=2)
    licensed(book)
    borrow(book, for_=first, by=as_reader(first))

    for licence in book.licences.all():
        stop_licence(licence, by=administrator)

    assert opens(book, first)
    with pytest.raises(BorrowRefused):
        borrow(book, for_=second, by=as_reader(second))


def test_terms_are_not_narrowed_below_what_is_out(province: Library, administrator: Actor) -> None:
    obj = ebook(province)
    licence = licensed(obj, at_once=2)
    for each in readers(province, number=2):
        borrow(obj, for_=each, by=as_reader(each))

    with pytest.raises(LicenceInUse):
        change_licence(
            licence, LicenceData(library=province, at_once=1), version=1, by=administrator
        )

    licence.refresh_from_db()
    assert licence.at_once == 2


@pytest.mark.parametrize(
    "terms",
    [
        {"by_copies": True, "at_once": 3},
        {"at_once": 0},
        {"protection": "lcp"},
    ],
)
def test_terms_that_contradict_each_other_are_refused(
    book: DigitalObject, province: Library, administrator: Actor, terms: dict
) -> None:
    licence = book.licences.get()

    with pytest.raises(LicenceRefused):
        change_licence(licence, LicenceData(library=province, **terms), version=1, by=administrator)

    licence.refresh_from_db()
    assert licence.version == 1


def test_the_log_names_no_reader(book: DigitalObject, patron: Patron) -> None:
    loan = borrow(book, for_=patron, by=as_reader(patron))
    give_back(loan, by=as_reader(patron))

    entries = AuditEntry.objects.filter(object_kind="digital_loan")
    assert [each.action for each in entries.order_by("id")] == [
        "digital_loan.begin",
        "digital_loan.end",
    ]
    assert not entries.filter(patron_id=patron.pk).exists()
    assert not any("patron" in each.changes for each in entries)


def test_ended_loans_forget_their_reader_in_time(book: DigitalObject, patron: Patron) -> None:
    loan = borrow(book, for_=patron, by=as_reader(patron))
    give_back(loan, by=as_reader(patron))
    loan.refresh_from_db()
    ended = loan.returned_at
    assert ended

    early = forget_digital_readers(now=ended + timedelta(days=365))
    late = forget_digital_readers(now=ended + timedelta(days=366))

    loan.refresh_from_db()
    assert (early, late, loan.patron_id) == (0, 1, None)
