from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.patrons import policy
from tangthu.patrons.policy import Application, CategoryTerms, Fault, Guardian, Identity

TODAY = date(2026, 3, 2)
ADULT, CHILD = CategoryTerms(), CategoryTerms(maximum_age=15, needs_guardian=True)


def application(name="Nguyễn Văn An", *, terms=ADULT, guardian=None, **values):
    return Application(
        name=name,
        today=TODAY,
        terms=terms,
        guardian=guardian or Guardian(),
        guardian_until_age=16,
        **values,
    )


def codes(faulty):
    return [(fault.field, fault.code) for fault in policy.faults(faulty)]


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "Y Ƀlŭl Niê Blô", "H’Hen Niê", "H' Hen Êban", "Jean-Luc Lê", "Đạt"]
)
def test_names_of_all_peoples_of_the_province_are_accepted(name):
    assert codes(application(name)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("   ", "name_missing"),
        ("An 2", "name_invalid"),
        ("<script>", "name_invalid"),
        ("...", "name_invalid"),
        ("An" * 80, "name_too_long"),
    ],
)
def test_what_is_no_name_is_told(name, code):
    assert codes(application(name)) == [("name", code)]


def test_everything_that_is_wrong_is_told_at_once():
    wrong = application(
        "An 2", card="thẻ số 1", phone="12", citizen_number="123", birth_on=date(2027, 1, 1)
    )

    assert codes(wrong) == [
        ("name", "name_invalid"),
        ("card", "card_invalid"),
        ("phone", "phone_invalid"),
        ("citizen_number", "citizen_number_invalid"),
        ("birth_on", "birth_in_future"),
        ("guardian_name", "guardian_needed"),
    ]


@pytest.mark.parametrize(
    ("born", "needed"),
    [
        (date(2010, 3, 2), False),  # sixteen today
        (date(2010, 3, 3), True),  # sixteen tomorrow
        (date(1880, 1, 1), False),
        (None, False),
    ],
)
def test_under_sixteen_somebody_answers_for_the_reader(born, needed):
    found = policy.faults(application(birth_on=born))

    assert (Fault("guardian_name", "guardian_needed", 16) in found) is needed


@pytest.mark.parametrize(
    "guardian", [Guardian(name="Trần Thị Bình"), Guardian(is_reader=True, birth_on=None)]
)
def test_a_guardian_is_named_or_is_a_reader(guardian):
    child = application(terms=CHILD, birth_on=date(2016, 5, 1), guardian=guardian)

    assert codes(child) == []


def test_a_category_for_children_asks_for_a_guardian_without_a_birth_date():
    assert codes(application(terms=CHILD)) == [("guardian_name", "guardian_needed")]


@pytest.mark.parametrize(
    ("guardian", "code"),
    [
        (Guardian(is_reader=True, is_the_child=True), "guardian_is_the_child"),
        (Guardian(is_reader=True, birth_on=date(2012, 1, 1)), "guardian_is_a_child"),
        (Guardian(is_reader=True, has_a_guardian=True), "guardian_is_a_child"),
    ],
)
def test_a_guardian_is_an_adult_and_somebody_else(guardian, code):
    assert codes(application(guardian=guardian)) == [("guardian", code)]


def test_the_category_fits_the_age():
    young, old = date(2020, 1, 1), date(1990, 1, 1)
    parent = Guardian(name="Trần Thị Bình")
    for_adults = CategoryTerms(minimum_age=16)

    assert policy.faults(application(terms=for_adults, birth_on=young, guardian=parent)) == (
        Fault("category", "too_young_for_category", 16),
    )
    assert policy.faults(application(terms=CHILD, birth_on=old, guardian=parent)) == (
        Fault("category", "too_old_for_category", 15),
    )


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_card_lasts_whole_months(day, months, end):
    assert policy.months_after(day, months) == end


def test_renewing_early_loses_no_days_and_renewing_late_gives_none():
    before, after = TODAY + timedelta(days=10), TODAY - timedelta(days=100)

    assert policy.renewed_until(today=TODAY, expires_on=before, months=12) == date(2027, 3, 12)
    assert policy.renewed_until(today=TODAY, expires_on=after, months=12) == date(2027, 3, 2)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_more_months_never_end_earlier(day, months):
    assert day < policy.months_after(day, months) <= policy.months_after(day, months + 1)


def test_no_day_comes_after_the_last_of_the_calendar():
    assert policy.months_after(date(9999, 6, 1), 12) == date.max


@pytest.mark.parametrize(
    ("text", "card"), [("dlk 000 123", "DLK000123"), (" tv-12 ", "TV-12"), ("", "")]
)
def test_a_card_is_known_in_any_case_and_with_any_spaces(text, card):
    assert policy.normal_card(text) == card


def test_a_series_counts_in_its_digits():
    assert policy.card_number("dlk", 12, digits=6) == "DLK000012"
    assert policy.card_number("DLK", 1234567, digits=6) == "DLK1234567"
    assert policy.number_in_series("DLK000012", "dlk", digits=6) == 12
    for other in ("DLK12", "DLKX00012", "EAK000012", "DLK00001A"):
        assert policy.number_in_series(other, "DLK", digits=6) is None


@given(st.text("ABC", max_size=5), st.integers(0, 10**6 - 1))
def test_every_number_of_a_series_is_read_back(prefix, number):
    card = policy.card_number(prefix, number, digits=6)

    assert policy.number_in_series(card, prefix, digits=6) == number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0905 123 456", "+84905123456"),
        ("+84 905.123.456", "+84905123456"),
        ("01698765432", "+84398765432"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("12", None),
        ("không có", None),
    ],
)
def test_a_phone_is_stored_in_one_form(typed, stored):
    assert policy.stored_phone(typed) == stored


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Nguyễn Văn An", "nguyen van an"),
        ("Y Ƀlŭl Niê Blô", "y blul nie blo"),
        ("H’Hen Niê", "hhen nie hen"),
        ("H' Hen Niê", "hhen nie hen"),
    ],
)
def test_a_name_is_found_by_its_words_without_marks(name, words):
    assert policy.search_words(name) == words


BORN = date(1990, 5, 1)
AN = Identity(words="nguyen van an", birth_on=BORN, phone="+84905123456")


@pytest.mark.parametrize(
    ("other", "probable"),
    [
        (Identity(words="nguyen van an", birth_on=BORN), True),
        (Identity(words="an van nguyen", phone="+84905123456"), True),
        (Identity(words="le thi hoa", birth_on=BORN, phone="+84905123456"), True),
        (Identity(words="nguyen van an"), False),
        (Identity(words="le thi hoa", phone="+84905123456"), False),
        (Identity(words="nguyen van an", birth_on=date(1960, 1, 1), phone="+84905123456"), False),
    ],
)
def test_who_resembles_whom(other, probable):
    assert (policy.likeness(AN, other) >= policy.PROBABLY_THE_SAME) is probable


@given(
    st.builds(Identity, words=st.text("ab ", max_size=6), phone=st.sampled_from(["", "1", "2"])),
    st.builds(Identity, words=st.text("ab ", max_size=6), phone=st.sampled_from(["", "1", "2"])),
)
def test_likeness_is_mutual_and_bounded(one, other):
    assert policy.likeness(one, other) == policy.likeness(other, one)
    assert 0 <= policy.likeness(one, other) <= 100
