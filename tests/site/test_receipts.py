"""Receipts by e-mail: to who chose them, with the number of the paper."""

from __future__ import annotations

import pytest

from tangthu.access.grants import actor_for
from tangthu.core.actor import Face
from tangthu.fees.actions import Till, charge, pay, refund, reverse, take_deposit
from tangthu.fees.models import FeeKind, Means
from tangthu.fees.permissions import FeesPermission
from tangthu.notices.kinds import Channel, Topic
from tangthu.notices.models import Notice
from tangthu.notices.postman import deliver
from tests.factories import UserFactory, grant
from tests.fees.money import dong
from tests.notices.readers import agree
from tests.notices.test_deliver import Bag


@pytest.fixture
def lan(patron, settings):
    """A reader who can be told by e-mail, and owes something."""
    settings.EMAIL_HOST = "127.0.0.1"
    patron.email = "lan@example.vn"
    patron.save()
    return patron


@pytest.fixture
def chief(province):
    """Who is in charge of the money."""
    user = grant(UserFactory(library=province), province, *FeesPermission)
    return actor_for(user, face=Face.STAFF)


@pytest.fixture
def bank(province):
    return Till(library=province, means=Means.BANK)


@pytest.fixture
def owed(lan, province, chief):
    return charge(lan, kind=FeeKind.OVERDUE, amount=dong(25_000), library=province, by=chief)


def test_who_chose_it_is_sent_the_receipt(lan, owed, bank, chief):
    agree(lan, Topic.RECEIPTS, Channel.EMAIL)
    bag = Bag()

    receipt = pay(lan, amount=dong(25_000), through=bank, by=chief)
    deliver(Channel.EMAIL, bag)

    (message,) = bag.taken
    assert message.subject == f"Biên nhận thanh toán {receipt.label}"
    assert "25.000 đ (bằng chữ: Hai mươi lăm nghìn đồng)" in message.body
    assert "Nội dung: Phí quá hạn" in message.body
    assert f"Số phiếu thu: {receipt.label}" in message.body


def test_a_deposit_has_its_receipt_too(lan, bank, chief):
    agree(lan, Topic.RECEIPTS, Channel.EMAIL)

    take_deposit(lan, amount=dong(100_000), through=bank, by=chief)

    assert Notice.objects.get().values["words"] == "Một trăm nghìn đồng"


def test_who_did_not_choose_it_is_sent_nothing(lan, owed, bank, chief):
    agree(lan, Topic.LOAN_SLIPS, Channel.EMAIL)

    pay(lan, amount=dong(25_000), through=bank, by=chief)

    assert not Notice.objects.exists()


def test_a_payment_that_was_reversed_at_once_is_not_confirmed(lan, owed, bank, chief):
    agree(lan, Topic.RECEIPTS, Channel.EMAIL)
    receipt, bag = pay(lan, amount=dong(25_000), through=bank, by=chief), Bag()
    reverse(receipt.entry, reason="Nhầm bạn đọc", by=chief)

    deliver(Channel.EMAIL, bag)

    assert bag.taken == []
    assert Notice.objects.get().error == "no_longer_true"


def test_money_given_back_is_no_receipt(lan, owed, bank, chief):
    pay(lan, amount=dong(25_000), through=bank, by=chief)
    reverse(owed, reason="Thu nhầm", by=chief)
    agree(lan, Topic.RECEIPTS, Channel.EMAIL)

    refund(lan, amount=dong(25_000), through=bank, reason="Thu nhầm", by=chief)

    assert not Notice.objects.exists()
