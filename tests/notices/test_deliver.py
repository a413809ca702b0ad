"""The outbox on its way: once, in order, later when it must, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from threading import Lock

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from tangthu.core.actor import Actor, Face
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.notices import checks
from tangthu.notices.actions import announce, choose
from tangthu.notices.actions.outbox import cancel, forget_notices, retry, take, withdraw_source
from tangthu.notices.channels.outcomes import ChannelDown, TryLater, Undeliverable, Unsure
from tangthu.notices.errors import NoticeGone
from tangthu.notices.kinds import Channel, NoticeKind, Topic
from tangthu.notices.models import ChannelState, ChoiceMode, Notice, Template
from tangthu.notices.policy import LEASE, consent_text
from tangthu.notices.postman import deliver
from tangthu.notices.rendering import Message
from tangthu.patrons.models import Patron
from tests.factories import PatronFactory
from tests.notices.readers import agree
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@dataclass(slots=True)
class Bag:
    """A carrier that keeps what it is given, and fails as it is told."""

    taken: list[Message] = field(default_factory=list)
    fail: Callable[[Message], None] = lambda _message: None
    lock: Lock = field(default_factory=Lock)

    def send(self, message: Message) -> str:
        self.fail(message)
        with self.lock:
            self.taken.append(message)
        return f"receipt-{len(self.taken)}"

    def close(self) -> None:
        pass


def failing(error: Exception) -> Callable[[Message], None]:
    def fail(_message: Message) -> None:
        raise error

    return fail


@pytest.fixture
def lan(province: Library) -> Patron:
    patron = PatronFactory(library=province, name="Nguyễn Thị Lan", email="lan@example.vn")
    for topic in (Topic.DUE_SOON, Topic.DUE_DATES, Topic.CARD):
        agree(patron, topic, Channel.EMAIL)
    return patron


def ready(patron: Patron, number: int = 1) -> Notice:
    (notice,) = announce(
        NoticeKind.HOLD_READY,
        to=patron,
        library=patron.library,
        values={"title": f"Sách {number}", "pickup": "Thư viện tỉnh", "until": date(2026, 12, 5)},
        source=f"hold:{number}",
    )
    return notice


def due_soon(patron: Patron, number: int = 1) -> Notice:
    (notice,) = announce(
        NoticeKind.DUE_SOON,
        to=patron,
        library=patron.library,
        values={"title": f"Sách {number}", "due": date(2026, 12, 5)},
        source=f"loan:{number}",
    )
    return notice


def test_what_is_due_goes_once_and_in_order(lan: Patron) -> None:
    notices, bag = [ready(lan, number) for number in range(1, 31)], Bag()

    first, second = deliver(Channel.EMAIL, bag), deliver(Channel.EMAIL, bag)

    assert (first.sent, second.sent) == (30, 0)
    assert [f"Sách {n}" in message.body for n, message in enumerate(bag.taken, 1)] == [True] * 30
    notices[0].refresh_from_db()
    assert (notices[0].state, notices[0].receipt, notices[0].attempts) == ("sent", "receipt-1", 1)


def test_a_code_overtakes_everything(lan: Patron) -> None:
    bag = Bag()
    ready(lan)
    announce(
        NoticeKind.LOGIN_CODE,
        to=lan,
        library=lan.library,
        values={"code": "482913", "minutes": 10},
        source="login:1",
    )

    deliver(Channel.EMAIL, bag)

    assert "482913" in bag.taken[0].body
    assert Notice.objects.get(kind="login_code").sealed is None


def test_several_loans_make_one_message(lan: Patron) -> None:
    bag = Bag()
    for number in (1, 2, 3):
        due_soon(lan, number)

    deliver(Channel.EMAIL, bag)

    (message,) = bag.taken
    assert "3 tài liệu" in message.body
    assert "• Sách 2 – hạn trả 05/12/2026" in message.body
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert Notice.objects.filter(sent_with=None).count() == 1


def test_a_digest_gathers_the_day(lan: Patron) -> None:
    bag = Bag()
    with time_machine.travel(NOON, tick=False):
        for topic in (Topic.DUE_SOON, Topic.HOLDS):
            choose(
                lan,
                topic=topic,
                channel=Channel.EMAIL,
                mode=ChoiceMode.DIGEST,
                text=consent_text(topic, Channel.EMAIL, library=lan.library.name, language="vi"),
                by=Actor(face=Face.OPAC, patron_id=lan.pk),
            )
        due_soon(lan)
        ready(lan, 2)
        deliver(Channel.EMAIL, bag)
        assert bag.taken == []

    with time_machine.travel(NOON + timedelta(hours=20, minutes=1), tick=False):
        deliver(Channel.EMAIL, bag)

    (message,) = bag.taken
    assert message.subject == "Tin từ thư viện hôm nay"
    assert "có 2 tin" in message.body
    assert "Sách 2" in message.body


def test_a_server_that_is_down_for_a_day_loses_nothing(lan: Patron, settings: Settings) -> None:
    settings.NOTICE_LIMITS = {"email": (10, 25)}
    bag = Bag(fail=failing(ChannelDown("unreachable")))
    with time_machine.travel(NOON, tick=False) as clock:
        numbers = range(1, 31)
        for number in numbers:
            ready(lan, number)
        for _ in range(24 * 12):
            deliver(Channel.EMAIL, bag)
            clock.shift(timedelta(minutes=5))
        assert bag.taken == []
        assert set(Notice.objects.values_list("state", "attempts")) == {("pending", 0)}

        bag.fail = lambda _message: None
        by_day = list[int]()
        for _ in range(3):
            before = len(bag.taken)
            for _ in range(24 * 4):
                sent = deliver(Channel.EMAIL, bag).sent
                assert sent <= 10
                clock.shift(timedelta(minutes=15))
            by_day.append(len(bag.taken) - before)

    titles = [message.body.split("“")[1].split("”")[0] for message in bag.taken]
    assert titles == [f"Sách {number}" for number in numbers]
    assert max(by_day) <= 25 + 25
    assert Notice.objects.filter(state="sent").count() == 30


def test_a_channel_that_is_down_is_tried_ever_more_seldom(lan: Patron) -> None:
    tried, bag = list[datetime](), Bag()

    def fail(_message: Message) -> None:
        tried.append(timezone.now())
        raise ChannelDown("unreachable")

    bag.fail = fail
    ready(lan)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3600):
            deliver(Channel.EMAIL, bag)
            clock.shift(timedelta(seconds=1))

    waits = [(b - a).total_seconds() for a, b in pairwise(tried)]
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_what_the_other_side_asks_for_is_obeyed(lan: Patron) -> None:
    bag = Bag(fail=failing(ChannelDown("too_many", retry_after=timedelta(minutes=42))))

    with time_machine.travel(NOON, tick=False):
        ready(lan)
        done = deliver(Channel.EMAIL, bag)

    assert done.stopped_until == NOON + timedelta(minutes=42)


def test_an_address_that_refuses_for_good_is_given_up(lan: Patron) -> None:
    notice, bag = ready(lan), Bag(fail=failing(Undeliverable("address_refused", "SMTP 550")))

    deliver(Channel.EMAIL, bag)

    notice.refresh_from_db()
    assert (notice.state, notice.error, notice.error_detail) == (
        "given_up",
        "address_refused",
        "SMTP 550",
    )


def test_an_address_that_is_busy_is_tried_eight_times(lan: Patron) -> None:
    bag = Bag(fail=failing(TryLater("mailbox_busy")))
    with time_machine.travel(NOON, tick=False) as clock:
        notice = ready(lan)
        states = list[str]()
        for _ in range(48):
            deliver(Channel.EMAIL, bag)
            notice.refresh_from_db()
            states.append(notice.state)
            clock.shift(timedelta(hours=1))

    assert (notice.state, notice.attempts) == ("given_up", 8)
    assert states[0] == "failed"


def test_one_that_fails_does_not_keep_the_others(lan: Patron) -> None:
    def fail(message: Message) -> None:
        if "Sách 1”" in message.body:
            raise ChannelDown("server_error", by_message=True)

    bag = Bag(fail=fail)
    with time_machine.travel(NOON, tick=False) as clock:
        for number in (1, 2, 3):
            ready(lan, number)
        deliver(Channel.EMAIL, bag)
        clock.shift(timedelta(seconds=31))
        deliver(Channel.EMAIL, bag)

    assert len(bag.taken) == 2


def test_what_comes_too_late_is_cancelled(lan: Patron) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        notice, bag = due_soon(lan), Bag()
        clock.shift(timedelta(days=4))
        deliver(Channel.EMAIL, bag)

    notice.refresh_from_db()
    assert (notice.state, notice.error, bag.taken) == ("cancelled", "too_late", [])


def test_what_holds_no_longer_is_not_told(lan: Patron, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays, bag = due_soon(lan, 1), due_soon(lan, 2), Bag()
    monkeypatch.setattr(checks, "_checks", {NoticeKind.DUE_SOON: lambda _sources: {"loan:1"}})

    deliver(Channel.EMAIL, bag)

    gone.refresh_from_db()
    stays.refresh_from_db()
    assert (gone.state, gone.error, stays.state) == ("cancelled", "no_longer_true", "sent")
    assert "1 tài liệu" in bag.taken[0].body


def test_a_message_in_doubt_is_not_repeated(lan: Patron) -> None:
    notice, bag = ready(lan), Bag(fail=failing(Unsure("broken_line")))

    deliver(Channel.EMAIL, bag)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("given_up", "broken_line")


def test_what_a_dead_worker_held_is_given_up_and_may_be_sent_again(
    lan: Patron, administrator: Actor
) -> None:
    bag = Bag()
    with time_machine.travel(NOON, tick=False) as clock:
        notice = ready(lan)
        assert take(notice, now=timezone.now()) == [notice]
        deliver(Channel.EMAIL, bag)
        assert bag.taken == []

        clock.shift(LEASE + timedelta(seconds=1))
        deliver(Channel.EMAIL, bag)
        notice.refresh_from_db()
        assert (notice.state, notice.error, bag.taken) == ("given_up", "interrupted", [])

        retry(notice, by=administrator)
        deliver(Channel.EMAIL, bag)

    assert len(bag.taken) == 1


def test_a_text_that_breaks_gives_way_to_the_shipped_one(lan: Patron, network: Library) -> None:
    broken = Template.objects.create(
        library=network,
        kind=NoticeKind.HOLD_READY,
        channel=Channel.EMAIL,
        language="vi",
        subject="Sách đã về",
        body="Mời {ten} đến nhận {title}",
        changed_at=timezone.now(),
        changed_by="test",
    )
    ready(lan)
    bag = Bag()

    deliver(Channel.EMAIL, bag)

    broken.refresh_from_db()
    assert bag.taken[0].subject == "Sách bạn đặt đã sẵn sàng"
    assert broken.broken_at is not None
    assert "{ten}" in broken.broken_why


def test_the_nearest_librarys_text_is_used(lan: Patron, network: Library) -> None:
    for library, subject in ((network, "Mạng"), (lan.library, "Tỉnh")):
        Template.objects.create(
            library=library,
            kind=NoticeKind.HOLD_READY,
            channel=Channel.EMAIL,
            language="vi",
            subject=subject,
            body="{name}: {title}",
            changed_at=timezone.now(),
            changed_by="test",
        )
    ready(lan)
    bag = Bag()

    deliver(Channel.EMAIL, bag)

    assert (bag.taken[0].subject, bag.taken[0].body) == ("Tỉnh", "Nguyễn Thị Lan: Sách 1")


def test_sms_goes_without_marks_unless_the_library_wants_them(
    province: Library, administrator: Actor
) -> None:
    reader = PatronFactory(library=province, phone="+84905123456")
    agree(reader, Topic.CARD, Channel.SMS)
    bag = Bag()

    def tell(source: str) -> None:
        announce(
            NoticeKind.CARD_ENDING,
            to=reader,
            library=province,
            values={"expires": date(2026, 12, 31)},
            source=source,
        )
        Notice.objects.update(next_at=timezone.now())
        deliver(Channel.SMS, bag)

    tell("card:1")
    set_preference(province, "sms_without_marks", "false", by=administrator)
    tell("card:2")

    assert bag.taken[0].body.startswith("Thu vien tinh: the ban doc")
    assert bag.taken[1].body.startswith("Thư viện tỉnh: thẻ bạn đọc")
    assert bag.taken[0].address == "+84905123456"


def test_staff_cancel_and_send_again(lan: Patron, administrator: Actor) -> None:
    notice, bag = ready(lan), Bag()

    cancel(notice, by=administrator)
    deliver(Channel.EMAIL, bag)
    assert bag.taken == []
    retry(notice, by=administrator)
    deliver(Channel.EMAIL, bag)

    assert len(bag.taken) == 1
    with pytest.raises(NoticeGone):
        cancel(notice, by=administrator)
    with pytest.raises(NoticeGone):
        retry(notice, by=administrator)


def test_a_source_that_is_no_more_is_withdrawn(lan: Patron) -> None:
    notice, other = ready(lan, 1), ready(lan, 2)

    assert withdraw_source("hold:1") == 1

    notice.refresh_from_db()
    other.refresh_from_db()
    assert (notice.state, other.state) == ("cancelled", "pending")


def test_old_words_are_forgotten(lan: Patron) -> None:
    notice, bag = ready(lan), Bag()
    deliver(Channel.EMAIL, bag)
    later = timezone.now() + timedelta(days=91)

    assert forget_notices(now=later) == 1

    notice.refresh_from_db()
    assert (notice.values, notice.state) == ({}, "sent")
    assert forget_notices(now=timezone.now() + timedelta(days=401)) == 1
    assert Notice.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_notice_once(lan: Patron) -> None:
    bag, count = Bag(), 40
    for number in range(count):
        ready(lan, number)
    ChannelState.objects.get_or_create(channel=Channel.EMAIL)

    at_once(*[lambda: deliver(Channel.EMAIL, bag) for _ in range(3)])
    deliver(Channel.EMAIL, bag)

    assert len(bag.taken) == count
    assert len({message.reference for message in bag.taken}) == count
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_what_is_announced_twice_at_once_is_told_once(lan: Patron) -> None:
    at_once(*[lambda: due_soon(lan) for _ in range(4)])

    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_together_stay_below_the_limit(lan: Patron, settings: Settings) -> None:
    settings.NOTICE_LIMITS = {"email": (0, 7)}
    bag = Bag()
    for number in range(20):
        ready(lan, number)
    ChannelState.objects.get_or_create(channel=Channel.EMAIL)

    at_once(*[lambda: deliver(Channel.EMAIL, bag) for _ in range(3)])

    assert len(bag.taken) == 7
    assert Notice.objects.filter(state="pending").count() == 13
