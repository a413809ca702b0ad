"""What Zalo does not take goes by the next channel to which the reader agreed, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tangthu.core.actor import Actor
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.notices import sealing
from tangthu.notices.actions import Address, announce, announce_to, choose, withdraw
from tangthu.notices.actions.outbox import release_abandoned, retry, take
from tangthu.notices.channels.outcomes import ChannelDown, TryLater, Undeliverable, Unsure
from tangthu.notices.channels.zalo import ZaloCarrier
from tangthu.notices.errors import NoticeGone
from tangthu.notices.kinds import Channel, NoticeKind, Topic
from tangthu.notices.models import ChoiceMode, Notice, Template
from tangthu.notices.policy import LEASE, consent_text
from tangthu.notices.postman import deliver
from tangthu.patrons.actions import actor_for
from tangthu.patrons.models import Consent, ConsentPurpose, Patron
from tests.factories import PatronFactory
from tests.notices.gateways import Zalo
from tests.notices.readers import agree
from tests.notices.test_deliver import Bag, failing
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
NOT_ON_ZALO = {"error": -118, "message": "Zalo account not existed"}
SPENT = {"error": -144, "message": "OA exceeded its daily quota"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Coordinates]:
    """At noon telephones may ring."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def lan(province: Library) -> Patron:
    """A reader with a telephone and an e-mail address, told of holds by Zalo."""
    Template.objects.create(
        library=province,
        kind=NoticeKind.HOLD_READY,
        channel=Channel.ZALO,
        language="vi",
        subject="353018",
        body="{title}",
        changed_at=timezone.now(),
        changed_by="admin",
    )
    patron = PatronFactory(
        library=province, name="Nguyễn Thị Lan", email="lan@example.vn", phone="+84905123456"
    )
    agree(patron, Topic.HOLDS, Channel.ZALO)
    return patron


def ready(patron: Patron, number: int = 1) -> Notice:
    told = announce(
        NoticeKind.HOLD_READY,
        to=patron,
        library=patron.library,
        values={"title": f"Sách {number}", "pickup": "Thư viện tỉnh", "until": date(2026, 12, 5)},
        source=f"hold:{number}",
    )
    return next(each for each in told if each.channel == Channel.ZALO)


def rows(patron: Patron) -> list[tuple[str, str]]:
    found = Notice.objects.filter(patron=patron).order_by("id")
    return list(found.values_list("channel", "state"))


def card_consent(patron: Patron, *purposes: ConsentPurpose) -> None:
    for purpose in purposes:
        Consent.objects.create(
            patron=patron,
            purpose=purpose,
            version="1",
            language="vi",
            text="Tôi đồng ý…",
            given_by=patron.name,
            given_at=timezone.now(),
        )


def test_who_is_not_on_zalo_gets_what_they_asked_for_by_mail(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    first, bag = ready(lan), Bag()

    deliver(Channel.ZALO, ZaloCarrier())
    deliver(Channel.EMAIL, bag)

    (message,) = bag.taken
    assert message.address == "lan@example.vn"
    assert "Sách 1" in message.body
    assert rows(lan) == [("zalo", "given_up"), ("email", "sent")]
    assert Notice.objects.get(channel="email").instead_of == first
    assert len(zalo.sent) == 1


def test_an_sms_comes_before_a_mail_where_it_was_agreed_to(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    first = ready(lan)
    agree(lan, Topic.HOLDS, Channel.SMS)

    deliver(Channel.ZALO, ZaloCarrier())

    assert rows(lan) == [("zalo", "given_up"), ("sms", "pending")]
    assert Notice.objects.get(channel="sms").expires_at == first.expires_at


def test_an_sms_that_is_refused_too_gives_way_to_a_mail(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    ready(lan)
    agree(lan, Topic.HOLDS, Channel.SMS)
    deliver(Channel.ZALO, ZaloCarrier())

    deliver(Channel.SMS, Bag(fail=failing(Undeliverable("address_refused"))))

    assert rows(lan) == [("zalo", "given_up"), ("sms", "given_up"), ("email", "pending")]


def test_an_sms_that_nobody_chose_instead_of_zalo_does_not_become_a_mail(lan: Patron) -> None:
    withdraw(lan, topic=Topic.HOLDS, channel=Channel.ZALO, by=actor_for(lan))
    agree(lan, Topic.HOLDS, Channel.SMS)
    announce(
        NoticeKind.HOLD_READY,
        to=lan,
        library=lan.library,
        values={"title": "Sách", "pickup": "Thư viện tỉnh"},
        source="hold:1",
    )

    deliver(Channel.SMS, Bag(fail=failing(Undeliverable("address_refused"))))

    assert rows(lan) == [("sms", "given_up")]


def test_the_cards_consent_reminds_by_zalo_and_by_sms_where_zalo_refuses(
    province: Library, zalo: Zalo
) -> None:
    reader = PatronFactory(library=province, phone="+84905123456")
    card_consent(reader, ConsentPurpose.REMINDERS, ConsentPurpose.ZALO)
    announce(
        NoticeKind.DUE_SOON,
        to=reader,
        library=province,
        values={"title": "Sách", "due": date(2026, 12, 5)},
        source="loan:1",
    )

    deliver(Channel.ZALO, ZaloCarrier())

    assert rows(reader) == [("zalo", "given_up"), ("sms", "pending")]
    assert Notice.objects.get(channel="zalo").error == "zalo_template_missing"


def test_what_was_not_agreed_to_is_not_used(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    ready(lan)
    withdraw(lan, topic=Topic.HOLDS, channel=Channel.EMAIL, by=actor_for(lan))

    deliver(Channel.ZALO, ZaloCarrier())

    assert rows(lan) == [("zalo", "given_up")]


def test_who_is_told_by_another_channel_already_is_not_told_twice(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    agree(lan, Topic.HOLDS, Channel.EMAIL)
    ready(lan)

    for _ in range(2):
        deliver(Channel.ZALO, ZaloCarrier())

    assert sorted(rows(lan)) == [("email", "pending"), ("zalo", "given_up")]


@pytest.mark.parametrize("error", ["timeout", "broken_line"])
def test_what_may_have_arrived_goes_no_other_way(lan: Patron, error: str) -> None:
    ready(lan)

    deliver(Channel.ZALO, Bag(fail=failing(Unsure(error))))

    assert rows(lan) == [("zalo", "given_up")]


def test_what_a_worker_died_with_goes_no_other_way(
    lan: Patron, noon: time_machine.Coordinates
) -> None:
    take(ready(lan), now=timezone.now())
    noon.shift(LEASE + timedelta(minutes=1))

    assert release_abandoned(now=timezone.now()) == 1

    assert rows(lan) == [("zalo", "given_up")]


def test_what_was_tried_in_vain_for_long_goes_another_way(
    lan: Patron, noon: time_machine.Coordinates
) -> None:
    ready(lan)
    bag = Bag(fail=failing(TryLater("not_accepted")))
    for _ in range(7):
        deliver(Channel.ZALO, bag)
        assert rows(lan) == [("zalo", "failed")]
        noon.shift(timedelta(hours=6))

    deliver(Channel.ZALO, bag)

    assert rows(lan) == [("zalo", "given_up"), ("email", "pending")]


def test_when_zalos_quota_is_spent_all_that_waits_goes_another_way(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = SPENT
    for number in (1, 2, 3):
        ready(lan, number)
    bag = Bag()

    done = deliver(Channel.ZALO, ZaloCarrier())
    deliver(Channel.EMAIL, bag)

    assert (done.diverted, len(zalo.sent), len(bag.taken)) == (3, 1, 3)
    assert set(Notice.objects.filter(channel="zalo").values_list("state", "error")) == {
        ("given_up", "too_many")
    }


def test_what_may_go_by_zalo_alone_waits_for_the_quota(
    lan: Patron, zalo: Zalo, noon: time_machine.Coordinates
) -> None:
    zalo.outcome = SPENT
    withdraw(lan, topic=Topic.HOLDS, channel=Channel.EMAIL, by=actor_for(lan))
    ready(lan)
    deliver(Channel.ZALO, ZaloCarrier())
    assert rows(lan) == [("zalo", "pending")]

    noon.shift(timedelta(minutes=61))
    zalo.outcome = {"error": 0, "data": {"msg_id": "z-9"}}
    deliver(Channel.ZALO, ZaloCarrier())

    assert rows(lan) == [("zalo", "sent")]


def test_our_own_limit_of_the_day_counts_as_spent_that_of_a_minute_does_not(
    lan: Patron, zalo: Zalo, settings: Settings, noon: time_machine.Coordinates
) -> None:
    settings.NOTICE_LIMITS = {"zalo": (1, 2)}
    for number in (1, 2, 3):
        ready(lan, number)

    first = deliver(Channel.ZALO, ZaloCarrier())
    noon.shift(timedelta(minutes=1))
    second = deliver(Channel.ZALO, ZaloCarrier())

    assert (first.sent, first.diverted) == (1, 0)
    assert (second.sent, second.diverted) == (1, 1)
    assert len(zalo.sent) == 2
    assert Notice.objects.get(channel="email").instead_of == Notice.objects.get(
        channel="zalo", state="given_up"
    )


def test_a_channel_that_is_down_for_hours_is_left(
    lan: Patron, noon: time_machine.Coordinates
) -> None:
    bag = Bag(fail=failing(ChannelDown("unreachable")))
    ready(lan)
    for _ in range(10):
        deliver(Channel.ZALO, bag)
        assert rows(lan) == [("zalo", "pending")]
        noon.shift(timedelta(minutes=12))

    deliver(Channel.ZALO, bag)
    noon.shift(timedelta(minutes=16))
    deliver(Channel.ZALO, bag)

    assert rows(lan) == [("zalo", "given_up"), ("email", "pending")]


def test_at_night_the_sms_waits_for_the_morning(
    lan: Patron, zalo: Zalo, machine: Actor, noon: time_machine.Coordinates
) -> None:
    set_preference(lan.library, "notices_quiet_from", "20", by=machine)
    zalo.outcome = NOT_ON_ZALO
    ready(lan)
    agree(lan, Topic.HOLDS, Channel.SMS)
    noon.shift(timedelta(hours=9))

    deliver(Channel.ZALO, ZaloCarrier())

    goes = timezone.localtime(Notice.objects.get(channel="sms").next_at)
    assert (goes.day, goes.hour) == (23, 7)


def test_a_days_digest_stays_one(lan: Patron, zalo: Zalo, noon: time_machine.Coordinates) -> None:
    zalo.outcome = NOT_ON_ZALO
    choose(
        lan,
        topic=Topic.HOLDS,
        channel=Channel.ZALO,
        mode=ChoiceMode.DIGEST,
        text=consent_text(Topic.HOLDS, Channel.ZALO, library=lan.library.name, language="vi"),
        by=actor_for(lan),
    )
    for number in (1, 2):
        ready(lan, number)
    noon.shift(timedelta(hours=21))
    bag = Bag()

    deliver(Channel.ZALO, ZaloCarrier())
    deliver(Channel.EMAIL, bag)

    (message,) = bag.taken
    assert "có 2 tin" in message.body


def test_a_code_goes_to_the_same_telephone_alone(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    announce(
        NoticeKind.LOGIN_CODE,
        to=lan,
        library=lan.library,
        values={"code": "482913", "minutes": 10},
        source="login:1",
        channels=[Channel.ZALO],
    )
    bag = Bag()

    deliver(Channel.ZALO, ZaloCarrier())
    sealed = Notice.objects.get(channel="sms").sealed
    deliver(Channel.SMS, bag)

    assert sealing.unseal(bytes(sealed))["code"] == "482913"
    assert "482913" in bag.taken[0].body
    assert set(Notice.objects.values_list("channel", "sealed")) == {("zalo", None), ("sms", None)}


def test_who_is_no_reader_is_told_at_the_number_they_gave(province: Library, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    announce_to(
        Address(name="Lan", email="lan@example.vn", phone="+84905123456"),
        NoticeKind.APPLICATION_RECEIVED,
        library=province,
        values={"number": "HS-1"},
        source="application:1",
        channels=[Channel.ZALO],
    )

    deliver(Channel.ZALO, ZaloCarrier())

    assert Notice.objects.get(state="pending").to_address == "+84905123456"
    assert Notice.objects.get(state="pending").channel == "sms"


def test_the_pages_tell_which_channel_followed(
    lan: Patron, zalo: Zalo, administrator_client: Client, administrator: Actor
) -> None:
    zalo.outcome = NOT_ON_ZALO
    first = ready(lan)
    deliver(Channel.ZALO, ZaloCarrier())
    second = Notice.objects.get(channel="email")

    outbox = administrator_client.get(reverse("notices:outbox")).content.decode()
    of_first = administrator_client.get(reverse("notices:notice", args=[first.pk]))
    of_second = administrator_client.get(reverse("notices:notice", args=[second.pk]))

    assert "thay cho Zalo" in outbox
    assert "Chuyển sang" in outbox
    assert reverse("notices:notice", args=[second.pk]) in of_first.content.decode()
    assert reverse("notices:notice", args=[first.pk]) in of_second.content.decode()
    with pytest.raises(NoticeGone):
        retry(first, by=administrator)


@pytest.mark.django_db(transaction=True)
def test_two_workers_put_it_on_its_other_way_once(lan: Patron, zalo: Zalo) -> None:
    zalo.outcome = NOT_ON_ZALO
    ready(lan)

    at_once(*[lambda: deliver(Channel.ZALO, ZaloCarrier()) for _ in range(3)])

    assert rows(lan) == [("zalo", "given_up"), ("email", "pending")]
