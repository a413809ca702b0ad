import itertools
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
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
from tests.conftest import client_of_reader
from tests.factories import ItemFactory, PatronFactory


@pytest.fixture
def lent(province, desk):
    """Enter loans of a reader: returned so many days ago, or still open."""

    numbers = itertools.count(1001)

    def enter(patron, *, returned_days_ago=None):
        now = timezone.now()
        loan = PastLoan(
            item=ItemFactory(library=province, record__title=f"Sách {next(numbers)}"),
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


def keep_since(patron, days_ago):
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        keep_history(patron, text="2026-11", by=actor_for(patron))


def test_who_chose_to_keep_their_past_loans_keeps_them(patron, lent, province, machine):
    keep_since(patron, 850)
    kept = lent(patron, returned_days_ago=800)
    other = PatronFactory(library=province)
    lent(other, returned_days_ago=800)

    assert forget_readers(by=machine) == 1

    assert tied(patron) == {kept}
    assert not tied(other)


def test_what_came_back_before_they_chose_is_not_kept_for_them(patron, lent, machine):
    lent(patron, returned_days_ago=400)
    keep_since(patron, 390)
    kept = lent(patron, returned_days_ago=380)

    assert forget_readers(by=machine) == 1

    assert tied(patron) == {kept}


def test_who_keeps_them_no_more_keeps_what_the_library_keeps_of_everybody(
    patron, lent, province, machine
):
    set_preference(province, "loans_forgotten_after", "30", by=machine)
    keep_since(patron, 850)
    lent(patron, returned_days_ago=31)
    late, still_out = lent(patron, returned_days_ago=29), lent(patron)

    forgotten = forget_own_past(patron, by=actor_for(patron))

    assert forgotten == 1
    assert tied(patron) == {late, still_out}
    patron.account.refresh_from_db()
    assert patron.account.keeps_history_since is None
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert forget_readers(by=machine) == 1
    assert tied(patron) == {still_out}


def test_the_library_that_keeps_nothing_for_itself_forgets_at_once(patron, lent, province, machine):
    set_preference(province, "loans_forgotten_after", "0", by=machine)
    keep_since(patron, 850)
    lent(patron, returned_days_ago=1)

    assert forget_own_past(patron, by=actor_for(patron)) == 1

    assert not tied(patron)


def test_the_reader_sees_what_was_kept_for_them_and_nothing_else(patron, lent):
    client, path = client_of_reader(patron), reverse("account:history")
    before = lent(patron, returned_days_ago=20)
    keep_since(patron, 10)
    kept = lent(patron, returned_days_ago=5)

    page = client.get(path).content.decode()
    assert kept.item.record.title in page
    assert before.item.record.title not in page

    client.post(reverse("account:forget_history"))
    assert tied(patron) == {before, kept}
    assert kept.item.record.title not in client.get(path).content.decode()
    client.post(reverse("account:keep_history"))
    assert kept.item.record.title not in client.get(path).content.decode()


def test_the_page_names_the_days_of_the_library(patron, province, machine):
    set_preference(province, "loans_forgotten_after", "90", by=machine)

    page = client_of_reader(patron).get(reverse("account:history")).content.decode()

    assert "90 ngày" in page


def test_only_the_reader_chooses(patron, foreign_patron, desk, lent):
    lent(patron, returned_days_ago=1)
    for stranger in (desk, actor_for(foreign_patron)):
        with pytest.raises(NotPermitted):
            keep_history(patron, text="2026-11", by=stranger)
        with pytest.raises(NotPermitted):
            forget_own_past(patron, by=stranger)

    assert len(tied(patron)) == 1
