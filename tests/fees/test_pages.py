"""Every page of money opens, does its deed, and shows what is wrong under the right field."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tangthu.fees.actions import (
    Till,
    add_exemption,
    ask_for_transfer,
    charge,
    pay,
    take_deposit,
)
from tangthu.fees.models import (
    BankFile,
    BankTransfer,
    CardFeeRule,
    CashDrawer,
    CashSession,
    Entry,
    FeeKind,
    Means,
    PatronExemption,
    Receipt,
)
from tangthu.libraries.actions import set_preference
from tests.factories import PatronFactory
from tests.fees.money import dong, holds, owes

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(province, machine):
    for name, value in {"bank_bin": "970436", "bank_account": "0011012345678"}.items():
        set_preference(province, name, value, by=machine)


@pytest.fixture
def fee(patron, province, till):
    return charge(patron, kind=FeeKind.OVERDUE, amount=dong(25_000), library=province, by=till)


@pytest.fixture
def receipt(patron, province, till, fee):
    through = Till(library=province, means=Means.BANK)
    return pay(patron, amount=dong(10_000), through=through, by=till)


@pytest.fixture
def bank(province):
    return Till(library=province, means=Means.BANK)


def at(name, *args):
    return reverse(f"fees:{name}", args=args)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_card_that_is_scanned_opens_its_account(till_client, patron):
    answer = till_client.get(at("home"), {"q": patron.card.lower()})

    assert answer.headers["Location"] == at("account", patron.pk)


def test_a_name_lists_who_owes_what(till_client, patron, fee, province):
    PatronFactory(library=province, name="Nguyễn Thị An")

    page = text_of(till_client.get(at("home"), {"q": "an"}))

    assert "Nguyễn Văn An" in page
    assert "25.000 đ" in page


def test_the_account_shows_debt_deposit_and_entries(till_client, patron, receipt, till, bank):
    take_deposit(patron, amount=dong(200_000), through=bank, by=till)

    page = text_of(till_client.get(at("account", patron.pk)))

    for words in ("15.000 đ", "200.000 đ", receipt.label, "Phí quá hạn"):
        assert words in page


def test_an_account_of_thousands_of_entries_costs_no_more_queries(
    till_client, patron, province, till, django_assert_max_num_queries
):
    for number in range(60):
        charge(patron, kind=FeeKind.OTHER, amount=dong(100 + number), library=province, by=till)

    with django_assert_max_num_queries(60):
        assert till_client.get(at("account", patron.pk)).status_code == 200


def test_cash_is_taken_and_the_receipt_is_shown(till_client, patron, fee, session):
    answer = till_client.post(
        at("pay", patron.pk), {"pay-amount": "25.000", "pay-means": "cash", "charge": [fee.pk]}
    )

    receipt = Receipt.objects.get()
    assert answer.headers["Location"] == at("receipt", receipt.pk)
    assert owes(patron) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"pay-amount": "25.001", "pay-means": "bank"}, "lớn hơn số còn nợ"),
        ({"pay-amount": "hai", "pay-means": "bank"}, "tiền chẵn đồng"),
        ({"pay-amount": "0", "pay-means": "bank"}, "lớn hơn 0"),
        ({"pay-amount": "5.000", "pay-means": "cash"}, "Hãy mở quỹ trước"),
        ({"pay-amount": "", "pay-means": "bank"}, "field-errors"),
    ],
)
def test_a_payment_that_cannot_be_says_why(till_client, patron, fee, data, words):
    answer = till_client.post(at("pay", patron.pk), data)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert owes(patron) == 25_000


def test_fees_by_hand_and_deposits(till_client, patron, session):
    till_client.post(at("charge", patron.pk), {"kind": "photocopy", "amount": "12.000"})
    till_client.post(at("take_deposit", patron.pk), {"take-amount": "50.000", "take-means": "cash"})
    till_client.post(at("use_deposit", patron.pk), {"use-amount": "12.000"})
    till_client.post(
        at("return_deposit", patron.pk), {"return-amount": "38.000", "return-means": "cash"}
    )

    assert (owes(patron), holds(patron)) == (0, 0)
    assert Receipt.objects.filter(kind="out").count() == 1


def test_a_deposit_that_is_not_there_is_not_given_back(till_client, patron, session):
    answer = till_client.post(
        at("return_deposit", patron.pk), {"return-amount": "1.000", "return-means": "cash"}
    )

    assert answer.status_code == 422
    assert "nhiều tiền cược" in text_of(answer)


def test_waiving_and_reversing_from_the_entry(chief_client, till_client, patron, fee):
    assert till_client.post(at("waive", fee.pk), {"waive-reason": "x"}).status_code == 403
    assert "waive-reason" in text_of(chief_client.get(at("entry", fee.pk)))
    assert "waive-reason" not in text_of(till_client.get(at("entry", fee.pk)))

    wrong = chief_client.post(at("waive", fee.pk), {"waive-reason": "", "waive-amount": "5.000"})
    chief_client.post(at("waive", fee.pk), {"waive-reason": "Lũ lụt", "waive-amount": "5.000"})
    chief_client.post(at("reverse", fee.pk), {"reverse-reason": "Nhập nhầm"})

    assert wrong.status_code == 422
    assert Entry.objects.filter(kind="reversal").count() == 1
    # The waiver stands, so the reader now has what was forgiven as credit.
    assert owes(patron) == -5_000


def test_what_was_paid_too_much_is_given_back(chief_client, patron, receipt, fee):
    chief_client.post(at("reverse", fee.pk), {"reverse-reason": "Nhập nhầm"})
    data = {"refund-amount": "10.000", "refund-means": "bank", "refund-note": "Trả lại"}

    answer = chief_client.post(at("refund", patron.pk), data)

    assert answer.status_code == 302
    assert owes(patron) == 0


def test_a_second_print_is_marked_as_a_copy(till_client, receipt):
    address = at("print_receipt", receipt.pk)

    first = text_of(till_client.post(address, {"paper": "slip"}))
    second = text_of(till_client.post(address, {"paper": "a5"}))

    assert "paper-slip" in first
    assert "BẢN SAO" not in first
    assert "BẢN SAO" in second
    assert "Mười nghìn đồng" in second


def test_a_reversed_receipt_is_marked_as_cancelled(chief_client, receipt):
    chief_client.post(at("reverse", receipt.entry_id), {"reverse-reason": "Nhầm"})

    assert "ĐÃ HỦY" in text_of(chief_client.get(at("receipt", receipt.pk)))


def test_receipts_are_found_by_number_and_by_reader(till_client, patron, receipt):
    for words in (receipt.label, "1", patron.card, "an nguyen"):
        assert receipt.label in text_of(till_client.get(at("receipts"), {"q": words}))
    assert receipt.label not in text_of(till_client.get(at("receipts"), {"q": "999"}))


def test_the_cash_desk_from_the_float_to_the_count(chief_client, till_client, patron, fee):
    chief_client.post(at("drawers"), {"name": "Quầy 1"})
    drawer = CashDrawer.objects.get()
    till_client.post(at("open_session"), {"drawer": drawer.pk, "float": "100.000"})
    session = CashSession.objects.get()
    till_client.post(at("pay", patron.pk), {"pay-amount": "25.000", "pay-means": "cash"})
    moved = till_client.post(
        at("move_cash", session.pk),
        {"direction": "out", "account": "bank", "amount": "50.000", "reason": "Nộp kho bạc"},
    )
    address = at("count", session.pk)

    blind = text_of(till_client.get(address))
    wrong = till_client.post(address, {"note_50000": "1"})
    right = till_client.post(address, {"note_50000": "1", "note_20000": "1", "note_5000": "1"})

    assert moved.status_code == 302
    assert "75.000" not in blind
    assert wrong.status_code == 422
    assert "75.000 đ" in text_of(wrong)
    assert right.status_code == 302
    session.refresh_from_db()
    assert (session.counted, session.difference) == (75_000, 0)
    for name in ("session", "session_report"):
        assert "75.000 đ" in text_of(till_client.get(at(name, session.pk)))
    assert "Quầy 1" in text_of(till_client.get(at("cash")))


def test_a_drawer_is_renamed(chief_client, drawer):
    chief_client.post(at("drawer", drawer.pk), {"name": "Quầy chính"})

    drawer.refresh_from_db()
    assert (drawer.name, drawer.is_active) == ("Quầy chính", False)


def test_a_transfer_from_its_code_to_its_receipt(till_client, patron, fee, account):
    answer = till_client.post(at("ask_for_transfer", patron.pk), {"transfer-purpose": "fees"})
    asked = BankTransfer.objects.get()
    assert answer.headers["Location"] == at("transfer", asked.pk)

    for name in ("transfer", "transfer_slip"):
        page = text_of(till_client.get(at(name, asked.pk)))
        assert f"{asked.reference} PHI THU VIEN" in page
        assert "Vietcombank" in page
        assert "<svg" in page
    assert asked.reference in text_of(till_client.get(at("transfers")))
    till_client.post(at("confirm_transfer", asked.pk))

    assert owes(patron) == 0
    assert asked.reference not in text_of(till_client.get(at("transfers")))
    assert asked.reference in text_of(till_client.get(at("transfers"), {"state": "all"}))


def test_a_transfer_without_an_account_says_what_is_missing(till_client, patron, fee):
    answer = till_client.post(at("ask_for_transfer", patron.pk), {"transfer-purpose": "fees"})

    assert answer.status_code == 422
    assert "phần tùy chọn" in text_of(answer)


def test_a_transfer_is_called_off(till_client, patron, province, till, fee, account):
    asked = ask_for_transfer(patron, library=province, by=till)

    till_client.post(at("cancel_transfer", asked.pk))
    again = till_client.post(at("confirm_transfer", asked.pk))

    assert again.status_code == 409
    assert owes(patron) == 25_000


def upload(client, province, text, name="saoke.csv"):
    file = SimpleUploadedFile(name, text.encode())
    return client.post(at("bank"), {"library": province.pk, "file": file})


def test_a_bank_file_from_the_upload_to_the_last_decision(
    chief_client, patron, province, chief, fee, account
):
    asked = ask_for_transfer(patron, library=province, by=chief, amount=dong(20_000))
    text = (
        "Ngày;Ghi có;Nội dung\n"
        f"21/11/2026;19.000;{asked.reference}\n"
        "21/11/2026;3.000;An nop phi\n"
        "21/11/2026;700;Lai\n"
        "21/11/2026;x;sai\n"
    )

    answer = upload(chief_client, province, text)
    file = BankFile.objects.get()
    assert answer.headers["Location"] == at("bank_file", file.pk)
    assert "Không đọc được" in text_of(chief_client.get(at("bank_file", file.pk)))
    named, given, interest, _wrong = file.lines.order_by("row")
    assert asked.reference in text_of(chief_client.get(at("bank_line", named.pk)))
    chief_client.post(at("accept_line", named.pk))
    unknown = chief_client.post(at("bank_line", given.pk), {"whose": "KHONGCO"})
    chief_client.post(at("bank_line", given.pk), {"whose": patron.card.lower()})
    chief_client.post(at("bank_line", interest.pk), {"reason": "Lãi tiền gửi"})

    assert unknown.status_code == 422
    assert owes(patron) == 3_000
    assert [line.state for line in file.lines.order_by("row")] == ["paid", "paid", "aside", "wrong"]
    again = upload(chief_client, province, text, "other.csv")
    assert again.headers["Location"] == at("bank_file", file.pk)
    assert owes(patron) == 3_000


def test_a_file_that_is_none_says_so(chief_client, province):
    answer = upload(chief_client, province, "a,b\n1,2\n")

    assert answer.status_code == 422
    assert "ghi tên cột" in text_of(answer)


def test_card_fees_are_set_changed_and_taken_back(administrator_client, chief_client, province):
    administrator_client.post(at("add_exemption"), {"code": "merit", "name": "Người có công"})
    data = {
        "library": province.pk,
        "amount": "15.000",
        "from_on": "01/01/2026",
        "legal_reference": "NQ 12/2025/NQ-HĐND",
    }

    empty = chief_client.post(at("new_card_fee"), data | {"amount": ""})
    chief_client.post(at("new_card_fee"), data)
    rule = CardFeeRule.objects.get()
    chief_client.post(at("card_fee", rule.pk), data | {"amount": "20.000", "minimum_age": "16"})

    assert empty.status_code == 422
    page = text_of(chief_client.get(at("card_fees")))
    assert "20.000 đ" in page
    assert "Người có công" in page
    chief_client.post(at("drop_card_fee", rule.pk))
    assert not CardFeeRule.objects.exists()


def test_the_card_fee_is_charged_and_an_exemption_noted(
    till_client, chief_client, patron, province, administrator
):
    merit = add_exemption("merit", "Người có công", by=administrator)
    rule = {"library": province.pk, "from_on": "01/01/2026", "legal_reference": "NQ 12"}
    chief_client.post(at("new_card_fee"), rule | {"amount": "15.000"})
    chief_client.post(at("new_card_fee"), rule | {"reduction": "50", "exemption": merit.pk})
    till_client.post(at("grant_exemption", patron.pk), {"exemption-exemption": merit.pk})

    assert "7.500 đ" in text_of(till_client.get(at("account", patron.pk)))
    till_client.post(at("charge_card", patron.pk))
    till_client.post(at("charge_card", patron.pk))
    granted = PatronExemption.objects.get()
    till_client.post(at("end_exemption", patron.pk, granted.pk))

    assert owes(patron) == 7_500
    assert not PatronExemption.objects.exists()


def test_the_days_report_adds_up(till_client, patron, province, till, receipt, bank):
    take_deposit(patron, amount=dong(40_000), through=bank, by=till)

    page = text_of(till_client.get(at("day")))

    for words in ("10.000 đ", "40.000 đ", "50.000 đ", "25.000 đ", "15.000 đ", receipt.label):
        assert words in page
    assert till_client.get(at("day"), {"day": "01/01/2020"}).status_code == 200
    assert till_client.get(at("day"), {"day": "never"}).status_code == 200


def test_the_pages_of_a_reader_are_shut_to_others(
    neighbour_client, cataloguer_client, patron, receipt, fee, province, till, account
):
    asked = ask_for_transfer(patron, library=province, by=till)
    personal = [
        at("account", patron.pk),
        at("entry", fee.pk),
        at("receipt", receipt.pk),
        at("transfer", asked.pk),
    ]

    for client in (neighbour_client, cataloguer_client):
        assert {client.get(address).status_code for address in personal} <= {403, 404}
    posted = [at("charge", patron.pk), at("pay", patron.pk), at("reverse", fee.pk)]
    for address in posted:
        assert neighbour_client.post(address).status_code in {403, 404}
    assert owes(patron) == 15_000
