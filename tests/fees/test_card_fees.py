"""Card fees: which rule holds, who pays less, and charging once for each term."""

from __future__ import annotations

from datetime import date

import pytest

from tangthu.core.errors import NotPermitted
from tangthu.fees.actions import (
    CardFeeData,
    add_exemption,
    charge_card_fee,
    drop_card_fee,
    end_exemption,
    grant_exemption,
    set_card_fee,
)
from tangthu.fees.cardfees import assessment
from tangthu.fees.errors import BadCardFee
from tangthu.fees.models import CardFeeRule
from tangthu.fees.policy import CardFeeRow, CardHolder, card_fee
from tests.factories import PatronFactory
from tests.fees.money import owes

DAY = date(2026, 11, 22)
ADULT = CardHolder(library_kind="province", category="adult", age=30)
CHILD = CardHolder(library_kind="province", category="child", age=9)


def row(key, distance=1, *, since=date(2021, 1, 1), **values):
    return CardFeeRow(key=key, distance=distance, from_on=since, **values)


# As in the resolutions of Đồng Tháp (2021): by level; children free, the entitled pay half.
RULES = [
    row(1, library_kind="province", amount=15_000),
    row(2, library_kind="ward", amount=10_000),
    row(3, minimum_age=6, maximum_age=15, reduction=100),
    row(4, exemption="disabled", reduction=100),
    row(5, exemption="merit", reduction=50),
]


@pytest.mark.parametrize(
    ("holder", "amount"),
    [
        (ADULT, 15_000),
        (CardHolder(library_kind="ward", category="adult", age=30), 10_000),
        (CHILD, 0),
        (CardHolder(library_kind="province", category="adult", age=16), 15_000),
        (CardHolder(library_kind="province", category="adult", age=None), 15_000),
        (
            CardHolder(
                library_kind="ward", category="adult", age=70, exemptions=frozenset({"merit"})
            ),
            5_000,
        ),
        (
            CardHolder(
                library_kind="ward",
                category="adult",
                age=70,
                exemptions=frozenset({"merit", "disabled"}),
            ),
            0,
        ),
    ],
)
def test_the_fee_is_that_of_the_resolution(holder, amount):
    fee = card_fee(RULES, holder, on=DAY)

    assert fee is not None
    assert fee.amount == amount


def test_no_rule_is_no_fee():
    assert card_fee([row(1, library_kind="school", amount=1)], ADULT, on=DAY) is None
    assert card_fee([row(1, amount=1, since=date(2027, 1, 1))], ADULT, on=DAY) is None
    assert card_fee([row(1, amount=1, until_on=date(2026, 11, 21))], ADULT, on=DAY) is None


def test_the_nearest_then_the_most_exact_then_the_youngest_rule_holds():
    rules = [
        row(1, 2, amount=1_000, category="adult"),
        row(2, 1, amount=2_000),
        row(3, 1, amount=3_000, category="adult"),
        row(4, 1, amount=4_000, category="adult", since=date(2026, 1, 1)),
        row(5, 1, amount=5_000, category="adult", since=date(2027, 1, 1)),
    ]

    fee = card_fee(rules, ADULT, on=DAY)

    assert fee is not None
    assert (fee.amount, fee.rule.key) == (4_000, 4)


def test_a_younger_reduction_replaces_the_older_one_of_the_same_scope():
    rules = [
        row(1, amount=10_000),
        row(2, exemption="merit", reduction=100),
        row(3, exemption="merit", reduction=50, since=date(2026, 1, 1)),
    ]
    holder = CardHolder(
        library_kind="province", category="adult", age=70, exemptions=frozenset({"merit"})
    )

    fee = card_fee(rules, holder, on=DAY)

    assert fee is not None
    assert (fee.amount, fee.full) == (5_000, 10_000)


LAW = "Nghị quyết 12/2021/NQ-HĐND"


def data(**values):
    return CardFeeData(from_on=date(2021, 1, 1), legal_reference=LAW, **values)


@pytest.fixture
def rules(network, chief, administrator):
    """A fee of 10,000 set by the network, and half of it for persons of merit."""
    merit = add_exemption("merit", "Người có công", by=administrator)
    set_card_fee(network, data(amount=10_000), by=administrator)
    set_card_fee(network, data(exemption=merit, reduction=50), by=administrator)
    return merit


@pytest.mark.django_db
def test_a_card_is_charged_once_for_its_term(patron, till, rules):
    first = charge_card_fee(patron, by=till)
    again = charge_card_fee(patron, by=till)

    assert first == again
    assert first is not None
    assert (first.fee_kind, first.note) == ("card", LAW)
    assert owes(patron) == 10_000


@pytest.mark.django_db
def test_a_renewed_card_is_charged_again(patron, till, rules):
    charge_card_fee(patron, by=till)
    patron.expires_on = date(2100, 12, 31)
    charge_card_fee(patron, by=till)

    assert owes(patron) == 20_000


@pytest.mark.django_db
def test_who_proved_an_exemption_pays_less_until_it_ends(patron, till, rules):
    granted = grant_exemption(patron, rules, until_on=None, by=till)

    assert assessment(patron, on=DAY).amount == 5_000
    end_exemption(granted, by=till)
    assert assessment(patron, on=DAY).amount == 10_000
    grant_exemption(patron, rules, until_on=date(2026, 1, 1), by=till)
    assert assessment(patron, on=DAY).amount == 10_000


@pytest.mark.django_db
def test_where_no_rule_sets_a_fee_nothing_is_charged(patron, till):
    assert charge_card_fee(patron, by=till) is None
    assert owes(patron) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "amount_or_reduction"),
        ({"amount": 1, "reduction": 5}, "amount_or_reduction"),
        ({"reduction": 101}, "percent"),
        ({"amount": 1, "minimum_age": 9, "maximum_age": 8}, "ages"),
        ({"amount": 1, "until_on": date(2020, 1, 1)}, "days"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(province, chief, values, fault):
    with pytest.raises(BadCardFee) as refusal:
        set_card_fee(province, data(**values), by=chief)

    assert refusal.value.data["fault"] == fault
    assert not CardFeeRule.objects.exists()


@pytest.mark.django_db
def test_rules_are_set_and_dropped_by_those_who_may(province, network, chief, till):
    with pytest.raises(NotPermitted):
        set_card_fee(province, data(amount=1), by=till)
    with pytest.raises(NotPermitted):
        set_card_fee(network, data(amount=1), by=chief)
    rule = set_card_fee(province, data(amount=1_000), by=chief)
    set_card_fee(province, data(amount=2_000), rule=rule, by=chief)
    assert CardFeeRule.objects.get().amount == 2_000
    drop_card_fee(rule, by=chief)

    assert not CardFeeRule.objects.exists()


@pytest.mark.django_db
def test_a_commune_does_not_see_the_rules_of_the_province(province, commune, chief, foreign_patron):
    set_card_fee(province, data(amount=1_000), by=chief)

    assert assessment(foreign_patron, on=DAY) is None
    assert assessment(PatronFactory(library=province), on=DAY).amount == 1_000
