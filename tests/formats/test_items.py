"""Copies told inside records, by the profile of the system that wrote them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tangthu.formats.marc.items import PROFILES, ItemData, guess_profile, holdings, price_in_dong
from tangthu.formats.marc.outcome import Read
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import DataField
from tests.formats.records import KIEU, data, record

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.parametrize(
    ("name", "field", "item"),
    [
        (
            "952-register",
            data("952", "  ", "p 0000016640", "c Sách  Nội văn H1"),
            ItemData("0000016640", location="Sách Nội văn H1"),
        ),
        (
            "952",
            data(
                "952",
                "  ",
                "a CL",
                "b CL",
                "c GEN",
                "y BK",
                "p 39001",
                "i VV.12",
                "o 330 K",
                "g 25000.00",
                "z rách",
            ),
            ItemData("VV.12", "39001", "GEN", "330 K", "25000.00", "BK", "rách"),
        ),
        ("952", data("952", "  ", "a CL", "p 39001"), ItemData("39001", "39001", "CL")),
        (
            "949",
            data("949", "  ", "a QA76 K", "i 31234", "l STACKS", "m MAIN", "t BOOK", "p $40.00"),
            ItemData("31234", "31234", "STACKS", "QA76 K", "$40.00", "BOOK"),
        ),
        (
            "852",
            data("852", "  ", "a DL", "b Kho Đọc", "c D2", "h 330", "i K", "j VV.01", "p 893001"),
            ItemData("VV.01", "893001", "Kho Đọc", "330 K"),
        ),
        (
            "930",
            data("930", "  ", "a VN.123", "b Kho Mượn"),
            ItemData("VN.123", location="Kho Mượn"),
        ),
    ],
)
def test_each_profile_reads_its_field_and_is_guessed(
    name: str, field: DataField, item: ItemData
) -> None:
    found = record(data("245", "00", "a X"), field)

    assert holdings(found, PROFILES[name]) == (item,)
    assert guess_profile(found) is PROFILES[name]


def test_a_repeated_number_is_another_copy() -> None:
    assert holdings(KIEU, PROFILES["852"]) == (
        ItemData("VV03.01234", location="Kho Đọc"),
        ItemData("VV03.01235", location="Kho Đọc"),
    )


def test_a_record_without_copies_has_no_profile() -> None:
    bare = record(data("245", "00", "a X"), data("852", "  ", "b Kho"), data("952", "  ", "p  "))

    assert guess_profile(bare) is None
    assert holdings(bare, PROFILES["852"]) == ()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25.000đ", 25_000),
        ("25,000 VND", 25_000),
        ("25 000", 25_000),
        ("25000.00", 25_000),
        ("1.250.000,00 đ", 1_250_000),
        ("Giá: 45000đ.", 45_000),
        ("$40.00", None),
        ("40.00 USD", None),
        ("không bán", None),
        ("", None),
    ],
)
def test_prices_are_read_in_dong(text: str, amount: int | None) -> None:
    assert price_in_dong(text) == amount


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real records are not here")
def test_records_of_a_real_library_tell_one_copy_each() -> None:
    with (SHARED / "vietnam" / "library_49733.mrc").open("rb") as stream:
        found = [o.record for o in islice(read(stream), 0, 10_000, 10) if isinstance(o, Read)]

    profiles = [guess_profile(one) for one in found]
    copies = [
        holdings(one, profile) for one, profile in zip(found, profiles, strict=True) if profile
    ]

    assert len(found) == 1000
    assert {len(of_one) for of_one in copies} == {1}
    assert {profile.name for profile in profiles if profile} == {"952-register"}
