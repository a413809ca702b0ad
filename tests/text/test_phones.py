from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.text.phones import (
    CitizenNumber,
    local_phone,
    normalise_phone,
    read_citizen_number,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084-912-345-678", "+84912345678"),
        ("+84 (0)912 345 678", "+84912345678"),
        ("0262 3812345", "+842623812345"),
        ("01234567890", "+84834567890"),
        ("0168 234 5678", "+84382345678"),
        ("0199 234 5678", "+84592345678"),
    ],
)
def test_a_telephone_number_has_one_stored_form(typed: str, stored: str) -> None:
    assert normalise_phone(typed) == stored


@pytest.mark.parametrize("typed", ["", "123", "912345678a", "+1 202 555 0100", "00", "0" * 10])
def test_what_is_no_vietnamese_number_is_refused(typed: str) -> None:
    assert normalise_phone(typed) is None


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_stored_numbers_are_dialled_as_typed(number: str) -> None:
    stored = normalise_phone(number)

    assert stored is not None
    assert local_phone(stored) == number
    assert normalise_phone(stored) == stored


def test_a_citizen_number_tells_province_sex_and_year() -> None:
    assert read_citizen_number("066 199 012 345") == CitizenNumber(
        digits="066199012345", province_code="066", is_female=True, birth_year=1999
    )
    assert read_citizen_number("054204000001") == CitizenNumber(
        digits="054204000001", province_code="054", is_female=False, birth_year=2004
    )


@pytest.mark.parametrize(
    "number", ["", "06619901234", "0661990123456", "000199012345", "24012345678a"]
)
def test_other_numbers_are_no_citizen_numbers(number: str) -> None:
    assert read_citizen_number(number) is None
