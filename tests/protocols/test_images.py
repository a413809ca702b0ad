"""Images of pages over HTTP: what is asked is what comes, and only to whom it opens."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import pyvips
import time_machine
from django.test import Client
from django.utils import timezone
from PIL import Image

from tangthu.access.models import User
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.protocols.iiif.pyramid import pyramid
from tangthu.reading import tickets
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.storage import file_path
from tests.conftest import client_of, client_of_reader
from tests.factories import UserFactory, grant
from tests.protocols.making import page_picture

pytestmark = pytest.mark.django_db

RED, PAPER, BLUE = (200, 20, 40), (250, 245, 235), (30, 60, 160)


@pytest.fixture
def page(book: DigitalObject) -> Page:
    return book.pages.get(position=1)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def is_near(found: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, expected, strict=True))


def fetch(client: Client, page: Page, asked: str, *, ticket: str = "") -> Image.Image:
    answer = client.get(address(page, asked, ticket=ticket))
    assert answer.status_code == 200, answer.content
    return opened(answer.content)


def address(page: Page, asked: str, *, ticket: str = "") -> str:
    return f"/iiif/image/{page.identifier}{'~' + ticket if ticket else ''}/{asked}"


def test_the_whole_page_comes(client: Client, page: Page) -> None:
    found = fetch(client, page, "full/max/0/default.jpg")

    assert found.size == (700, 1000)
    assert is_near(found.getpixel((100, 100)), RED)
    assert is_near(found.getpixel((600, 100)), PAPER)
    assert is_near(found.getpixel((600, 900)), BLUE)


@pytest.mark.parametrize(
    ("asked", "size", "corner"),
    [
        ("350,500,350,500/max/0/default.jpg", (350, 500), BLUE),
        ("square/100,/0/default.png", (100, 100), RED),
        ("full/!200,200/0/default.webp", (140, 200), RED),
        ("full/70,/90/default.jpg", (100, 70), PAPER),
        ("full/70,/180/default.jpg", (70, 100), BLUE),
        ("full/70,/!0/default.jpg", (70, 100), PAPER),
    ],
)
def test_a_part_comes_in_the_size_and_turn_asked_for(
    client: Client, page: Page, asked: str, size: tuple[int, int], corner: tuple[int, ...]
) -> None:
    found = fetch(client, page, asked)

    assert found.size == size
    assert is_near(found.getpixel((3, 3)), corner)


def test_gray_and_bitonal_have_no_colour(client: Client, page: Page) -> None:
    gray = fetch(client, page, "full/100,/0/gray.png")
    bitonal = fetch(client, page, "full/100,/0/bitonal.png")

    red, green, blue = gray.getpixel((10, 10))
    assert red == green == blue
    assert {colour for _count, colour in bitonal.getcolors()} <= {(0, 0, 0), (255, 255, 255)}


def test_a_tile_goes_out_as_it_lies_on_disk(client: Client, page: Page) -> None:
    source = pyramid(str(file_path(page.delivery.path)))
    level = source.levels[0]
    on_disk = file_path(page.delivery.path).read_bytes()
    second = on_disk[level.offsets[1] :][: level.counts[1]]

    answer = client.get(address(page, "256,0,256,256/256,256/0/default.jpg"))

    assert answer.content.endswith(second.removeprefix(b"\xff\xd8"))
    assert opened(answer.content).size == (256, 256)


@pytest.mark.parametrize("size", [(700, 1000), (519, 777), (255, 300), (1031, 256), (30, 40)])
def test_every_tile_of_a_pyramid_shows_its_part_of_the_page(
    client: Client, new_object: Callable[..., DigitalObject], size: tuple[int, int]
) -> None:
    picture = page_picture(size=size)
    page = new_object(images=[picture]).pages.get()
    width, height = size
    told = client.get(address(page, "info.json")).json()

    for scale in told["tiles"][0]["scaleFactors"]:
        span = 256 * scale
        for x in range(0, width, span):
            for y in range(0, height, span):
                box = (x, y, min(span, width - x), min(span, height - y))
                wanted = (-(-box[2] // scale), -(-box[3] // scale))
                asked = f"{','.join(map(str, box))}/{wanted[0]},{wanted[1]}/0/default.jpg"
                found = pyvips.Image.new_from_buffer(client.get(address(page, asked)).content, "")
                assert (found.width, found.height) == wanted
                expected = picture.crop(*box).thumbnail_image(
                    wanted[0], height=wanted[1], size="force"
                )
                if min(wanted) > 8:
                    # A narrower strip takes colour from the padding beside it.
                    assert (found - expected).abs().avg() < 8, asked


def test_an_image_tells_of_itself(client: Client, page: Page) -> None:
    answer = client.get(address(page, "info.json"), HTTP_ACCEPT="application/ld+json")

    told = answer.json()
    assert answer["Content-Type"].startswith("application/ld+json")
    assert told["id"] == f"http://testserver/iiif/image/{page.identifier}"
    assert (told["width"], told["height"]) == (700, 1000)
    assert told["tiles"] == [{"width": 256, "scaleFactors": [1, 2, 4]}]
    assert told["rights"] == "http://creativecommons.org/publicdomain/mark/1.0/"


def test_what_is_not_offered_is_refused_in_one_line(client: Client, page: Page) -> None:
    bad = client.get(address(page, "full/huge/0/default.jpg"))
    beyond = client.get(address(page, "full/max/45/default.jpg"))
    nameless = client.get(address(page, "full/max/0/default"))
    missing = client.get("/iiif/image/bcdfghjkmnpq/full/max/0/default.jpg")

    assert (bad.status_code, bad.content) == (400, b"bad_size: huge")
    assert (beyond.status_code, beyond.content) == (501, b"not_offered: 45")
    assert (nameless.status_code, nameless.content) == (400, b"bad_format: default")
    assert (missing.status_code, missing.content) == (404, b"not_found")


def test_a_page_whose_file_is_gone_is_missing(client: Client, page: Page) -> None:
    file_path(page.delivery.path).unlink()

    whole = client.get(address(page, "full/max/0/default.jpg"))
    told = client.get(address(page, "info.json"))

    assert (whole.status_code, whole.content) == (404, b"file_missing")
    assert told.status_code == 404


def test_who_has_the_image_already_is_told_so(client: Client, page: Page) -> None:
    first = client.get(address(page, "full/100,/0/default.jpg"))

    again = client.get(address(page, "full/100,/0/default.jpg"), HTTP_IF_NONE_MATCH=first["ETag"])

    assert first["Cache-Control"] == "public, max-age=3600"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")


def test_an_open_image_costs_one_query(
    client: Client, page: Page, django_assert_num_queries: Callable[..., object]
) -> None:
    client.get(address(page, "0,0,256,256/256,256/0/default.jpg"))

    with django_assert_num_queries(1):
        client.get(address(page, "256,256,256,256/256,256/0/default.jpg"))


def test_images_are_not_packed_once_more(client: Client, page: Page) -> None:
    answer = client.get(
        address(page, "0,0,256,256/256,256/0/default.jpg"), HTTP_ACCEPT_ENCODING="gzip"
    )

    assert "Content-Encoding" not in answer


class TestRestricted:
    @pytest.fixture
    def page(self, new_object: Callable[..., DigitalObject]) -> Page:
        return new_object(access="cardholders").pages.get(position=1)

    def ticket(self, page: Page) -> str:
        return tickets.give(page.object.identifier, page.object.terms, address="127.0.0.1")

    def test_without_a_ticket_it_stays_shut(
        self, client: Client, patron: Patron, page: Page
    ) -> None:
        reader = client_of_reader(patron)

        answers = [
            visitor.get(address(page, asked))
            for visitor in (client, reader)
            for asked in ("full/max/0/default.jpg", "0,0,256,256/256,256/0/default.jpg")
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert {answer.content for answer in answers} == {b"object_closed"}

    def test_a_ticket_opens_it_and_no_other_object(
        self, client: Client, new_object: Callable[..., DigitalObject], page: Page
    ) -> None:
        other = new_object(access="cardholders").pages.get(position=1)
        given = self.ticket(page)

        answer = client.get(address(page, "full/100,/0/default.jpg", ticket=given))
        elsewhere = client.get(address(other, "full/100,/0/default.jpg", ticket=given))

        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, max-age=600"
        # The ticket is the key, so a viewer on any site may draw with it.
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert elsewhere.status_code == 403

    @pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"access": "staff"}])
    def test_a_ticket_is_void_when_the_object_closes(
        self, client: Client, page: Page, change: dict[str, str]
    ) -> None:
        given = self.ticket(page)
        DigitalObject.objects.filter(pk=page.object_id).update(**change)

        answer = client.get(address(page, "full/100,/0/default.jpg", ticket=given))

        assert answer.status_code == 403

    def test_a_ticket_is_good_for_minutes(self, client: Client, page: Page) -> None:
        given = self.ticket(page)

        with time_machine.travel(timezone.now() + timedelta(minutes=14)):
            soon = client.get(address(page, "full/100,/0/default.jpg", ticket=given))
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            late = client.get(address(page, "full/100,/0/default.jpg", ticket=given))

        assert (soon.status_code, late.status_code) == (200, 403)

    def test_a_ticket_of_the_reading_room_is_good_there_alone(
        self, client: Client, new_object: Callable[..., DigitalObject]
    ) -> None:
        page = new_object(access="on_site").pages.get(position=1)
        given = self.ticket(page)

        here = client.get(address(page, "full/100,/0/default.jpg", ticket=given))
        away = client.get(
            address(page, "full/100,/0/default.jpg", ticket=given), REMOTE_ADDR="203.0.113.9"
        )

        assert (here.status_code, away.status_code) == (200, 403)

    @pytest.mark.parametrize("forged", ["x", "a.b", "~", "1uX:abc", "…"])
    def test_a_forged_ticket_opens_nothing(self, client: Client, page: Page, forged: str) -> None:
        answer = client.get(address(page, "full/100,/0/default.jpg", ticket=forged))

        assert answer.status_code == 403

    def test_its_keepers_look_at_it_without_a_ticket(
        self, province: Library, neighbour_user: User, commune: Library, page: Page
    ) -> None:
        keeper = grant(UserFactory(library=province), province, *RepositoryPermission)
        neighbour = grant(neighbour_user, commune, *RepositoryPermission)

        ours = client_of(keeper).get(address(page, "full/100,/0/default.jpg"))
        theirs = client_of(neighbour).get(address(page, "full/100,/0/default.jpg"))

        assert (ours.status_code, theirs.status_code) == (200, 403)
