from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tangthu.discovery import words
from tangthu.discovery.words import equivalents, folded, forms, forms_of, known
from tangthu.text import tokens
from tangthu.text.memory import Memory


@pytest.mark.parametrize(
    ("identifier", "forms_found"),
    [
        ("978-604-1-00001-8", ("9786041000018", "6041000019")),
        ("604-1-00001-9", ("6041000019", "9786041000018")),
        ("0-8044-2957-X", ("080442957x", "9780804429573")),
        ("VV.001234", ("vv001234",)),
        ("1234567890123", ("1234567890123",)),
        ("٠٤٤٢٩٥٧٠١٢", ("٠٤٤٢٩٥٧٠١٢",)),
        ("", ("",)),
    ],
)
def test_a_number_is_found_in_its_other_form(identifier: str, forms_found: tuple[str, ...]) -> None:
    assert equivalents(identifier) == forms_found


@settings(deadline=None)
@given(st.text(max_size=60))
@example("H’ Hen Niê")
@example("l'enfant d'or 25.000 C++ ê\u0306")
def test_cutting_at_spaces_changes_no_word(text: str) -> None:
    assert forms_of(text) == [form for form in map(forms, tokens(text)) if form.folded]
    assert folded(text).split() == [form.folded for form in forms_of(text)]


def test_text_without_end_is_not_remembered() -> None:
    long = "đ" * 10_000

    found = [forms_of(long), forms(long), known(long)]

    memories = [memory for memory in vars(words).values() if isinstance(memory, Memory)]
    memories += [forms.__self__, known.__self__]  # type: ignore[attr-defined]
    assert len(found) == 3
    assert len(memories) == 4
    assert not any(long in memory for memory in memories)
