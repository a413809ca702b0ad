from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_in, check_out, renew, renew_by_itself
from tangthu.circulation.errors import LoanClosed, RenewalRefused
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.circulation.policy import Block, end_of, local_day
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tests.factories import ItemFactory, PatronFactory, lending_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    return ItemFactory(library=province)


@pytest.fixture
def loan(item, patron, desk):
    """A loan that is due in two days."""
    loan = check_out(item, to=patron, by=desk)
    loan.due_at = timezone.now() + timedelta(days=2)
    loan.save(update_fields=["due_at"])
    return loan


def due_in(days):
    return local_day(timezone.now()) + timedelta(days=days)


def reader(patron):
    return Actor(face=Face.OPAC, name=patron.name, patron_id=patron.pk)


def refused(loan, by, **how):
    before = Loan.objects.values().get(pk=loan.pk)
    entries = AuditEntry.objects.count()
    with pytest.raises(RenewalRefused) as refusal:
        renew(loan, by=by, **how)
    assert Loan.objects.values().get(pk=loan.pk) == before
    assert AuditEntry.objects.count() == entries
    assert not LoanEvent.objects.filter(kind="renew").exists()
    return refusal.value


def test_a_loan_is_extended_from_today(loan, desk):
    renewed = renew(loan, by=desk)

    loan.refresh_from_db()
    assert renewed == loan
    assert local_day(loan.due_at) == due_in(14)
    assert loan.renewals == 1


def test_the_renewal_is_counted_and_written_down(loan, desk, province):
    before = loan.due_at

    renewed = renew(loan, by=desk)

    event = LoanEvent.objects.get(kind="renew")
    assert (event.item, event.library) == (loan.item, province)
    entry = AuditEntry.objects.newest().first()
    assert entry.action == "loan.renew"
    assert entry.changes["due_at"] == [before.isoformat(), renewed.due_at.isoformat()]
    assert entry.changes["renewals"] == [0, 1]
    assert set(entry.changes) == {"due_at", "renewals"}


def test_the_renewals_are_limited(loan, desk, province):
    lending_rules(province, renewals=0)

    refusal = refused(loan, desk)

    assert refusal.verdict.codes == (Block.NO_RENEWALS_LEFT,)
    assert refusal.data["blocks"][0]["rule"]["value"] == "0"


def test_the_desk_renews_in_spite_of_the_limit_and_it_is_written_down(loan, desk, province):
    lending_rules(province, renewals=0)

    renewed = renew(loan, by=desk, override=["no_renewals_left"])

    assert renewed.renewals == 1
    assert renewed.overridden == ["no_renewals_left"]


def test_readers_renew_their_own_loans(loan, patron):
    renewed = renew(loan, by=reader(patron))

    assert renewed.renewals == 1
    assert LoanEvent.objects.get(kind="renew").face == "opac"


def test_readers_override_nothing(loan, patron, province):
    lending_rules(province, renewals=0)

    with pytest.raises(NotPermitted):
        renew(loan, by=reader(patron), override=["no_renewals_left"])

    loan.refresh_from_db()
    assert loan.renewals == 0


def test_readers_do_not_renew_the_loans_of_others(loan, foreign_patron):
    with pytest.raises(NotPermitted):
        renew(loan, by=reader(foreign_patron))


def test_who_may_not_lend_renews_nothing(loan, cataloguer):
    with pytest.raises(NotPermitted):
        renew(loan, by=cataloguer)


def test_a_loan_that_ended_is_not_renewed(loan, item, desk):
    check_in(item, by=desk)

    with pytest.raises(LoanClosed):
        renew(loan, by=desk)


def test_an_expired_card_and_a_lost_copy_stop_a_renewal(loan, patron, item, desk):
    patron.expires_on = due_in(-1)
    patron.save(update_fields=["expires_on"])
    item.status = ItemStatus.LOST
    item.save(update_fields=["status"])

    refusal = refused(loan, desk)

    assert refusal.verdict.codes == (Block.CARD_EXPIRED, Block.ITEM_LOST)


def test_a_renewal_that_gains_nothing_is_refused(item, patron, desk):
    loan = check_out(item, to=patron, by=desk)

    refusal = refused(loan, desk, override=Block)

    assert refusal.verdict.codes == (Block.RENEWAL_GAINS_NOTHING,)


def test_the_limit_of_loans_does_not_stop_a_renewal(loan, desk, province):
    lending_rules(province, max_loans=1)

    assert renew(loan, by=desk).renewals == 1


def test_loans_due_today_renew_by_themselves_where_the_rules_say_so(desk, province, machine):
    lending_rules(province, renewals=1, max_loans=9)
    today = end_of(local_day(timezone.now()))
    one, other = (
        check_out(ItemFactory(library=province), to=PatronFactory(library=province), by=desk)
        for _ in range(2)
    )
    Loan.objects.update(due_at=today)
    by_day = Actor.machine("schedule", face=Face.JOB)
    assert renew_by_itself(by=by_day) == 0
    lending_rules(province, renewed_by_itself="yes")
    Loan.objects.filter(pk=other.pk).update(renewals=1)

    assert renew_by_itself(by=by_day) == 1

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.renewals, one.unseen_renewals) == (1, 1)
    assert one.due_at > today
    assert other.due_at == today
    with pytest.raises(NotPermitted):
        renew_by_itself(by=desk)
