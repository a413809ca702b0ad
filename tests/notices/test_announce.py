from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tangthu.core.actor import Actor, Face
from tangthu.core.money import Money
from tangthu.libraries.models import Library
from tangthu.notices.actions import Address, announce, announce_to, withdraw
from tangthu.notices.kinds import Channel, NoticeKind, Topic
from tangthu.notices.models import ChoiceMode, Notice
from tangthu.notices.policy import WrongValues
from tangthu.patrons.models import Consent, ConsentPurpose, Patron
from tests.factories import PatronFactory
from tests.notices.readers import agree

pytestmark = pytest.mark.django_db

DUE = {"title": "Truyện Kiều", "due": date(2026, 12, 5)}
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.fixture
def lan(province: Library) -> Patron:
    """A reader with an e-mail address and a telephone."""
    return PatronFactory(library=province, email="lan@example.vn", phone="+84905123456")


def tell(patron: Patron, kind: NoticeKind = NoticeKind.DUE_SOON, source: str = "loan:1"):
    values = {
        NoticeKind.DUE_SOON: DUE,
        NoticeKind.HOLD_READY: {"title": "Truyện Kiều", "pickup": "Thư viện tỉnh"},
        NoticeKind.LOGIN_CODE: {"code": "482913", "minutes": 10},
    }[kind]
    return announce(kind, to=patron, library=patron.library, values=values, source=source)


def test_a_reader_who_chose_nothing_is_not_reminded(lan: Patron) -> None:
    assert tell(lan) == []
    assert Notice.objects.count() == 0


def test_each_channel_that_was_chosen_gets_a_row(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)
    agree(lan, Topic.DUE_SOON, Channel.SMS)

    told = tell(lan)

    assert {notice.channel for notice in told} == {"email", "sms"}
    assert {notice.state for notice in told} == {"pending"}


def test_the_same_thing_is_told_once(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)

    (first,) = tell(lan)
    (second,) = tell(lan)
    (other,) = tell(lan, source="loan:2")

    assert first.pk == second.pk
    assert other.pk != first.pk
    assert Notice.objects.count() == 2


def test_a_channel_that_is_not_set_up_is_not_used(lan: Patron, settings: Settings) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)
    settings.EMAIL_HOST = ""

    assert tell(lan) == []


def test_a_reader_without_an_address_is_not_told(province: Library) -> None:
    reader = PatronFactory(library=province)
    agree(reader, Topic.DUE_SOON, Channel.EMAIL)

    assert tell(reader) == []


def test_what_the_reader_asked_for_goes_by_mail_unless_refused(lan: Patron) -> None:
    (told,) = tell(lan, NoticeKind.HOLD_READY)

    withdraw(lan, topic=Topic.HOLDS, channel=Channel.EMAIL, by=reader(lan))

    assert told.channel == "email"
    assert tell(lan, NoticeKind.HOLD_READY, "hold:2") == []


def test_a_withdrawn_consent_ends_it(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)

    withdraw(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, by=reader(lan))

    assert tell(lan) == []


def test_a_code_goes_at_once_and_lies_sealed(lan: Patron) -> None:
    with time_machine.travel(LATE, tick=False):
        (told,) = announce(
            NoticeKind.LOGIN_CODE,
            to=lan,
            library=lan.library,
            values={"code": "482913", "minutes": 10},
            source="login:7",
            channels=[Channel.SMS],
        )

    assert (told.channel, told.urgent, told.next_at) == ("sms", True, LATE)
    assert told.values == {}
    assert b"482913" not in bytes(told.sealed)


def test_no_telephone_rings_at_night(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.SMS)
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)

    with time_machine.travel(LATE, tick=False):
        by = {notice.channel: notice.next_at for notice in tell(lan)}

    assert by["email"] == LATE
    assert by["sms"] == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_a_digest_waits_for_its_hour(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL, mode=ChoiceMode.DIGEST)

    with time_machine.travel(NOON, tick=False):
        (told,) = tell(lan)

    assert told.digest
    assert told.next_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "values", [{"title": "Truyện Kiều"}, {**DUE, "dew": "?"}], ids=["missing", "unknown"]
)
def test_values_that_are_not_the_kinds_are_a_mistake(
    lan: Patron, values: dict[str, object]
) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)

    with pytest.raises(WrongValues):
        announce(NoticeKind.DUE_SOON, to=lan, library=lan.library, values=values, source="loan:1")

    assert Notice.objects.count() == 0


def test_values_are_kept_as_plain_data(lan: Patron) -> None:
    agree(lan, Topic.RECEIPTS, Channel.EMAIL)

    (told,) = announce(
        NoticeKind.PAYMENT_RECEIPT,
        to=lan,
        library=lan.library,
        values={"number": "PT-1", "amount": Money(25_000), "words": "Hai mươi lăm nghìn đồng"},
        source="payment:1",
    )

    told.refresh_from_db()
    assert told.values == {
        "number": "PT-1",
        "amount": 25000,
        "words": "Hai mươi lăm nghìn đồng",
    }


def test_an_applicant_is_told_at_the_address_given(province: Library) -> None:
    address = Address(name="Lan", email="lan@example.vn", phone="+84905123456")
    values = {"number": "HS-1"}

    def tell_applicant() -> list[Notice]:
        return announce_to(
            address,
            NoticeKind.APPLICATION_RECEIVED,
            library=province,
            values=values,
            source="application:1",
        )

    (first,), (second,) = tell_applicant(), tell_applicant()

    assert first.pk == second.pk
    assert (first.channel, first.to_address, first.patron_id) == ("email", "lan@example.vn", None)


def test_an_applicant_is_told_nothing_that_needs_a_choice(province: Library) -> None:
    with pytest.raises(ValueError, match="chose"):
        announce_to(
            Address(name="Lan", email="lan@example.vn"),
            NoticeKind.DUE_SOON,
            library=province,
            values=DUE,
            source="loan:1",
        )


def test_who_chose_nothing_costs_two_queries(lan: Patron) -> None:
    tell(lan)

    with CaptureQueriesContext(connection) as queries:
        tell(lan, source="loan:2")

    asked = [q["sql"] for q in queries if q["sql"].startswith("SELECT")]
    assert len(asked) == 2


def card_consent(patron: Patron, purpose: ConsentPurpose) -> Consent:
    return Consent.objects.create(
        patron=patron,
        purpose=purpose,
        version="1",
        language="vi",
        text="Tôi đồng ý…",
        given_by=patron.name,
        given_at=timezone.now(),
    )


def test_the_consent_given_with_the_card_is_obeyed(lan: Patron) -> None:
    card_consent(lan, ConsentPurpose.REMINDERS)

    assert [notice.channel for notice in tell(lan)] == ["email"]
    values = {"number": "PT-1", "amount": Money(25_000), "words": "Hai mươi lăm nghìn đồng"}
    assert (
        announce(
            NoticeKind.PAYMENT_RECEIPT, to=lan, library=lan.library, values=values, source="pay:1"
        )
        == []
    )


def test_the_cards_consent_means_sms_where_there_is_neither_mail_nor_zalo(
    province: Library,
) -> None:
    reader = PatronFactory(library=province, phone="+84905123456")
    card_consent(reader, ConsentPurpose.REMINDERS)
    assert {notice.channel for notice in tell(reader)} == {"sms"}

    card_consent(reader, ConsentPurpose.ZALO)

    assert {notice.channel for notice in tell(reader, source="loan:2")} == {"zalo"}


def test_the_cards_consent_ends_when_it_is_withdrawn_or_the_channel_refused(lan: Patron) -> None:
    consent = card_consent(lan, ConsentPurpose.REMINDERS)
    withdraw(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, by=reader(lan))
    assert [notice.channel for notice in tell(lan)] == ["sms"]

    consent.withdrawn_at = timezone.now()
    consent.save()

    assert tell(lan, source="loan:2") == []


def reader(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)
