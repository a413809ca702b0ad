"""Loans protected by LCP, against a licence server that follows the specifications."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from django.test import Client
from django.utils import timezone
from jsonschema import Draft7Validator, FormatChecker
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from referencing import Registry, Resource

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import (
    LicenceData,
    add_licence,
    borrow,
    change_licence,
    choose_passphrase,
    give_back,
    licence_document,
    look_at_licences,
    place_digital_hold,
    renew_loan,
    tell_server,
)
from tangthu.reading.encrypting import hand_over
from tangthu.reading.lcp_server import LICENCE, STATUS
from tangthu.reading.models import DigitalHold, DigitalLoan, Ending, HoldState, LcpLoan, Passphrase
from tangthu.reading.policy.protection import passphrase_digest
from tangthu.reading.refusals import (
    DigitalLoanOver,
    LcpAsked,
    LcpDown,
    LcpRefused,
    LicenceInUse,
    LicenceRefused,
    PassphraseNeeded,
    PassphraseRefused,
)
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import EPUB
from tangthu.repository.reading import may_see
from tangthu.site import health
from tests.protocols.opds import program_of, with_password
from tests.reading import lcp_stand_in
from tests.reading.lending import as_reader, ebook, licensed, readers
from tests.reading.making import epub_with, keep_file

pytestmark = pytest.mark.django_db

PUBLICATION = "c6abe80a-1681-4694-b6f4-80c165213780"
SCHEMAS = Path(__file__).parent / "schemas" / "lcp"
PHONE = {"id": "phone-1", "name": "Điện thoại của tôi"}


@dataclass(frozen=True)
class StandIn:
    """The licence server, as a reading program on somebody's phone sees it."""

    address: str

    def status(self, key: str) -> dict[str, Any]:
        return self._json(httpx.get(f"{self.address}/status/{key}"))

    def register(self, key: str) -> dict[str, Any]:
        return self._json(httpx.post(f"{self.address}/register/{key}", params=PHONE))

    def give_back(self, key: str) -> dict[str, Any]:
        return self._json(httpx.put(f"{self.address}/return/{key}", params=PHONE))

    def revoke(self, key: str) -> None:
        httpx.put(f"{self.address}/revoke/{key}", auth=self._login).raise_for_status()

    def licences_of(self, user: str) -> list[dict[str, Any]]:
        answer = httpx.get(
            f"{self.address}/licenseinfo/search", params={"user": user}, auth=self._login
        )
        found: list[dict[str, Any]] = answer.json()
        return found

    def next_time(self, fault: str) -> None:
        if "LCP_SERVER" in os.environ:
            pytest.skip("a real server does not fail when it is asked to")
        httpx.put(f"{self.address}/stand-in/{fault}").raise_for_status()

    _login = (lcp_stand_in.USER, lcp_stand_in.PASSWORD)

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    """The server in a process of its own: the real one, where `LCP_SERVER` names one that runs."""
    if real := os.environ.get("LCP_SERVER"):
        yield StandIn(real)
        return
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.reading.lcp_stand_in", "0", PUBLICATION],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    port = int(started.stdout.readline())
    yield StandIn(f"http://127.0.0.1:{port}")
    started.terminate()
    started.wait(timeout=10)


@pytest.fixture
def server(running: StandIn, settings: Settings) -> StandIn:
    settings.LCP_URL = running.address
    settings.LCP_USER, settings.LCP_PASSWORD = lcp_stand_in.USER, lcp_stand_in.PASSWORD
    return running


@pytest.fixture
def book(province: Library) -> DigitalObject:
    obj = ebook(province)
    licensed(obj, protection="lcp", content_id=PUBLICATION)
    return obj


@pytest.fixture
def reader(patron: Patron) -> Actor:
    choose_passphrase(patron, "đất đỏ bazan", "màu của đất", by=as_reader(patron))
    return as_reader(patron)


@pytest.fixture
def loan(book: DigitalObject, patron: Patron, reader: Actor) -> DigitalLoan:
    return borrow(book, for_=patron, by=reader)


def issued(loan: DigitalLoan, by: Actor) -> str:
    return licence_document(loan, by=by).identifier


def require_valid(name: str, document: object) -> None:
    schemas = [json.loads(each.read_text()) for each in SCHEMAS.glob("*.json")]
    registry: Registry[Any] = Registry()
    for schema in schemas:
        resource = Resource.from_contents(schema)
        registry = resource @ registry
        name_alone = schema["$id"].rpartition("/")[2]
        registry = registry.with_resource(name_alone, resource)
    (wanted,) = (each for each in schemas if each["$id"].endswith(f"/{name}.schema.json"))
    Draft7Validator(wanted, registry=registry, format_checker=FormatChecker()).validate(document)


def due_now(*, checked: bool = False) -> datetime:
    """The moment at which the schedule looks next."""
    return timezone.now() + (timedelta(minutes=6) if checked else timedelta(seconds=1))


def unlocked(value: str, key: bytes) -> str:
    """Decrypt as a reading program does that asks whether the passphrase is right."""
    whole = base64.b64decode(value)
    opened = Cipher(AES(key), CBC(whole[:16])).decryptor()
    padded = opened.update(whole[16:]) + opened.finalize()
    # Padded as XML Encryption has it: the last byte counts, those before it may be anything.
    return padded[: -padded[-1]].decode()


def test_a_borrower_gets_a_licence_with_the_loans_end_and_the_readers_key(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    found = licence_document(loan, by=reader)

    told = json.loads(found.content)
    require_valid("license", told)
    assert told["rights"]["end"] == f"{loan.due_at:%Y-%m-%dT%H:%M:%SZ}"
    assert told["encryption"]["user_key"]["text_hint"] == "màu của đất"
    key = bytes.fromhex(passphrase_digest("đất đỏ bazan"))
    assert unlocked(told["encryption"]["user_key"]["key_check"], key) == told["id"]
    status = server.status(found.identifier)
    require_valid("status", status)
    assert status["status"] == "ready"


def test_the_server_learns_no_name_and_not_that_two_loans_are_one_readers(
    server: StandIn, loan: DigitalLoan, patron: Patron, reader: Actor, province: Library
) -> None:
    second = ebook(province, title="Quyển thứ hai")
    licensed(second, protection="lcp", content_id=PUBLICATION)
    other = borrow(second, for_=patron, by=reader)

    told = [json.loads(licence_document(each, by=reader).content) for each in (loan, other)]

    assert [set(each["user"]) for each in told] == [{"id"}, {"id"}]
    assert told[0]["user"]["id"] != told[1]["user"]["id"]
    assert patron.name not in json.dumps(told, ensure_ascii=False)


def test_asking_twice_brings_one_licence(server: StandIn, loan: DigitalLoan, reader: Actor) -> None:
    first, second = issued(loan, reader), issued(loan, reader)

    assert first == second
    assert len(server.licences_of(str(loan.lcp.user))) == 1


def test_a_licence_whose_answer_was_lost_is_found_again(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    server.next_time("break")
    with pytest.raises(LcpDown):
        licence_document(loan, by=reader)

    found = issued(loan, reader)

    (kept,) = server.licences_of(str(loan.lcp.user))
    assert kept["uuid"] == found


def test_while_one_request_waits_for_the_server_another_is_told_so(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    LcpLoan.objects.filter(loan=loan).update(asked_at=timezone.now())

    with pytest.raises(LcpAsked):
        licence_document(loan, by=reader)

    assert server.licences_of(str(loan.lcp.user)) == []


def test_nobody_gets_a_licence_before_choosing_a_passphrase(
    server: StandIn, book: DigitalObject, patron: Patron
) -> None:
    loan = borrow(book, for_=patron, by=as_reader(patron))

    with pytest.raises(PassphraseNeeded):
        licence_document(loan, by=as_reader(patron))


def test_the_passphrase_is_kept_nowhere(patron: Patron, reader: Actor) -> None:
    kept = Passphrase.objects.get(patron=patron)

    assert passphrase_digest("đất đỏ bazan").encode() not in bytes(kept.sealed)
    assert "đất đỏ bazan".encode() not in bytes(kept.sealed)
    assert kept.hint == "màu của đất"


@pytest.mark.parametrize(
    ("passphrase", "hint", "field"),
    [
        ("ngắn", "gợi ý", "passphrase"),
        ("x" * 101, "gợi ý", "passphrase"),
        ("đất đỏ", " ", "hint"),
        ("đất đỏ", "là Đất Đỏ đó", "hint"),
    ],
)
def test_a_passphrase_that_will_not_do_is_refused(
    patron: Patron, passphrase: str, hint: str, field: str
) -> None:
    with pytest.raises(PassphraseRefused) as refusal:
        choose_passphrase(patron, passphrase, hint, by=as_reader(patron))

    assert refusal.value.field == field
    assert not Passphrase.objects.exists()


def test_given_back_in_the_account_before_it_was_opened_the_licence_is_cancelled(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    key = issued(loan, reader)

    give_back(loan, by=reader)
    tell_server(now=due_now())

    assert server.status(key)["status"] == "cancelled"


def test_given_back_in_the_account_while_open_on_a_phone_the_licence_is_returned(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    key = issued(loan, reader)
    server.register(key)

    give_back(loan, by=reader)
    tell_server(now=due_now())

    told = server.status(key)
    require_valid("status", told)
    assert told["status"] == "returned"
    assert [each["type"] for each in told["events"]] == ["register", "register", "return"]
    assert LcpLoan.objects.get(loan=loan).wanted == ""


def test_given_back_on_a_phone_the_loan_ends_and_the_next_reader_is_served(
    server: StandIn, loan: DigitalLoan, reader: Actor, book: DigitalObject, province: Library
) -> None:
    (other,) = readers(province, number=1)
    hold = place_digital_hold(book, for_=other, by=as_reader(other))
    key = issued(loan, reader)
    server.register(key)
    server.give_back(key)

    ended = look_at_licences(now=due_now(checked=True))

    loan.refresh_from_db()
    assert ended == 1
    assert (loan.returned_at is not None, loan.ending) == (True, Ending.EARLY)
    assert DigitalHold.objects.get(pk=hold.pk).state == HoldState.READY
    assert tell_server(now=due_now()) == 0


def test_revoked_at_the_server_the_loan_has_ended(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    key = issued(loan, reader)
    server.register(key)
    server.revoke(key)

    look_at_licences(now=due_now(checked=True))

    loan.refresh_from_db()
    assert loan.ending == Ending.BY_STAFF


def test_a_licence_that_is_open_leaves_its_loan_as_it_is(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    server.register(issued(loan, reader))

    ended = look_at_licences(now=due_now(checked=True))

    loan.refresh_from_db()
    assert (ended, loan.returned_at) == (0, None)
    assert loan.lcp.status == "active"


@pytest.mark.parametrize("is_open_on_a_phone", [False, True])
def test_renewed_in_the_account_the_licence_ends_later_too(
    server: StandIn, loan: DigitalLoan, reader: Actor, is_open_on_a_phone: bool
) -> None:
    key = issued(loan, reader)
    if is_open_on_a_phone:
        server.register(key)
    DigitalLoan.objects.filter(pk=loan.pk).update(due_at=loan.due_at - timedelta(days=3))

    renewed = renew_loan(loan, by=reader)
    tell_server(now=due_now())

    told = json.loads(licence_document(renewed, by=reader).content)
    assert told["rights"]["end"] == f"{renewed.due_at:%Y-%m-%dT%H:%M:%SZ}"
    assert ("updated" in told) == is_open_on_a_phone


def test_with_the_server_down_the_loan_is_kept_and_the_server_told_later(
    server: StandIn, loan: DigitalLoan, reader: Actor, settings: Settings
) -> None:
    key = issued(loan, reader)
    there, settings.LCP_URL = settings.LCP_URL, "http://127.0.0.1:9"

    give_back(loan, by=reader)
    told_while_down = tell_server(now=due_now())
    settings.LCP_URL = there
    told_too_early = tell_server(now=due_now())
    told_later = tell_server(now=due_now() + timedelta(minutes=2))

    assert (told_while_down, told_too_early, told_later) == (0, 0, 1)
    assert server.status(key)["status"] == "cancelled"


def test_with_the_server_down_nobody_loses_the_loan(
    loan: DigitalLoan, reader: Actor, settings: Settings
) -> None:
    settings.LCP_URL = "http://127.0.0.1:9"

    with pytest.raises(LcpDown):
        licence_document(loan, by=reader)

    assert loan.is_live(timezone.now())


def test_a_publication_that_the_server_does_not_know_is_refused_in_its_words(
    server: StandIn, loan: DigitalLoan, reader: Actor
) -> None:
    loan.licence.content_id = "00000000-0000-4000-8000-000000000000"

    with pytest.raises(LcpRefused) as refusal:
        licence_document(loan, by=reader)

    assert refusal.value.data == {"status": 400, "seen": "invalid publication ID"}


def test_an_ended_loan_gives_no_licence(server: StandIn, loan: DigitalLoan, reader: Actor) -> None:
    give_back(loan, by=reader)

    with pytest.raises(DigitalLoanOver):
        licence_document(loan, by=reader)


def test_a_protected_book_does_not_open_on_our_pages(loan: DigitalLoan, reader: Actor) -> None:
    assert not may_see(loan.object, reader, address=None, now=timezone.now())


def test_a_reading_program_fetches_the_fresh_licence_and_nothing_else(
    server: StandIn, loan: DigitalLoan, reader: Actor, client: Client
) -> None:
    key = issued(loan, reader)

    answer = client.get(f"/read/lcp/{key}")
    stranger = client.get("/read/lcp/00000000-0000-4000-8000-000000000000")

    require_valid("license", json.loads(answer.content))
    assert answer["Content-Type"] == LICENCE
    assert answer["Content-Disposition"].endswith('.lcpl"')
    assert stranger.status_code == 404


def test_an_e_reader_finds_the_licence_on_its_shelf_and_fetches_it(
    server: StandIn, loan: DigitalLoan, reader: Actor, patron: Patron
) -> None:
    program = program_of(with_password(patron))

    (publication,) = program.get("/opds/v2/shelf").json()["publications"]
    links = [each for each in publication["links"] if each["rel"].endswith("/acquisition")]
    answer = program.get(links[0]["href"])

    assert [each["type"] for each in links] == [LICENCE]
    assert answer["Content-Type"] == LICENCE
    require_valid("license", json.loads(answer.content))


def test_a_reading_program_renews_by_our_rules(
    server: StandIn, loan: DigitalLoan, reader: Actor, client: Client
) -> None:
    key = issued(loan, reader)
    server.register(key)
    DigitalLoan.objects.filter(pk=loan.pk).update(due_at=loan.due_at - timedelta(days=3))

    first = client.put(f"/read/lcp/{key}/renew?id=phone-1&name=x")
    second = client.put(f"/read/lcp/{key}/renew?id=phone-1&name=x")

    require_valid("status", json.loads(first.content))
    assert (first.status_code, first["Content-Type"]) == (200, STATUS)
    assert second.status_code == 403
    assert json.loads(second.content)["type"].endswith("/license-status-document/error/renew")
    assert DigitalLoan.objects.get(pk=loan.pk).renewals == 1


def test_a_book_without_a_name_at_the_server_is_handed_over_to_be_encrypted(
    book: DigitalObject,
    administrator: Actor,
    settings: Settings,
    store: Path,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    (tmp_path / "input").mkdir()
    settings.LCP_FOLDER = str(tmp_path / "input")
    keep_file(book, epub_with(), name="sach.epub", media_type=EPUB)
    wanted = LicenceData(library=book.library, protection="lcp")

    with django_capture_on_commit_callbacks(execute=True):
        licence = add_licence(book, wanted, by=administrator)

    (handed,) = (each for each in (tmp_path / "input").iterdir() if each.is_file())
    assert handed.name == f"{licence.content_id}.epub"
    assert handed.read_bytes() == epub_with()
    assert {each.name for each in tmp_path.rglob("*")} == {"input", ".tangthu", handed.name}


def test_a_file_that_could_not_be_handed_over_whole_leaves_nothing_behind(
    book: DigitalObject, settings: Settings, store: Path, tmp_path: Path
) -> None:
    settings.LCP_FOLDER = str(tmp_path)
    kept = keep_file(book, epub_with(), name="sach.epub", media_type=EPUB)
    (tmp_path / f"{PUBLICATION}.epub").mkdir()

    went_well = hand_over(kept, PUBLICATION)

    assert not went_well
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    "name", ["9786043214567", f"urn:uuid:{PUBLICATION}", PUBLICATION.upper(), f"{PUBLICATION}0"]
)
def test_a_name_that_no_licence_server_takes_is_refused_at_the_desk(
    book: DigitalObject, administrator: Actor, name: str
) -> None:
    wanted = LicenceData(library=book.library, protection="lcp", content_id=name)

    with pytest.raises(LicenceRefused) as refusal:
        add_licence(book, wanted, by=administrator)

    assert (refusal.value.field, refusal.value.data["fault"]) == ("content_id", "no_uuid")
    assert book.licences.count() == 1


def test_a_book_without_a_file_is_not_entered(
    book: DigitalObject, administrator: Actor, settings: Settings, tmp_path: Path
) -> None:
    settings.LCP_FOLDER = str(tmp_path)

    with pytest.raises(LicenceRefused) as refusal:
        add_licence(book, LicenceData(library=book.library, protection="lcp"), by=administrator)

    assert refusal.value.data["fault"] == "no_file_to_encrypt"
    assert book.licences.count() == 1


def test_the_doctor_asks_the_licence_server(
    server: StandIn, book: DigitalObject, settings: Settings
) -> None:
    def state() -> str:
        return str(health.lcp().state)

    well = state()
    settings.LCP_PASSWORD = "wrong"
    not_let_in = state()
    settings.LCP_URL = "http://127.0.0.1:9"
    down = state()
    settings.LCP_URL = ""
    not_set_up = state()

    assert (well, not_let_in, down, not_set_up) == ("well", "broken", "broken", "broken")


def test_protection_does_not_change_under_a_borrower(
    loan: DigitalLoan, administrator: Actor
) -> None:
    licence = loan.licence
    open_to_all = LicenceData(library=licence.library, protection="none")

    with pytest.raises(LicenceInUse):
        change_licence(licence, open_to_all, version=licence.version, by=administrator)

    licence.refresh_from_db()
    assert licence.protection == "lcp"
