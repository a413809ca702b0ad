"""Restricted images in viewers of other sites, as the Authorization Flow API 2.0 has it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from PIL import Image

from tangthu.patrons.models import Patron
from tangthu.reading.models import RestrictedView
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of_reader

pytestmark = pytest.mark.django_db

VIEWER = "https://viewer.example.org"


@pytest.fixture
def kept(new_object: Callable[..., DigitalObject]) -> DigitalObject:
    """A document for readers with a card."""
    return new_object(access="cardholders")


def page_of(obj: DigitalObject) -> str:
    return str(obj.pages.get(position=1).identifier)


def allow(client: Client, obj: DigitalObject, origin: str = VIEWER) -> object:
    return client.post(f"/iiif/auth/access/{obj.identifier}?origin={origin}")


def posted(client: Client, obj: DigitalObject, origin: str = VIEWER) -> dict:
    answer = client.get(f"/iiif/auth/token/{obj.identifier}?messageId=m1&origin={origin}")
    assert answer.status_code == 200
    found = re.search(r'<script id="iiif-flow"[^>]*>(.*?)</script>', answer.content.decode())
    assert found
    told = json.loads(found.group(1))
    assert told["origin"] == origin
    assert told["message"]["messageId"] == "m1"
    return told["message"]


def probed(client: Client, obj: DigitalObject, token: str = "") -> dict:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.get(f"/iiif/auth/probe/{page_of(obj)}", headers=headers)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


def services_of(image: dict) -> list[str]:
    probe = image["service"][0]
    access = probe["service"][0]
    return [probe["type"], access["type"], access["profile"]] + [
        each["type"] for each in access["service"]
    ]


def test_manifest_and_description_name_the_services(client: Client, kept: DigitalObject) -> None:
    info = client.get(f"/iiif/image/{page_of(kept)}/info.json")
    manifest = client.get(f"/iiif/manifest/{kept.identifier}").json()

    named = [
        "AuthProbeService2",
        "AuthAccessService2",
        "active",
        "AuthAccessTokenService2",
        "AuthLogoutService2",
    ]
    body = manifest["items"][0]["items"][0]["items"][0]["body"]
    assert services_of(info.json()) == services_of(body["service"][0]) == named
    assert info["Access-Control-Allow-Origin"] == "*"
    for told in (info.json(), manifest):
        assert told["@context"][0] == "http://iiif.io/api/auth/2/context.json"
    assert client.get(f"/iiif/image/{page_of(kept)}/full/max/0/default.jpg").status_code == 403


def test_a_reader_who_allows_a_site_sees_the_pages_there(
    kept: DigitalObject, patron: Patron
) -> None:
    reader = client_of_reader(patron)

    asked = reader.get(f"/iiif/auth/access/{kept.identifier}?origin={VIEWER}")
    answer = allow(reader, kept)
    message = posted(reader, kept)
    result = probed(Client(), kept, message["accessToken"])

    assert VIEWER in asked.content.decode()
    assert answer["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert (message["type"], message["expiresIn"]) == ("AuthAccessToken2", 900)
    assert (result["type"], result["status"]) == ("AuthProbeResult2", 302)
    assert result["location"]["type"] == "ImageService3"
    picture = Client().get(f"{result['location']['id']}/full/max/0/default.jpg")
    assert Image.open(io.BytesIO(picture.content)).size == (700, 1000)
    assert picture["Access-Control-Allow-Origin"] == "*"
    assert RestrictedView.objects.get().patron == patron


def test_only_the_site_that_was_allowed_gets_a_token(kept: DigitalObject, patron: Patron) -> None:
    reader = client_of_reader(patron)
    allow(reader, kept)

    other = posted(reader, kept, origin="https://evil.example")
    stranger = posted(Client(), kept)

    assert (other["type"], other["profile"]) == ("AuthAccessTokenError2", "invalidOrigin")
    assert (stranger["type"], stranger["profile"]) == ("AuthAccessTokenError2", "missingAspect")
    assert not RestrictedView.objects.exists()


def test_what_was_allowed_for_one_document_opens_no_other(
    kept: DigitalObject, new_object: Callable[..., DigitalObject], patron: Patron
) -> None:
    other, reader = new_object(access="cardholders"), client_of_reader(patron)
    allow(reader, kept)
    token = posted(reader, kept)["accessToken"]
    reader.cookies["iiif-access"]["path"] = "/"

    assert posted(reader, other)["profile"] == "invalidOrigin"
    assert probed(Client(), other, token)["status"] == 401


def test_the_token_itself_opens_no_image(
    client: Client, kept: DigitalObject, patron: Patron
) -> None:
    reader = client_of_reader(patron)
    allow(reader, kept)
    token = posted(reader, kept)["accessToken"]

    answer = client.get(f"/iiif/image/{page_of(kept)}~{token}/full/max/0/default.jpg")

    assert answer.status_code == 403


def test_a_token_and_a_permission_end_in_time(kept: DigitalObject, patron: Patron) -> None:
    reader, now = client_of_reader(patron), timezone.now()
    with time_machine.travel(now, tick=False):
        allow(reader, kept)
        token = posted(reader, kept)["accessToken"]

    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert probed(Client(), kept, token)["status"] == 401
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        assert posted(reader, kept)["profile"] == "expiredAspect"


def test_who_may_not_is_told_why_and_shown_a_small_picture(
    client: Client, kept: DigitalObject
) -> None:
    result = probed(client, kept)

    assert result["status"] == 401
    assert result["note"]["vi"] == ["Hãy đăng nhập bằng thẻ thư viện còn hạn để đọc tài liệu này."]
    substitute = client.get(result["substitute"][0]["id"])
    assert max(Image.open(io.BytesIO(substitute.content)).size) == 200


@pytest.mark.parametrize("access", ["staff", "on_request", "lent", "on_site"])
def test_no_small_picture_is_shown_of_what_no_card_opens(
    client: Client, new_object: Callable[..., DigitalObject], access: str
) -> None:
    obj = new_object(access=access)

    assert "substitute" not in probed(client, obj)
    assert client.get(f"/iiif/preview/{page_of(obj)}").status_code == 403


def test_of_what_is_for_staff_alone_nothing_is_described(
    client: Client, new_object: Callable[..., DigitalObject]
) -> None:
    obj = new_object(access="staff")

    assert client.get(f"/iiif/image/{page_of(obj)}/info.json").status_code == 403
    assert client.get(f"/iiif/manifest/{obj.identifier}").status_code == 404


def test_a_stranger_is_sent_to_log_in_and_allows_nothing(
    client: Client, kept: DigitalObject
) -> None:
    answer = allow(client, kept)

    assert "iiif-access" not in answer.cookies
    assert "/account/login?next=/iiif/auth/access/" in answer.content.decode()
    window = client.get(f"/account/login?next=/iiif/auth/access/{kept.identifier}")
    assert window["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert client.get("/account/login")["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "origin", ["", "null", "javascript:alert(1)", "https://a.example/path", "https://a b", "*"]
)
def test_what_is_no_origin_is_refused(client: Client, kept: DigitalObject, origin: str) -> None:
    token = client.get(f"/iiif/auth/token/{kept.identifier}", {"messageId": "m", "origin": origin})
    access = client.get(f"/iiif/auth/access/{kept.identifier}", {"origin": origin})

    assert (token.status_code, access.status_code) == (400, 400)


def test_to_log_out_takes_the_permission_back(kept: DigitalObject, patron: Patron) -> None:
    reader = client_of_reader(patron)
    allow(reader, kept)

    answer = reader.get(f"/iiif/auth/logout/{kept.identifier}")

    assert answer.cookies["iiif-access"].value == ""
    assert posted(reader, kept)["profile"] == "missingAspect"


def test_only_the_site_that_asked_may_frame_the_token(client: Client, kept: DigitalObject) -> None:
    answer = client.get(f"/iiif/auth/token/{kept.identifier}?messageId=m&origin={VIEWER}")

    assert f"frame-ancestors {VIEWER}" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_a_viewer_of_another_site_may_send_its_token_to_the_probe(
    client: Client, kept: DigitalObject
) -> None:
    asked = client.options(
        f"/iiif/auth/probe/{page_of(kept)}",
        headers={"Origin": VIEWER, "Access-Control-Request-Headers": "authorization"},
    )

    assert asked.status_code == 204
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
