"""What goes over the wire is small, and every icon that a page names is drawn."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/tangthu/ui/static/ui"
NAMED = re.compile(r"""{% icon ["']([\w-]+)["']""")


def zipped(name: str) -> int:
    file = BUILT / name
    if not file.exists():
        pytest.skip("the assets are not built: npm ci && npm run build")
    return len(gzip.compress(file.read_bytes(), 9))


@pytest.mark.parametrize(
    ("name", "most"),
    [("ui.css", 15_000), ("theme.js", 1_000), ("opac.js", 5_000), ("desk.js", 6_000)],
)
def test_a_file_keeps_to_its_share(name: str, most: int) -> None:
    assert zipped(name) < most


def test_the_first_page_of_a_reader_is_under_a_hundred_kilobytes() -> None:
    parts = ["ui.css", "theme.js", "opac.js", "icons.svg", "mark.svg"]
    fonts = sum(font.stat().st_size for font in (BUILT / "fonts").glob("*.woff2"))

    page_itself = 10_000

    assert sum(zipped(name) for name in parts) + fonts + page_itself < 100_000


@pytest.mark.parametrize(("taken", "sent"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_a_browser_gets_the_smallest_form_it_takes(
    client: Client, taken: str, sent: str | None
) -> None:
    if not (BUILT / "ui.css").exists():
        pytest.skip("the assets are not built: npm ci && npm run build")

    response = client.get("/static/ui/ui.css", headers={"Accept-Encoding": taken})

    assert response.status_code == 200
    assert response.get("Content-Encoding") == sent


def test_every_icon_that_a_template_names_is_drawn() -> None:
    sprite = BUILT / "icons.svg"
    if not sprite.exists():
        pytest.skip("the assets are not built: npm ci && npm run build")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite.read_text()))

    named = {
        name
        for template in (ROOT / "src/tangthu").glob("*/templates/**/*.html")
        for name in NAMED.findall(template.read_text())
    }

    assert named - drawn == set()
