"""Paying, in part and whole, waiving, and giving back what was paid too much."""

from __future__ import annotations

import pytest
import time_machine

from tangthu.core.errors import NotPermitted
from tangthu.fees.actions import Till, charge, pay, refund, reverse, waive
from tangthu.fees.errors import (
    MoreThanCredit,
    MoreThanOwed,
    NoOpenSession,
    NothingOwed,
    ReasonMissing,
)
from tangthu.fees.models import Entry, FeeKind, Means, Posting, Receipt
from tangthu.fees.reading import open_charges
from tests.fees.money import balances, dong, open_session, owes
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def fees(patron, province, till):
    """Two fees: 5,000 for a late book, then 20,000 for photocopies."""
    return [
        charge(patron, kind=kind, amount=dong(amount), library=province, by=till)
        for kind, amount in ((FeeKind.OVERDUE, 5_000), (FeeKind.PHOTOCOPY, 20_000))
    ]


@pytest.fixture
def counter(province, session):
    return Till(library=province)


@pytest.fixture
def bank(province):
    return Till(library=province, means=Means.BANK)


def open_of(patron) -> dict[int, int]:
    return {each.entry: each.open for each in open_charges(patron.pk)}


def test_a_payment_settles_the_oldest_charge_first(patron, fees, counter, till, session):
    receipt = pay(patron, amount=dong(7_000), through=counter, by=till)

    assert open_of(patron) == {fees[1].pk: 18_000}
    assert owes(patron) == 18_000
    assert balances() == {"owed": 18_000, "drawer": 7_000, "income": -25_000}
    assert Posting.objects.filter(session=session).total() == 7_000
    assert (receipt.amount, receipt.means, receipt.payer) == (7_000, "cash", "Nguyễn Văn An")


def test_a_payment_settles_the_charges_that_were_chosen(patron, fees, counter, till):
    pay(patron, amount=dong(20_000), through=counter, by=till, charges=[fees[1].pk])

    assert open_of(patron) == {fees[0].pk: 5_000}


@pytest.mark.parametrize(
    ("amount", "chosen", "refusal"),
    [(25_001, [], MoreThanOwed), (5_001, [0], MoreThanOwed)],
)
def test_no_more_is_taken_than_is_owed(patron, fees, counter, till, amount, chosen, refusal):
    charges = [fees[index].pk for index in chosen]

    with pytest.raises(refusal):
        pay(patron, amount=dong(amount), through=counter, by=till, charges=charges)

    assert owes(patron) == 25_000
    assert not Receipt.objects.exists()


def test_nothing_is_taken_where_nothing_is_owed(patron, counter, till):
    with pytest.raises(NothingOwed):
        pay(patron, amount=dong(1_000), through=counter, by=till)


def test_cash_is_taken_only_into_an_open_drawer_and_a_transfer_needs_none(
    patron, fees, province, bank, till
):
    with pytest.raises(NoOpenSession):
        pay(patron, amount=dong(5_000), through=Till(library=province), by=till)
    pay(patron, amount=dong(5_000), through=bank, by=till)

    assert balances() == {"owed": 20_000, "bank": 5_000, "income": -25_000}


def test_with_two_drawers_open_cash_goes_into_ones_own(
    patron, fees, counter, till, session, province, chief_user
):
    other = session.drawer.__class__.objects.create(library=province, name="Quầy 2")
    open_session(other, chief_user)

    receipt = pay(patron, amount=dong(5_000), through=counter, by=till)

    assert receipt.entry.postings.get(account="drawer").session == session


def test_money_is_taken_by_those_who_may(patron, fees, counter, desk):
    with pytest.raises(NotPermitted):
        pay(patron, amount=dong(5_000), through=counter, by=desk)

    assert owes(patron) == 25_000


def test_a_charge_is_waived_in_part_with_a_reason(patron, fees, chief):
    waive(fees[1], reason="Máy photo hỏng", amount=dong(8_000), by=chief)

    assert open_of(patron) == {fees[0].pk: 5_000, fees[1].pk: 12_000}
    assert balances() == {"owed": 17_000, "income": -25_000, "written_off": 8_000}


def test_what_is_left_of_a_charge_is_waived_once(patron, fees, chief, bank):
    pay(patron, amount=dong(3_000), through=bank, by=chief)

    waive(fees[0], reason="Hộ nghèo", by=chief)
    with pytest.raises(NothingOwed):
        waive(fees[0], reason="Hộ nghèo", by=chief)

    assert open_of(patron) == {fees[1].pk: 20_000}


def test_a_waiver_needs_a_reason_the_permission_and_no_more_than_is_open(patron, fees, till, chief):
    with pytest.raises(ReasonMissing):
        waive(fees[0], reason="", by=chief)
    with pytest.raises(NotPermitted):
        waive(fees[0], reason="Vì quen", by=till)
    with pytest.raises(MoreThanOwed):
        waive(fees[0], reason="Nhầm", amount=dong(5_001), by=chief)

    assert owes(patron) == 25_000


def test_a_paid_charge_that_is_reversed_pays_the_next_one(patron, fees, bank, chief):
    pay(patron, amount=dong(5_000), through=bank, by=chief)

    reverse(fees[0], reason="Bạn đọc trả đúng hạn", by=chief)

    assert owes(patron) == 15_000
    assert open_of(patron) == {fees[1].pk: 15_000}


def test_what_was_paid_too_much_is_given_back_against_a_voucher(patron, fees, counter, chief):
    pay(patron, amount=dong(25_000), through=counter, by=chief)
    reverse(fees[0], reason="Nhầm", by=chief)

    with pytest.raises(MoreThanCredit):
        refund(patron, amount=dong(5_001), through=counter, by=chief, reason="Trả lại")
    voucher = refund(patron, amount=dong(5_000), through=counter, by=chief, reason="Trả lại")

    assert owes(patron) == 0
    assert balances() == {"drawer": 20_000, "income": -20_000}
    assert (voucher.kind, voucher.amount) == ("out", 5_000)


def test_credit_settles_the_next_charge(patron, fees, bank, province, chief):
    pay(patron, amount=dong(25_000), through=bank, by=chief)
    reverse(fees[0], reason="Nhầm", by=chief)

    charge(patron, kind=FeeKind.OTHER, amount=dong(3_000), library=province, by=chief)

    assert owes(patron) == -2_000
    assert open_of(patron) == {}


def test_a_reversed_cash_payment_goes_out_of_the_drawer(patron, fees, counter, chief, session):
    receipt = pay(patron, amount=dong(5_000), through=counter, by=chief)

    reverse(receipt.entry, reason="Bấm nhầm bạn đọc", by=chief)

    assert owes(patron) == 25_000
    assert Posting.objects.filter(session=session).total() == 0


@pytest.mark.django_db(transaction=True)
def test_two_tills_take_the_same_debt_once(patron, province, machine, drawer):
    open_session(drawer)
    charge(patron, kind=FeeKind.OTHER, amount=dong(20_000), library=province, by=machine)

    def deed():
        return pay(patron, amount=dong(20_000), through=Till(library=province), by=machine)

    answers = at_once(deed, deed, deed)

    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert sum(isinstance(answer, NothingOwed) for answer in answers) == 2
    assert owes(patron) == 0
    assert balances() == {"drawer": 20_000, "income": -20_000}


@pytest.mark.django_db(transaction=True)
def test_receipts_have_no_gaps_and_no_doubles(province, commune, machine, patron, foreign_patron):
    """Twelve payments at once, a third of them refused after the entry was begun."""
    till = Till(library=province, means=Means.BANK)
    for reader in (patron, foreign_patron):
        charge(reader, kind=FeeKind.OTHER, amount=dong(4_000), library=province, by=machine)

    def deed(reader):
        return lambda: pay(reader, amount=dong(1_000), through=till, by=machine)

    answers = at_once(*[deed(patron), deed(foreign_patron)] * 6)

    numbers = list(Receipt.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 9))
    assert sum(isinstance(answer, NothingOwed) for answer in answers) == 4


def test_numbers_begin_anew_each_year_library_and_kind(patron, province, commune, machine):
    def paid(library, amount=1_000):
        charge(patron, kind=FeeKind.OTHER, amount=dong(amount), library=library, by=machine)
        through = Till(library=library, means=Means.BANK)
        return pay(patron, amount=dong(amount), through=through, by=machine).label

    with time_machine.travel("2026-12-31T16:30:00+00:00"):  # 23:30 in Vietnam
        old = [paid(province), paid(province), paid(commune)]
    with time_machine.travel("2026-12-31T17:30:00+00:00"):  # 00:30, the new year
        new = paid(province)

    assert old == ["PT 000001/2026", "PT 000002/2026", "PT 000001/2026"]
    assert new == "PT 000001/2027"


def test_a_receipt_says_the_amount_in_words(patron, fees, bank, till):
    receipt = pay(patron, amount=dong(25_000), through=bank, by=till)

    assert receipt.in_words == "Hai mươi lăm nghìn đồng"


def test_a_refused_deed_leaves_no_entry_behind(patron, fees, till):
    before = Entry.objects.count()

    with pytest.raises(NoOpenSession):
        pay(patron, amount=dong(5_000), through=Till(library=fees[0].library), by=till)

    assert Entry.objects.count() == before
