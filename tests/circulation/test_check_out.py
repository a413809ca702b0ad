from datetime import date, timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.circulation.policy import Block, Borrower, local_day
from tangthu.circulation.reading import Standing, books
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tangthu.libraries.models import CalendarEntry, CalendarKind, PreferenceValue
from tangthu.patrons.models import CardStatus, Restriction, RestrictionKind
from tests.factories import (
    ItemFactory,
    ItemTypeFactory,
    LibraryFactory,
    LocationFactory,
    PatronFactory,
    lending_rules,
)
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    return ItemFactory(library=province)


def lend(patron, count, *, by, **kinds):
    return [
        check_out(ItemFactory(library=patron.library, **kinds), to=patron, by=by)
        for _ in range(count)
    ]


def refused(item, patron, by, **how):
    loans, events, entries = (
        Loan.objects.count(),
        LoanEvent.objects.count(),
        AuditEntry.objects.count(),
    )
    with pytest.raises(CheckoutRefused) as refusal:
        check_out(item, to=patron, by=by, **how)
    assert Loan.objects.count() == loans
    assert LoanEvent.objects.count() == events
    assert AuditEntry.objects.count() == entries
    return refusal.value


def due_in(days):
    return local_day(timezone.now()) + timedelta(days=days)


def test_a_copy_goes_out_for_the_time_that_the_rules_give(item, patron, desk, province):
    loan = check_out(item, to=patron, by=desk)

    assert loan == Loan.objects.get()
    assert (loan.item, loan.patron, loan.library) == (item, patron, province)
    assert local_day(loan.due_at) == due_in(14)
    assert loan.returned_at is None
    assert loan.overridden == []


def test_the_act_is_counted_without_the_name_of_the_reader(item, province, desk):
    child = PatronFactory(
        library=province,
        birth_on=local_day(timezone.now()).replace(year=local_day(timezone.now()).year - 9, day=1),
    )

    check_out(item, to=child, by=desk)

    event = LoanEvent.objects.get()
    assert (event.kind, event.library, event.face) == ("check_out", province, "staff")
    assert (event.item, event.record, event.location) == (item, item.record, item.location)
    assert (event.item_type, event.patron_category) == (item.item_type, child.category)
    assert event.age_band in {"6-10"}
    assert not any("patron" in name and "category" not in name for name in vars(event))


def test_the_audit_log_and_the_feed_name_the_loan_but_not_the_reader(item, patron, desk):
    loan = check_out(item, to=patron, by=desk)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_kind, entry.object_key) == (
        "loan.check_out",
        "loan",
        str(loan.pk),
    )
    assert entry.actor == desk.name
    assert "patron" not in entry.changes
    assert entry.changes["item"] == [None, item.pk]
    change = Change.objects.get()
    assert (change.kind, change.key) == ("loan", str(loan.pk))


def test_a_copy_goes_out_once(item, patron, desk, province):
    check_out(item, to=patron, by=desk)

    again = refused(item, patron, desk, override=Block)
    other = refused(item, PatronFactory(library=province), desk, override=Block)

    assert again.verdict.codes == (Block.ON_LOAN_TO_THIS_PATRON,)
    assert other.verdict.codes == (Block.ON_LOAN_TO_ANOTHER,)


@pytest.mark.django_db(transaction=True)
def test_two_desks_lend_one_copy_in_the_same_instant_and_one_succeeds(item, desk, province):
    patrons = [PatronFactory(library=province) for _ in range(4)]

    outcomes = at_once(
        *[lambda patron=patron: check_out(item, to=patron, by=desk) for patron in patrons]
    )

    lent = [outcome for outcome in outcomes if isinstance(outcome, Loan)]
    heard = [outcome for outcome in outcomes if isinstance(outcome, CheckoutRefused)]
    assert [len(lent), len(heard)] == [1, 3]
    assert Loan.objects.get() == lent[0]
    assert {refusal.verdict.codes for refusal in heard} == {(Block.ON_LOAN_TO_ANOTHER,)}
    assert LoanEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_reader_at_two_desks_does_not_pass_the_limit(desk, patron, province):
    items = [ItemFactory(library=province) for _ in range(5)]

    outcomes = at_once(*[lambda item=item: check_out(item, to=patron, by=desk) for item in items])

    assert sum(isinstance(outcome, Loan) for outcome in outcomes) == 3
    assert Loan.objects.count() == 3


def test_the_constraint_is_the_last_word(item, patron, desk, province, monkeypatch):
    check_out(item, to=PatronFactory(library=province), by=desk)
    nobody = Standing(Borrower.NOBODY)
    monkeypatch.setattr("tangthu.circulation.actions.lending.standing_of", lambda *_: nobody)

    refusal = refused(item, patron, desk)

    assert refusal.verdict.codes == (Block.ON_LOAN_TO_ANOTHER,)


def test_a_reader_has_no_more_copies_than_the_rules_allow(item, patron, desk):
    lend(patron, 3, by=desk)

    refusal = refused(item, patron, desk)

    (block,) = refusal.blocks
    assert block.code is Block.MAX_LOANS
    assert block.data == {"count": 3, "limit": 3}
    assert refusal.data["blocks"] == [
        {
            "code": "max_loans",
            "overridable": True,
            "rule": {
                "name": "max_loans",
                "library": "DLK",
                "category": None,
                "item_type": None,
                "value": "3",
            },
            "data": {"count": 3, "limit": 3},
        }
    ]


def test_a_rule_of_the_library_below_counts_only_the_copies_of_that_library(patron, desk, province):
    ward = LibraryFactory(code="EAK", parent=province)
    lending_rules(ward, max_loans=1)
    lend(patron, 2, by=desk)

    bus = Actor.machine("bus", library_id=province.pk)
    first = check_out(ItemFactory(library=ward), to=patron, by=bus)
    refusal = refused(ItemFactory(library=ward), patron, bus)

    assert first.due_at
    assert refusal.blocks[0].rule.library == "EAK"
    assert refusal.blocks[0].data == {"count": 1, "limit": 1}


def test_the_readers_library_decides_where_the_desk_says_so(desk, province, network):
    PreferenceValue.objects.create(
        library=network, name="lending_rules_from", value="patron_library"
    )
    ward = LibraryFactory(code="EAK", parent=province)
    lending_rules(ward, loan_length=3)

    loan = check_out(ItemFactory(library=province), to=PatronFactory(library=ward), by=desk)

    assert local_day(loan.due_at) == due_in(3)


def test_the_calendar_of_the_province_moves_the_due_date_of_the_ward(
    patron, desk, province, network
):
    for past in range(14, 17):
        CalendarEntry.objects.create(library=network, kind=CalendarKind.SINGLE, on=due_in(past))

    loan = check_out(ItemFactory(library=province), to=patron, by=desk)

    assert local_day(loan.due_at) == due_in(17)


def test_no_loan_outlives_the_card(item, province, desk):
    patron = PatronFactory(library=province, expires_on=due_in(5))

    loan = check_out(item, to=patron, by=desk)

    assert local_day(loan.due_at) == due_in(5)


def test_a_library_may_let_loans_outlive_the_card(item, province, desk):
    PreferenceValue.objects.create(library=province, name="loans_end_with_card", value="false")
    patron = PatronFactory(library=province, expires_on=due_in(5))

    loan = check_out(item, to=patron, by=desk)

    assert local_day(loan.due_at) == due_in(14)


def test_the_desk_may_ask_for_another_due_date(item, patron, desk):
    wanted = timezone.now() + timedelta(days=3)

    loan = check_out(item, to=patron, by=desk, due_at=wanted)

    assert loan.due_at == wanted


def test_a_due_date_in_the_past_is_refused(item, patron, desk):
    refusal = refused(
        item, patron, desk, due_at=timezone.now() - timedelta(hours=1), override=Block
    )

    assert refusal.verdict.codes == (Block.DUE_IN_THE_PAST,)


def test_every_block_is_reported_at_once(province, desk):
    patron = PatronFactory(
        library=province, expires_on=date(2026, 1, 31), card_status=CardStatus.LOST
    )
    Restriction.objects.create(
        patron=patron, kind=RestrictionKind.CONDUCT, set_at=timezone.now(), set_by="x"
    )
    item = ItemFactory(library=province, status=ItemStatus.DAMAGED)

    refusal = refused(item, patron, desk)

    assert refusal.verdict.codes == (
        Block.CARD_LOST,
        Block.CARD_EXPIRED,
        Block.PATRON_RESTRICTED,
        Block.ITEM_DAMAGED,
    )


def test_a_stop_that_was_lifted_or_has_ended_stops_nobody(item, patron, desk):
    now = timezone.now()
    past = {"patron": patron, "kind": RestrictionKind.MANUAL, "set_at": now, "set_by": "x"}
    Restriction.objects.create(**past, lifted_at=now)
    Restriction.objects.create(**past, until=due_in(-1))

    assert check_out(item, to=patron, by=desk)


def test_overdue_copies_stop_further_loans_where_the_rules_say_so(item, patron, desk, province):
    lending_rules(province, overdue_blocks=1)
    (loan,) = lend(patron, 1, by=desk)
    Loan.objects.filter(pk=loan.pk).update(due_at=timezone.now() - timedelta(days=1))

    refusal = refused(item, patron, desk)

    assert refusal.verdict.codes == (Block.TOO_MANY_OVERDUE,)


@pytest.mark.parametrize(
    ("kinds", "block"),
    [
        ({"status": ItemStatus.WITHDRAWN}, Block.ITEM_WITHDRAWN),
        ({"status": ItemStatus.LOST}, Block.ITEM_LOST),
        ({"status": ItemStatus.IN_PROCESSING}, Block.IN_PROCESSING),
        ({"status": ItemStatus.ON_SITE_ONLY}, Block.NOT_FOR_LOAN),
    ],
)
def test_the_state_of_the_copy_blocks_the_loan(province, patron, desk, kinds, block):
    assert refused(ItemFactory(library=province, **kinds), patron, desk).verdict.codes == (block,)


def test_a_reading_room_and_a_type_that_stays_are_not_for_loan(province, patron, desk):
    room = LocationFactory(library=province, on_site_only=True)
    map_type = ItemTypeFactory(code="map", loanable=False)

    in_room = refused(ItemFactory(library=province, location=room), patron, desk)
    of_type = refused(ItemFactory(library=province, item_type=map_type), patron, desk)

    assert in_room.verdict.codes == of_type.verdict.codes == (Block.NOT_FOR_LOAN,)


def test_nothing_is_lent_where_no_library_has_rules(machine):
    library = LibraryFactory()

    refusal = refused(ItemFactory(library=library), PatronFactory(library=library), machine)

    assert refusal.verdict.codes == (Block.NO_RULE, Block.NO_RULE)


def test_an_override_waives_what_it_names_and_is_written_down(item, patron, desk):
    lend(patron, 3, by=desk)

    loan = check_out(item, to=patron, by=desk, override=["max_loans", "card_lost"])

    assert loan.overridden == ["max_loans"]
    assert AuditEntry.objects.newest().first().changes["overridden"] == [None, ["max_loans"]]


def test_an_override_leaves_the_blocks_that_it_does_not_name(province, patron, desk):
    lend(patron, 3, by=desk)
    damaged = ItemFactory(library=province, status=ItemStatus.DAMAGED)

    refusal = refused(damaged, patron, desk, override=["max_loans"])

    assert refusal.verdict.codes == (Block.ITEM_DAMAGED,)


def test_an_override_needs_the_permission(item, patron, desk):
    lend(patron, 3, by=desk)
    junior = Actor(
        face=Face.STAFF,
        name="junior",
        user_id=desk.user_id,
        library_id=desk.library_id,
        grants={
            permission: at
            for permission, at in desk.grants.items()
            if permission != "circulation.override"
        },
    )

    with pytest.raises(NotPermitted):
        check_out(item, to=patron, by=junior, override=["max_loans"])

    assert Loan.objects.count() == 3


def test_a_lost_copy_that_is_lent_in_spite_of_it_is_found(province, patron, desk):
    item = ItemFactory(library=province, status=ItemStatus.LOST)

    check_out(item, to=patron, by=desk, override=["item_lost"])

    item.refresh_from_db()
    assert item.status == ItemStatus.AVAILABLE
    assert Change.objects.filter(kind="record", key=str(item.record_id)).count() == 1


def test_the_staff_of_another_library_lends_its_books_only_in_spite_of_it(
    item, neighbour, foreign_patron
):
    refusal = refused(item, foreign_patron, neighbour)

    assert refusal.verdict.codes == (Block.ITEM_OF_ANOTHER_LIBRARY,)


def test_who_may_not_lend_lends_nothing(item, patron, cataloguer):
    with pytest.raises(NotPermitted):
        check_out(item, to=patron, by=cataloguer)

    assert not Loan.objects.exists()


@pytest.mark.parametrize("open_loans", [1, 60])
def test_the_work_of_a_loan_does_not_grow_with_the_loans_of_the_reader(
    item, patron, desk, province, open_loans, django_assert_num_queries
):
    lending_rules(province, max_loans=None)
    now = timezone.now()
    Loan.objects.bulk_create(
        Loan(item=other, patron=patron, library=province, lent_at=now, due_at=now)
        for other in ItemFactory.create_batch(open_loans, library=province)
    )

    books()

    with django_assert_num_queries(13):
        check_out(item, to=patron, by=desk)
