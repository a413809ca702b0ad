import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tangthu.access.policy import FREE_FAILURES
from tangthu.patrons import actions
from tangthu.patrons.models import CardStatus, Patron, ReaderSession
from tangthu.patrons.policy import logins as policy
from tests.conftest import client_of_reader

PASSWORD = "mùa cà phê chín"
HOME = "/account/"


@pytest.fixture
def reader(patron):
    actions.choose_password(patron, PASSWORD, by=actions.actor_for(patron))
    return patron


def log_in(client, reader, password=PASSWORD, **more):
    told = {"name": reader.card, "password": password, **more}
    return client.post(reverse("account:login"), told, headers={"User-Agent": "Firefox/1 Android"})


def test_the_way_in_leads_to_the_account(client, reader):
    response = log_in(client, reader)

    assert (response.status_code, response["Location"]) == (302, HOME)
    page = client.get(HOME)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert reader.name in page.content.decode()


@pytest.mark.parametrize(
    ("wish", "there"),
    [
        ("/record/5", "/record/5"),
        ("", HOME),
        ("https://evil.example/", HOME),
        ("//evil.example/", HOME),
        ("/\\evil.example/", HOME),
        ("javascript:alert(1)", HOME),
    ],
)
def test_it_leads_on_only_within_the_site(client, reader, wish, there):
    assert log_in(client, reader, next=wish)["Location"] == there


def test_a_session_that_was_planted_before_is_worth_nothing(client, reader):
    client.get(reverse("account:login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key

    log_in(client, reader)

    assert client.session.session_key != before
    assert "planted" not in client.session


def test_known_and_unknown_are_refused_in_the_same_words(client, reader):
    wrong = log_in(client, reader, password="sai rồi")
    unknown = log_in(client, Patron(card="TV999999"), password="sai rồi")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    same = [
        page.content.decode().replace(card, "X")
        for page, card in ((wrong, reader.card), (unknown, "TV999999"))
    ]
    assert without_token(same[0]) == without_token(same[1])


def without_token(page):
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_who_must_wait_is_told_for_how_long(client, reader):
    for _ in range(FREE_FAILURES):
        log_in(client, reader, password="sai rồi")

    response = log_in(client, reader)

    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1


def test_who_logs_in_as_a_reader_is_no_longer_staff_in_that_browser(desk_client, reader):
    log_in(desk_client, reader)

    assert desk_client.get(reverse("patrons:list")).status_code == 302
    assert desk_client.get(HOME).status_code == 200


def test_who_logs_in_as_staff_is_no_longer_a_reader_in_that_browser(reader, desk_user):
    browser = client_of_reader(reader)
    desk_user.set_password(PASSWORD)
    desk_user.save()

    browser.post(reverse("access:login"), {"username": "desk", "password": PASSWORD})

    assert browser.get(reverse("patrons:list")).status_code == 200
    assert browser.get(HOME).status_code == 302


def test_staff_and_reader_are_logged_in_side_by_side_in_two_browsers(reader, desk_client):
    browser = client_of_reader(reader)

    assert browser.get(HOME).status_code == 200
    assert desk_client.get(reverse("patrons:list")).status_code == 200
    assert browser.get(reverse("patrons:list")).status_code == 302


def test_a_session_of_one_reader_does_not_open_with_the_row_of_another(reader, foreign_patron):
    browser = client_of_reader(reader)
    session = browser.session
    session["reader"] = foreign_patron.pk
    session.save()

    assert browser.get(HOME).status_code == 302


def test_a_session_that_was_ended_elsewhere_opens_nothing(reader):
    browser = client_of_reader(reader)
    ReaderSession.objects.all().delete()

    assert browser.get(HOME).status_code == 302


def test_a_withdrawn_card_opens_nothing(reader):
    browser = client_of_reader(reader)
    Patron.objects.filter(pk=reader.pk).update(card_status=CardStatus.WITHDRAWN)

    assert browser.get(HOME).status_code == 302


@pytest.mark.parametrize(("kept", "status"), [("", 302), ("on", 200)])
def test_only_an_own_device_stays_logged_in(client, reader, kept, status):
    log_in(client, reader, is_kept=kept)

    with time_machine.travel(timezone.now() + 2 * policy.IDLE_FOR):
        assert client.get(HOME).status_code == status


def test_an_own_device_keeps_its_cookie_for_thirty_days(client, reader):
    log_in(client, reader, is_kept="on")

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == policy.KEPT_FOR.total_seconds()


def test_logging_out_ends_the_session(reader):
    browser = client_of_reader(reader)

    response = browser.post(reverse("account:logout"))

    assert response["Location"] == "/"
    assert browser.get(HOME).status_code == 302
    assert not ReaderSession.objects.exists()


def test_who_comes_with_a_start_password_must_choose_one_first(client, reader, desk):
    first = actions.give_start_password(reader, by=desk)

    response = log_in(client, reader, password=first)

    assert response["Location"].startswith(reverse("account:password"))
    assert client.get(HOME).status_code == 302
    new = {"new": "đồi chè Ea Kar", "again": "đồi chè Ea Kar"}
    assert client.post(reverse("account:password"), new)["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_a_password_is_changed_only_by_who_knows_it(reader):
    browser = client_of_reader(reader)
    elsewhere = client_of_reader(reader)
    new = {"new": "đồi chè Ea Kar", "again": "đồi chè Ea Kar"}

    refused = browser.post(reverse("account:password"), {**new, "present": "sai rồi"})
    done = browser.post(reverse("account:password"), {**new, "present": PASSWORD})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert browser.get(HOME).status_code == 200
    assert elsewhere.get(HOME).status_code == 302


def test_other_devices_are_ended_but_not_those_of_others(reader, foreign_patron):
    browser, elsewhere = client_of_reader(reader), client_of_reader(reader)
    foreigner = client_of_reader(foreign_patron)
    theirs = ReaderSession.objects.get(patron=foreign_patron)

    denied = browser.post(reverse("account:end_device", args=[theirs.pk]))
    browser.post(reverse("account:end_other_devices"))

    assert denied.status_code == 404
    assert elsewhere.get(HOME).status_code == 302
    assert browser.get(reverse("account:devices")).status_code == 200
    assert foreigner.get(HOME).status_code == 200


def test_a_stranger_without_a_session_costs_no_query_for_the_actor(db, django_assert_num_queries):
    # The first page of a process asks what the library is called, and remembers it.
    Client().get(reverse("account:login"))

    with django_assert_num_queries(0):
        assert Client().get(reverse("account:login")).status_code == 200
