"""What is printed has the size of the paper: each label is one sheet of A6."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tangthu.delivery.models import Delivery

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

STYLES = Path(__file__).resolve().parents[2] / "src/tangthu/ui/static/ui/ui.css"
POINTS_IN_A_MM = 72 / 25.4


@pytest.fixture
def chromium() -> str:
    """The browser as a program: Playwright's loop and the database do not go together."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None or not STYLES.exists():
        pytest.skip("chromium is not installed, or the assets are not built")
    return found


def printed(chromium: str, html: str, folder: Path) -> list[tuple[int, int]]:
    """Print the page as Chromium does, and return the sizes of its sheets in millimetres."""
    bare = re.sub(r"<link[^>]*>|<script[^>]*></script>", "", html)
    page, sheets = folder / "page.html", folder / "sheets.pdf"
    page.write_text(bare.replace("</head>", f"<style>{STYLES.read_text()}</style></head>"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command = [chromium, *options, f"--user-data-dir={folder / 'profile'}"]
    subprocess.run(
        [*command, f"--print-to-pdf={sheets}", page.as_uri()],
        check=True,
        timeout=60,
        capture_output=True,
    )
    box = rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)"
    return [(mm(width), mm(height)) for width, height in re.findall(box, sheets.read_bytes())]


def mm(points: bytes) -> int:
    return round(float(points) / POINTS_IN_A_MM)


def test_each_label_is_one_sheet_of_a6(
    administrator_client: Client, packed: Delivery, chromium: str, tmp_path: Path
):
    page = administrator_client.get(f"/desk/delivery/labels/?pk={packed.pk}").content.decode()

    assert printed(chromium, page, tmp_path) == [(105, 148)]


def test_a_long_address_stays_on_its_label(
    administrator_client: Client, packed: Delivery, chromium: str, tmp_path: Path
):
    Delivery.objects.filter(pk=packed.pk).update(address="Buôn Ko Tam " * 24, note="Gọi " * 70)

    page = administrator_client.get(f"/desk/delivery/labels/?pk={packed.pk}").content.decode()

    assert printed(chromium, page, tmp_path) == [(105, 148)]
