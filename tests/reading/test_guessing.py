"""Nobody reads what is another's by guessing at addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading import tickets
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.texts import TextOrigin
from tests.conftest import client_of_reader
from tests.reading.lending import ebook, lent, licensed
from tests.reading.making import keep_file

pytestmark = pytest.mark.django_db
SECRET = "điềubímật"


@dataclass(frozen=True)
class Kept:
    """An object that is not open to the visitor: a page with text, and a file."""

    obj: DigitalObject
    page: Page
    file: DigitalFile


@pytest.fixture(params=["staff", "on_request", "lent", "cardholders"])
def kept(
    request: pytest.FixtureRequest,
    new_object: Callable[..., DigitalObject],
    administrator: Actor,
) -> Kept:
    obj = new_object(pages=2, access=request.param, title="Tập ảnh kín")
    page = obj.pages.first()
    words = Layout(700, 1000, (Block((Line((Word(SECRET, (10, 10, 40, 20), 0.9),)),)),))
    keep_text(page, words, origin=TextOrigin.MACHINE, by=administrator)
    file = keep_file(obj, SECRET.encode(), name="kín.pdf", media_type="application/pdf")
    return Kept(obj, page, file)


@pytest.fixture
def open_book(new_object: Callable[..., DigitalObject]) -> Kept:
    """A book that everybody may read, whose addresses and tickets a stranger has."""
    obj = new_object(pages=1, title="Sách mở")
    file = keep_file(obj, b"open", name="mở.pdf", media_type="application/pdf")
    return Kept(obj, obj.pages.first(), file)


def picture(name: str, size: str = "max", region: str = "full") -> str:
    return f"/iiif/image/{name}/{region}/{size}/0/default.jpg"


def guesses(kept: Kept, other: Kept) -> Iterator[str]:
    """Yield the addresses of what is kept, and those that lead there round a corner."""
    name, page, file = kept.obj.identifier, kept.page.identifier, kept.file.identifier
    mine, stored = other.obj.identifier, kept.file.path
    foreign = tickets.give(mine, other.obj.terms, address="127.0.0.1")
    for_file = tickets.give(mine, other.obj.terms, address="127.0.0.1", file=other.file.identifier)
    yield from (f"/read/{name}/text/{page}", f"/read/{name}/search?q={SECRET}")
    yield from (f"/read/{name}/file/{file}", f"/read/{name}/file/{kept.file.pk}")
    yield from (f"/read/{mine}/file/{file}", f"/read/{mine}/text/{page}")
    yield from (f"/read/{name}/file/{file}~{foreign}", f"/read/{name}/file/{file}~{for_file}")
    yield from (f"/read/{mine}/file/{file}~{for_file}", f"/read/{name}/file/{file}~x.y.z")
    yield from (
        f"/read/{mine}/file/../../{name}/file/{file}",
        f"/read/{mine}/..%2f{name}/file/{file}",
    )
    yield from (f"/read/{mine}/file/..%2F..%2F..%2F{stored}", f"/read/{mine}/file/%2e%2e%2f{file}")
    yield from (f"/opds/file/{name}/{file}", f"/opds/file/{mine}/{file}", f"/opds/page/{name}")
    sizes = ("max", "700,", "^max", "100,100", "!5,5", "pct:1", "1,")
    yield from (picture(page, size) for size in sizes)
    yield from (picture(page, "256,256", f"{at},0,256,256") for at in (0, 256, 512))
    yield from (picture(f"{page}~{foreign}"), picture(f"{page}~{for_file}"), picture(f"{page}~"))
    yield from (picture(str(kept.page.pk)), picture(f"{other.page.identifier}%2f..%2f{page}"))
    # What a browser keeps to be read without a line, by the addresses it keeps it under.
    offline = f"/iiif/image/{page}"
    for width in (700, 960):
        shown = f"full/{width},/0/default.webp"
        yield from (f"{offline}/{shown}", f"{offline}/{shown}?kept=")
        yield from (f"{offline}~{foreign}/{shown}?kept=", f"{offline}~{for_file}/{shown}")
    yield from (f"/read/{name}/?kept=", f"/read/{name}/kept", f"/read/{name}/{page}/?kept=")
    yield from (f"/iiif/search/{name}?q={SECRET}", f"/iiif/search/{name}~{foreign}?q={SECRET}")
    yield from (f"/files/{stored}", f"/media/{stored}", f"/static/{stored}", f"/{stored}")
    yield from (
        f"/desk/digital/{name}/files/{file}/",
        f"/desk/digital/{name}/pages/{page}/small.jpg",
    )
    yield from (f"/desk/digital/{name}/mets.xml", f"/desk/digital/{name}/contents/")
    yield from (f"/iiif/manifest/{name}", f"/iiif/manifest/{name}~{foreign}")
    yield from (f"/iiif/image/{page}/info.json", f"/iiif/image/{page}~{foreign}/info.json")
    yield from (f"/desk/digital/exports/{name}/", f"/desk/digital/{mine}/files/{file}/")
    yield from (f"/desk/digital/{mine}/pages/{page}/small.jpg", f"/desk/digital/uploads/{name}/")
    yield from (f"/read/{name}/file/{file}~{changed}" for changed in altered(for_file))
    yield from (picture(f"{page}~{changed}") for changed in altered(foreign))


def altered(ticket: str) -> Iterator[str]:
    """Yield a good ticket of something else, changed in each of its parts."""
    for at in (0, len(ticket) // 2, len(ticket) - 1):
        yield f"{ticket[:at]}{'A' if ticket[at] != 'A' else 'B'}{ticket[at + 1 :]}"
    yield from (f"1.{ticket}", ticket[:-1], f"{ticket}0", ticket.upper())


def gave_away(client: Client, address: str) -> bool:
    """Tell whether the answer holds anything of what is kept."""
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    is_picture = answer.status_code == 200 and answer["Content-Type"].startswith("image/")
    # What was asked for is said again where nothing is found.
    said = body.decode("utf-8", "replace").replace(f"q={SECRET}", "").replace(f'"{SECRET}"', "")
    return is_picture or (answer.status_code == 200 and SECRET in said)


def test_no_address_gives_a_stranger_what_is_kept(kept: Kept, open_book: Kept) -> None:
    client = Client()

    assert [each for each in guesses(kept, open_book) if gave_away(client, each)] == []


def test_no_address_gives_a_reader_what_others_were_granted(
    kept: Kept, open_book: Kept, patron: Patron
) -> None:
    if kept.obj.access == "cardholders":
        pytest.skip("it is open to every reader with a card")
    client = client_of_reader(patron)

    assert [each for each in guesses(kept, open_book) if gave_away(client, each)] == []


def test_a_lent_book_opens_to_its_borrower_alone(
    province: Library, patron: Patron, foreign_patron: Patron
) -> None:
    book = ebook(province)
    licensed(book)
    file = keep_file(book, SECRET.encode(), name="s.epub", media_type="application/epub+zip")
    now = timezone.now()
    lent(book, patron, ago=timedelta(days=1), due=now + timedelta(days=13))
    address = f"/read/{book.identifier}/file/{file.identifier}"

    borrower, other = client_of_reader(patron), client_of_reader(foreign_patron)

    assert gave_away(borrower, address)
    assert not gave_away(other, address)
    assert not gave_away(Client(), address)
    assert not gave_away(other, f"/opds/file/{book.identifier}/{file.identifier}")


def test_a_ticket_opens_neither_another_object_nor_the_same_one_once_it_is_closed(
    open_book: Kept, kept: Kept
) -> None:
    own = tickets.give(kept.obj.identifier, kept.obj.terms, address="127.0.0.1")
    address = f"/iiif/image/{kept.page.identifier}~{own}/full/max/0/default.jpg"
    assert gave_away(Client(), address)

    DigitalObject.objects.filter(pk=kept.obj.pk).update(state="withdrawn")

    assert not gave_away(Client(), address)
    elsewhere = f"/iiif/image/{open_book.page.identifier}~{own}/full/max/0/default.jpg"
    DigitalObject.objects.filter(pk=open_book.obj.pk).update(access="staff")
    assert not gave_away(Client(), elsewhere)


@pytest.mark.parametrize("deed", ["bag", "check", "redraw", "publish", "withdraw", "reopen"])
def test_no_stranger_has_a_bag_or_does_anything_to_an_object(
    kept: Kept, patron: Patron, deed: str
) -> None:
    address = f"/desk/digital/{kept.obj.identifier}/{deed}/"

    for client in (Client(), client_of_reader(patron)):
        answer = client.post(address, {"reason": "x"})
        assert answer.status_code in {302, 403, 404}
        assert not answer.get("Content-Type", "").startswith("application/zip")

    kept.obj.refresh_from_db()
    assert kept.obj.state == "published"
