"""Names from strangers' machines become names that are safe to keep."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.repository.policy.names import natural_key, safe_name, safe_parts


@given(st.text())
def test_a_kept_name_is_one_part_of_a_path_and_not_too_long(name):
    kept = safe_name(name)

    assert kept and kept not in {".", ".."}
    assert not set(kept) & set('/\\\x00:*?"<>|')
    assert len(kept.encode()) <= 255
    assert unicodedata.is_normalized("NFC", kept)


@given(st.text())
def test_to_make_a_name_safe_twice_is_to_make_it_safe_once(name):
    assert safe_name(safe_name(name)) == safe_name(name)


def test_names_of_macs_are_composed():
    assert safe_name(unicodedata.normalize("NFD", "Đắk Lắk.tif")) == "Đắk Lắk.tif"


@pytest.mark.parametrize(
    "path",
    [
        "../etc/passwd",
        "/etc/passwd",
        "a/../../b",
        "C:\\Windows\\x",
        "..\\..\\x",
        "a/ .. /b",
        "a\x00b",
    ],
)
def test_a_path_that_leads_out_is_no_path(path):
    assert safe_parts(path) is None


def test_a_path_within_keeps_its_parts():
    assert safe_parts("Lô 1/DKC00012/trang 1.tif") == ("Lô 1", "DKC00012", "trang 1.tif")


def test_scans_are_ordered_as_people_count():
    names = ["trang 10.tif", "trang 2.tif", "Trang 1.tif"]

    assert sorted(names, key=natural_key) == ["Trang 1.tif", "trang 2.tif", "trang 10.tif"]


@given(st.lists(st.text()))
def test_any_names_can_be_ordered(names):
    assert len(sorted(names, key=natural_key)) == len(names)
