"""The real catalogues: nothing valid is touched, and every key keeps its promise there too."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tangthu.text import match_key, normalise, repair, search_key, sort_key, sort_name, tokens
from tangthu.text.folding import fold
from tangthu.text.legacy import Encoding
from tangthu.text.sorting import LONGEST_KEY

FIELD_END, SUBFIELD = b"\x1e", b"\x1f"


def subfields(path: Path) -> Iterator[str]:
    """Cut a file of MARC records at its marks: enough to see every string in it."""
    for field in path.read_bytes().split(FIELD_END):
        for part in field.split(SUBFIELD)[1:]:
            yield part[1:].decode("utf-8", "replace")


@pytest.fixture(scope="module")
def american(shared_data: Path) -> list[str]:
    return sorted(set(subfields(shared_data / "marc" / "gpo_10k.mrc")))


@pytest.fixture(scope="module")
def vietnamese(shared_data: Path) -> list[str]:
    return sorted(set(subfields(shared_data / "vietnam" / "library_49733.mrc")))


def test_no_string_of_an_american_catalogue_is_repaired(american: list[str]) -> None:
    assert len(american) > 100_000

    assert [s for s in american if repair(s) or repair(normalise(s))] == []


def test_a_vietnamese_catalogue_is_repaired_only_where_it_is_vni(vietnamese: list[str]) -> None:
    assert len(vietnamese) > 90_000

    repaired = {normalise(s): found for s in vietnamese if (found := repair(s))}

    assert {found.encoding for found in repaired.values()} == {Encoding.VNI}
    assert len(repaired) == 39
    assert repaired["Nguyeãn Höõu Huaân"].text == "Nguyễn Hữu Huân"


def test_composed_or_not_a_catalogue_has_the_same_keys(vietnamese: list[str]) -> None:
    for apart in vietnamese[::20]:
        composed = unicodedata.normalize("NFC", apart)

        assert normalise(apart) == normalise(composed)
        assert search_key(apart) == search_key(composed)
        assert tokens(apart) == tokens(composed)
        assert sort_key(apart) == sort_key(composed)


def test_keys_keep_their_promise_on_real_titles(american: list[str], vietnamese: list[str]) -> None:
    for title in american[::40] + vietnamese[::20]:
        assert match_key(search_key(title)) == match_key(title)
        assert fold(fold(title)) == fold(title)
        assert len(sort_key(title)) <= LONGEST_KEY
        assert len(sort_key(sort_name(title), "rad")) <= LONGEST_KEY


def test_spelling_variants_of_real_titles_meet(vietnamese: list[str]) -> None:
    titles = {unicodedata.normalize("NFC", s).lower() for s in vietnamese}
    old = [title for title in titles if title.startswith("kĩ thuật")]
    usual = [title for title in titles if title.startswith("kỹ thuật")]

    assert len(old) > 5
    assert len(usual) > 200
    assert all(search_key(title).startswith("kĩ thuật") for title in old + usual)
