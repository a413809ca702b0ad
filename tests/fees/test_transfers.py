"""Transfers: asked for, ticked by staff, or matched from a bank file."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.utils import timezone
from openpyxl import Workbook

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.fees.actions import (
    ask_for_transfer,
    bring_in,
    cancel_transfer,
    charge,
    confirm_transfer,
    credit_line,
    forget_words,
    match_line,
    set_line_aside,
)
from tangthu.fees.errors import (
    BankFileUnreadable,
    BankLineDecided,
    MoreThanOwed,
    NoBankAccount,
    NothingOwed,
    SameBankFile,
    TransferNotOpen,
)
from tangthu.fees.models import (
    BankFile,
    BankLine,
    BankTransfer,
    Entry,
    FeeKind,
    Posting,
    Receipt,
    TransferPurpose,
)
from tangthu.libraries.actions import set_preference
from tests.fees.money import balances, dong, holds, owes
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(province, machine):
    values = {"bank_bin": "970436", "bank_account": "0011012345678", "bank_holder": "THU VIEN"}
    for name, value in values.items():
        set_preference(province, name, value, by=machine)


@pytest.fixture
def debt(patron, province, till):
    return charge(patron, kind=FeeKind.LOST, amount=dong(85_000), library=province, by=till)


@pytest.fixture
def asked(patron, province, till, account, debt):
    return ask_for_transfer(patron, library=province, by=till)


def statement(*lines: str) -> bytes:
    heading = "SAO KE TAI KHOAN;;;\nNgày giao dịch;Số CT;Số tiền ghi có;Nội dung\n"
    return (heading + "".join(f"{line}\n" for line in lines)).encode()


def states(file: BankFile) -> list[tuple[int, str, str]]:
    return list(file.lines.order_by("row").values_list("row", "state", "reason"))


def test_a_transfer_is_asked_for_all_that_is_owed(patron, asked, debt):
    assert asked.amount == 85_000
    assert list(asked.charges.all()) == [debt]
    assert len(asked.reference) == 9


def test_the_same_request_is_not_made_twice(patron, province, till, asked):
    assert ask_for_transfer(patron, library=province, by=till) == asked
    other = ask_for_transfer(patron, library=province, by=till, amount=dong(5_000))

    assert other.reference != asked.reference
    assert BankTransfer.objects.count() == 2


def test_a_transfer_needs_an_account_and_a_debt(patron, province, till, debt, machine):
    with pytest.raises(NoBankAccount):
        ask_for_transfer(patron, library=province, by=till)
    for name, value in {"bank_bin": "970436", "bank_account": "123"}.items():
        set_preference(province, name, value, by=machine)
    with pytest.raises(MoreThanOwed):
        ask_for_transfer(patron, library=province, by=till, amount=dong(85_001))
    confirm_transfer(ask_for_transfer(patron, library=province, by=till), by=till)
    with pytest.raises(NothingOwed):
        ask_for_transfer(patron, library=province, by=till)


def test_a_reader_asks_for_their_own_account_and_for_no_other(
    patron, foreign_patron, province, account, debt
):
    reader = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)
    stranger = Actor(face=Face.OPAC, patron_id=foreign_patron.pk)

    asked = ask_for_transfer(patron, library=province, by=reader)
    with pytest.raises(NotPermitted):
        ask_for_transfer(patron, library=province, by=stranger)
    with pytest.raises(NotPermitted):
        confirm_transfer(asked, by=reader)

    assert set(BankTransfer.objects.visible_to(reader)) == {asked}
    assert not BankTransfer.objects.visible_to(stranger).exists()


def test_a_ticked_transfer_pays_once(patron, till, asked):
    receipt = confirm_transfer(asked, by=till)

    with pytest.raises(TransferNotOpen):
        confirm_transfer(asked, by=till)
    assert owes(patron) == 0
    assert balances() == {"bank": 85_000, "income": -85_000}
    assert (receipt.means, receipt.entry.note) == ("bank", asked.reference)


def test_what_came_too_much_is_credit(patron, till, asked):
    confirm_transfer(asked, amount=dong(90_000), by=till)

    assert owes(patron) == -5_000


def test_a_cancelled_transfer_is_not_entered(patron, till, asked):
    cancel_transfer(asked, by=till)

    with pytest.raises(TransferNotOpen):
        confirm_transfer(asked, by=till)
    assert owes(patron) == 85_000


def test_a_deposit_comes_by_transfer(patron, province, till, account):
    asked = ask_for_transfer(
        patron, library=province, by=till, amount=dong(200_000), purpose=TransferPurpose.DEPOSIT
    )

    confirm_transfer(asked, by=till)

    assert holds(patron) == 200_000
    assert balances() == {"bank": 200_000, "deposit": -200_000}


def test_a_bank_file_pays_what_leaves_no_doubt_and_reports_the_rest(patron, province, chief, asked):
    raw = statement(
        f"21/11/2026;FT1;85.000;NGUYEN VAN AN {asked.reference.lower()} phi thu vien",
        "21/13/2026;FT2;5.000;ngay sai",
        "21/11/2026;FT3;nam nghin;so tien sai",
        "21/11/2026;FT4;12.000;khong co ma",
        f"22/11/2026;FT5;85.000;{asked.reference}",
    )

    file = bring_in(raw, name="saoke.csv", library=province, by=chief)

    assert states(file) == [
        (3, "paid", ""),
        (4, "wrong", "bad_date"),
        (5, "wrong", "bad_amount"),
        (6, "waiting", "no_reference"),
        (7, "waiting", "already_paid"),
    ]
    assert owes(patron) == 0
    assert Receipt.objects.count() == 1


def test_the_same_file_and_the_same_line_pay_nothing_twice(patron, province, chief, asked):
    line = f"21/11/2026;FT1;85.000;{asked.reference}"
    first = bring_in(statement(line), name="a.csv", library=province, by=chief)

    with pytest.raises(SameBankFile) as refusal:
        bring_in(statement(line), name="b.csv", library=province, by=chief)
    second = bring_in(
        statement(line, "22/11/2026;FT9;1.000;khac"), name="c.csv", library=province, by=chief
    )

    assert refusal.value.data["file"] == first.pk
    assert second.repeated == 1
    assert states(second) == [(4, "waiting", "no_reference")]
    assert balances()["bank"] == 85_000


def test_two_equal_transfers_of_one_day_are_two(patron, province, chief, account):
    line = "22/11/2026;;1.000;ung ho sach"

    file = bring_in(statement(line, line), name="a.csv", library=province, by=chief)

    assert len(states(file)) == 2


def test_another_amount_waits_and_a_person_enters_it(patron, province, chief, asked):
    file = bring_in(
        statement(f"21/11/2026;FT1;80.000;{asked.reference}"),
        name="a.csv",
        library=province,
        by=chief,
    )
    line = file.lines.get()
    assert (line.state, line.reason, line.transfer) == ("waiting", "other_amount", asked)

    match_line(line, asked, by=chief)

    with pytest.raises(BankLineDecided):
        match_line(line, asked, by=chief)
    assert owes(patron) == 5_000
    assert balances()["bank"] == 80_000


def test_a_line_without_a_reference_is_given_to_a_reader_or_set_aside(
    patron, province, chief, till, debt, account
):
    file = bring_in(
        statement("21/11/2026;FT1;90.000;AN NOP PHI", "21/11/2026;FT2;7.000;LAI TIEN GUI"),
        name="a.csv",
        library=province,
        by=chief,
    )
    ours, interest = file.lines.order_by("row")

    with pytest.raises(NotPermitted):
        credit_line(ours, patron, by=till)
    credit_line(ours, patron, by=chief)
    set_line_aside(interest, reason="Lãi tiền gửi", by=chief)

    assert owes(patron) == -5_000
    interest.refresh_from_db()
    assert (interest.state, interest.text, interest.reason) == ("aside", "", "Lãi tiền gửi")


def test_a_workbook_is_read_as_a_list(patron, province, chief, asked):
    book = Workbook()
    sheet = book.active
    sheet.append(["Ngân hàng TMCP Demo"])
    sheet.append([])
    sheet.append(["STT", "Ngày GD", "Ghi nợ", "Ghi có", "Diễn giải"])
    on = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 (Excel knows no time zones)
    sheet.append([1, on, None, 85000, f"CK {asked.reference}"])
    sheet.append([2, "22/11/2026", "12.000", None, "Phí SMS"])
    raw = io.BytesIO()
    book.save(raw)

    file = bring_in(raw.getvalue(), name="saoke.xlsx", library=province, by=chief)

    assert states(file) == [(4, "paid", "")]
    assert owes(patron) == 0


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"a,b,c\n1,2,3\n", "no_table"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"),
        (b"Ngay,Ghi co,Noi dung\n" * 10_001, "too_large"),
        (b"%PDF-1.4\0\0", "damaged"),
        (b"\x89\x81\x8d\x8f", "damaged"),
    ],
)
def test_what_is_no_bank_file_is_refused_and_not_kept(province, chief, raw, fault):
    with pytest.raises(BankFileUnreadable) as refusal:
        bring_in(raw, name="x", library=province, by=chief)

    assert refusal.value.data["fault"] == fault
    assert not BankFile.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_a_list_is_read_in_the_encodings_of_excel(province, chief, encoding):
    text = 'Ngày,Ghi có,Nội dung\n21/11/2026,"1.000",Phí thư viện\n'

    file = bring_in(text.encode(encoding), name="a.csv", library=province, by=chief)

    assert file.lines.get().text == "Phí thư viện"


def test_a_bank_file_is_for_those_who_may(province, till, neighbour, chief):
    for actor in (till, neighbour):
        with pytest.raises(NotPermitted):
            bring_in(statement(), name="a.csv", library=province, by=actor)
    bring_in(statement("21/11/2026;;1.000;x"), name="a.csv", library=province, by=chief)

    assert not BankFile.objects.visible_to(neighbour).exists()
    assert not BankLine.objects.visible_to(till).exists()


def test_the_words_of_old_transfers_are_forgotten(patron, province, chief, asked):
    file = bring_in(
        statement(f"21/11/2026;FT1;85.000;{asked.reference}", "21/11/2026;FT2;1.000;cho"),
        name="a.csv",
        library=province,
        by=chief,
    )

    assert forget_words(before=timezone.localdate().replace(year=2027)) == 1
    assert list(file.lines.order_by("row").values_list("text", flat=True)) == ["", "cho"]


@pytest.mark.django_db(transaction=True)
def test_a_transfer_that_two_people_tick_while_the_file_comes_in_is_entered_once(
    patron, province, machine, account
):
    charge(patron, kind=FeeKind.OTHER, amount=dong(9_000), library=province, by=machine)
    asked = ask_for_transfer(patron, library=province, by=machine)
    raw = statement(f"21/11/2026;FT1;9.000;{asked.reference}")

    at_once(
        lambda: confirm_transfer(asked, by=machine),
        lambda: bring_in(raw, name="a.csv", library=province, by=machine),
        lambda: confirm_transfer(asked, by=machine),
        lambda: bring_in(raw, name="b.csv", library=province, by=machine),
    )

    assert Entry.objects.filter(kind="payment").count() == 1
    assert Posting.objects.filter(account="bank").total() == 9_000
    assert BankFile.objects.count() == 1
