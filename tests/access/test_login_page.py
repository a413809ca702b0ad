import pytest
from django.test import Client
from django.urls import reverse

from tangthu.access.models import StaffSession
from tangthu.access.policy import FREE_FAILURES

PASSWORD = "mùa cà phê chín"
DESK = "/desk/"


@pytest.fixture
def user(desk_user):
    desk_user.set_password(PASSWORD)
    desk_user.save()
    return desk_user


def log_in(client, username="desk", password=PASSWORD, **more):
    told = {"username": username, "password": password, **more}
    return client.post(reverse("access:login"), told, headers={"User-Agent": "Firefox/1 Windows"})


def test_the_way_in_leads_to_the_desk(client, user):
    response = log_in(client)

    assert (response.status_code, response["Location"]) == (302, DESK)
    assert client.get(reverse("access:account")).status_code == 200


@pytest.mark.parametrize(
    ("wish", "there"),
    [
        ("/desk/patrons/?q=an", "/desk/patrons/?q=an"),
        ("", DESK),
        ("https://evil.example/", DESK),
        ("//evil.example/", DESK),
        ("/\\evil.example/", DESK),
        ("javascript:alert(1)", DESK),
        ("desk/patrons/", DESK),
    ],
)
def test_it_leads_on_only_within_the_site(client, user, wish, there):
    assert log_in(client, next=wish)["Location"] == there


def test_a_page_that_needs_staff_sends_here_and_back(client, user):
    refused = client.get(reverse("patrons:list"))

    assert refused.status_code == 302
    assert refused["Location"] == f"{reverse('access:login')}?next=%2Fdesk%2Fpatrons%2F"


def test_a_session_that_was_planted_before_is_worth_nothing(client, user):
    client.get(reverse("access:login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key

    log_in(client)

    assert client.session.session_key != before
    assert "planted" not in client.session


def test_what_was_wrong_is_said_and_the_password_not_shown_again(client, user):
    response = log_in(client, password="sai mật khẩu")

    assert response.status_code == 422
    assert "không đúng" in response.content.decode()
    assert "sai mật khẩu" not in response.content.decode()
    assert not StaffSession.objects.exists()


def test_after_some_failures_one_is_told_to_wait(client, user):
    for _ in range(FREE_FAILURES):
        log_in(client, password="sai")

    response = log_in(client)

    assert response.status_code == 429
    assert response["Retry-After"] == "1"


def test_a_first_password_opens_only_the_page_that_changes_it(client, user):
    user.must_change_password = True
    user.save()

    entered = log_in(client, next="/desk/patrons/")

    assert entered["Location"] == "/staff/password?next=%2Fdesk%2Fpatrons%2F"
    assert client.get(reverse("patrons:list")).status_code == 302
    told = {
        "present": PASSWORD,
        "new": "đồi chè Ea Kar",
        "again": "đồi chè Ea Kar",
        "next": "/desk/patrons/",
    }
    changed = client.post(reverse("access:password"), told)
    assert changed["Location"] == "/desk/patrons/"
    assert client.get(reverse("patrons:list")).status_code == 200


@pytest.mark.parametrize(
    ("present", "new", "again", "words"),
    [
        ("sai", "đồi chè Ea Kar", "đồi chè Ea Kar", "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "đồi chè Ea Kar", "đồi chè", "không giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "quá ngắn"),
    ],
)
def test_a_password_that_is_not_accepted_is_explained(client, user, present, new, again, words):
    log_in(client)

    told = {"present": present, "new": new, "again": again}
    response = client.post(reverse("access:password"), told)

    assert response.status_code == 422
    assert words in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_logging_out_takes_a_post(client, user):
    log_in(client)

    assert client.get(reverse("access:logout")).status_code == 405
    assert client.post(reverse("access:logout")).status_code == 302
    assert client.get(reverse("access:account")).status_code == 302
    assert not StaffSession.objects.exists()


def test_ending_another_browser_logs_it_out(user):
    here, there = Client(), Client()
    log_in(here)
    log_in(there)
    other = StaffSession.objects.get(session_key=there.session.session_key)

    here.post(reverse("access:end_session", args=[other.pk]))

    assert there.get(reverse("access:account")).status_code == 302
    assert here.get(reverse("access:account")).status_code == 200


def test_nobody_ends_the_session_of_somebody_else(client, user, neighbour_client):
    log_in(client)
    session = StaffSession.objects.get()

    response = neighbour_client.post(reverse("access:end_session", args=[session.pk]))

    assert response.status_code == 404
    assert StaffSession.objects.get() == session


def test_a_barred_user_is_out_at_the_next_click(client, user):
    log_in(client)
    user.is_active = False
    user.save()

    assert client.get(reverse("access:account")).status_code == 302


def test_one_works_only_at_libraries_where_one_holds_something(client, user, province, commune):
    log_in(client)

    refused = client.post(reverse("access:library"), {"library": commune.pk})
    chosen = client.post(reverse("access:library"), {"library": province.pk})

    assert refused.status_code == 403
    assert chosen.status_code == 302
    assert client.session["library"] == province.pk


def test_a_token_is_shown_once(client, user):
    log_in(client)

    shown = client.post(reverse("access:issue_token"), {"name": "máy tự mượn", "days": "90"})

    plain = shown.content.decode().split('id="new-key">')[1].split("<")[0]
    assert plain.startswith("tt_")
    assert "no-store" in shown["Cache-Control"]
    page = client.get(reverse("access:account")).content.decode()
    assert "máy tự mượn" in page
    assert plain not in page
