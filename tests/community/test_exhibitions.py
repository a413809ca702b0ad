"""Exhibitions: composed without code, shown to everybody, with what is open to all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.community.actions.exhibitions import (
    BlockData,
    ExhibitionData,
    add_block,
    change_block,
    make_exhibition,
    move_block,
    remove_block,
    show_exhibition,
)
from tangthu.community.errors import BlockRefused, ExhibitionTaken
from tangthu.community.models import Block, Exhibition
from tangthu.community.policy.blocks import BlockKind
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted, StaleVersion
from tangthu.libraries.models import Library
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.models import Collection, DigitalObject, Recording
from tests.conftest import client_of
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(province: Library, teller: Actor) -> Exhibition:
    data = ExhibitionData(slug="cong-chieng", title="Cồng chiêng", lead="Âm vang đại ngàn")
    return make_exhibition(data, library=province, by=teller)


def page_of(book: DigitalObject) -> str:
    return book.pages.order_by("position").values_list("identifier", flat=True)[0]


def test_an_exhibition_shows_its_blocks_in_their_order(
    client: Client,
    story: Exhibition,
    teller: Actor,
    book: DigitalObject,
    tape: Callable[..., Recording],
) -> None:
    page = page_of(book)
    address = f"https://thuvien.example/read/{book.identifier}/{page}/#xywh=10,20,100,200"
    whole = f"/read/{book.identifier}/"
    sound = f"/read/{tape('Tiếng chiêng').object.identifier}/?part=1&t=3"
    for kind, data in (
        (BlockKind.TEXT, BlockData(heading="Mở đầu", text="Đất đỏ <b>ba-dan</b>")),
        (BlockKind.IMAGE, BlockData(address=address)),
        (
            BlockKind.MAP,
            BlockData(address=f"/read/{book.identifier}/", lines="34,5 56 Buôn Đôn | Voi"),
        ),
        (BlockKind.TIMELINE, BlockData(lines="1904 | Lập tỉnh | Ngày 22/11")),
        (BlockKind.GALLERY, BlockData(lines=whole)),
        (BlockKind.SOUND, BlockData(address=sound)),
        (BlockKind.QUOTE, BlockData(text="Nghe chiêng nhớ buôn")),
        (BlockKind.FIGURES, BlockData()),
    ):
        add_block(story, kind, data, by=teller)
    show_exhibition(story, shown=True, by=teller)

    shown = client.get("/exhibitions/cong-chieng/")

    assert shown.status_code == 200
    assert "Đất đỏ &lt;b&gt;ba-dan&lt;/b&gt;" in shown.text
    assert f"/{page}/10,20,100,200/100,/0/default.jpg" in shown.text
    assert "Buôn Đôn" in shown.text
    assert "1904" in shown.text
    assert "#t=3" in shown.text
    assert "tài liệu số" in shown.text
    assert [each.block.kind for each in shown.context["blocks"]] == [
        *("text", "image", "map", "timeline", "gallery", "sound", "quote", "figures"),
    ]


@pytest.mark.parametrize(
    ("kind", "data", "fault", "line"),
    [
        (BlockKind.TEXT, BlockData(text=" "), "nothing_typed", 0),
        (
            BlockKind.IMAGE,
            BlockData(address="https://x.example/a.jpg"),
            "no_address_of_ours",
            0,
        ),
        (BlockKind.IMAGE, BlockData(address="/read/zzzzzzzzzzzz/"), "not_open_to_all", 0),
        (BlockKind.TIMELINE, BlockData(lines="1904 | Lập tỉnh\nkhông có gì"), "bad_line", 2),
        (BlockKind.GALLERY, BlockData(lines="javascript:alert(1)"), "bad_line", 1),
        (BlockKind.TIMELINE, BlockData(), "nothing_typed", 0),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_place(
    story: Exhibition, teller: Actor, kind: BlockKind, data: BlockData, fault: str, line: int
) -> None:
    with pytest.raises(BlockRefused) as refused:
        add_block(story, kind, data, by=teller)

    assert (refused.value.fault, refused.value.line) == (fault, line)
    assert story.blocks.count() == 0


@pytest.mark.parametrize("lines", ["101 5 Ngoài lề", "a b c", "10 20", "-1 5 x"])
def test_places_outside_the_map_are_refused(
    story: Exhibition, teller: Actor, book: DigitalObject, lines: str
) -> None:
    data = BlockData(address=f"/read/{book.identifier}/", lines=lines)

    with pytest.raises(BlockRefused) as refused:
        add_block(story, BlockKind.MAP, data, by=teller)

    assert refused.value.fault == "bad_line"


def test_what_was_closed_afterwards_is_not_shown_any_more(
    client: Client, story: Exhibition, teller: Actor, book: DigitalObject
) -> None:
    add_block(story, BlockKind.IMAGE, BlockData(address=f"/read/{book.identifier}/"), by=teller)
    add_block(story, BlockKind.GALLERY, BlockData(lines=f"/read/{book.identifier}/"), by=teller)
    show_exhibition(story, shown=True, by=teller)
    DigitalObject.objects.filter(pk=book.pk).update(access="staff")

    shown = client.get("/exhibitions/cong-chieng/")

    assert shown.status_code == 200
    assert book.title not in shown.text
    assert book.identifier not in shown.text


def test_only_its_keepers_see_an_exhibition_that_is_not_published(
    client: Client, story: Exhibition, teller_user: User, neighbour_client: Client
) -> None:
    address = "/exhibitions/cong-chieng/"

    assert client.get(address).status_code == 404
    assert neighbour_client.get(address).status_code == 404
    assert client_of(teller_user).get(address).status_code == 200
    assert "Cồng chiêng" not in client.get("/exhibitions/").text


def test_blocks_change_places_and_leave(story: Exhibition, teller: Actor) -> None:
    first, second, third = (
        add_block(story, BlockKind.TEXT, BlockData(text=text), by=teller) for text in "abc"
    )

    move_block(third, step=-1, by=teller)
    move_block(first, step=-1, by=teller)
    remove_block(second, by=teller)

    assert list(story.blocks.values_list("text", flat=True)) == ["a", "c"]


def test_of_two_who_type_the_same_block_the_second_is_told(
    story: Exhibition, teller: Actor
) -> None:
    block = add_block(story, BlockKind.TEXT, BlockData(text="cũ"), by=teller)
    change_block(block, BlockData(text="mới"), revision=1, by=teller)

    with pytest.raises(StaleVersion):
        change_block(block, BlockData(text="khác"), revision=1, by=teller)

    block.refresh_from_db()
    assert (block.text, block.revision) == ("mới", 2)


def test_an_address_belongs_to_one_exhibition(
    story: Exhibition, province: Library, teller: Actor, neighbour: Actor
) -> None:
    again = ExhibitionData(slug="cong-chieng", title="Khác")
    with pytest.raises(ExhibitionTaken):
        make_exhibition(again, library=province, by=teller)
    with pytest.raises(NotPermitted):
        add_block(story, BlockKind.TEXT, BlockData(text="x"), by=neighbour)

    assert (Exhibition.objects.count(), Block.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_add_at_once_both_find_their_block(story: Exhibition, teller: Actor) -> None:
    outcomes = at_once(
        lambda: add_block(story, BlockKind.TEXT, BlockData(text="một"), by=teller),
        lambda: add_block(story, BlockKind.TEXT, BlockData(text="hai"), by=teller),
    )

    assert len(outcomes) == 2
    assert sorted(story.blocks.values_list("position", flat=True)) == [1, 2]


def test_staff_compose_an_exhibition_without_code(
    client: Client, teller_user: User, province: Library, book: DigitalObject
) -> None:
    staff = client_of(teller_user)
    made = staff.post(
        "/desk/exhibitions/new/",
        {"title": "Bến nước", "slug": "ben-nuoc", "lead": "", "library": province.pk},
    )
    row = Exhibition.objects.get()
    add = reverse("community:add_block", args=[row.pk, "timeline"])

    bad = staff.post(add, {"new-timeline-lines": "chỉ một từ"})
    good = staff.post(add, {"new-timeline-lines": "1904 | Lập tỉnh"})
    staff.post(reverse("community:publish_exhibition", args=[row.pk]), {"shown": "yes"})

    assert made["Location"] == reverse("community:compose", args=[row.pk])
    assert bad.status_code == 422
    assert "Không hiểu dòng 1" in bad.text
    assert good.status_code == 302
    assert "Lập tỉnh" in client.get("/exhibitions/ben-nuoc/").text


def test_collections_show_what_readers_may_find(
    client: Client, tape: Callable[..., Recording]
) -> None:
    shown, hidden = tape("Lời kể khan"), tape("Bản nháp")
    DigitalObject.objects.filter(pk=hidden.object_id).update(state="draft")

    page = client.get("/collections/tieng-noi/")
    tree = client.get("/collections/")

    assert shown.object.title in page.text
    assert "Bản nháp" not in page.text
    assert [shelf.count for shelf in tree.context["shelves"]] == [1]
    assert client.get("/collections/khong-co/").status_code == 404


def test_a_collection_counts_what_stands_below_it_once(
    client: Client, voices: Collection, book: DigitalObject, machine: Actor
) -> None:
    epics = add_collection(CollectionData(code="su-thi", name="Sử thi", parent=voices), by=machine)
    book.collections.set([voices, epics])

    (shelf,) = client.get("/collections/").context["shelves"]

    assert (shelf.count, [below.count for below in shelf.below]) == (1, [1])
    assert shelf.card.picture.startswith("/iiif/image/")


def test_the_front_page_leads_into_the_digital_library(client: Client, book: DigitalObject) -> None:
    page = client.get("/").text

    assert f'href="/read/{book.identifier}/"' in page
    for address in ("/collections/", "/exhibitions/", "/podcasts/", "/search?online=yes"):
        assert f'href="{address}"' in page


def test_an_exhibition_is_announced_elsewhere_with_its_first_picture(
    client: Client, story: Exhibition, book: DigitalObject, teller: Actor
) -> None:
    page = book.pages.get(position=2)
    named = f"https://thuvien.example/ark:/99999/{book.identifier}/{page.identifier}"
    add_block(story, BlockKind.IMAGE, BlockData(address=named), by=teller)
    show_exhibition(story, shown=True, by=teller)

    told = client.get(f"/exhibitions/{story.slug}/").text
    listed = client.get("/exhibitions/").text

    picture = f"/iiif/image/{page.identifier}/full/"
    assert f'property="og:image" content="http://testserver{picture}' in told
    assert f'<img src="{picture}' in listed
