"""Documents in a store of their own, served to browsers by the test itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject
from tests.journeys.conftest import ROOT, SIZES, Visitor, is_complaint
from tests.protocols.making import keep_object
from tests.reading.making import keep_file


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> Path:
    """A store of its own."""
    if not (ROOT / "src/tangthu/ui/static/ui/reader-epub.js").exists():
        pytest.skip("the assets are not built: npm ci && npm run build")
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return tmp_path


@pytest.fixture(params=list(SIZES))
def visitor(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[Visitor]:
    width, height = SIZES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=request.param == "phone"
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    yield Visitor(page, live_server.url, complaints)
    context.close()
    assert complaints == []


@pytest.fixture
def shelved(province: Library) -> Callable[..., DigitalObject]:
    """Publish a document of one file."""

    def make(content: bytes, kind: str, media_type: str, **values: object) -> DigitalObject:
        obj = keep_object(province, pages=0, kind=kind, title="Đất đỏ ba dan", **values)
        keep_file(obj, content, name=f"sach.{kind}", media_type=media_type)
        return obj

    return make
