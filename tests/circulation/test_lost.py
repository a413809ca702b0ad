from datetime import timedelta

import pytest

from tangthu.catalogue.actions import ItemData
from tangthu.catalogue.models import Item
from tangthu.circulation.actions import (
    check_in,
    check_out,
    expected_charge,
    forget_own_past,
    forgive_harm,
    price_harm,
    report_damage,
    report_lost,
    settle_harm,
    take_replacement,
)
from tangthu.circulation.errors import AmountNeeded, CopyLost, HarmClosed, LoanClosed, LoanForgotten
from tangthu.circulation.models import HarmKind, HarmReport, Loan, LoanEvent
from tangthu.circulation.policy.lost import Harm
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.money import Money
from tangthu.fees.models import Entry
from tangthu.fees.reading import debt_of
from tangthu.libraries.actions import set_preference
from tests.factories import ItemFactory, lending_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    lending_rules(province, lost_percent=400, processing_fee=5000)
    return ItemFactory(library=province, price=45_000)


@pytest.fixture
def loan(item, patron, desk):
    return check_out(item, to=patron, by=desk)


def owes(patron):
    return debt_of(patron.pk).amount


def test_a_lost_book_costs_the_multiple_that_the_rules_say(loan, item, patron, desk):
    expected = expected_charge(loan, Harm.LOST)

    report = report_lost(loan, by=desk)

    assert expected.total == 185_000
    assert (report.amount, report.processing, report.settled_at) == (180_000, 5000, None)
    assert owes(patron) == 185_000
    ended = Loan.objects.get()
    assert ended.returned_at is not None
    assert ended.ending == "lost"
    item.refresh_from_db()
    assert item.status == "lost"
    assert LoanEvent.objects.filter(kind="lost").count() == 1
    assert {entry.fee_kind for entry in Entry.objects.all()} == {"lost", "processing"}


def test_it_is_reported_once(loan, patron, desk):
    report_lost(loan, by=desk)

    with pytest.raises(LoanClosed):
        report_lost(loan, by=desk)

    assert owes(patron) == 185_000


def test_the_desk_names_an_amount_where_no_price_is_known(loan, item, patron, desk):
    Item.objects.update(price=None)

    with pytest.raises(AmountNeeded):
        report_lost(loan, by=desk)
    assert Loan.objects.get().returned_at is None
    assert not HarmReport.objects.exists()
    report_lost(loan, by=desk, amount=Money(20_000))

    assert owes(patron) == 25_000


def test_a_reader_reports_a_loss_from_afar_and_is_charged_later(loan, item, patron, desk):
    Item.objects.update(price=None)
    reader = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)

    report = report_lost(loan, by=reader)
    assert (report.amount, report.reported_by) == (0, "")
    assert owes(patron) == 5000
    price_harm(report, amount=Money(30_000), by=desk)

    assert owes(patron) == 35_000
    with pytest.raises(HarmClosed):
        price_harm(report, amount=Money(1), by=desk)


def test_readers_report_only_their_own_and_name_no_price(loan, patron):
    other = Actor(face=Face.OPAC, patron_id=patron.pk + 1, name="X")
    reader = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)

    with pytest.raises(NotPermitted):
        report_lost(loan, by=other)
    with pytest.raises(NotPermitted):
        report_lost(loan, by=reader, amount=Money(1))

    assert Loan.objects.get().returned_at is None


@pytest.mark.parametrize(
    ("policy", "owed"), [("refund", 0), ("keep", 185_000), ("refund_charge_overdue", 3000)]
)
def test_a_lost_book_that_comes_back_undoes_what_the_library_says(
    loan, item, patron, desk, province, policy, owed
):
    lending_rules(province, lost_return=policy, overdue_fee=1000)
    Loan.objects.update(due_at=loan.due_at - timedelta(days=17))
    report_lost(loan, by=desk)

    result = check_in(item, by=desk)

    assert result.found is not None
    assert HarmReport.objects.get().settlement == "came_back"
    assert owes(patron) == owed
    item.refresh_from_db()
    assert item.status == "available"


def test_a_copy_brought_in_its_place_takes_the_price_back_and_is_entered(
    loan, item, patron, administrator, province
):
    report = report_lost(loan, by=administrator)

    fresh = take_replacement(
        report,
        enter=ItemData(library=province, item_type=item.item_type, price=50_000),
        by=administrator,
    )

    assert owes(patron) == 5000
    assert fresh.record_id == item.record_id
    assert fresh.accession_number != item.accession_number
    assert Loan.objects.get().ending == "replaced"
    assert HarmReport.objects.get().settlement == "replaced"


def test_a_lost_copy_is_taken_in_before_it_is_called_damaged(loan, item, patron, desk):
    report_lost(loan, by=desk)

    with pytest.raises(CopyLost):
        report_damage(Loan.objects.get(), by=desk)
    assert HarmReport.objects.get().settled_at is None
    assert owes(patron) == 185_000

    check_in(item, by=desk)
    report = report_damage(Loan.objects.get(), by=desk, amount=Money(10_000))

    assert report.kind == HarmKind.DAMAGED
    assert HarmReport.objects.filter(settled_at=None).get() == report


def test_damage_is_found_after_the_return(loan, item, patron, desk, province):
    lending_rules(province, damage_percent=50)
    check_in(item, by=desk)

    report_damage(loan, by=desk, note="Rách bìa")

    assert owes(patron) == 22_500
    item.refresh_from_db()
    assert item.status == "damaged"
    with pytest.raises(HarmClosed):
        report_damage(loan, by=desk)


def test_missing_parts_may_leave_the_copy_in_use(loan, item, patron, desk):
    check_in(item, by=desk)

    report_damage(
        loan,
        by=desk,
        kind=HarmKind.PARTS_MISSING,
        amount=Money(10_000),
        note="Thiếu CD",
        out_of_use=False,
    )

    assert owes(patron) == 10_000
    item.refresh_from_db()
    assert item.status == "available"
    assert LoanEvent.objects.filter(kind="parts").count() == 1


def test_nothing_is_charged_to_a_reader_who_is_forgotten(loan, item, patron, desk):
    check_in(item, by=desk)
    Loan.objects.update(patron=None)

    with pytest.raises(LoanForgotten):
        report_damage(loan, by=desk, amount=Money(1))

    assert not HarmReport.objects.exists()


def test_what_is_not_settled_is_not_forgotten(loan, item, patron, desk, province, machine):
    set_preference(province, "loans_forgotten_after", "0", by=machine)
    report = report_lost(loan, by=desk)

    forget_own_past(patron, by=Actor(face=Face.OPAC, patron_id=patron.pk, name="X"))
    assert Loan.objects.get().patron == patron
    settle_harm(report, by=desk)
    forget_own_past(patron, by=Actor(face=Face.OPAC, patron_id=patron.pk, name="X"))

    assert Loan.objects.get().patron is None


def test_forgiving_takes_price_and_fee_back(loan, patron, desk, administrator):
    report = report_lost(loan, by=desk)

    with pytest.raises(NotPermitted):
        forgive_harm(report, reason="Hỏa hoạn", by=desk)
    forgive_harm(report, reason="Hỏa hoạn", by=administrator)

    assert owes(patron) == 0
    with pytest.raises(HarmClosed):
        settle_harm(report, by=desk)
