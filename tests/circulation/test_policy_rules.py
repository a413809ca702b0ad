from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.policy import (
    DEFINITIONS,
    BadRule,
    RuleFault,
    RuleName,
    check_rule,
    resolve,
)
from tests.circulation.lending import CATEGORIES, ROWS, TYPES, row

ORDER = [
    (distance, category, item_type)
    for distance in range(3)
    for category, item_type in [
        ("adult", "book"),
        ("adult", None),
        (None, "book"),
        (None, None),
    ]
]


def found(rows, name=RuleName.MAX_LOANS):
    return resolve(name, rows, category="adult", item_type="book")


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_the_order_is_library_then_category_then_type(place):
    rows = [
        row(RuleName.MAX_LOANS, n, distance=distance, category=category, item_type=item_type)
        for n, (distance, category, item_type) in enumerate(ORDER)
    ]

    assert found(reversed(rows[place:])).value == place


@given(ROWS, st.permutations(range(12)))
def test_the_order_in_which_rows_were_set_makes_no_difference(rows, order):
    shuffled = [rows[n] for n in order if n < len(rows)]

    for name in RuleName:
        assert found(shuffled, name) == found(rows, name)


@given(ROWS, st.sampled_from(CATEGORIES), st.sampled_from(TYPES))
def test_a_rule_for_others_changes_nothing(rows, category, item_type):
    strange = row(RuleName.MAX_LOANS, 9999, distance=0, category="soldier")

    def value(these):
        return resolve(RuleName.MAX_LOANS, these, category=category, item_type=item_type)

    assert value((*rows, strange)) == value(rows)


@given(ROWS, st.sampled_from(list(RuleName)))
def test_the_answer_is_a_row_that_applies_or_the_default(rows, name):
    resolved = found(rows, name)

    if resolved.source is None:
        assert resolved.value == DEFINITIONS[name].default
    else:
        assert resolved.source in rows
        assert resolved.source.applies_to(category="adult", item_type="book")
        assert resolved.value == DEFINITIONS[name].parse(resolved.source.value)


def test_each_name_is_inherited_by_itself():
    rows = [
        row(RuleName.LOAN_LENGTH, 7, distance=0),
        row(RuleName.LOAN_LENGTH, 14),
        row(RuleName.MAX_LOANS, 5),
    ]

    assert found(rows, RuleName.LOAN_LENGTH).value == 7
    assert found(rows, RuleName.MAX_LOANS).value == 5


def test_no_row_inherits_and_an_empty_one_is_no_limit():
    rows = [row(RuleName.MAX_LOANS, "", distance=0), row(RuleName.MAX_LOANS, 5)]

    resolved = found(rows)

    assert resolved.value is None
    assert resolved.source == rows[0]


def test_a_stored_value_that_is_none_any_more_is_passed_over():
    rows = [row(RuleName.MAX_LOANS, "five", distance=0), row(RuleName.MAX_LOANS, 5)]

    assert found(rows).value == 5


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("max_loans", " 5 ", 5),
        ("max_loans", "0", 0),
        ("max_loans", "", None),
        ("hard_due_on", "2027-05-31", date(2027, 5, 31)),
        ("due_mode", "calendar", "calendar"),
    ],
)
def test_a_value_is_read_by_its_kind(name, text, value):
    assert check_rule(name, text, item_type="book") == value


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("loan_length", "", RuleFault.BLANK),
        ("loan_length", "0", RuleFault.OUT_OF_BOUNDS),
        ("loan_length", "3651", RuleFault.OUT_OF_BOUNDS),
        ("loan_length", "9" * 5000, RuleFault.NOT_A_NUMBER),
        ("max_loans", "-1", RuleFault.NOT_A_NUMBER),
        ("max_loans", "five", RuleFault.NOT_A_NUMBER),
        ("hard_due_on", "31/05/2027", RuleFault.NOT_A_DATE),
        ("due_mode", "sometimes", RuleFault.NOT_A_CHOICE),
        ("max_loans_total", "5", RuleFault.NOT_PER_ITEM_TYPE),
        ("fines", "5", RuleFault.UNKNOWN_NAME),
    ],
)
def test_a_wrong_value_or_scope_is_refused_with_the_reason(name, text, fault):
    with pytest.raises(BadRule) as refused:
        check_rule(name, text, item_type="book")

    assert refused.value.fault is fault


@pytest.mark.parametrize("rule", DEFINITIONS.values(), ids=DEFINITIONS)
def test_every_rule_has_its_words_and_a_default_it_would_accept(rule):
    assert rule.label
    if rule.default is not None:
        assert rule.parse(str(rule.default)) == rule.default
