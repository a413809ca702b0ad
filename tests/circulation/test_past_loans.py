from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from tangthu.circulation.actions import PastLoan, enter_past_loans, forget_readers
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.core.errors import NotPermitted
from tangthu.libraries.actions import set_preference
from tests.factories import ItemFactory

LENT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def past(item, patron, *, returned: bool = True) -> PastLoan:
    return PastLoan(
        item=item,
        patron=patron,
        lent_at=LENT,
        due_at=LENT + timedelta(days=14),
        returned_at=LENT + timedelta(days=5) if returned else None,
    )


def test_loans_of_an_earlier_system_count_on_their_own_days(province, patron, desk):
    items = ItemFactory.create_batch(2, library=province)
    loans = [past(items[0], patron), past(items[1], patron, returned=False)]

    entered = enter_past_loans(loans, at=province, by=desk)

    assert entered == 2
    assert Loan.objects.open().get().item == items[1]
    assert [event.kind for event in LoanEvent.objects.order_by("at", "id")] == [
        "check_out",
        "check_out",
        "check_in",
    ]
    assert LoanEvent.objects.earliest("at").at == LENT


def test_a_copy_with_two_open_loans_stops_them_all(province, patron, desk):
    item = ItemFactory(library=province)
    loans = [past(item, patron, returned=False), past(item, patron, returned=False)]

    with pytest.raises(IntegrityError):
        enter_past_loans(loans, at=province, by=desk)

    assert not Loan.objects.exists()
    assert not LoanEvent.objects.exists()


def test_staff_of_another_library_enter_nothing(province, patron, neighbour):
    with pytest.raises(NotPermitted):
        enter_past_loans([past(ItemFactory(), patron)], at=province, by=neighbour)

    assert not Loan.objects.exists()


def test_in_time_a_returned_loan_forgets_its_reader_and_an_open_one_does_not(
    province, patron, desk, machine
):
    items = ItemFactory.create_batch(2, library=province)
    loans = [past(items[0], patron), past(items[1], patron, returned=False)]
    enter_past_loans(loans, at=province, by=desk)

    set_preference(province, "loans_forgotten_after", "0", by=machine)

    forgotten = forget_readers(by=machine)

    assert forgotten == 1
    assert Loan.objects.open().get().patron == patron
    assert Loan.objects.exclude(returned_at=None).get().patron is None
    assert LoanEvent.objects.filter(patron_category=patron.category).count() == 3
