from __future__ import annotations

import pytest

from tangthu.text.folding import match_key
from tangthu.text.places import place_variants


@pytest.mark.parametrize("typed", ["Đắk Lắk", "Đăk Lăk", "Dak Lak", "Đắc Lắc", "Daklak", "Darlac"])
def test_every_spelling_of_the_province_finds_the_others(typed: str) -> None:
    assert {"dak lak", "dac lac", "daklak", "darlac"} <= set(place_variants(typed))
    assert place_variants(typed)[0] == match_key(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Buôn Ma Thuột", "Ban Mê Thuột"),
        ("Ƀuôn Đôn", "Bản Đôn"),
        ("Êđê", "Rhadé"),
        ("M’nông", "Mơ Nông"),
        ("Gia Rai", "Jarai"),
        ("Kon Tum", "Kontum"),
        ("Ea H’leo", "Êa H’Leo"),
        ("Krông Pắc", "Krông Păk"),
    ],
)
def test_old_and_new_names_meet(one: str, other: str) -> None:
    assert match_key(other) in place_variants(one)
    assert match_key(one) in place_variants(other)


def test_an_unknown_place_has_only_its_own_spelling() -> None:
    assert place_variants("Hà Nội") == ("ha noi",)
