import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.libraries.policy import (
    PREFERENCES,
    BadPreference,
    Effective,
    Preference,
    PreferenceFault,
    PreferenceKind,
    UnknownPreference,
    effective,
    preference,
)

HOUR = preference("opening_hour")
EAK, KRP, DLK = 9, 5, 1
LINEAGE = (EAK, KRP, DLK)
DEPOSIT = Preference(
    name="deposit", kind=PreferenceKind.MONEY, default=0, label="Deposit", minimum=0
)


@pytest.mark.parametrize("each", PREFERENCES.values(), ids=PREFERENCES)
def test_every_default_is_a_value_of_its_preference(each):
    assert each.parse(each.serialise(each.default)) == each.default
    assert type(each.parse(each.serialise(each.default))) is type(each.default)


@given(st.integers(0, 23))
def test_a_number_survives_being_stored(number):
    assert HOUR.parse(HOUR.serialise(number)) == number


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("loans_end_with_card", "maybe", PreferenceFault.NOT_A_BOOL),
        ("opening_hour", "eight", PreferenceFault.NOT_A_NUMBER),
        ("opening_hour", "1_0", PreferenceFault.NOT_A_NUMBER),
        ("opening_hour", "9" * 5000, PreferenceFault.NOT_A_NUMBER),
        ("opening_hour", "-1", PreferenceFault.TOO_SMALL),
        ("opening_hour", "24", PreferenceFault.TOO_LARGE),
        ("lending_rules_from", "the moon", PreferenceFault.NOT_A_CHOICE),
        ("card_prefix", "x" * 11, PreferenceFault.TOO_LONG),
    ],
)
def test_a_text_that_is_no_value_is_refused_with_the_reason(name, text, fault):
    with pytest.raises(BadPreference) as refused:
        preference(name).parse(text)

    assert refused.value.name == name
    assert refused.value.fault is fault


@pytest.mark.parametrize(("text", "amount"), [("25.000", 25000), ("25000", 25000), ("0", 0)])
def test_money_is_read_as_people_write_it(text, amount):
    assert DEPOSIT.parse(text) == amount


def test_money_has_no_fractions():
    with pytest.raises(BadPreference):
        DEPOSIT.parse("2.5")


def test_the_nearest_library_decides():
    stored = {DLK: "7", KRP: "9"}

    assert effective(HOUR, stored, lineage=LINEAGE) == Effective(9, KRP)
    assert effective(HOUR, {DLK: "7"}, lineage=LINEAGE) == Effective(7, DLK)
    assert effective(HOUR, {77: "7"}, lineage=LINEAGE) == Effective(8, None)


def test_a_stored_text_that_is_no_value_any_more_is_passed_over():
    assert effective(HOUR, {EAK: "99", DLK: "7"}, lineage=LINEAGE) == Effective(7, DLK)


def test_a_preference_that_nobody_knows_is_refused():
    with pytest.raises(UnknownPreference):
        preference("favourite_colour")
