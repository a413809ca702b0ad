from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import CheckinResult, check_in, check_out
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.circulation.policy import CheckinNotice, NextAction
from tangthu.circulation.reading import books
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tests.factories import ItemFactory
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    return ItemFactory(library=province)


@pytest.fixture
def loan(item, patron, desk):
    return check_out(item, to=patron, by=desk)


def test_a_copy_that_comes_back_ends_its_loan_and_goes_to_the_shelf(item, loan, desk):
    result = check_in(item, by=desk)

    loan.refresh_from_db()
    assert result.loan == loan
    assert loan.returned_at is not None
    assert result.next_action is NextAction.SHELVE
    assert result.notices == ()


def test_the_return_is_counted_written_down_and_told(item, loan, desk, province):
    check_in(item, by=desk)

    event = LoanEvent.objects.get(kind="check_in")
    assert (event.item, event.library, event.patron_category) == (
        item,
        province,
        loan.patron.category,
    )
    entry = AuditEntry.objects.newest().first()
    assert (entry.action, entry.object_key) == ("loan.check_in", str(loan.pk))
    assert set(entry.changes) == {"returned_at"}
    assert Change.objects.filter(kind="loan", key=str(loan.pk)).count() == 2


def test_a_copy_that_came_back_may_go_out_again(item, loan, patron, desk):
    check_in(item, by=desk)

    assert check_out(item, to=patron, by=desk)


def test_a_late_return_says_how_late(item, loan, desk):
    Loan.objects.filter(pk=loan.pk).update(due_at=timezone.now() - timedelta(days=3, minutes=1))

    result = check_in(item, by=desk)

    assert result.notices == (CheckinNotice.WAS_OVERDUE,)
    assert result.late_by.days == 3


def test_the_loan_ends_when_its_reader_gave_the_copy_away(item, loan, desk):
    Loan.objects.update(
        lent_at=loan.lent_at - timedelta(days=30), due_at=loan.due_at - timedelta(days=30)
    )
    loan.refresh_from_db()
    given_at = loan.due_at - timedelta(days=1)

    result = check_in(item, by=desk, given_at=given_at)

    loan.refresh_from_db()
    assert loan.returned_at == given_at
    assert (result.late_by, result.notices) == (timedelta(0), ())
    assert LoanEvent.objects.get(kind="check_in").at == given_at


@pytest.mark.parametrize("days", [-1, 1])
def test_a_moment_before_the_loan_or_ahead_says_nothing_of_it(item, loan, desk, days):
    began = timezone.now()

    check_in(item, by=desk, given_at=timezone.now() + timedelta(days=days))

    loan.refresh_from_db()
    assert began <= loan.returned_at <= timezone.now()


def test_a_copy_that_was_not_on_loan_is_taken_back_and_nothing_is_counted(item, desk):
    result = check_in(item, by=desk)

    assert result.loan is None
    assert result.notices == (CheckinNotice.WAS_NOT_ON_LOAN,)
    assert not LoanEvent.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_lost_copy_is_found_by_coming_back(province, desk):
    item = ItemFactory(library=province, status=ItemStatus.LOST)

    result = check_in(item, by=desk)

    item.refresh_from_db()
    assert CheckinNotice.WAS_LOST in result.notices
    assert item.status == ItemStatus.AVAILABLE
    assert Change.objects.filter(kind="record", key=str(item.record_id)).exists()


def test_a_withdrawn_copy_is_set_aside(province, desk):
    item = ItemFactory(library=province, status=ItemStatus.WITHDRAWN)

    result = check_in(item, by=desk)

    item.refresh_from_db()
    assert result.next_action is NextAction.SET_ASIDE
    assert item.status == ItemStatus.WITHDRAWN


def test_another_library_takes_the_copy_back_and_hears_that_it_is_not_its_own(
    item, loan, neighbour, commune
):
    result = check_in(item, by=neighbour)

    assert result.loan == loan
    assert result.notices == (CheckinNotice.BELONGS_ELSEWHERE,)
    assert LoanEvent.objects.get(kind="check_in").library == commune


def test_who_may_not_lend_takes_nothing_back(item, loan, cataloguer):
    with pytest.raises(NotPermitted):
        check_in(item, by=cataloguer)

    assert Loan.objects.open().get() == loan


@pytest.mark.django_db(transaction=True)
def test_two_desks_take_back_one_copy_in_the_same_instant_and_it_is_counted_once(item, loan, desk):
    outcomes = at_once(*[lambda: check_in(item, by=desk) for _ in range(4)])

    assert all(isinstance(outcome, CheckinResult) for outcome in outcomes)
    assert sum(outcome.loan is not None for outcome in outcomes) == 1
    assert LoanEvent.objects.filter(kind="check_in").count() == 1


def test_a_return_costs_few_queries(item, loan, desk, django_assert_num_queries):
    books()

    with django_assert_num_queries(12):
        check_in(item, by=desk)
