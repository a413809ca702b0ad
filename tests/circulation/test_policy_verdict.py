from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.policy import (
    NEVER_OVERRIDABLE,
    OVERRIDE_PERMISSION,
    Block,
    Borrower,
    CardState,
    CheckinFacts,
    CheckinNotice,
    ItemState,
    LendingRules,
    NextAction,
    RenewalStart,
    RestrictionFact,
    RuleName,
    age_band,
    judge_checkin,
    judge_checkout,
    judge_renewal,
    local_day,
    meeting_distance,
)
from tests.circulation.lending import (
    CHECKOUTS,
    LIMITS,
    NOW,
    RENEWALS,
    RULES,
    TODAY,
    a_book,
    a_checkout,
    a_renewal,
    an_adult,
    row,
    rules,
    tally,
)

YESTERDAY = TODAY - timedelta(days=1)


def test_a_reader_in_good_standing_takes_a_book_for_the_usual_time():
    verdict = judge_checkout(a_checkout(), rules())

    assert verdict
    assert verdict.blocks == ()
    assert verdict.due_at.isoformat() == "2026-12-07T23:59:00+07:00"
    assert {each.name for each in verdict.rules} == {"max_loans", "loan_length", "renewals"}


@pytest.mark.parametrize(
    ("at", "due"),
    [("08:00:00", "2026-11-23"), ("23:58:59", "2026-11-23"), ("23:59:00", "2026-11-24")],
)
def test_a_copy_for_the_room_is_out_until_tonight_and_in_the_last_minute_until_the_next(at, due):
    facts = replace(a_checkout(on_site=True), now=datetime.fromisoformat(f"2026-11-23T{at}+07:00"))

    verdict = judge_checkout(facts, rules())

    assert verdict.blocks == ()
    assert verdict.due_at.isoformat() == f"{due}T23:59:00+07:00"


@pytest.mark.parametrize(
    ("facts", "block"),
    [
        (a_checkout(patron=an_adult(card=CardState.LOST)), Block.CARD_LOST),
        (a_checkout(patron=an_adult(card=CardState.WITHDRAWN)), Block.CARD_WITHDRAWN),
        (a_checkout(patron=an_adult(expires_on=YESTERDAY)), Block.CARD_EXPIRED),
        (a_checkout(patron=an_adult(library_is_living=False)), Block.PATRON_LIBRARY_CLOSED),
        (a_checkout(item=a_book(borrower=Borrower.ANOTHER)), Block.ON_LOAN_TO_ANOTHER),
        (a_checkout(item=a_book(borrower=Borrower.THIS_PATRON)), Block.ON_LOAN_TO_THIS_PATRON),
        (a_checkout(item=a_book(type_is_loanable=False)), Block.NOT_FOR_LOAN),
        (a_checkout(item=a_book(location_on_site_only=True)), Block.NOT_FOR_LOAN),
        (a_checkout(item=a_book(state=ItemState.ON_SITE_ONLY)), Block.NOT_FOR_LOAN),
        (a_checkout(item=a_book(state=ItemState.IN_PROCESSING)), Block.IN_PROCESSING),
        (a_checkout(item=a_book(state=ItemState.DAMAGED)), Block.ITEM_DAMAGED),
        (a_checkout(item=a_book(state=ItemState.LOST)), Block.ITEM_LOST),
        (a_checkout(item=a_book(state=ItemState.WITHDRAWN)), Block.ITEM_WITHDRAWN),
        (a_checkout(item=a_book(library_is_living=False)), Block.ITEM_LIBRARY_CLOSED),
        (a_checkout(item=a_book(desk_may_lend=False)), Block.ITEM_OF_ANOTHER_LIBRARY),
        (a_checkout(due_at=NOW - timedelta(minutes=1)), Block.DUE_IN_THE_PAST),
        (a_checkout(open_loans=(tally(5),)), Block.MAX_LOANS),
    ],
)
def test_each_fault_blocks_the_loan_alone(facts, block):
    verdict = judge_checkout(facts, rules())

    assert not verdict
    assert verdict.codes == (block,)


def test_every_block_is_reported_in_the_order_of_the_checks():
    facts = a_checkout(
        patron=an_adult(
            expires_on=YESTERDAY,
            restrictions=(RestrictionFact(kind="conduct", until=TODAY),),
            overdue=2,
            age=9,
        ),
        item=a_book(state=ItemState.LOST, borrower=Borrower.ANOTHER),
        open_loans=(tally(5),),
    )
    strict = rules(row(RuleName.OVERDUE_BLOCKS, 1), row(RuleName.MINIMUM_AGE, 16))

    verdict = judge_checkout(facts, strict)

    assert verdict.codes == (
        Block.CARD_EXPIRED,
        Block.PATRON_RESTRICTED,
        Block.TOO_MANY_OVERDUE,
        Block.ON_LOAN_TO_ANOTHER,
        Block.MAX_LOANS,
        Block.ITEM_LOST,
        Block.TOO_YOUNG,
    )


def test_a_block_names_the_rule_that_made_it_and_the_figures():
    limit = row(RuleName.MAX_LOANS, 2, distance=1, category="adult")

    verdict = judge_checkout(a_checkout(open_loans=(tally(2),)), rules(limit))

    (block,) = verdict.blocks
    assert block.rule == limit
    assert block.rule.library == "province"
    assert block.data == {"count": 2, "limit": 2}
    assert block.permission == OVERRIDE_PERMISSION


@pytest.mark.parametrize("missing", [RuleName.MAX_LOANS, RuleName.LOAN_LENGTH])
def test_without_a_rule_nothing_is_lent(missing):
    silent = LendingRules(rows=tuple(r for r in rules().rows if r.name != missing))

    verdict = judge_checkout(a_checkout(), silent)

    assert verdict.codes == (Block.NO_RULE,)
    assert verdict.blocks[0].data == {"name": missing}
    assert not verdict.overridden([Block.NO_RULE])


def test_an_empty_limit_is_no_limit():
    verdict = judge_checkout(
        a_checkout(open_loans=(tally(500),)), rules(row(RuleName.MAX_LOANS, "", distance=0))
    )

    assert verdict


def test_a_limit_for_any_type_does_not_count_types_that_have_their_own():
    own = row(RuleName.MAX_LOANS, 2, item_type="disc")
    loans = (tally(4), tally(2, item_type="disc"))

    book = judge_checkout(a_checkout(open_loans=loans), rules(own))
    disc = judge_checkout(a_checkout(item=a_book(item_type="disc"), open_loans=loans), rules(own))

    assert book
    assert disc.codes == (Block.MAX_LOANS,)
    assert disc.blocks[0].data == {"count": 2, "limit": 2}


def test_a_limit_for_any_type_counts_all_types_without_their_own():
    loans = (tally(3), tally(2, item_type="map"))

    assert judge_checkout(a_checkout(open_loans=loans), rules()).codes == (Block.MAX_LOANS,)


def test_a_limit_of_one_library_counts_only_its_own_loans():
    limit = row(RuleName.MAX_LOANS, 2, distance=0)
    elsewhere, here = (tally(4, distance=1),), (tally(2, distance=0),)

    assert judge_checkout(a_checkout(open_loans=elsewhere), rules(limit))
    assert not judge_checkout(a_checkout(open_loans=here), rules(limit))


def test_the_total_counts_all_types_at_once():
    total = row(RuleName.MAX_LOANS_TOTAL, 4, category="adult")
    loans = (tally(2), tally(2, item_type="disc"))

    verdict = judge_checkout(a_checkout(open_loans=loans), rules(total))

    assert verdict.codes == (Block.MAX_LOANS_TOTAL,)
    assert verdict.blocks[0].data == {"count": 4, "limit": 4}


def test_an_unknown_age_does_not_prove_the_minimum():
    verdict = judge_checkout(
        a_checkout(patron=an_adult(age=None)), rules(row(RuleName.MINIMUM_AGE, 18))
    )

    assert verdict.codes == (Block.AGE_UNKNOWN,)


def test_a_card_that_ended_does_not_bound_a_loan_that_is_made_in_spite_of_it():
    verdict = judge_checkout(a_checkout(patron=an_adult(expires_on=YESTERDAY)), rules())

    assert verdict.codes == (Block.CARD_EXPIRED,)
    assert local_day(verdict.overridden([Block.CARD_EXPIRED]).due_at) > TODAY


@given(CHECKOUTS, RULES)
def test_a_verdict_is_true_when_nothing_blocks(facts, drawn):
    verdict = judge_checkout(facts, drawn)

    assert bool(verdict) is (verdict.blocks == ())
    if verdict:
        assert verdict.due_at > NOW


@given(CHECKOUTS, RULES)
def test_no_loan_outlives_the_card(facts, drawn):
    verdict = judge_checkout(replace(facts, due_at=None), replace(drawn, loans_end_with_card=True))

    if verdict:
        assert local_day(verdict.due_at) <= facts.patron.expires_on


@given(CHECKOUTS, RULES, LIMITS, st.sampled_from(["", "9999"]))
def test_a_more_generous_rule_never_adds_a_block(facts, drawn, name, value):
    strict = judge_checkout(facts, drawn)
    generous = tuple(
        replace(each, value=value) if each.name == name else each for each in drawn.rows
    )

    verdict = judge_checkout(facts, replace(drawn, rows=generous))

    assert set(verdict.codes) <= set(strict.codes)


@given(CHECKOUTS, RULES)
def test_one_loan_more_never_removes_a_block(facts, drawn):
    more = (*facts.open_loans, tally(1, item_type=facts.item.item_type))

    before, after = (
        judge_checkout(facts, drawn),
        judge_checkout(replace(facts, open_loans=more), drawn),
    )

    assert set(before.codes) <= set(after.codes)


@given(CHECKOUTS, RULES, st.sets(st.sampled_from(Block)))
def test_an_override_waives_what_it_names_and_nothing_else(facts, drawn, named):
    verdict = judge_checkout(facts, drawn)

    after = verdict.overridden(named)

    assert set(after.codes) == {
        code for code in verdict.codes if code not in named or code in NEVER_OVERRIDABLE
    }
    assert sorted([*after.blocks, *after.waived], key=repr) == sorted(verdict.blocks, key=repr)
    assert after.due_at == verdict.due_at


@given(CHECKOUTS, RULES)
def test_an_override_of_everything_leaves_what_no_one_may_waive(facts, drawn):
    after = judge_checkout(facts, drawn).overridden(Block)

    assert set(after.codes) <= NEVER_OVERRIDABLE
    assert all(block.permission is None for block in after.blocks)


@given(RENEWALS, RULES)
def test_a_renewal_never_shortens_a_loan(facts, drawn):
    verdict = judge_renewal(facts, drawn)

    if verdict:
        assert verdict.due_at > facts.due_at


@given(RENEWALS, RULES)
def test_a_renewal_of_everything_waived_keeps_what_no_one_may_waive(facts, drawn):
    after = judge_renewal(facts, drawn).overridden(Block)

    assert set(after.codes) <= NEVER_OVERRIDABLE


def test_a_loan_is_renewed_from_today_or_from_its_due_date():
    facts = a_renewal(due_at=NOW + timedelta(days=2))

    today = judge_renewal(facts, rules())
    due_date = judge_renewal(facts, rules(renewal_start=RenewalStart.DUE_DATE))

    assert local_day(today.due_at) == TODAY + timedelta(days=14)
    assert local_day(due_date.due_at) == TODAY + timedelta(days=16)


def test_an_overdue_loan_is_renewed_from_today_at_the_earliest():
    facts = a_renewal(due_at=NOW - timedelta(days=30))

    verdict = judge_renewal(facts, rules(renewal_start=RenewalStart.DUE_DATE))

    assert local_day(verdict.due_at) == TODAY + timedelta(days=14)


def test_a_renewal_may_have_a_length_of_its_own():
    verdict = judge_renewal(a_renewal(), rules(row(RuleName.RENEWAL_LENGTH, 7)))

    assert local_day(verdict.due_at) == TODAY + timedelta(days=7)


def test_renewals_are_counted():
    assert judge_renewal(a_renewal(renewals=1), rules())
    verdict = judge_renewal(a_renewal(renewals=2), rules())

    assert verdict.codes == (Block.NO_RENEWALS_LEFT,)
    assert verdict.blocks[0].data == {"count": 2, "limit": 2}


def test_nothing_is_renewed_where_no_library_allows_it():
    silent = LendingRules(rows=tuple(r for r in rules().rows if r.name != RuleName.RENEWALS))

    assert judge_renewal(a_renewal(), silent).codes == (Block.NO_RENEWALS_LEFT,)


def test_a_renewal_waits_until_the_days_before_the_due_date():
    early = rules(row(RuleName.NO_RENEWAL_BEFORE_DAYS, 3))

    verdict = judge_renewal(a_renewal(due_at=NOW + timedelta(days=4)), early)

    assert verdict.codes == (Block.RENEWAL_TOO_SOON,)
    assert verdict.blocks[0].data == {"from": TODAY + timedelta(days=1)}
    assert judge_renewal(a_renewal(due_at=NOW + timedelta(days=3)), early)


def test_a_renewal_that_gains_nothing_is_refused():
    verdict = judge_renewal(a_renewal(due_at=NOW + timedelta(days=30)), rules())

    assert verdict.codes == (Block.RENEWAL_GAINS_NOTHING,)


def test_the_number_of_loans_does_not_stop_a_renewal():
    assert judge_renewal(a_renewal(), rules(row(RuleName.MAX_LOANS, 0, distance=0)))


def came_back(**changes):
    facts = {"state": ItemState.AVAILABLE, "due_at": NOW, "belongs_here": True, **changes}
    return judge_checkin(CheckinFacts(now=NOW, **facts))


def test_a_copy_back_in_time_goes_to_the_shelf():
    verdict = came_back()

    assert verdict.next_action is NextAction.SHELVE
    assert verdict.notices == ()
    assert verdict.late_by == timedelta(0)


@pytest.mark.parametrize(
    ("changes", "notice", "action"),
    [
        ({"due_at": None}, CheckinNotice.WAS_NOT_ON_LOAN, NextAction.SHELVE),
        ({"due_at": NOW - timedelta(days=3)}, CheckinNotice.WAS_OVERDUE, NextAction.SHELVE),
        ({"state": ItemState.LOST}, CheckinNotice.WAS_LOST, NextAction.SHELVE),
        ({"state": ItemState.DAMAGED}, CheckinNotice.IS_DAMAGED, NextAction.SHELVE),
        ({"state": ItemState.WITHDRAWN}, CheckinNotice.IS_WITHDRAWN, NextAction.SET_ASIDE),
        ({"belongs_here": False}, CheckinNotice.BELONGS_ELSEWHERE, NextAction.SHELVE),
    ],
)
def test_the_desk_hears_what_is_odd_about_a_copy_that_came_back(changes, notice, action):
    verdict = came_back(**changes)

    assert verdict.notices == (notice,)
    assert verdict.next_action is action


def test_lateness_is_measured_and_a_lost_copy_is_found():
    assert came_back(due_at=NOW - timedelta(days=3)).late_by == timedelta(days=3)
    assert came_back(state=ItemState.LOST).is_found


@pytest.mark.parametrize(
    ("age", "band"),
    [(None, ""), (0, "0-5"), (5, "0-5"), (6, "6-10"), (15, "11-15"), (16, "16-24"), (60, "60+")],
)
def test_statistics_count_ages_in_bands(age, band):
    assert age_band(age) == band


@pytest.mark.parametrize(
    ("other", "steps"), [((9, 5, 1), 0), ((8, 5, 1), 1), ((5, 1), 1), ((7, 1), 2), ((4, 2), 3)]
)
def test_libraries_meet_at_the_first_that_stands_above_both(other, steps):
    assert meeting_distance((9, 5, 1), other) == steps
