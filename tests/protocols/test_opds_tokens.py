"""OPDS by tokens: a program logs its reader in once, and then asks for no password any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.libraries.models import Library
from tangthu.patrons import actions
from tangthu.patrons.actions.programs import Tokens
from tangthu.patrons.errors import ProgramLoggedOut, ReaderMustWait
from tangthu.patrons.models import LoginTry, Patron, ReaderAccount, ReaderProgram
from tangthu.patrons.policy import logins as policy
from tangthu.reading.models import DigitalLoan
from tangthu.repository.policy.kinds import FileRole
from tests.conftest import client_of_reader
from tests.factories import PatronFactory
from tests.protocols.opds import PASSWORD, with_password
from tests.reading.lending import ebook, licensed
from tests.reading.making import epub_with, keep_file
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

TOKEN = "/opds/token"
FORM = "application/x-www-form-urlencoded"
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
TRANSACTIONS = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader(patron: Patron) -> Patron:
    return with_password(patron)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask(client: Client, **fields: str) -> dict[str, object]:
    """Send the form to where tokens are given; return what came, with its status."""
    answer = client.post(TOKEN, httpx.QueryParams(fields).__str__(), content_type=FORM)
    return {"status": answer.status_code, **answer.json()}


def logged_in(client: Client, reader: Patron) -> dict[str, str]:
    told = ask(client, grant_type="password", username=reader.card, password=PASSWORD)
    assert told["status"] == 200
    return {name: str(told[name]) for name in ("access_token", "refresh_token")}


def renewed(client: Client, tokens: dict[str, str]) -> dict[str, object]:
    return ask(client, grant_type="refresh_token", refresh_token=tokens["refresh_token"])


def shelf(client: Client, tokens: dict[str, str]) -> int:
    header = f"Bearer {tokens['access_token']}"
    return client.get("/opds/v2/shelf", headers={"Authorization": header}).status_code


@TRANSACTIONS
def test_a_program_borrows_reads_and_gives_back_by_tokens_alone(
    live_server: LiveServer, province: Library
) -> None:
    # given
    reader = with_password(PatronFactory(library=province))
    novel = ebook(province, title="Đất rừng phương Nam")
    keep_file(
        novel,
        epub_with(),
        name="sach.epub",
        media_type="application/epub+zip",
        role=FileRole.ORIGINAL,
    )
    licensed(novel, province, at_once=1)

    # when: it learns from the refusal where to log in, and does
    with httpx.Client(follow_redirects=True, headers={"User-Agent": "Thorium/3"}) as program:
        refused = program.get(f"{live_server.url}/opds/v2/shelf")
        way = refused.json()["authentication"][0]
        places = {link["rel"]: link["href"] for link in way["links"]}
        typed = {"grant_type": "password", "username": reader.card, "password": PASSWORD}
        first = program.post(places["authenticate"], data=typed)
        program.headers["Authorization"] = f"Bearer {first.json()['access_token']}"
        borrowed = program.post(f"{live_server.url}/opds/v2/borrow/{novel.identifier}")
        links = borrowed.json()["links"]
        book = next(link["href"] for link in links if link["type"] == "application/epub+zip")
        taken = program.get(book)
        renewing = {"grant_type": "refresh_token", "refresh_token": first.json()["refresh_token"]}
        second = program.post(places["refresh"], data=renewing)
        spent = program.get(f"{live_server.url}/opds/v2/shelf")
        program.headers["Authorization"] = f"Bearer {second.json()['access_token']}"
        back = next(link["href"] for link in links if link["rel"].endswith("/revoke"))
        returned = program.delete(back)

    # then
    assert (refused.status_code, borrowed.status_code, returned.status_code) == (401, 201, 200)
    assert first.headers["Cache-Control"] == "no-store"
    assert {name: first.json()[name] for name in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 1800,
        "scope": "opds",
    }
    assert taken.content[:2] == b"PK"
    assert spent.status_code == 401
    assert spent.headers["WWW-Authenticate"] == 'Bearer realm="OPDS", error="invalid_token"'
    assert list(DigitalLoan.objects.values_list("ending", flat=True)) == ["early"]
    assert ReaderProgram.objects.get().program == "Thorium/3"


def test_neither_token_does_for_the_other(client: Client, reader: Patron) -> None:
    tokens = logged_in(client, reader)
    swapped = {
        "access_token": tokens["refresh_token"],
        "refresh_token": tokens["access_token"],
    }
    renamed = {
        "access_token": "tto_" + tokens["refresh_token"][4:],
        "refresh_token": "ttr_" + tokens["access_token"][4:],
    }

    assert [shelf(client, each) for each in (tokens, swapped, renamed)] == [200, 401, 401]
    assert [renewed(client, each)["error"] for each in (swapped, renamed)] == ["invalid_grant"] * 2


def test_the_library_keeps_no_token(client: Client, reader: Patron) -> None:
    tokens = logged_in(client, reader)

    row = ReaderProgram.objects.values().get()

    parts = [part for text in tokens.values() for part in text[4:].split(".")]
    assert len(parts) == 4
    assert not any(part in str(row) for part in parts)


def test_a_token_opens_the_shelf_for_half_an_hour(
    client: Client, reader: Patron, clock: time_machine.Coordinates
) -> None:
    tokens = logged_in(client, reader)

    clock.shift(timedelta(minutes=29))
    before = shelf(client, tokens)
    clock.shift(timedelta(minutes=1))
    after = shelf(client, tokens)

    assert (before, after) == (200, 401)
    assert renewed(client, tokens)["status"] == 200


def test_a_program_that_stays_away_for_a_month_is_logged_out(
    client: Client, reader: Patron, clock: time_machine.Coordinates
) -> None:
    tokens = logged_in(client, reader)

    clock.shift(policy.PROGRAM_KEPT_FOR)

    assert renewed(client, tokens)["error"] == "invalid_grant"
    clock.shift(timedelta(seconds=1))
    actions.prune_reader_logins()
    assert not ReaderProgram.objects.exists()


def test_a_token_that_comes_back_after_it_was_spent_ends_the_program(
    client: Client, reader: Patron, clock: time_machine.Coordinates
) -> None:
    stolen = logged_in(client, reader)
    kept = renewed(client, stolen)
    clock.shift(timedelta(seconds=11))

    again = renewed(client, stolen)

    assert (again["status"], again["error"]) == (400, "invalid_grant")
    assert shelf(client, {"access_token": str(kept["access_token"])}) == 401
    assert AuditEntry.objects.filter(action="patron.program_stolen").count() == 1


@TRANSACTIONS
def test_of_two_renewals_at_once_one_holds_and_the_program_goes_on(province: Library) -> None:
    reader = with_password(PatronFactory(library=province))
    tokens = actions.begin_program(reader, address=None, program="")

    def renew() -> object:
        return actions.renew_program(tokens.renewing, address=None)

    came = at_once(renew, renew)

    held = [each for each in came if isinstance(each, Tokens)]
    refused = [each for each in came if isinstance(each, ProgramLoggedOut | ReaderMustWait)]
    assert (len(held), len(refused)) == (1, 1)
    assert shelf(Client(), {"access_token": held[0].opening}) == 200


@pytest.mark.parametrize("how", ["everywhere", "password", "desk", "withdrawn", "forgotten", "one"])
def test_whoever_is_logged_out_opens_nothing_any_more(
    client: Client, reader: Patron, desk: Actor, how: str
) -> None:
    tokens = logged_in(client, reader)
    myself = actions.actor_for(reader)

    match how:
        case "everywhere":
            assert actions.end_all_sessions(reader, by=myself) == 1
        case "password":
            actions.choose_password(reader, "đồi chè Ea Kar", by=myself)
        case "desk":
            actions.give_start_password(reader, by=desk)
        case "withdrawn":
            actions.withdraw_card(reader, by=desk)
        case "forgotten":
            actions.forget_account(reader)
        case "one":
            actions.end_program(ReaderProgram.objects.get(), by=myself)

    assert shelf(client, tokens) == 401
    assert renewed(client, tokens)["error"] == "invalid_grant"


def test_a_reader_sees_their_programs_and_ends_one(reader: Patron, foreign_patron: Patron) -> None:
    actions.begin_program(reader, address="203.0.113.7", program="KOReader/2026.03")
    row = ReaderProgram.objects.get()
    address = reverse("account:end_program", args=[row.pk])
    browser = client_of_reader(reader)

    seen = browser.get(reverse("account:devices")).content.decode()
    denied = client_of_reader(foreign_patron).post(address)
    still_there = ReaderProgram.objects.count()
    browser.post(address)

    assert "KOReader/2026.03" in seen
    assert (denied.status_code, still_there) == (404, 1)
    assert not ReaderProgram.objects.exists()


def test_of_many_programs_the_longest_unused_ends(
    reader: Patron, clock: time_machine.Coordinates
) -> None:
    for number in range(policy.PROGRAMS_AT_ONCE + 1):
        clock.shift(timedelta(minutes=1))
        actions.begin_program(reader, address=None, program=f"máy {number}")

    left = set(reader.reader_programs.values_list("program", flat=True))

    assert left == {f"máy {number}" for number in range(1, policy.PROGRAMS_AT_ONCE + 1)}


def test_a_token_opens_nothing_but_this_catalogue(client: Client, reader: Patron) -> None:
    header = {"Authorization": f"Bearer {logged_in(client, reader)['access_token']}"}

    account = client.get(reverse("account:devices"), headers=header)
    api = client.get(f"/api/v1/patrons/{reader.card}", headers=header)

    assert (account.status_code, api.status_code) == (302, 401)


def test_wrong_passwords_are_slowed_down_with_those_of_the_log_in(
    client: Client, reader: Patron
) -> None:
    typed = {"grant_type": "password", "username": reader.card, "password": "sai-mat-khau"}

    came = [ask(client, **typed) for _ in range(7)]
    answer = client.post(TOKEN, httpx.QueryParams(typed).__str__(), content_type=FORM)

    assert (came[0]["status"], came[0]["error"]) == (400, "invalid_grant")
    assert (came[-1]["status"], came[-1]["error"]) == (429, "slow_down")
    assert int(answer["Retry-After"]) >= 1
    assert not ReaderProgram.objects.exists()


def test_tokens_that_are_none_are_slowed_down_too(client: Client, reader: Patron) -> None:
    made_up = {"refresh_token": "ttr_" + "A" * 22 + "." + "B" * 43}

    statuses = [renewed(client, made_up)["status"] for _ in range(7)]

    assert statuses[0] == 400
    assert statuses[-1] == 429
    assert LoginTry.objects.filter(name__startswith="#").exists()


def test_a_start_password_gets_no_tokens(client: Client, reader: Patron) -> None:
    ReaderAccount.objects.filter(patron=reader).update(must_change_password=True)

    told = ask(client, grant_type="password", username=reader.card, password=PASSWORD)

    assert (told["status"], told["error"]) == (400, "invalid_grant")
    assert not ReaderProgram.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        ("", FORM, "invalid_request"),
        ("grant_type=password", FORM, "invalid_request"),
        ("grant_type=refresh_token&refresh_token=", FORM, "invalid_request"),
        ("grant_type=password&username=a&username=b&password=c", FORM, "invalid_request"),
        ("grant_type=password&username=a%00&password=c", FORM, "invalid_request"),
        ("grant_type=password&username=a&password=" + "x" * 10_000, FORM, "invalid_request"),
        ("a&" * 4000, FORM, "invalid_request"),
        ("%ff=%fe&grant_type=%ff", FORM + "; charset=utf-16", "invalid_request"),
        ('{"grant_type": "password"}', "application/json", "invalid_request"),
        ("grant_type=client_credentials", FORM, "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=%F0%9F%93%9A", FORM, "invalid_grant"),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    client: Client, reader: Patron, body: str, kind: str, error: str
) -> None:
    answer = client.post(TOKEN, body, content_type=kind)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer["Cache-Control"] == "no-store"


def test_a_password_in_the_address_counts_for_nothing(client: Client, reader: Patron) -> None:
    query = httpx.QueryParams(grant_type="password", username=reader.card, password=PASSWORD)

    posted = client.post(f"{TOKEN}?{query}", "", content_type=FORM)

    assert (posted.status_code, posted.json()["error"]) == (400, "invalid_request")
    assert client.get(f"{TOKEN}?{query}").status_code == 405


def test_nobody_ends_the_program_of_another(reader: Patron, foreign_patron: Patron) -> None:
    tokens = actions.begin_program(reader, address=None, program="")
    stranger = actions.actor_for(foreign_patron)

    with pytest.raises(Exception, match="not_permitted"):
        actions.end_program(ReaderProgram.objects.get(), by=stranger)

    with pytest.raises(ProgramLoggedOut):
        actions.renew_program(tokens.opening, address=None)
    assert actions.renew_program(tokens.renewing, address=None)
