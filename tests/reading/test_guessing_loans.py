"""What was lent, or was open once, is not read by who has it no more, nor by anybody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading import tickets
from tangthu.reading.actions.lending import borrow, give_back, place_digital_hold
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.reading.protection import file_ticket
from tangthu.repository.actions.captions import set_captions
from tangthu.repository.models import CaptionsKind, DigitalFile, DigitalObject
from tangthu.repository.policy.content import EPUB, PDF
from tests.conftest import client_of_reader
from tests.protocols.opds import program_of, with_password
from tests.reading.lending import as_reader, ebook, licensed, readers
from tests.reading.making import epub_with, keep_file, pdf_with_text

pytestmark = pytest.mark.django_db

WORDS = "WEBVTT\n\n00:00.000 --> 00:01.000\nLời kể kín\n".encode()
HERE = "127.0.0.1"


@pytest.fixture
def book(province: Library, store: Path) -> DigitalFile:
    """The file of an e-book that is lent as it is, to as many as wish."""
    obj = ebook(province)
    licensed(obj, at_once=None)
    return keep_file(obj, epub_with(), name="s.epub", media_type=EPUB)


@pytest.fixture
def marked(province: Library, store: Path) -> DigitalFile:
    """The file of an e-book that is lent with a mark."""
    obj = ebook(province, kind="pdf")
    licensed(obj, at_once=None, protection="watermark", downloads=True)
    return keep_file(obj, pdf_with_text(1), name="s.pdf", media_type=PDF)


def lend(file: DigitalFile, patron: Patron) -> DigitalLoan:
    return borrow(file.object, for_=patron, by=as_reader(patron))


def bare(file: DigitalFile) -> str:
    return f"/read/{file.object.identifier}/file/{file.identifier}"


def ticketed(file: DigitalFile, patron: Patron) -> str:
    """The address that the page gave the borrower."""
    given = file_ticket(file.object, file.identifier, actor=as_reader(patron), address=HERE)
    return f"{bare(file)}~{given}"


def statuses(client: Client, address: str) -> set[int]:
    """What an address answers to who fetches it whole, in part, or only asks what it is."""
    answers = [
        client.get(address),
        client.get(address, headers={"Range": "bytes=0-0"}),
        client.head(address),
    ]
    return {each.status_code for each in answers}


@pytest.mark.parametrize("kind", ["book", "marked"])
def test_what_was_given_back_opens_by_no_address_that_its_page_gave(
    kind: str, patron: Patron, request: pytest.FixtureRequest
) -> None:
    file: DigitalFile = request.getfixturevalue(kind)
    loan = lend(file, patron)
    given, reader = ticketed(file, patron), client_of_reader(patron)
    while_lent = reader.get(given).status_code

    give_back(loan, by=as_reader(patron))

    assert while_lent == 200
    assert statuses(reader, given) == statuses(reader, bare(file)) == {403}
    assert statuses(Client(), bare(file)) == {403}


def test_a_marked_copy_of_an_ended_loan_opens_to_nobody_who_kept_its_address(
    marked: DigitalFile, patron: Patron
) -> None:
    loan = lend(marked, patron)
    given = ticketed(marked, patron)
    while_lent = Client().get(given).status_code

    DigitalLoan.objects.filter(pk=loan.pk).update(due_at=timezone.now())

    assert while_lent == 200
    assert statuses(Client(), given) == {403}


def test_an_address_made_for_one_reader_is_of_no_use_to_another(
    book: DigitalFile, marked: DigitalFile, patron: Patron, foreign_patron: Patron
) -> None:
    for file in (book, marked):
        lend(file, patron)

    stranger = client_of_reader(foreign_patron)

    assert statuses(stranger, ticketed(book, patron)) == {403}
    assert statuses(stranger, ticketed(marked, patron)) == {403}


def test_nobody_has_the_copy_of_another_loan_by_writing_its_number_into_a_ticket(
    marked: DigitalFile, province: Library
) -> None:
    first, second = readers(province, number=2)
    loans = [lend(marked, each) for each in (first, second)]
    mine, theirs = (
        tickets.give(
            marked.object.identifier,
            marked.object.terms,
            address=HERE,
            file=marked.identifier,
            view=loan.pk,
        )
        for loan in loans
    )
    forged = ".".join([theirs.split(".")[0], *mine.split(".")[1:]])

    assert tickets.view_of(forged) == loans[1].pk
    assert statuses(Client(), f"{bare(marked)}~{forged}") == {403}


def test_an_address_is_good_for_minutes(
    book: DigitalFile, patron: Patron, monkeypatch: pytest.MonkeyPatch
) -> None:
    lend(book, patron)
    given = ticketed(book, patron)
    at_first = statuses(Client(), given)

    monkeypatch.setattr(tickets, "LIFETIME", timedelta(seconds=-1))

    assert at_first == {200, 206}
    assert statuses(Client(), given) == {403}


@pytest.mark.parametrize(
    ("change", "answered"),
    [
        ({"access": "staff"}, 404),
        ({"access": "lent"}, 403),
        ({"access": "cardholders"}, 403),
        ({"state": "withdrawn"}, 404),
        ({"embargo_until": "2999-01-01"}, 403),
    ],
)
def test_an_episode_and_its_words_close_with_their_recording(
    change: dict[str, str], answered: int, province: Library, store: Path, machine: Actor
) -> None:
    obj = ebook(province, kind="audio", access="public", rights="PDM")
    sound = keep_file(obj, b"ID3 kin", name="tap-1.mp3", media_type="audio/mpeg")
    tape = obj.recordings.create(source=sound, position=1, duration=1000)
    set_captions(tape, WORDS, language="vie", kind=CaptionsKind.SPOKEN, by=machine)
    files = [sound, tape.captions.get().file]
    while_open = [statuses(Client(), bare(each)) for each in files]

    DigitalObject.objects.filter(pk=obj.pk).update(**change)

    assert while_open == [{200, 206}] * 2
    assert [statuses(Client(), bare(each)) for each in files] == [{answered}] * 2


def test_the_shelf_of_an_e_reader_is_its_own_reader_s_alone(
    book: DigitalFile, province: Library
) -> None:
    first, second, third = (with_password(each) for each in readers(province, number=3))
    scarce = ebook(province, title="Chỉ một bản")
    licensed(scarce)
    loan = borrow(scarce, for_=first, by=as_reader(first))
    hold = place_digital_hold(scarce, for_=second, by=as_reader(second))
    program = program_of(third)

    shelves = [program.get(f"/{each}/shelf").content.decode() for each in ("opds", "opds2")]
    tried = [
        program.post(f"/opds2/return/{loan.pk}").status_code,
        program.post(f"/opds2/unhold/{hold.pk}").status_code,
        program.get(f"/opds/licence/{scarce.identifier}").status_code,
        program.get(f"/opds/file/{book.object.identifier}/{book.identifier}").status_code,
    ]

    assert ["Chỉ một bản" in each for each in shelves] == [False, False]
    assert tried == [404, 404, 404, 404]
    assert DigitalLoan.objects.get(pk=loan.pk).returned_at is None
    assert DigitalHold.objects.get(pk=hold.pk).state == "waiting"
