"""What is told to somebody who is being forgotten: sent, and nothing of them kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.notices.actions import Address, announce_to
from tangthu.notices.actions.outbox import cancel, release_abandoned, retry, take
from tangthu.notices.channels.outcomes import TryLater, Undeliverable
from tangthu.notices.channels.zalo import ZaloCarrier
from tangthu.notices.errors import NoticeGone
from tangthu.notices.kinds import Channel, NoticeKind
from tangthu.notices.models import Notice
from tangthu.notices.policy import LEASE
from tangthu.notices.postman import deliver
from tests.notices.gateways import Zalo
from tests.notices.test_deliver import Bag, failing

pytestmark = pytest.mark.django_db
SOMEBODY = Address(name="Nguyễn Thị Lan", email="lan@example.vn", phone="+84905123456")


@pytest.fixture
def last_word(province: Library) -> Callable[..., Notice]:
    """Announce the last that somebody hears of the library."""

    def tell(*channels: Channel) -> Notice:
        (told,) = announce_to(
            SOMEBODY,
            NoticeKind.REQUEST_ANSWERED,
            library=province,
            values={"what": "xóa dữ liệu cá nhân", "answer": "Thư viện đã xóa."},
            source="data_request:1:done",
            channels=channels or [Channel.EMAIL],
            fleeting=True,
        )
        return told

    return tell


def traces(notice: Notice) -> tuple[object, ...]:
    notice.refresh_from_db()
    return (
        notice.to_name,
        notice.to_address,
        notice.values,
        notice.error_detail,
        notice.receipt,
        notice.reader,
    )


def nothing(notice: Notice) -> tuple[object, ...]:
    return ("", "", {}, "", "", f"forgotten:{notice.pk}")


def test_it_is_forgotten_as_soon_as_it_was_sent(last_word: Callable[..., Notice]) -> None:
    notice, bag = last_word(), Bag()

    deliver(Channel.EMAIL, bag)

    assert bag.taken[0].address == "lan@example.vn"
    assert "Thư viện đã xóa." in bag.taken[0].body
    assert traces(notice) == nothing(notice)
    assert (notice.state, notice.sent_at is not None) == ("sent", True)


def test_while_it_may_still_go_it_is_kept(last_word: Callable[..., Notice]) -> None:
    notice = last_word()

    deliver(Channel.EMAIL, Bag(fail=failing(TryLater("mailbox_busy"))))

    notice.refresh_from_db()
    assert (notice.state, notice.to_address) == ("failed", "lan@example.vn")


def test_it_is_forgotten_when_it_will_never_go(last_word: Callable[..., Notice]) -> None:
    notice = last_word()
    refused = Undeliverable("address_refused", "550 <lan@example.vn> unknown")

    deliver(Channel.EMAIL, Bag(fail=failing(refused)))

    assert traces(notice) == nothing(notice)
    assert (notice.state, notice.error) == ("given_up", "address_refused")


def test_it_is_forgotten_when_it_comes_too_late(last_word: Callable[..., Notice]) -> None:
    notice = last_word()
    Notice.objects.update(expires_at=timezone.now())

    deliver(Channel.EMAIL, Bag())

    assert traces(notice) == nothing(notice)
    assert notice.state == "cancelled"


def test_it_is_forgotten_when_a_worker_died_with_it(last_word: Callable[..., Notice]) -> None:
    notice = last_word()
    now = timezone.now()
    take(notice, now=now)

    with time_machine.travel(now + LEASE * 2, tick=False):
        release_abandoned(now=timezone.now())

    assert traces(notice) == nothing(notice)


def test_it_is_forgotten_when_staff_cancel_it_and_never_goes_again(
    last_word: Callable[..., Notice], administrator: Actor
) -> None:
    notice = last_word()

    cancel(notice, by=administrator)

    assert traces(notice) == nothing(notice)
    with pytest.raises(NoticeGone):
        retry(notice, by=administrator)


def test_what_goes_another_way_is_forgotten_on_both(
    last_word: Callable[..., Notice], zalo: Zalo
) -> None:
    zalo.outcome = {"error": -118, "message": "Zalo account not existed"}
    notice, bag = last_word(Channel.ZALO), Bag()

    with time_machine.travel("2026-11-22T05:00:00Z", tick=False):
        Notice.objects.update(next_at=timezone.now())
        deliver(Channel.ZALO, ZaloCarrier())
        second = Notice.objects.get(channel="sms")
        deliver(Channel.SMS, bag)

    assert bag.taken[0].address == "+84905123456"
    assert traces(notice) == nothing(notice)
    assert traces(second) == nothing(second)
