"""Deeds that are written down later than they were done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.circulation.actions import check_in, check_out, renew
from tangthu.circulation.models import LoanEvent
from tangthu.circulation.policy import local_day
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=30)


def test_a_loan_of_the_past_is_due_and_counted_by_its_own_day(
    patron: Patron, province: Library, desk: Actor
) -> None:
    at = timezone.now() - LONG_AGO

    loan = check_out(ItemFactory(library=province), to=patron, by=desk, at=at)

    assert loan.lent_at == at
    assert local_day(loan.due_at) >= local_day(at) + timedelta(days=14)
    assert local_day(loan.due_at) <= local_day(at) + timedelta(days=16)
    assert LoanEvent.objects.get().at == at


def test_a_return_and_a_renewal_of_the_past_keep_their_moments(
    patron: Patron, province: Library, desk: Actor
) -> None:
    at = timezone.now() - LONG_AGO
    loan = check_out(ItemFactory(library=province), to=patron, by=desk, at=at)

    renewed = renew(loan, by=desk, at=at + timedelta(days=10))
    result = check_in(loan.item, by=desk, at=at + timedelta(days=20))

    assert local_day(renewed.due_at) >= local_day(at) + timedelta(days=24)
    assert result.loan is not None
    assert result.loan.returned_at == at + timedelta(days=20)
    assert result.late_by == timedelta(0)
