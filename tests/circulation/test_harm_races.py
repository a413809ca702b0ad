"""A lost book turns up while the desk settles its loss: real threads, on what both would change."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.circulation.actions import (
    check_in,
    check_out,
    forgive_lateness,
    renew,
    report_lost,
    take_replacement,
)
from tangthu.circulation.errors import HarmClosed
from tangthu.circulation.models import Loan
from tangthu.fees.reading import debt_of
from tests.factories import ItemFactory, lending_rules
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def item(province):
    lending_rules(province, lost_percent=100, processing_fee=5_000, overdue_fee=1_000, renewals=9)
    return ItemFactory(library=province, price=50_000)


def test_a_lost_book_is_replaced_or_found_but_never_both(item, patron, desk):
    report = report_lost(check_out(item, to=patron, by=desk), by=desk)

    replaced, returned = at_once(
        lambda: take_replacement(report, by=desk), lambda: check_in(item, by=desk)
    )

    report.refresh_from_db()
    if isinstance(replaced, HarmClosed):
        assert (report.settlement, returned.found) == ("came_back", report)
        assert debt_of(patron.pk).amount == 0
    else:
        assert (replaced, report.settlement, returned.found) == (None, "replaced", None)
        assert debt_of(patron.pk).amount == 5_000


def test_lateness_is_forgiven_while_the_book_comes_back(item, patron, desk, administrator):
    loan = check_out(item, to=patron, by=desk)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        renew(loan, by=desk)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        forgiven, returned = at_once(
            lambda: forgive_lateness(loan, reason="Nằm viện", by=administrator),
            lambda: check_in(item, by=desk),
        )

    assert forgiven in (1, 2)
    assert Loan.objects.get().returned_at is not None
    assert debt_of(patron.pk).amount == (0 if forgiven == 2 else returned.lateness.fee.amount)
