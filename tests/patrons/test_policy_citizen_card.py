from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tangthu.patrons.policy.citizen_card import CitizenCard, read_card

# Invented people: the province 066 is right, the rest is made up.
OLD = (
    "066301001234|240123456|Nguyễn Thị Mẫu|05092001|Nữ|12 Lê Duẩn, Tân Lợi, Buôn Ma Thuột|10052021"
)
NEW = (
    "066203004321||Y Ƀlŭl Niê Blô|31122003|Nam|Buôn Akõ Dhông, phường Tân Lập, Đắk Lắk|15082024"
    "||Y Wang Niê Blô|H’Hen Êban|"
)


def test_the_card_of_2021_is_read():
    assert read_card(OLD) == CitizenCard(
        number="066301001234",
        name="Nguyễn Thị Mẫu",
        birth_on=date(2001, 9, 5),
        address="12 Lê Duẩn, Tân Lợi, Buôn Ma Thuột",
    )


def test_the_card_of_2024_names_the_parents_whom_the_library_does_not_take():
    card = read_card(NEW)

    assert card is not None
    assert card.name == "Y Ƀlŭl Niê Blô"
    assert card.birth_on == date(2003, 12, 31)
    assert "Êban" not in repr(card)


def test_letters_that_a_scanner_takes_apart_are_put_together():
    import unicodedata

    card = read_card(unicodedata.normalize("NFD", OLD))

    assert card is not None
    assert card.name == "Nguyễn Thị Mẫu"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|||",
        "066301001234",
        "http://example.org/|x|y|z",
        OLD.replace("066301001234", "099301001234"),
        OLD.replace("066301001234", "06630100123"),
        OLD.replace("Nguyễn Thị Mẫu", ""),
        OLD.replace("Nguyễn Thị Mẫu", "<script>alert(1)</script>"),
        OLD.replace("05092001", "5/9/2001"),
        OLD + "x" * 1000,
    ],
)
def test_what_is_no_card_is_not_read(text):
    assert read_card(text) is None


@pytest.mark.parametrize("birth", ["00002001", "31022001", "00000000", ""])
def test_a_birth_date_that_is_no_day_is_left_open(birth):
    card = read_card(OLD.replace("05092001", birth))

    assert card is not None
    assert card.birth_on is None


@given(st.text(max_size=1200))
@example("|" * 1100)
@example("066301001234||A|٠٥٠٩٢٠٠١")
def test_any_text_is_read_or_refused_and_never_breaks(text):
    card = read_card(text)

    assert card is None or (len(card.number) == 12 and 0 < len(card.name) <= 150)


@given(
    st.from_regex(r"0[0-8][1-9][0-3][0-9]{8}", fullmatch=True),
    st.sampled_from(["Nguyễn Văn An", "H’Hen Niê", "Y Thih", "Đặng Thái Thanh-Mai"]),
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    st.text(st.characters(exclude_characters="|", categories=["L", "N"]), max_size=60),
)
def test_every_card_that_is_written_is_read_back(number, name, born, address):
    card = read_card(f"{number}|012345678|{name}|{born:%d%m%Y}|Nam|{address}|01072021")

    assert card is not None
    assert (card.number, card.name, card.birth_on) == (number, name, born)
