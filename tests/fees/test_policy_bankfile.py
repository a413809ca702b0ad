"""Bank files as banks write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.fees.policy import (
    Asked,
    Doubt,
    Incoming,
    NoTable,
    Unreadable,
    WrongRow,
    amount_of,
    date_of,
    match,
    transfers,
)
from tangthu.fees.policy.references import reference

REFERENCE, OTHER = reference(7), reference(8)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1 250 000 đ", 1_250_000),
        ("1.250.000 VND", 1_250_000),
        ("+50.000", 50_000),
        ("-50.000", -50_000),
        ("(50,000)", -50_000),
        ("50000", 50_000),
        (50_001, 50_001),
        (50_000.0, 50_000),
        ("", 0),
        (None, 0),
        ("-", 0),
        ("12,5", None),
        (12.5, None),
        (float("nan"), None),
        (float("inf"), None),
        ("1.25.000", None),
        ("năm nghìn", None),
        ("9" * 20, None),
        (True, None),
        (datetime(2026, 1, 1, tzinfo=UTC), None),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell, amount):
    assert amount_of(cell) == amount


@given(st.text(max_size=40))
def test_no_text_stops_the_reading_of_an_amount_or_a_date(text):
    amount_of(text)
    date_of(text)


@given(st.integers(0, 10**12))
def test_an_amount_grouped_either_way_is_the_same(amount):
    assert amount_of(f"{amount:,}") == amount_of(f"{amount:,}".replace(",", ".")) == amount


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("22/11/2026", date(2026, 11, 22)),
        ("2/1/2026 08:15:33", date(2026, 1, 2)),
        ("22-11-2026", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("2026-11-22T08:15", date(2026, 11, 22)),
        (datetime(2026, 11, 22, 8, tzinfo=UTC), date(2026, 11, 22)),
        (date(2026, 11, 22), date(2026, 11, 22)),
        ("31/02/2026", None),
        ("hôm qua", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_people_write_it(cell, day):
    assert date_of(cell) == day


VIETCOMBANK = [
    ["NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM", "", "", "", ""],
    ["SAO KÊ TÀI KHOẢN", "", "", "", ""],
    ["Số tài khoản: 0011012345678", "", "", "Loại tiền: VND", ""],
    [],
    ["STT", "Ngày giao dịch\nTransaction date", "Số tiền ghi nợ\nDebit",
     "Số tiền ghi có\nCredit", "Nội dung chi tiết\nTransactions in detail"],
    ["1", "20/11/2026 08:10:00", "", "25.000", f"MBVCB.99.{REFERENCE}.CT tu 1 toi 2"],
    ["2", "20/11/2026", "1.000.000", "", "Rut tien"],
    ["3", "32/11/2026", "", "7.000", "ngay sai"],
    ["4", "21/11/2026", "", "bảy nghìn", "so tien sai"],
    ["5", "21/11/2026", "", "3.000,00", "khong co ma"],
    ["", "", "", "", ""],
    ["Tổng cộng", "", "1.000.000", "35.000", ""],
    ["Số dư cuối kỳ", "", "", "99.000", ""],
]  # fmt: skip


def test_a_table_below_a_heading_with_wrong_lines_and_sums_is_read():
    found = list(transfers(VIETCOMBANK))

    assert found == [
        Incoming(
            row=6, on=date(2026, 11, 20), amount=25_000, text=f"MBVCB.99.{REFERENCE}.CT tu 1 toi 2"
        ),
        WrongRow(row=8, fault=Unreadable.BAD_DATE, value="32/11/2026"),
        WrongRow(row=9, fault=Unreadable.BAD_AMOUNT, value="bảy nghìn"),
        Incoming(row=10, on=date(2026, 11, 21), amount=3_000, text="khong co ma"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        ["No", "Date", "Amount", "Description", "Reference number"],
        ["STT", "Ngày GD", "Số tiền", "Diễn giải", "Số tham chiếu"],
        ["#", "Ngày hạch toán", "Phát sinh có", "Mô tả", "Số CT"],
        ["", "Thời gian", "Tiền vào", "Nội dung", "Mã GD"],
    ],
)
def test_columns_are_known_by_their_names_in_either_language(header):
    rows = [header, ["1", "22/11/2026", "5.000", "CK", "FT26001"], header]

    assert list(transfers(rows)) == [
        Incoming(row=2, on=date(2026, 11, 22), amount=5_000, text="CK", number="FT26001")
    ]


def test_money_that_goes_out_is_no_transfer():
    rows = [
        ["Ngày", "Số tiền", "Ghi nợ", "Nội dung"],
        ["22/11/2026", "-5.000", "", "rút"],
        ["22/11/2026", "5.000", "5.000", "rút"],
        ["22/11/2026", "5.000", "", "vào"],
    ]

    assert [each.text for each in transfers(rows)] == ["vào"]


@pytest.mark.parametrize(
    "rows", [[], [["a", "b"]], [["Ngày", "Số dư", "Nội dung"]], [["Ngày", "Số tiền"]]]
)
def test_a_file_without_a_table_is_refused(rows):
    with pytest.raises(NoTable):
        list(transfers(rows))


@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans()),
            max_size=7,
        ),
        max_size=12,
    )
)
def test_no_cells_stop_the_reading(rows):
    header = ["Ngày", "Ghi có", "Nội dung", "Số CT"]

    for found in transfers([header, *rows]):
        assert isinstance(found, WrongRow) or found.amount > 0


ASKED = {
    REFERENCE: Asked(key=1, reference=REFERENCE, amount=25_000),
    OTHER: Asked(key=2, reference=OTHER, amount=9_000, is_open=False),
}


@pytest.mark.parametrize(
    ("text", "amount", "asked", "doubt"),
    [
        (f"CK {REFERENCE.lower()}", 25_000, 1, None),
        (f"CK {REFERENCE}", 24_000, 1, Doubt.OTHER_AMOUNT),
        ("tien sach", 25_000, None, Doubt.NO_REFERENCE),
        (reference(9), 25_000, None, Doubt.UNKNOWN_REFERENCE),
        (f"{REFERENCE} {OTHER}", 25_000, None, Doubt.SEVERAL_REFERENCES),
        (OTHER, 9_000, 2, Doubt.CANCELLED),
    ],
)
def test_a_transfer_is_matched_only_without_a_doubt(text, amount, asked, doubt):
    found = match(text, amount, ASKED)

    assert (found.asked, found.doubt) == (asked, doubt)
    assert found.is_sure == (doubt is None)


def test_what_was_paid_is_not_paid_again():
    paid = {REFERENCE: Asked(key=1, reference=REFERENCE, amount=5, is_open=False, is_paid=True)}

    assert match(REFERENCE, 5, paid).doubt is Doubt.ALREADY_PAID
