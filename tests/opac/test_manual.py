"""The manual: every page opens from the program, and every link in it leads somewhere."""

from __future__ import annotations

import re

import pytest

from tangthu.opac import manual

pytestmark = pytest.mark.django_db


def test_every_page_opens(client):
    names = [page.name for page in manual.pages()]

    assert {"index", "dang-nhap", "quay-luu-thong", "tra-cuu"} <= set(names)
    for name in names:
        response = client.get(f"/manual/{name}")
        assert response.status_code == 200
        assert response.content.decode().count("<h1>") == 1


def test_every_link_between_pages_leads_to_one():
    linked = {
        name
        for page in manual.pages()
        for name in re.findall(r'href="/manual/([a-z0-9-]+)', page.html)
    }

    assert linked
    assert linked <= {page.name for page in manual.pages()}


def test_a_box_is_drawn_as_a_message(client):
    page = client.get("/manual/dang-nhap").content.decode()

    assert '<p class="message-title">Không đăng nhập được?</p>' in page
    assert ":::" not in page


@pytest.mark.parametrize(
    "address", ["/manual/khong-co", "/manual/pictures/khong-co.png", "/manual/..%2fREADME"]
)
def test_what_is_not_in_the_manual_is_missing(client, address):
    assert client.get(address).status_code == 404
