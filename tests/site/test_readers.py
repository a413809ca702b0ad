"""What the apps above the readers do when one of them is to be forgotten."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tangthu.circulation.actions import (
    add_helper,
    check_in,
    check_out,
    report_lost,
    settle_harm,
)
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Helper, Loan
from tangthu.core.actor import Actor, Face
from tangthu.core.money import Money
from tangthu.delivery.models import Delivery, DeliveryLeg
from tangthu.delivery.policy import State
from tangthu.fees.actions import charge
from tangthu.notices.channels.folder import FolderCarrier
from tangthu.notices.kinds import Channel
from tangthu.notices.models import Notice
from tangthu.notices.postman import deliver
from tangthu.patrons.actions.erasing import erase_patron
from tangthu.patrons.actions.requests import request_data_right
from tangthu.patrons.errors import ErasureNotYet
from tangthu.patrons.models import DataRequest, RequestKind
from tests.factories import ItemFactory, PatronFactory, lending_rules
from tests.support.threads import at_once


@pytest.fixture
def delivery(province, patron):
    return Delivery.objects.create(
        library=province,
        patron=patron,
        leg=DeliveryLeg.OUT,
        state=State.DELIVERED,
        reference="DLK-1",
        name=patron.name,
        phone="+84905123456",
        address="12 Phan Chu Trinh",
        asked_at=timezone.now(),
        closed_at=timezone.now(),
    )


def wish(patron) -> DataRequest:
    own = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)
    return request_data_right(patron, RequestKind.ERASE, by=own)


def test_an_erased_reader_is_cut_off_loans_helpers_and_deliveries(
    province, patron, delivery, desk, administrator
):
    item, other = ItemFactory(library=province), PatronFactory(library=province)
    add_helper(patron, other, by=desk)
    add_helper(other, patron, by=desk)
    loan = check_out(item, to=patron, by=desk)
    fetched = check_out(ItemFactory(library=province), to=other, fetched_by=patron, by=desk)
    check_in(item, by=desk)

    erase_patron(wish(patron), by=administrator)

    loan.refresh_from_db()
    fetched.refresh_from_db()
    delivery.refresh_from_db()
    assert (loan.patron, fetched.patron, fetched.fetched_by) == (None, other, None)
    assert not Helper.objects.exists()
    assert (delivery.patron, delivery.name, delivery.phone, delivery.address) == (None, "", "", "")


def test_what_tells_of_the_erasure_is_forgotten_once_it_is_sent(
    patron, administrator, settings, tmp_path
):
    settings.NOTICES_FOLDER = str(tmp_path)
    patron.email = "mau@example.org"
    patron.save()
    erase_patron(wish(patron), by=administrator)
    waiting = Notice.objects.get()
    assert (waiting.to_address, waiting.fleeting) == ("mau@example.org", True)

    deliver(Channel.EMAIL, FolderCarrier(tmp_path))

    sent = Notice.objects.get()
    assert sent.state == "sent"
    assert (sent.to_name, sent.to_address, sent.values) == ("", "", {})
    assert "mau@example.org" in "".join(path.read_text() for path in tmp_path.glob("*.json"))


def test_a_reader_to_whom_books_are_on_their_way_is_not_erased(patron, delivery, administrator):
    delivery.state, delivery.closed_at = State.ON_THE_WAY, None
    delivery.save()

    with pytest.raises(ErasureNotYet):
        erase_patron(wish(patron), by=administrator)

    patron.refresh_from_db()
    assert patron.name != ""
    assert Loan.objects.count() == 0


def test_who_lost_a_book_is_forgotten_only_when_that_is_settled(
    province, patron, desk, administrator
):
    lending_rules(province, max_loans=3, loan_length=14)
    loan = check_out(ItemFactory(library=province, price=None), to=patron, by=desk)
    report = report_lost(loan, by=Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card))
    request = wish(patron)

    with pytest.raises(ErasureNotYet) as refused:
        erase_patron(request, by=administrator)

    assert [each.code for each in refused.value.refusals] == ["erasure_harms_open"]
    patron.refresh_from_db()
    assert patron.erased_at is None
    settle_harm(report, by=administrator)
    assert erase_patron(request, by=administrator).erased_at is not None
    loan.refresh_from_db()
    assert loan.patron is None


def test_a_reader_with_a_book_and_a_debt_is_not_erased_and_hears_of_both(
    province, patron, desk, administrator
):
    item = ItemFactory(library=province)
    check_out(item, to=patron, by=desk)
    charge(patron, kind="other", amount=Money(5_000), library=province, by=administrator)
    request = wish(patron)

    with pytest.raises(ErasureNotYet) as refused:
        erase_patron(request, by=administrator)

    codes = [each.code for each in refused.value.refusals]
    assert codes == ["erasure_loans_open", "erasure_money_open"]
    patron.refresh_from_db()
    assert (patron.erased_at, patron.name) == (None, "Nguyễn Văn An")
    assert Loan.objects.get().patron == patron


@pytest.mark.django_db(transaction=True)
def test_a_reader_is_erased_or_borrows_but_never_both(province, patron, desk, administrator):
    item, request = ItemFactory(library=province), wish(patron)

    erased, lent = at_once(
        lambda: erase_patron(request, by=administrator),
        lambda: check_out(item, to=patron, by=desk),
    )

    if isinstance(lent, Loan):
        assert isinstance(erased, ErasureNotYet)
        assert Loan.objects.get().patron == patron
    else:
        assert isinstance(lent, CheckoutRefused)
        assert erased.erased_at is not None
        assert not Loan.objects.exists()
