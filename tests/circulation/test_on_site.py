from datetime import date, timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import (
    add_helper,
    check_in,
    check_out,
    lend_set,
    note_used,
    remove_helper,
    renew,
)
from tangthu.circulation.errors import CheckoutRefused, HelperRefused, RenewalRefused
from tangthu.circulation.models import Helper, Loan, LoanEvent
from tangthu.circulation.policy import Block, end_of, local_day
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.patrons.models import Restriction
from tests.factories import ItemFactory, ItemTypeFactory, PatronFactory, lending_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    return ItemFactory(library=province)


def refused(*args, **how):
    with pytest.raises(CheckoutRefused) as refusal:
        check_out(*args, **how)
    return refusal.value.verdict.codes


def test_a_copy_for_the_room_is_given_out_until_tonight(item, patron, desk):
    item.status = ItemStatus.ON_SITE_ONLY
    item.save()

    loan = check_out(item, to=patron, by=desk, on_site=True)

    assert loan.on_site
    assert loan.due_at == end_of(local_day(loan.lent_at + timedelta(minutes=1)))
    assert LoanEvent.objects.get().kind == "on_site"
    with pytest.raises(RenewalRefused) as refusal:
        renew(loan, by=desk)
    assert Block.ON_SITE_NOT_RENEWED in refusal.value.verdict.codes
    assert check_in(item, by=desk).loan == loan


def test_what_is_read_here_does_not_count_at_home_and_has_a_limit_of_its_own(
    patron, desk, province
):
    lending_rules(province, max_loans=1, max_on_site=2)
    for _ in range(2):
        check_out(ItemFactory(library=province), to=patron, by=desk, on_site=True)

    assert refused(ItemFactory(library=province), to=patron, by=desk, on_site=True) == (
        Block.MAX_ON_SITE,
    )
    assert check_out(ItemFactory(library=province), to=patron, by=desk)
    assert refused(ItemFactory(library=province), to=patron, by=desk) == (Block.MAX_LOANS,)


def test_a_reader_takes_home_what_was_read_here(item, patron, desk, province):
    check_out(item, to=patron, by=desk, on_site=True)
    other = PatronFactory(library=province)

    assert refused(item, to=other, by=desk) == (Block.ON_LOAN_TO_ANOTHER,)
    loan = check_out(item, to=patron, by=desk)

    here, home = Loan.objects.order_by("pk")
    assert (here.ending, here.returned_at is not None) == ("taken_home", True)
    assert home == loan
    assert not home.on_site


def test_a_refused_loan_leaves_the_copy_in_the_room(item, patron, desk, province):
    check_out(item, to=patron, by=desk, on_site=True)
    lending_rules(province, lent_home="no")

    assert refused(item, to=patron, by=desk) == (Block.NOT_FOR_LOAN,)

    assert Loan.objects.open().get().on_site


def test_uses_in_the_room_are_counted_without_a_reader(item, desk):
    note_used(item, by=desk)
    note_used(item, by=desk)

    assert LoanEvent.objects.filter(kind="used", patron_category=None).count() == 2
    assert not Loan.objects.exists()


def test_loose_parts_are_asked_about_and_whoever_lends_may_say_yes(item, patron, desk):
    item.materials = "1 CD"
    item.save()

    assert refused(item, to=patron, by=desk) == (Block.LOOSE_PARTS,)
    loan = check_out(item, to=patron, by=desk, override=[Block.LOOSE_PARTS])

    assert loan.overridden == ["loose_parts"]


def test_a_record_may_ask_for_an_age(item, desk, province):
    item.record.minimum_age = 18
    item.record.save()
    today = local_day(timezone.now())
    child = PatronFactory(library=province, birth_on=today - timedelta(days=365 * 12))

    assert refused(item, to=child, by=desk) == (Block.TOO_YOUNG,)
    lending_rules(province, record_age="allow")

    assert check_out(item, to=child, by=desk)


def test_a_second_copy_is_asked_about_where_the_rules_say_so(item, patron, desk, province):
    lending_rules(province, same_title="ask")
    check_out(item, to=patron, by=desk)

    second = ItemFactory(library=province, record=item.record)

    assert refused(second, to=patron, by=desk) == (Block.SAME_TITLE_ON_LOAN,)


def test_a_title_had_before_is_told_only_of_readers_who_keep_their_past(
    item, patron, desk, province
):
    from tangthu.patrons.models import ReaderAccount

    lending_rules(province, previous_loan="ask")
    check_out(item, to=patron, by=desk)
    check_in(item, by=desk)
    check_out(item, to=patron, by=desk)
    ReaderAccount.objects.create(patron=patron, keeps_history_since=timezone.now())
    check_in(item, by=desk)

    assert refused(item, to=patron, by=desk) == (Block.HAD_BEFORE,)


def test_one_reader_borrows_for_another_who_allowed_it(item, patron, desk, province):
    daughter = PatronFactory(library=province, name="Nguyễn Thị Bé")

    assert refused(item, to=patron, by=desk, fetched_by=daughter) == (Block.NOT_A_HELPER,)
    named = add_helper(patron, daughter, by=desk)
    loan = check_out(item, to=patron, by=desk, fetched_by=daughter)

    assert (loan.patron, loan.fetched_by) == (patron, daughter)
    entry = AuditEntry.objects.get(action="loan.check_out")
    assert "fetched_by" not in entry.changes
    check_in(item, by=desk)
    assert Loan.objects.get().fetched_by is None
    remove_helper(named, by=desk)
    assert refused(item, to=patron, by=desk, fetched_by=daughter) == (Block.NOT_A_HELPER,)


def test_a_guardian_borrows_for_a_ward_unasked(item, patron, desk, province):
    ward = PatronFactory(library=province, guardian=patron)

    assert check_out(item, to=ward, by=desk, fetched_by=patron).fetched_by == patron


def test_leave_to_borrow_ends_with_its_day(item, patron, desk, province):
    helper = PatronFactory(library=province)
    add_helper(patron, helper, by=desk, until=date(2026, 1, 1))

    assert refused(item, to=patron, by=desk, fetched_by=helper) == (Block.NOT_A_HELPER,)


def test_nobody_helps_themselves_and_strangers_name_no_helpers(patron, desk, neighbour, province):
    with pytest.raises(HelperRefused):
        add_helper(patron, patron, by=desk)
    with pytest.raises(NotPermitted):
        add_helper(patron, PatronFactory(library=province), by=neighbour)

    assert not Helper.objects.exists()


def test_a_card_of_a_family_is_judged_by_the_age_of_who_came(item, desk, province):
    lending_rules(province, minimum_age=16)
    today = local_day(timezone.now())
    family = PatronFactory(library=province, name="Gia đình Niê")
    father = PatronFactory(library=province, birth_on=today - timedelta(days=365 * 40))
    child = PatronFactory(library=province, birth_on=today - timedelta(days=365 * 9))
    for member in (father, child):
        add_helper(family, member, by=desk)

    assert refused(item, to=family, by=desk, fetched_by=child) == (Block.TOO_YOUNG,)
    assert check_out(item, to=family, by=desk, fetched_by=father)


def test_a_class_set_goes_out_at_once_until_one_day(patron, desk, province):
    lending_rules(province, max_loans=30)
    lending_rules(province, max_loans_total=30)
    copies = [ItemFactory(library=province) for _ in range(6)]
    copies[2].status = ItemStatus.DAMAGED
    copies[2].save()
    disc = ItemFactory(library=province, item_type=ItemTypeFactory(code="disc", name="Đĩa"))
    due_at = timezone.now() + timedelta(days=120)

    result = lend_set([*copies, disc], to=patron, by=desk, due_at=due_at)

    assert len(result.lent) == 6
    assert {loan.due_at for loan in result.lent} == {due_at}
    assert [(item, verdict.codes) for item, verdict in result.refused] == [
        (copies[2], (Block.ITEM_DAMAGED,))
    ]


def test_a_set_without_a_date_is_due_with_its_first_copy(patron, desk, province):
    result = lend_set([ItemFactory(library=province) for _ in range(3)], to=patron, by=desk)

    assert len({loan.due_at for loan in result.lent}) == 1
    assert not Restriction.objects.exists()


def test_what_decided_is_kept_with_the_loan(item, patron, desk, province):
    loan = check_out(item, to=patron, by=desk)
    lending_rules(province, loan_length=3)

    kept = Loan.objects.get(pk=loan.pk).decided

    assert ["loan_length", "DLK", None, None, "14"] in kept
    assert ["max_loans", "DLK", None, None, "3"] in kept
