"""A reader asks for a title, or for one copy of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_out, place_hold
from tangthu.circulation.errors import HoldRefused
from tangthu.circulation.models import Hold, HoldState, Loan
from tangthu.circulation.policy import Block
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tangthu.core.money import Money
from tangthu.fees.actions import charge
from tangthu.fees.models import Entry, FeeKind
from tangthu.fees.reading import debt_of
from tangthu.patrons.models import CardStatus
from tests.circulation.conftest import the_reader
from tests.factories import (
    ItemFactory,
    LocationFactory,
    PatronFactory,
    RecordFactory,
    lending_rules,
)


def place(title, patron, by, *, pickup=None, **others):
    return place_hold(record=title, for_=patron, pickup=pickup or patron.library, by=by, **others)


def refused(*args, **others):
    before = Hold.objects.count()
    with pytest.raises(HoldRefused) as refusal:
        place(*args, **others)
    assert Hold.objects.count() == before
    return refusal.value.verdict


def test_a_reader_waits_at_the_end_of_the_queue(title, lent, patron, province, desk):
    first = place(title, PatronFactory(library=province), desk)

    hold = place(title, patron, desk)

    assert (hold.state, hold.pickup, hold.patron) == (HoldState.WAITING, province, patron)
    assert list(Hold.objects.with_place().order_by("pk").values_list("pk", "place")) == [
        (first.pk, 1),
        (hold.pk, 2),
    ]


def test_the_deed_is_written_down_without_the_reader(title, copy, patron, desk):
    hold = place(title, patron, desk)

    entry = AuditEntry.objects.get(action="hold.place")
    assert (entry.object_key, entry.actor) == (str(hold.pk), desk.name)
    assert "patron" not in entry.changes
    assert Change.objects.filter(kind="hold", key=str(hold.pk)).count() == 1


def test_readers_place_their_own_holds_and_nobody_elses(title, copy, patron, borrower):
    own = place(title, patron, the_reader(patron))

    with pytest.raises(NotPermitted):
        place(title, borrower, the_reader(patron))

    assert Hold.objects.get() == own


def test_readers_override_nothing(title, copy, patron, province):
    lending_rules(province, holds_allowed="no")

    with pytest.raises(NotPermitted):
        place(title, patron, the_reader(patron), override=["holds_not_allowed"])

    assert not Hold.objects.exists()


def test_the_desk_overrides_and_the_hold_remembers_it(title, copy, patron, province, desk):
    lending_rules(province, holds_allowed="no")

    hold = place(title, patron, desk, override=["holds_not_allowed"])

    assert hold.overridden == ["holds_not_allowed"]


def test_every_reason_is_given_at_once(title, copy, province, desk):
    patron = PatronFactory(library=province, card_status=CardStatus.LOST)
    lending_rules(province, on_shelf_holds="all_out", minimum_age=120)

    verdict = refused(title, patron, desk)

    assert verdict.codes == (Block.CARD_LOST, Block.AGE_UNKNOWN)


def test_a_title_without_copies_cannot_be_held(province, patron, desk):
    verdict = refused(RecordFactory(library=province), patron, desk)

    assert verdict.codes == (Block.NO_COPY_TO_HOLD,)


@pytest.mark.parametrize(
    ("status", "block"),
    [
        (ItemStatus.LOST, Block.ITEM_LOST),
        (ItemStatus.DAMAGED, Block.ITEM_DAMAGED),
        (ItemStatus.ON_SITE_ONLY, Block.NOT_FOR_LOAN),
    ],
)
def test_copies_that_are_never_lent_are_never_held(title, province, patron, desk, status, block):
    ItemFactory(library=province, record=title, status=status)

    assert refused(title, patron, desk).codes == (block,)


def test_a_copy_in_processing_may_be_waited_for(title, province, patron, desk):
    ItemFactory(library=province, record=title, status=ItemStatus.IN_PROCESSING)

    assert place(title, patron, desk)


def test_one_good_copy_is_enough(title, copy, province, patron, desk):
    ItemFactory(library=province, record=title, status=ItemStatus.LOST)

    assert place(title, patron, desk)


def test_a_copy_of_the_reading_room_is_not_held(title, province, patron, desk):
    room = LocationFactory(library=province, on_site_only=True)
    ItemFactory(library=province, record=title, location=room)

    assert refused(title, patron, desk).codes == (Block.NOT_FOR_LOAN,)


def test_nobody_waits_twice_for_the_same_title(title, copy, patron, desk):
    place(title, patron, desk)

    verdict = refused(title, patron, desk, override=Block)

    assert verdict.codes == (Block.ALREADY_ON_HOLD,)


def test_nobody_waits_for_what_is_at_home_already(title, lent, borrower, desk):
    assert refused(title, borrower, desk).codes == (Block.HAS_THE_TITLE,)


def test_volumes_of_a_set_are_held_one_by_one(title, copy, province, patron, desk):
    lending_rules(province, holds_per_record=2)
    second, third = ItemFactory.create_batch(2, library=province, record=title)
    for each in (copy, second):
        place_hold(item=each, for_=patron, pickup=province, by=desk)

    with pytest.raises(HoldRefused) as refusal:
        place_hold(item=third, for_=patron, pickup=province, by=desk)

    assert refusal.value.verdict.codes == (Block.HOLDS_PER_RECORD,)
    assert refusal.value.blocks[0].data == {"count": 2, "limit": 2}


def test_a_library_may_let_readers_ask_for_titles_only(copy, patron, province, desk):
    lending_rules(province, item_holds="no")

    with pytest.raises(HoldRefused) as refusal:
        place_hold(item=copy, for_=patron, pickup=province, by=the_reader(patron))

    assert refusal.value.verdict.codes == (Block.ITEM_HOLDS_NOT_ALLOWED,)
    assert place_hold(item=copy, for_=patron, pickup=province, by=desk)


@pytest.mark.parametrize(
    ("rule", "block"), [("max_holds", Block.MAX_HOLDS), ("holds_per_day", Block.HOLDS_PER_DAY)]
)
def test_the_limits_of_the_readers_library_hold(province, patron, desk, rule, block):
    lending_rules(province, **{rule: 2})
    for _each in range(2):
        place(ItemFactory(library=province).record, patron, desk)

    verdict = refused(ItemFactory(library=province).record, patron, desk)

    assert verdict.codes == (block,)
    assert verdict.blocks[0].data == {"count": 2, "limit": 2}
    assert verdict.blocks[0].rule.library == "DLK"


def test_a_limit_of_none_is_no_hold_at_all(title, copy, patron, province, desk):
    lending_rules(province, max_holds=0)

    assert refused(title, patron, desk).codes == (Block.HOLDS_NOT_ALLOWED,)


def test_holds_of_yesterday_do_not_count_for_today(province, patron, desk):
    lending_rules(province, holds_per_day=1)
    old = place(ItemFactory(library=province).record, patron, desk)
    Hold.objects.filter(pk=old.pk).update(placed_at=timezone.now() - timedelta(days=1))

    assert place(ItemFactory(library=province).record, patron, desk)


@pytest.mark.parametrize("policy", ["own_library", "branch"])
def test_a_library_holds_for_its_own_readers_where_it_says_so(
    title, copy, patron, foreign_patron, province, desk, policy
):
    lending_rules(province, hold_policy=policy)

    verdict = refused(title, foreign_patron, desk)

    assert verdict.codes in {
        (Block.HOLD_BY_OWN_READERS_ONLY,),
        (Block.HOLD_OUTSIDE_BRANCH,),
    }
    assert place(title, patron, desk)


def test_a_copy_is_fetched_where_its_library_lets_it_be(
    title, copy, patron, province, ward, commune, desk
):
    lending_rules(province, pickup_policy="branch", transfers="branch")

    verdict = refused(title, patron, desk, pickup=commune)

    assert verdict.codes == (Block.PICKUP_NOT_ALLOWED, Block.PICKUP_OUT_OF_REACH)
    assert place(title, patron, desk, pickup=ward)


def test_nothing_is_fetched_at_a_library_that_has_ended(title, copy, patron, ward, desk):
    ward.valid_to = timezone.localdate() - timedelta(days=1)
    ward.save()

    verdict = refused(title, patron, desk, pickup=ward, override=Block)

    assert verdict.codes == (Block.PICKUP_CLOSED,)


def test_copies_on_the_shelf_are_borrowed_where_the_rules_say_so(
    title, copy, patron, borrower, province, desk
):
    lending_rules(province, on_shelf_holds="all_out")

    verdict = refused(title, patron, desk)
    check_out(copy, to=borrower, by=desk)

    assert verdict.codes == (Block.COPY_ON_SHELF,)
    assert place(title, patron, desk)


def test_a_hold_is_allowed_where_one_copy_is_out(title, copy, lent, patron, province, desk):
    lending_rules(province, on_shelf_holds="this_out")
    other = ItemFactory(library=province, record=title)

    with pytest.raises(HoldRefused):
        place_hold(item=other, for_=patron, pickup=province, by=desk)

    assert place(title, patron, desk)


def test_a_hold_may_begin_later_but_not_earlier(title, copy, patron, desk):
    today = timezone.localdate()

    verdict = refused(title, patron, desk, starts_on=today - timedelta(days=1))
    upside_down = refused(
        title,
        patron,
        desk,
        starts_on=today + timedelta(days=9),
        expires_on=today + timedelta(days=8),
    )

    assert verdict.codes == (Block.HOLD_STARTS_IN_THE_PAST,)
    assert upside_down.codes == (Block.HOLD_ENDS_TOO_SOON,)
    assert place(title, patron, desk, starts_on=today + timedelta(days=9))


def test_a_reader_with_overdue_copies_waits_for_nothing_where_the_rules_say_so(
    copy, lent, borrower, province, desk
):
    lending_rules(province, overdue_blocks=1)
    Loan.objects.update(due_at=timezone.now() - timedelta(days=2))

    verdict = refused(ItemFactory(library=province).record, borrower, desk)

    assert verdict.codes == (Block.TOO_MANY_OVERDUE,)


def test_a_reader_in_debt_waits_for_nothing_where_the_rules_say_so(
    title, copy, patron, province, desk, administrator
):
    lending_rules(province, max_debt=20_000)
    charge(patron, kind=FeeKind.OTHER, amount=Money(21_000), library=province, by=administrator)

    verdict = refused(title, patron, desk)

    assert verdict.codes == (Block.DEBT,)
    with pytest.raises(NotPermitted):
        place(title, patron, desk, override=[Block.DEBT])
    hold = place(title, patron, administrator, override=[Block.DEBT])
    assert hold.overridden == [Block.DEBT]


def test_a_hold_costs_what_the_rules_say_when_it_is_placed(title, copy, patron, province, desk):
    lending_rules(province, hold_fee=5000, hold_fee_at="placed")

    place(title, patron, desk)

    assert debt_of(patron.pk).amount == 5000
    assert Entry.objects.get().fee_kind == FeeKind.HOLD


def test_queueing_costs_only_where_one_must_queue(title, copy, patron, province, desk):
    lending_rules(province, hold_fee=5000, hold_fee_at="queued")
    free, out = copy.record, ItemFactory(library=province)
    check_out(out, to=PatronFactory(library=province), by=desk)

    place(free, patron, desk)
    owed_for_free = debt_of(patron.pk).amount
    place(out.record, patron, desk)

    assert (owed_for_free, debt_of(patron.pk).amount) == (0, 5000)


def test_who_may_not_lend_places_nothing(title, copy, patron, cataloguer):
    with pytest.raises(NotPermitted):
        place(title, patron, cataloguer)

    assert not Hold.objects.exists()
