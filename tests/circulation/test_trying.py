from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.actions import (
    PastLoan,
    cancel_hold,
    drop_expectation,
    enter_past_loans,
    forget_readers,
    keep_expectation,
    place_hold,
)
from tangthu.circulation.models import Expectation, Hold, Loan
from tangthu.circulation.policy import LendingRules, RuleName
from tangthu.circulation.policy.whatif import Otherwise, PastCase, replay
from tangthu.circulation.reading.trials import (
    Change,
    broken_by,
    changes_of,
    differences,
    understand,
    vocabulary,
    what_if,
)
from tangthu.core.errors import NotPermitted
from tests.circulation.lending import NOW, ROWS, TYPES, row, rules
from tests.factories import (
    ItemFactory,
    LibraryFactory,
    PatronCategoryFactory,
    PatronFactory,
    lending_rules,
)

DB = pytest.mark.django_db


def change(name, value, **scope):
    return Change(name=RuleName(name), value=str(value), **scope)


def past(patron, *, days_ago, kept=10, library=None):
    lent = timezone.now() - timedelta(days=days_ago)
    return PastLoan(
        item=ItemFactory(library=library or patron.library, price=50_000),
        patron=patron,
        lent_at=lent,
        due_at=lent + timedelta(days=14),
        returned_at=lent + timedelta(days=kept),
    )


@pytest.fixture
def loans(province, patron, administrator):
    lending_rules(province, due_mode="days")
    history = [past(patron, days_ago=days) for days in (50, 48, 46, 20)]
    enter_past_loans(history, at=province, by=administrator)
    return history


@DB
def test_a_shorter_loan_would_have_changed_every_due_date(loans, province):
    found = what_if(province, [change("loan_length", 7)], now=timezone.now(), months=3)

    assert (found.loans, found.changed) == (4, 4)
    assert found.by_way == {Otherwise.DUE_EARLIER: 4}
    assert found.by_scope == {("adult", "book"): 4}
    assert len(found.examples) == 3
    assert not any("patron" in name for name in type(found.examples[0]).__slots__)


@DB
def test_those_who_waited_then_would_have_made_the_loan_shorter(loans, province, desk):
    long_wanted, wanted_since, wanted_until = (loan.item.record for loan in loans[:3])
    for record, placed, ended in (
        (long_wanted, 60, None),
        (wanted_since, 47, None),
        (wanted_until, 60, 46.5),
    ):
        now = timezone.now()
        hold = place_hold(
            record=record, for_=PatronFactory(library=province), pickup=province, by=desk
        )
        if ended:
            cancel_hold(hold, by=desk)
        Hold.objects.filter(pk=hold.pk).update(
            placed_at=now - timedelta(days=placed),
            closed_at=now - timedelta(days=ended) if ended else None,
        )
    changes = [change("high_demand_from", 1), change("high_demand_length", 7)]

    found = what_if(province, changes, now=timezone.now(), months=3)

    assert (found.loans, found.by_way) == (4, {Otherwise.DUE_EARLIER: 1})


@DB
def test_the_readers_own_wish_makes_no_loan_shorter(loans, province, patron, desk):
    hold = place_hold(record=loans[0].item.record, for_=patron, pickup=province, by=desk)
    Hold.objects.filter(pk=hold.pk).update(placed_at=timezone.now() - timedelta(days=60))
    changes = [change("high_demand_from", 1), change("high_demand_length", 7)]

    found = what_if(province, changes, now=timezone.now(), months=3)

    assert found.changed == 0


@DB
def test_a_lower_limit_would_have_refused_what_was_one_too_many(loans, province):
    found = what_if(province, [change("max_loans", 2)], now=timezone.now(), months=3)

    assert found.by_way == {Otherwise.REFUSED: 1}


@DB
def test_loans_whose_readers_are_forgotten_still_count_by_category(loans, province, machine):
    Loan.objects.update(patron=None)

    found = what_if(
        province, [change("loan_length", 7, category="adult")], now=timezone.now(), months=3
    )

    assert (found.changed, found.without_reader) == (4, 4)


@DB
def test_only_the_months_asked_for_and_the_readers_concerned_are_replayed(loans, province):
    month = what_if(province, [change("loan_length", 7)], now=timezone.now(), months=1)
    children = what_if(
        province,
        [change("loan_length", 7, category="child")],
        now=timezone.now(),
        months=3,
    )

    assert (month.loans, children.loans) == (1, 0)


@DB
def test_a_library_below_that_says_otherwise_is_not_touched(loans, province, network, machine):
    branch = LibraryFactory(parent=province)
    lending_rules(branch, loan_length=30)
    reader = PatronFactory(library=branch)
    enter_past_loans([past(reader, days_ago=10)], at=branch, by=machine)

    found = what_if(province, [change("loan_length", 7)], now=timezone.now(), months=3)

    assert (found.loans, found.changed) == (5, 4)


@DB
def test_fees_are_counted_before_and_after(loans, province, patron, administrator):
    enter_past_loans([past(patron, days_ago=40, kept=20)], at=province, by=administrator)

    found = what_if(province, [change("overdue_fee", 1000)], now=timezone.now(), months=3)

    assert (found.fees_before, found.fees_after) == (0, 6000)
    assert found.by_way == {Otherwise.FEE_HIGHER: 1}


@DB
def test_a_change_tells_what_held_and_what_would(province):
    PatronCategoryFactory(code="child", name="Thiếu nhi")
    said = understand("thiếu nhi mượn 5 cuốn trong 10 ngày", vocabulary())

    found = differences(province, changes_of(said))

    assert [(each.change.name, each.before.value, each.after.value) for each in found] == [
        ("max_loans", 3, 5),
        ("loan_length", 14, 10),
        ("loan_unit", "days", "days"),
    ]


@DB
def test_an_expectation_that_a_change_breaks_is_named(province, administrator):
    kept = keep_expectation(province, "mượn tối đa  3 cuốn, trong 14 ngày", by=administrator)
    keep_expectation(province, "gia hạn 1 lần", by=administrator)

    broken = broken_by(province, [change("loan_length", 7)], vocabulary())

    assert [(each.expectation, each.name) for each in broken] == [(kept, RuleName.LOAN_LENGTH)]
    assert (broken[0].expected.value, broken[0].found.value) == (14, 7)
    assert broken_by(province, [change("max_debt", 7)], vocabulary()) == []


@DB
def test_expectations_of_libraries_below_are_tried_too(province, machine):
    branch = LibraryFactory(parent=province)
    keep_expectation(branch, "trong 14 ngày", by=machine)

    assert len(broken_by(province, [change("loan_length", 7)], vocabulary())) == 1
    lending_rules(branch, loan_length=14)

    assert broken_by(province, [change("loan_length", 7)], vocabulary()) == []


@DB
def test_an_expectation_whose_words_have_lost_their_meaning_is_broken(province, administrator):
    kept = keep_expectation(province, "bộ đội mượn 3 cuốn", by=administrator)

    (broken,) = broken_by(province, [], vocabulary())

    assert (broken.expectation, broken.name) == (kept, None)


@DB
def test_only_managers_of_rules_keep_expectations(province, desk, administrator):
    with pytest.raises(NotPermitted):
        keep_expectation(province, "trong 14 ngày", by=desk)
    kept = keep_expectation(province, "trong 14 ngày", by=administrator)
    keep_expectation(province, "trong 14 ngày", by=administrator)
    assert Expectation.objects.count() == 1

    drop_expectation(kept, by=administrator)

    assert not Expectation.objects.exists()


@DB
def test_what_if_asks_few_queries(loans, province, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        what_if(province, [change("loan_length", 7)], now=timezone.now(), months=3)


CASES = st.lists(
    st.builds(
        PastCase,
        category=st.sampled_from(["adult", "child"]),
        item_type=st.sampled_from(TYPES),
        lent_at=st.integers(0, 80).map(lambda days: NOW - timedelta(days=days)),
        due_at=st.integers(-80, 10).map(lambda days: NOW + timedelta(days=days)),
        ended_at=st.none() | st.just(NOW),
        renewals=st.integers(0, 4),
        age=st.none() | st.integers(0, 60),
    ),
    max_size=12,
)


@given(CASES, ROWS)
def test_the_same_rules_would_have_decided_the_same(cases, rows):
    same = LendingRules(rows=rows)

    found = replay((case, same, same) for case in cases)

    assert (found.loans, found.changed, found.by_way) == (len(cases), 0, {})
    assert found.fees_before == found.fees_after


@given(CASES, ROWS, ROWS)
def test_fees_change_back_with_the_rules(cases, before, after):
    old, new = LendingRules(rows=before), LendingRules(rows=after)

    there = replay((case, old, new) for case in cases)
    back = replay((case, new, old) for case in cases)

    assert (there.loans, there.fees_before) == (back.loans, back.fees_after)


def test_thousands_of_loans_are_replayed_in_a_breath():
    cases = [
        PastCase(
            category="adult",
            item_type="book",
            lent_at=NOW - timedelta(days=n % 90),
            due_at=NOW,
            open_loans=(),
        )
        for n in range(4000)
    ]
    old, new = rules(), rules(row(RuleName.LOAN_LENGTH, 7, distance=0))

    found = replay((case, old, new) for case in cases)

    assert found.changed == 4000


@DB
def test_forgetting_readers_leaves_the_replay_its_categories(loans, province, machine):
    Loan.objects.update(returned_at=timezone.now() - timedelta(days=1))
    forget_readers(by=machine)

    assert what_if(province, [change("loan_length", 7)], now=timezone.now(), months=3).loans == 4
