from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked", "answered"), [("en-GB,en", "en"), ("vi", "vi"), ("fr", "vi")])
def test_the_api_speaks_the_language_that_a_program_asks_for(client, asked, answered):
    response = client.get("/api/v1/items/X", headers={"Accept-Language": asked})

    assert response["Content-Language"] == answered


def test_a_page_speaks_vietnamese_whatever_the_browser_carries(client):
    response = client.get("/", headers={"Accept-Language": "en"})

    assert response["Content-Language"] == "vi"
