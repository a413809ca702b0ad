from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.circulation.actions import (
    change_due_date,
    check_in,
    check_out,
    claim_returned,
    drop_claim,
    forgive_lateness,
    renew,
)
from tangthu.circulation.errors import CheckoutRefused, DueDateRefused, RenewalRefused
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.circulation.policy import Block, local_day
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.fees.models import Entry
from tangthu.fees.reading import debt_of
from tangthu.patrons.models import Restriction
from tests.factories import ItemFactory, lending_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    return ItemFactory(library=province, price=45_000)


def late_loan(item, patron, by, *, days):
    loan = check_out(item, to=patron, by=by)
    Loan.objects.filter(pk=loan.pk).update(due_at=loan.due_at - timedelta(days=14 + days))
    loan.refresh_from_db()
    return loan


def owes(patron):
    return debt_of(patron.pk).amount


def test_a_late_return_is_charged_by_the_day(item, patron, desk, province):
    lending_rules(province, overdue_fee=1000)
    loan = late_loan(item, patron, desk, days=3)

    result = check_in(item, by=desk)

    assert (result.lateness.fee.amount, result.lateness.units) == (3000, 3)
    entry = Entry.objects.get()
    assert (entry.fee_kind, entry.source, entry.library) == (
        "overdue",
        f"loan:{loan.pk}:overdue:0",
        province,
    )
    assert owes(patron) == 3000


def test_a_return_in_time_and_one_without_rules_cost_nothing(item, patron, desk, province):
    late_loan(item, patron, desk, days=30)
    assert check_in(item, by=desk).lateness.fee.amount == 0
    lending_rules(province, overdue_fee=1000)
    check_out(item, to=patron, by=desk)

    result = check_in(item, by=desk)

    assert result.lateness.fee.amount == 0
    assert not Entry.objects.exists()


def test_a_fee_stops_at_the_price_of_the_copy(item, patron, desk, province):
    lending_rules(province, overdue_fee=1000)
    late_loan(item, patron, desk, days=100)

    check_in(item, by=desk)

    assert owes(patron) == 45_000


def test_a_renewal_charges_what_was_late_and_the_return_only_the_rest(item, patron, desk, province):
    lending_rules(province, overdue_fee=1000)
    loan = late_loan(item, patron, desk, days=2)

    renewed = renew(loan, by=desk)
    assert owes(patron) == 2000
    assert [(each.code, each.data["owed"]) for each in renewed.remarks] == [("late_fee", 2000)]
    late = timezone.now() - timedelta(days=5)
    Loan.objects.filter(pk=loan.pk).update(due_at=late)
    check_in(item, by=desk)

    assert owes(patron) == 7000
    assert Entry.objects.count() == 2


def test_a_late_return_suspends_instead_where_the_rules_say_so(item, patron, desk, province):
    lending_rules(province, suspension_days=2)
    late_loan(item, patron, desk, days=3)

    result = check_in(item, by=desk)

    until = local_day(timezone.now()) + timedelta(days=6)
    assert result.lateness.suspension.until == until
    restriction = Restriction.objects.get()
    assert (restriction.kind, restriction.until, restriction.patron) == (
        "suspension",
        until,
        patron,
    )
    with pytest.raises(CheckoutRefused) as refusal:
        check_out(ItemFactory(library=province), to=patron, by=desk)
    assert refusal.value.verdict.codes == (Block.PATRON_RESTRICTED,)
    assert check_out(ItemFactory(library=province), to=patron, by=desk, on_site=True).on_site


def test_forgiving_takes_the_fee_and_the_suspension_back(
    item, patron, desk, province, administrator
):
    lending_rules(province, overdue_fee=1000, suspension_days=1)
    loan = late_loan(item, patron, desk, days=3)
    check_in(item, by=desk)

    done = forgive_lateness(loan, reason="Lũ lụt", by=administrator)

    assert done == 2
    assert owes(patron) == 0
    assert Restriction.objects.get().lifted_at is not None
    assert forgive_lateness(loan, reason="Lũ lụt", by=administrator) == 0
    assert AuditEntry.objects.filter(action="loan.forgiven").count() == 1


def test_the_desk_alone_forgives_nothing(item, patron, desk, province):
    lending_rules(province, overdue_fee=1000)
    loan = late_loan(item, patron, desk, days=3)
    check_in(item, by=desk)

    with pytest.raises(NotPermitted):
        forgive_lateness(loan, reason="Quen", by=desk)

    assert owes(patron) == 3000


def test_debts_stop_loans_and_the_desk_alone_does_not_override_them(
    item, patron, desk, province, administrator
):
    lending_rules(province, overdue_fee=10_000, max_debt=20_000)
    late_loan(item, patron, desk, days=3)
    check_in(item, by=desk)

    with pytest.raises(CheckoutRefused) as refusal:
        check_out(item, to=patron, by=desk)
    with pytest.raises(NotPermitted):
        check_out(item, to=patron, by=desk, override=[Block.DEBT])
    loan = check_out(item, to=patron, by=administrator, override=[Block.DEBT])

    (block,) = refusal.value.blocks
    assert (block.code, block.data) == (Block.DEBT, {"owed": 30_000, "most_owed": 20_000})
    assert block.permission == "circulation.override_debt"
    assert loan.overridden == ["debt"]


def test_debts_of_wards_stop_their_guardian(item, patron, desk, province):
    lending_rules(province, overdue_fee=1000, max_debt_of_wards=0)
    guardian = type(patron).objects.get(pk=patron.pk)
    from tests.factories import PatronFactory

    ward = PatronFactory(library=province, guardian=guardian)
    late_loan(item, ward, desk, days=1)
    check_in(item, by=desk)

    with pytest.raises(CheckoutRefused) as refusal:
        check_out(item, to=guardian, by=desk)

    assert refusal.value.verdict.codes == (Block.DEBT_OF_WARDS,)


def test_a_copy_said_to_be_returned_is_looked_for_and_costs_no_more(item, patron, desk, province):
    lending_rules(province, overdue_fee=1000, overdue_blocks=1)
    loan = late_loan(item, patron, desk, days=2)

    claim_returned(loan, by=desk)
    Loan.objects.filter(pk=loan.pk).update(
        claimed_at=loan.due_at + timedelta(days=1), due_at=loan.due_at
    )

    assert not Loan.objects.overdue(timezone.now()).exists()
    other = ItemFactory(library=province)
    assert check_out(other, to=patron, by=desk)
    with pytest.raises(RenewalRefused) as refusal:
        renew(loan, by=desk)
    assert Block.CLAIMED_NOT_RENEWED in refusal.value.verdict.codes
    assert check_in(item, by=desk).lateness.fee.amount == 1000
    assert LoanEvent.objects.filter(kind="claim").count() == 1


def test_readers_claim_their_own_loans_and_the_desk_drops_claims(item, patron, desk, province):
    loan = check_out(item, to=patron, by=desk)
    reader = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)

    assert claim_returned(loan, by=reader).claimed_at is not None
    assert drop_claim(loan, by=desk).claimed_at is None
    with pytest.raises(NotPermitted):
        claim_returned(loan, by=Actor(face=Face.OPAC, patron_id=patron.pk + 1))


def test_a_due_date_is_changed_by_hand(item, patron, desk):
    loan = check_out(item, to=patron, by=desk)
    later = timezone.now() + timedelta(days=40)

    changed = change_due_date(loan, later, by=desk)

    assert changed.due_at == later
    assert changed.renewals == 0
    with pytest.raises(DueDateRefused):
        change_due_date(loan, timezone.now() - timedelta(days=1), by=desk)
    assert Loan.objects.get().due_at == later


def test_unseen_renewals_are_counted_and_the_desk_begins_anew(item, patron, desk, province):
    lending_rules(province, renewals=9, unseen_renewals=1)
    loan = check_out(item, to=patron, by=desk)
    reader = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)

    def earlier():
        Loan.objects.filter(pk=loan.pk).update(due_at=timezone.now() + timedelta(days=1))

    earlier()
    assert renew(loan, by=reader).unseen_renewals == 1
    earlier()
    with pytest.raises(RenewalRefused) as refusal:
        renew(loan, by=reader)
    assert refusal.value.verdict.codes == (Block.NO_UNSEEN_RENEWALS_LEFT,)
    assert renew(loan, by=desk).unseen_renewals == 0
