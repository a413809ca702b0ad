from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.circulation.actions import (
    PastLoan,
    enter_past_loans,
    forget_own_past,
    forget_readers,
)
from tangthu.circulation.models import Loan
from tangthu.core.errors import NotPermitted
from tangthu.libraries.actions import set_preference
from tangthu.patrons.actions import actor_for, keep_history
from tests.factories import ItemFactory, PatronFactory


@pytest.fixture
def lent(province, desk):
    """Enter loans of a reader: returned so many days ago, or still open."""

    def enter(patron, *, returned_days_ago=None):
        now = timezone.now()
        loan = PastLoan(
            item=ItemFactory(library=province),
            patron=patron,
            lent_at=now - timedelta(days=900),
            due_at=now - timedelta(days=880),
            returned_at=None
            if returned_days_ago is None
            else now - timedelta(days=returned_days_ago),
        )
        enter_past_loans([loan], at=province, by=desk)
        return Loan.objects.latest("pk")

    return enter


def tied(patron):
    return set(Loan.objects.filter(patron=patron))


def test_a_returned_loan_forgets_its_reader_after_the_days_of_the_library(
    patron, lent, province, machine
):
    set_preference(province, "loans_forgotten_after", "30", by=machine)
    lent(patron, returned_days_ago=31)
    late, still_out = lent(patron, returned_days_ago=29), lent(patron)

    assert forget_readers(by=machine) == 1

    assert tied(patron) == {late, still_out}


def test_it_is_a_year_where_no_library_has_chosen(patron, lent, machine):
    lent(patron, returned_days_ago=366)
    kept = lent(patron, returned_days_ago=364)

    assert forget_readers(by=machine) == 1

    assert tied(patron) == {kept}


def test_who_chose_to_keep_their_past_loans_keeps_them(patron, lent, province, machine):
    keep_history(patron, text="2026-11", by=actor_for(patron))
    kept = lent(patron, returned_days_ago=800)
    other = PatronFactory(library=province)
    lent(other, returned_days_ago=800)

    assert forget_readers(by=machine) == 1

    assert tied(patron) == {kept}
    assert not tied(other)


def test_who_keeps_them_no_more_is_forgotten_at_once(patron, lent):
    reader = actor_for(patron)
    keep_history(patron, text="2026-11", by=reader)
    lent(patron, returned_days_ago=1)
    still_out = lent(patron)

    forgotten = forget_own_past(patron, by=reader)

    assert forgotten == 1
    assert tied(patron) == {still_out}
    patron.account.refresh_from_db()
    assert patron.account.keeps_history_since is None


def test_only_the_reader_chooses(patron, foreign_patron, desk, lent):
    lent(patron, returned_days_ago=1)
    for stranger in (desk, actor_for(foreign_patron)):
        with pytest.raises(NotPermitted):
            keep_history(patron, text="2026-11", by=stranger)
        with pytest.raises(NotPermitted):
            forget_own_past(patron, by=stranger)

    assert len(tied(patron)) == 1
