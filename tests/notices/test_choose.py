"""Consent: with the very words, by the reader or for them, and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.libraries.models import Library
from tangthu.notices.actions import announce, choose, withdraw
from tangthu.notices.errors import ConsentTextChanged, NotChoosable
from tangthu.notices.kinds import Channel, NoticeKind, Topic
from tangthu.notices.models import Choice, ChoiceMode
from tangthu.notices.policy import consent_text
from tangthu.notices.reading import choices_of, consents_of
from tangthu.patrons.models import Patron
from tests.factories import PatronFactory
from tests.notices.readers import agree
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan(province: Library) -> Patron:
    return PatronFactory(library=province, email="lan@example.vn")


def own(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)


def words(topic: Topic = Topic.DUE_SOON, channel: Channel = Channel.EMAIL) -> str:
    return consent_text(topic, channel, library="Thư viện tỉnh", language="vi")


def test_the_words_agreed_to_are_kept(lan: Patron) -> None:
    choice = choose(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, text=words(), by=own(lan))

    assert choice.text == (
        "Tôi đồng ý để Thư viện tỉnh dùng thông tin liên hệ của tôi để nhắc sách sắp đến hạn trả, "
        "qua thư điện tử đến địa chỉ trong hồ sơ của tôi. Tôi có thể rút lại bất cứ lúc nào."
    )
    assert (choice.agreed_face, choice.agreed_by) == ("opac", lan.card)


def test_words_that_do_not_hold_any_more_are_not_agreed_to(lan: Patron) -> None:
    with pytest.raises(ConsentTextChanged):
        choose(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, text="Đồng ý hết", by=own(lan))

    assert Choice.objects.count() == 0


def test_agreeing_again_changes_how_often_alone(lan: Patron) -> None:
    first = agree(lan, Topic.DUE_SOON, Channel.EMAIL)

    second = agree(lan, Topic.DUE_SOON, Channel.EMAIL, mode=ChoiceMode.DIGEST)

    assert (second.pk, second.mode, second.agreed_at) == (first.pk, "digest", first.agreed_at)


def test_a_withdrawal_keeps_the_words_and_a_new_consent_is_a_new_row(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)
    withdraw(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, by=own(lan))
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)

    newest, oldest = consents_of(lan)

    assert newest.withdrawn_at is None
    assert (oldest.text, oldest.withdrawn_face) == (words(), "opac")
    assert oldest.withdrawn_at is not None


def test_what_waits_is_not_sent_after_a_withdrawal(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL)
    (waiting,) = announce(
        NoticeKind.DUE_SOON,
        to=lan,
        library=lan.library,
        values={"title": "Truyện Kiều", "due": date(2026, 12, 5)},
        source="loan:1",
    )

    withdraw(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, by=own(lan))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == ("cancelled", "consent_withdrawn")


def test_refusing_what_was_refused_changes_nothing(lan: Patron) -> None:
    withdraw(lan, topic=Topic.HOLDS, channel=Channel.EMAIL, by=own(lan))

    assert withdraw(lan, topic=Topic.HOLDS, channel=Channel.EMAIL, by=own(lan)) is None
    assert Choice.objects.count() == 1


@pytest.mark.parametrize(
    ("topic", "channel"),
    [(Topic.SERVICE, Channel.EMAIL), (Topic.DUE_SOON, Channel.LETTER)],
)
def test_some_things_are_not_to_be_chosen(lan: Patron, topic: Topic, channel: Channel) -> None:
    with pytest.raises(NotChoosable):
        choose(lan, topic=topic, channel=channel, text="", by=own(lan))


def test_staff_record_a_consent_given_on_paper(lan: Patron, desk: Actor) -> None:
    choice = choose(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, text=words(), by=desk)

    assert choice.agreed_face == "staff"


def test_nobody_else_chooses_for_a_reader(
    lan: Patron, neighbour: Actor, foreign_patron: Patron
) -> None:
    for by in (neighbour, own(foreign_patron)):
        with pytest.raises(NotPermitted):
            choose(lan, topic=Topic.DUE_SOON, channel=Channel.EMAIL, text=words(), by=by)

    assert Choice.objects.count() == 0


def test_the_table_tells_what_goes_and_why(lan: Patron) -> None:
    agree(lan, Topic.DUE_SOON, Channel.EMAIL, mode=ChoiceMode.DIGEST)

    table = {line.topic: {box.channel: box for box in line.channels} for line in choices_of(lan)}

    due_soon, holds = table[Topic.DUE_SOON][Channel.EMAIL], table[Topic.HOLDS][Channel.EMAIL]
    assert (due_soon.is_on, due_soon.mode, due_soon.is_reachable) == (True, "digest", True)
    assert due_soon.text == words()
    assert (holds.is_on, holds.choice) == (True, None)
    assert not table[Topic.OVERDUE][Channel.EMAIL].is_on
    assert not table[Topic.DUE_SOON][Channel.SMS].is_reachable
    assert Topic.SERVICE not in table


def test_a_refused_mail_shows_as_refused(lan: Patron) -> None:
    withdraw(lan, topic=Topic.HOLDS, channel=Channel.EMAIL, by=own(lan))

    (holds,) = [line for line in choices_of(lan) if line.topic is Topic.HOLDS]

    assert not any(box.is_on for box in holds.channels)


@pytest.mark.django_db(transaction=True)
def test_a_box_ticked_twice_at_once_is_one_consent(lan: Patron) -> None:
    at_once(*[lambda: agree(lan, Topic.DUE_SOON, Channel.EMAIL) for _ in range(3)])

    assert Choice.objects.count() == 1
