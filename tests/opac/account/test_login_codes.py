import re
from datetime import date, timedelta
from time import monotonic

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tangthu.notices import sealing
from tangthu.notices.models import Notice
from tangthu.opac.account import codes
from tangthu.opac.actions import send_code
from tangthu.patrons import actions
from tangthu.patrons.errors import CodeRefused, ReaderMustWait
from tangthu.patrons.models import CardStatus, LoginCode, LoginTry
from tangthu.patrons.policy import logins as policy
from tests.factories import PatronFactory
from tests.support.threads import at_once

ADDRESS = "203.0.113.7"
PHONE, DIALLED = "+84905123456", "0905 123 456"
HOME = "/account/"


@pytest.fixture(autouse=True)
def channels(settings, tmp_path):
    """Messages by telephone and e-mail are set up."""
    settings.NOTICES_FOLDER = str(tmp_path)


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(codes, "ANSWER_AFTER", 0.0)


@pytest.fixture
def reader(province):
    return PatronFactory(card="DLK000001", phone=PHONE, library=province)


def code_in(notice):
    return sealing.unseal(bytes(notice.sealed))["code"]


def asked(name="DLK000001"):
    row = actions.ask_for_code(name, address=ADDRESS)
    send_code(row)
    return row


def sent_code():
    return code_in(Notice.objects.get())


def use(row, code, *, address=ADDRESS):
    return actions.use_code(row.pk, code, address=address)


def test_the_code_that_was_sent_opens_once(reader):
    row = asked()
    code = sent_code()

    assert re.fullmatch("[0-9]{6}", code)
    assert use(row, f" {code[:3]} {code[3:]} ") == [reader]
    with pytest.raises(CodeRefused):
        use(row, code)


def test_the_code_is_kept_nowhere_but_in_its_sealed_message(reader):
    row = asked()
    code = sent_code()

    row.refresh_from_db()
    assert code not in str(vars(row))
    assert code not in str(Notice.objects.get().values)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_code_at_once_one_comes_in(reader):
    row = asked()
    code = sent_code()

    answers = at_once(*[lambda: use(row, code)] * 2)

    opened = [answer for answer in answers if answer == [reader]]
    refused = [each for each in answers if isinstance(each, CodeRefused | ReaderMustWait)]
    assert (len(opened), len(refused)) == (1, 1)


def test_a_code_is_good_for_ten_minutes(reader):
    row = asked()
    code = sent_code()

    with (
        time_machine.travel(timezone.now() + policy.CODE_LASTS + timedelta(seconds=1)),
        pytest.raises(CodeRefused),
    ):
        use(row, code)


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(reader):
    row = asked()
    right = sent_code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    now = timezone.now()
    for minute in range(policy.WRONG_CODES):
        with time_machine.travel(now + timedelta(minutes=minute)), pytest.raises(CodeRefused):
            use(row, wrong)

    with time_machine.travel(now + timedelta(minutes=7)), pytest.raises(CodeRefused):
        use(row, right)


def test_guesses_are_slowed_by_the_card(reader):
    row = asked()
    for _ in range(3):
        with pytest.raises(CodeRefused):
            use(row, "x")

    with pytest.raises(ReaderMustWait):
        use(row, sent_code(), address="198.51.100.1")


@pytest.mark.parametrize("name", ["DLK000009", "0905 999 999", "mật khẩu của tôi", ""])
def test_what_nobody_is_known_by_sends_nothing_and_opens_nothing(reader, name):
    row = asked(name)

    assert not Notice.objects.exists()
    for guess in ("", "000000", "never sent"):
        LoginTry.objects.all().delete()
        with pytest.raises(CodeRefused):
            use(row, guess)


def test_a_password_typed_as_a_name_is_not_kept(reader):
    row = asked("mật khẩu của tôi")

    assert row.name.startswith("#")


def test_a_withdrawn_card_gets_no_code(reader):
    reader.card_status = CardStatus.WITHDRAWN
    reader.save()

    asked()

    assert not Notice.objects.exists()


def test_codes_are_asked_for_a_minute_apart_and_five_an_hour(reader):
    now = timezone.now()
    for number in range(policy.CODES_PER_NAME):
        with time_machine.travel(now + number * policy.CODES_APART):
            actions.ask_for_code("DLK000001", address=ADDRESS)
            with pytest.raises(ReaderMustWait):
                actions.ask_for_code("DLK000001", address="198.51.100.1")

    with time_machine.travel(now + timedelta(minutes=30)), pytest.raises(ReaderMustWait) as full:
        actions.ask_for_code("DLK000001", address="198.51.100.1")
    assert full.value.data["minutes"] == 30
    with time_machine.travel(now + timedelta(minutes=61)):
        assert actions.ask_for_code("DLK000001", address=ADDRESS)


def test_one_address_asks_for_sixty_codes_an_hour(db):
    now = timezone.now()
    LoginCode.objects.bulk_create(
        LoginCode(name=f"DLK{n}", address=ADDRESS, asked_at=now)
        for n in range(policy.CODES_PER_ADDRESS)
    )

    with pytest.raises(ReaderMustWait):
        actions.ask_for_code("DLK000001", address=ADDRESS)
    assert actions.ask_for_code("DLK000001", address="198.51.100.1")


def test_a_familys_phone_is_its_owners_and_that_of_the_children(reader, province):
    today = timezone.localdate()
    child = PatronFactory(
        library=province, guardian=reader, birth_on=today.replace(year=today.year - 9)
    )
    named = PatronFactory(library=province, guardian_phone=PHONE, birth_on=date(2019, 5, 1))
    PatronFactory(library=province, guardian=reader, birth_on=date(1990, 5, 1))
    PatronFactory(library=province, phone="+84905999999")

    row = asked(DIALLED)

    notice = Notice.objects.get()
    assert notice.to_address == PHONE
    assert notice.patron is None
    assert set(use(row, sent_code())) == {reader, child, named}


def test_a_code_for_a_familys_phone_goes_nowhere_else(reader, province, settings):
    settings.NOTICES_FOLDER = ""
    settings.EMAIL_HOST = "mail.example"
    reader.email = "an@example.vn"
    reader.save()
    PatronFactory(library=province, phone=PHONE)

    asked(DIALLED)

    assert not Notice.objects.exists()


def test_without_messages_to_phones_the_owners_e_mail_gets_the_code(reader, settings):
    settings.NOTICES_FOLDER = ""
    settings.EMAIL_HOST = "mail.example"
    reader.email = "an@example.vn"
    reader.save()

    row = asked(DIALLED)

    assert Notice.objects.get().channel == "email"
    assert use(row, sent_code()) == [reader]


# The pages.


def ask(client, name, **more):
    return client.post(reverse("account:ask_code"), {"name": name, **more})


def answer(client, code):
    return client.post(reverse("account:code"), {"code": code})


def test_a_reader_logs_in_with_a_code_and_chooses_a_password(client, reader):
    response = ask(client, "DLK000001", next="/record/5")
    assert response["Location"] == reverse("account:code")
    assert client.get(response["Location"]).status_code == 200

    assert answer(client, sent_code())["Location"] == "/record/5"

    assert client.get(HOME).status_code == 200
    new = {"new": "đồi chè Ea Kar", "again": "đồi chè Ea Kar"}
    assert client.post(reverse("account:password"), new)["Location"] == HOME
    assert actions.log_in("DLK000001", "đồi chè Ea Kar", address=ADDRESS) == reader


def test_a_code_works_only_in_the_browser_that_asked(client, reader, desk_client):
    ask(client, "DLK000001")

    assert answer(desk_client, sent_code())["Location"] == reverse("account:login")


def test_known_and_unknown_get_the_same_answer(client, reader):
    pages = []
    for name in ("DLK000001", "DLK000009", "0905 123 456", "0905 999 999"):
        answered = ask(client, name)
        page = client.get(answered["Location"])
        wrong = answer(client, "wrong")
        pages.append(
            (
                answered.status_code,
                answered["Location"],
                plain(page),
                wrong.status_code,
                plain(wrong),
            )
        )

    assert pages == [pages[0]] * 4


def plain(page):
    lines = page.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_known_and_unknown_are_answered_after_the_same_time(client, reader, monkeypatch):
    monkeypatch.setattr(codes, "ANSWER_AFTER", 0.4)
    took = {}
    for name in ("DLK000001", "DLK000009"):
        began = monotonic()
        ask(client, name)
        took[name] = monotonic() - began

    assert min(took.values()) >= 0.4
    assert abs(took["DLK000001"] - took["DLK000009"]) < 0.2


def test_a_family_chooses_after_the_code(client, reader, province):
    child = PatronFactory(library=province, guardian=reader, name="Bé Na", birth_on=None)
    stranger = PatronFactory(library=province)
    ask(client, DIALLED)
    assert client.get(reverse("account:choose"))["Location"] == reverse("account:login")

    response = answer(client, sent_code())

    assert response["Location"] == reverse("account:choose")
    assert "Bé Na" in client.get(response["Location"]).content.decode()
    client.post(response["Location"], {"patron": stranger.pk})
    assert client.get(HOME).status_code == 302
    client.post(response["Location"], {"patron": child.pk})
    assert "Bé Na" in client.get(HOME).content.decode()


def test_who_must_wait_for_a_code_is_told_on_the_log_in_page(client, reader):
    ask(client, "DLK000001")

    response = ask(client, "DLK000001")

    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 60


def test_a_code_replaces_a_forgotten_password(client, reader):
    actions.choose_password(reader, "mùa cà phê chín", by=actions.actor_for(reader))
    ask(client, "DLK000001")
    answer(client, sent_code())

    new = {"new": "đồi chè Ea Kar", "again": "đồi chè Ea Kar"}

    assert client.post(reverse("account:password"), new).status_code == 302
    assert actions.log_in("DLK000001", "đồi chè Ea Kar", address=ADDRESS) == reader


def test_a_first_password_is_chosen_only_soon_after_a_code(client, reader):
    ask(client, "DLK000001", is_kept="on")
    answer(client, sent_code())
    new = {"new": "đồi chè Ea Kar", "again": "đồi chè Ea Kar"}

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        response = client.post(reverse("account:password"), new)

        assert response["Location"].startswith(reverse("account:login"))
        assert client.get(HOME).status_code == 302
    reader.account.refresh_from_db()
    assert reader.account.password == ""
