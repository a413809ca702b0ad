import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.marc.audience import minimum_age


@pytest.mark.parametrize(
    ("notes", "age"),
    [
        (["18+"], 18),
        (["Dành cho độc giả từ 16 tuổi trở lên"], 16),
        (["Cấm trẻ em dưới 18 tuổi"], 18),
        (["Ages 18 and over"], 18),
        (["16+", "18 +"], 18),
        (["Sách tranh 6+"], None),
        (["Dành cho lứa tuổi 9-12"], None),
        (["Dành cho học sinh lớp 12"], None),
        (["2018+"], None),
        ([], None),
    ],
)
def test_an_age_that_keeps_readers_out_is_found_in_the_note(notes, age):
    assert minimum_age(notes) == age


@given(st.lists(st.text(max_size=40), max_size=3))
def test_any_note_gives_an_age_or_none(notes):
    assert minimum_age(notes) in {None, *range(13, 22)}
