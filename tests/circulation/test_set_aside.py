"""A copy kept back for one reader is in nobody else's hands."""

import pytest

from tangthu.catalogue.actions import withdraw_item
from tangthu.circulation.actions import check_out, release, set_aside
from tangthu.circulation.errors import CheckoutRefused, CopyNotFree
from tangthu.circulation.models import Loan, SetAside, SetAsidePurpose
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tests.factories import ItemFactory, PatronFactory
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

DELIVERY = SetAsidePurpose.DELIVERY


@pytest.fixture
def item(province):
    return ItemFactory(library=province)


def test_a_copy_is_kept_back_for_one_reader(item, patron, desk):
    kept = set_aside(item, for_=patron, purpose=DELIVERY, by=desk)

    assert (kept.item, kept.patron, kept.purpose) == (item, patron, "delivery")
    assert AuditEntry.objects.get().action == "item.set_aside"


def test_a_copy_is_kept_back_only_once(item, patron, province, desk):
    set_aside(item, for_=patron, purpose=DELIVERY, by=desk)
    other = PatronFactory(library=province)

    with pytest.raises(CopyNotFree):
        set_aside(item, for_=other, purpose=DELIVERY, by=desk)

    assert SetAside.objects.get().patron == patron


def test_a_copy_on_loan_cannot_be_kept_back(item, patron, desk):
    check_out(item, to=patron, by=desk)

    with pytest.raises(CopyNotFree):
        set_aside(item, for_=patron, purpose=DELIVERY, by=desk)

    assert not SetAside.objects.exists()


def test_a_released_copy_is_free_again(item, patron, desk):
    set_aside(item, for_=patron, purpose=DELIVERY, by=desk)

    release(item, by=desk)
    release(item, by=desk)

    assert not SetAside.objects.exists()
    assert list(AuditEntry.objects.values_list("action", flat=True)) == [
        "item.set_aside",
        "item.released",
    ]


def test_staff_of_another_library_keep_back_nothing_here(item, patron, neighbour):
    with pytest.raises(NotPermitted):
        set_aside(item, for_=patron, purpose=DELIVERY, by=neighbour)

    assert not SetAside.objects.exists()


def test_a_copy_kept_back_is_not_withdrawn(item, patron, desk, machine):
    set_aside(item, for_=patron, purpose=DELIVERY, by=desk)

    with pytest.raises(CopyNotFree):
        withdraw_item(item, by=machine)

    item.refresh_from_db()
    assert item.status == "available"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_the_copy(item, patron, province, desk):
    other = PatronFactory(library=province)

    answers = at_once(
        lambda: set_aside(item, for_=patron, purpose=DELIVERY, by=desk),
        lambda: set_aside(item, for_=other, purpose=DELIVERY, by=desk),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["CopyNotFree", "SetAside"]


def test_the_desk_lends_no_copy_that_is_kept_back(item, patron, province, desk):
    set_aside(item, for_=patron, purpose=DELIVERY, by=desk)
    other = PatronFactory(library=province)

    for reader in (patron, other):
        with pytest.raises(CheckoutRefused) as refused:
            check_out(item, to=reader, by=desk, override=["set_aside"])
        assert refused.value.verdict.codes == ("set_aside",)

    assert not Loan.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_lent_or_kept_back_but_never_both(item, patron, desk):
    answers = at_once(
        lambda: set_aside(item, for_=patron, purpose=DELIVERY, by=desk),
        lambda: check_out(item, to=patron, by=desk),
    )

    assert {type(answer).__name__ for answer in answers} in (
        {"SetAside", "CheckoutRefused"},
        {"CopyNotFree", "Loan"},
    )
    assert Loan.objects.count() + SetAside.objects.count() == 1
