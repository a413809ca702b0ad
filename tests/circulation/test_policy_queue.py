"""Who gets a copy: examples by name, and the laws of the queue."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.policy import (
    Block,
    CopyTerms,
    HoldPolicy,
    LocalFirst,
    PickupPolicy,
    RenewalWhileHeld,
    TransferPolicy,
    choose,
    is_wanted,
    others_fill,
    pull,
    renewal_block,
    wanted_from,
)
from tangthu.circulation.policy.queue import suits
from tests.circulation.queueing import (
    NEIGHBOUR,
    NETWORK,
    PROVINCE,
    SCHOOL,
    TODAY,
    WARD,
    a_copy,
    a_hold,
    copies,
    queues,
)


def chosen(copy, *queue):
    hold = choose(copy, queue, today=TODAY)
    return hold.key if hold else None


def test_the_longest_waiting_comes_first_and_of_equals_the_earlier_hold():
    assert chosen(a_copy(), a_hold(1, rank=2), a_hold(2, rank=1), a_hold(3, rank=1)) == 2


def test_a_suspended_a_later_and_an_expired_hold_rest():
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)

    resting = [
        a_hold(1, is_suspended=True),
        a_hold(2, starts_on=tomorrow),
        a_hold(3, expires_on=yesterday),
    ]

    assert chosen(a_copy(), *resting) is None
    assert chosen(a_copy(), *resting, a_hold(4, starts_on=TODAY, expires_on=TODAY)) == 4


def test_a_copy_is_kept_for_a_hold_that_begins_within_the_days_to_look_ahead():
    soon, later = TODAY + timedelta(days=3), TODAY + timedelta(days=4)
    ahead = a_copy(look_ahead=3)

    assert chosen(ahead, a_hold(1, starts_on=later)) is None
    assert chosen(ahead, a_hold(1, starts_on=later), a_hold(2, starts_on=soon)) == 2
    assert chosen(ahead, a_hold(1, starts_on=soon, is_suspended=True)) is None


def test_a_copy_is_not_lent_or_renewed_into_a_hold_that_begins_soon():
    soon = a_hold(1, starts_on=TODAY + timedelta(days=3))

    def wanted(copy, *others):
        return is_wanted(copy, [soon], others, patron=999, today=TODAY)

    assert not wanted(a_copy())
    assert wanted(a_copy(look_ahead=3))
    assert not wanted(a_copy(look_ahead=3), a_copy(2))
    block = renewal_block(
        a_copy(look_ahead=3), [soon], [], mode=RenewalWhileHeld.COPIES, today=TODAY
    )
    assert block is Block.OTHERS_WAIT


def test_from_when_another_will_wait_is_known_before_it_is_lent_too_long():
    later = TODAY + timedelta(days=10)

    def first(*queue, copy=None, days=14):
        until = TODAY + timedelta(days=days)
        return wanted_from(copy or a_copy(), queue, patron=101, today=TODAY, until=until)

    assert first() is None
    assert first(a_hold(2, starts_on=later)) == later
    assert first(a_hold(2, starts_on=later), days=9) is None
    assert first(a_hold(1, starts_on=later)) is None, "the reader's own hold"
    assert first(a_hold(2)) is None, "who waits already is another matter"
    assert first(a_hold(2, starts_on=later), copy=a_copy(look_ahead=10)) is None
    assert first(a_hold(2, starts_on=later, is_suspended=True)) is None
    assert first(a_hold(2, starts_on=later, wanted=9)) is None


def test_a_hold_on_one_copy_takes_no_other():
    assert chosen(a_copy(1), a_hold(1, wanted=2), a_hold(2)) == 2
    assert chosen(a_copy(2), a_hold(1, wanted=2), a_hold(2)) == 1


def test_a_recall_outranks_every_hold():
    assert chosen(a_copy(local_first=LocalFirst.PICKUP), a_hold(1), a_hold(2, recalled=7)) == 2


def test_the_librarys_own_readers_come_first_where_it_says_so():
    far, near = a_hold(1, home=WARD, pickup=WARD), a_hold(2)

    assert chosen(a_copy(), far, near) == 1
    assert chosen(a_copy(local_first=LocalFirst.PICKUP), far, near) == 2
    assert chosen(a_copy(local_first=LocalFirst.PATRON), far, near) == 2


def test_whose_readers_may_have_it():
    own, branch = HoldPolicy.OWN_LIBRARY, HoldPolicy.BRANCH

    assert chosen(a_copy(who=own), a_hold(1, home=WARD)) is None
    assert chosen(a_copy(who=branch), a_hold(1, home=SCHOOL)) == 1
    assert chosen(a_copy(who=branch), a_hold(1, home=NEIGHBOUR)) is None
    assert chosen(a_copy(who=branch), a_hold(1, home=NETWORK)) == 1


def test_where_it_may_be_fetched():
    at_neighbour = a_hold(1, home=NEIGHBOUR, pickup=NEIGHBOUR)

    assert chosen(a_copy(pickup=PickupPolicy.ITEM_LIBRARY), at_neighbour) is None
    assert chosen(a_copy(pickup=PickupPolicy.PATRON_LIBRARY), at_neighbour) == 1
    assert chosen(a_copy(pickup=PickupPolicy.BRANCH), at_neighbour) is None


def test_how_far_it_is_carried_is_counted_from_where_it_is():
    at_ward = a_hold(1, pickup=WARD)

    assert chosen(a_copy(transfers=TransferPolicy.NONE), at_ward) is None
    assert chosen(a_copy(transfers=TransferPolicy.NONE, here=WARD), at_ward) == 1
    assert chosen(a_copy(transfers=TransferPolicy.BRANCH, here=NEIGHBOUR), at_ward) is None


def test_what_the_desk_overrode_at_first_does_not_bind_later():
    forbidden = a_hold(1, home=WARD)
    allowed = a_hold(1, home=WARD, waived=frozenset({Block.HOLD_BY_OWN_READERS_ONLY}))

    assert chosen(a_copy(who=HoldPolicy.OWN_LIBRARY), forbidden) is None
    assert chosen(a_copy(who=HoldPolicy.OWN_LIBRARY), allowed) == 1


def test_the_pull_list_takes_the_copy_at_the_place_of_collection():
    at_home, away = a_copy(1, here=PROVINCE), a_copy(2, here=WARD)

    found = pull([at_home, away], [a_hold(1, pickup=WARD)], today=TODAY)

    assert {item: hold.key for item, hold in found.items()} == {2: 1}


def test_the_pull_list_leaves_the_copy_that_another_asked_for_by_number():
    found = pull([a_copy(1), a_copy(2)], [a_hold(1), a_hold(2, wanted=1)], today=TODAY)

    assert {item: hold.key for item, hold in found.items()} == {2: 1, 1: 2}


def test_a_renewal_is_refused_while_others_wait_and_copies_do_not_suffice():
    copy, other = a_copy(1), a_copy(2)

    def renewal(queue, others=(), mode=RenewalWhileHeld.COPIES):
        return renewal_block(copy, queue, others, mode=mode, today=TODAY)

    assert renewal([]) is None
    assert renewal([a_hold(1)]) is Block.OTHERS_WAIT
    assert renewal([a_hold(1)], [other]) is None
    assert renewal([a_hold(1), a_hold(2)], [other]) is Block.OTHERS_WAIT
    assert renewal([a_hold(1)], [other], RenewalWhileHeld.REFUSE) is Block.OTHERS_WAIT
    assert renewal([a_hold(1, wanted=1)], [other]) is Block.OTHERS_WAIT
    assert renewal([a_hold(1, wanted=2)]) is None
    assert renewal([a_hold(1, is_suspended=True)]) is None


def test_a_copy_at_the_desk_is_wanted_when_it_is_anothers_turn_and_no_other_copy_is_in():
    copy, queue = a_copy(1), [a_hold(1), a_hold(2)]

    assert is_wanted(copy, queue, [], patron=5, today=TODAY)
    assert is_wanted(copy, queue, [], patron=queue[1].patron, today=TODAY)
    assert not is_wanted(copy, queue, [], patron=queue[0].patron, today=TODAY)
    assert not is_wanted(copy, queue, [a_copy(2), a_copy(3)], patron=5, today=TODAY)


@given(copies(), queues())
def test_who_is_chosen_waits_today_and_may_have_the_copy(stock, queue):
    for copy in stock:
        hold = choose(copy, queue, today=TODAY)
        if hold is not None:
            assert not hold.is_suspended
            ahead = timedelta(days=copy.terms(hold.category).look_ahead)
            assert hold.starts_on is None or hold.starts_on <= TODAY + ahead
            assert hold.expires_on is None or hold.expires_on >= TODAY
            assert hold.wanted in (None, copy.item)
            assert suits(copy, hold)


@given(copies(terms=st.just(CopyTerms())), queues())
def test_nobody_who_waited_longer_is_passed_over_without_a_rule(stock, queue):
    for copy in stock:
        hold = choose(copy, queue, today=TODAY)
        for other in queue:
            if other.is_due(TODAY) and suits(copy, other):
                assert hold is not None
                assert hold.recalled or other.recalled is None
                if bool(hold.recalled) == bool(other.recalled):
                    assert (hold.rank, hold.key) <= (other.rank, other.key)


@given(copies(), queues())
def test_the_order_in_which_holds_are_read_does_not_matter(stock, queue):
    assert {choose(stock[0], list(order), today=TODAY) for order in permutations(queue[:4])} == {
        choose(stock[0], queue[:4], today=TODAY)
    }


@given(copies(), queues())
def test_no_hold_gets_two_copies_and_each_copy_goes_where_a_return_would_send_it(stock, queue):
    found = pull(stock, queue, today=TODAY)

    assert len({hold.key for hold in found.values()}) == len(found)
    by_item = {copy.item: copy for copy in stock}
    for item, hold in found.items():
        others = {other.key for kept, other in found.items() if kept != item}
        left = [each for each in queue if each.key not in others]
        assert choose(by_item[item], left, today=TODAY) == hold


@given(copies(), queues())
def test_the_pull_list_leaves_nobody_for_whom_a_free_copy_is_left(stock, queue):
    found = pull(stock, queue, today=TODAY)

    served = {hold.key for hold in found.values()}
    left = [hold for hold in queue if hold.key not in served]
    free = [copy for copy in stock if copy.item not in found]
    assert all(choose(copy, left, today=TODAY) is None for copy in free)


@given(copies(most=3), queues(most=4))
def test_copies_suffice_exactly_when_some_order_serves_all(stock, queue):
    waiting = queue
    served = len(waiting) <= len(stock) and any(
        all(suits(copy, hold) for copy, hold in zip(order, waiting, strict=True))
        for order in permutations(stock, len(waiting))
    )

    assert others_fill(stock, queue) is served
