"""The staff's menu: its groups, what stands outside them, and where one is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from lxml import html

from tangthu.ui import navigation
from tangthu.ui.navigation import Entry, Group, grouped

DESK, HOLDS, READERS, LIBRARIES, STAFF = (
    Entry(url=url, label=url, icon="book", group=group, order=1, permissions=())  # type: ignore[arg-type]
    for url, group in (
        ("/desk/", Group.CIRCULATION),
        ("/desk/holds/", Group.CIRCULATION),
        ("/desk/patrons/", Group.READERS),
        ("/desk/libraries/", Group.ADMINISTRATION),
        ("/desk/users/", Group.ADMINISTRATION),
    )
)
PINNED = replace(DESK, pinned=True)
ENTRIES = [PINNED, HOLDS, STAFF, READERS, LIBRARIES]


def test_groups_come_in_their_order_and_keep_the_order_of_their_entries() -> None:
    menu = grouped(ENTRIES, "/")

    assert [(section.group, section.entries) for section in menu.sections] == [
        (Group.CIRCULATION, (HOLDS,)),
        (Group.READERS, (READERS,)),
        (Group.ADMINISTRATION, (STAFF, LIBRARIES)),
    ]


def test_what_is_pinned_stands_outside_its_group() -> None:
    menu = grouped(ENTRIES, "/")

    assert menu.pinned == (PINNED,)
    assert all(PINNED not in section.entries for section in menu.sections)


def test_an_entry_that_is_alone_needs_no_group_around_it() -> None:
    menu = grouped(ENTRIES, "/")

    assert [section.alone for section in menu.sections] == [HOLDS, READERS, None]


def test_no_group_is_drawn_around_all_that_there_is() -> None:
    menu = grouped([STAFF, LIBRARIES], "/desk/users/")

    assert [section.alone for section in menu.sections] == [STAFF, LIBRARIES]
    assert menu.current == STAFF


def test_a_page_beside_an_entry_belongs_to_it() -> None:
    wider = replace(READERS, beside=("/desk/libraries/friends/",))

    menu = grouped([wider, LIBRARIES], "/desk/libraries/friends/7/")

    assert menu.current == wider


@pytest.mark.parametrize(
    ("path", "current", "group"),
    [
        ("/desk/users/log", STAFF, Group.ADMINISTRATION),
        ("/desk/patrons/7/", READERS, Group.READERS),
        ("/desk/scan", PINNED, Group.CIRCULATION),
        ("/search", None, None),
    ],
)
def test_a_page_belongs_to_the_entry_with_the_longest_address(
    path: str, current: Entry | None, group: Group | None
) -> None:
    menu = grouped(ENTRIES, path)

    assert menu.current == current
    assert [section.group for section in menu.sections if section.current] == (
        [group] if group else []
    )


def test_nobody_sees_a_menu_without_an_entry() -> None:
    assert grouped([], "/desk/") == navigation.Menu(pinned=(), sections=(), current=None)


def test_the_group_of_the_page_lies_open_and_the_others_fold(desk_client: Client) -> None:
    page = html.document_fromstring(desk_client.get("/desk/holds/").content)

    [nav] = page.xpath("//nav[@class='staff-nav']")
    [current] = nav.xpath(".//a[@aria-current='page']")
    assert current.get("href") == "/desk/holds/"
    assert not current.xpath("ancestor::details")
    assert nav.xpath("./a[@href='/desk/']")
    assert nav.xpath(".//details[not(@open)]//a[@href='/desk/patrons/']")


def test_the_menu_holds_only_what_one_may_do(desk_client: Client) -> None:
    page = html.document_fromstring(desk_client.get("/desk/").content)

    links = page.xpath("//nav[@class='staff-nav']//a/@href")
    assert "/desk/holds/" in links
    assert "/desk/users/" not in links
    assert "/desk/libraries/" not in links
