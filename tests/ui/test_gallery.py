from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from lxml import html

COMPONENTS = Path(__file__).resolve().parents[2] / "src/tangthu/ui/templates/ui/components"
ADDRESS = "/desk/components/"
ANSWERED_ALONE = {"ui/components/suggestions.html"}  # what /suggest answers, never part of a page


def test_the_gallery_shows_every_component(desk_client: Client) -> None:
    response = desk_client.get(ADDRESS)

    shown = {template.name for template in response.templates}
    there = {f"ui/components/{file.name}" for file in COMPONENTS.glob("*.html")}
    assert response.status_code == 200
    assert there - shown == ANSWERED_ALONE


def test_the_gallery_is_for_staff(client: Client, db: None) -> None:
    response = client.get(ADDRESS)

    assert response.status_code == 302
    assert response["Location"].startswith("/staff/login")


@pytest.mark.parametrize("component", sorted(COMPONENTS.glob("*.html")), ids=lambda file: file.stem)
def test_a_component_begins_with_what_it_takes(component: Path) -> None:
    first = component.read_text().split("#}")[0]

    assert first.startswith("{# ")
    assert len(first) > 30


def test_the_menu_is_there_and_so_is_the_way_out(desk_client: Client) -> None:
    page = html.document_fromstring(desk_client.get(ADDRESS).content)

    names = [
        " ".join(link.text_content().split())
        for link in page.xpath("//nav[@class='staff-nav']//a[@href != '#']")
    ]
    assert names
    assert page.xpath("//header//form[@action='/staff/logout']//input[@name='csrfmiddlewaretoken']")
