"""A whole demo library, served by the real programs, and people with real browsers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tangthu.site.demo.load import STAFF
from tests.support.serving import Served, eventually, start

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SIZES = {"phone": (390, 844), "desk": (1366, 768)}
PASSWORDS = {username: password for username, *_middle, password in STAFF}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo library with its worker, indexer and schedule, on a port of its own."""
    if not (ROOT / "src/tangthu/ui/static/ui/ui.css").exists():
        pytest.skip("the assets are not built: npm ci && npm run build")
    folder = tmp_path_factory.mktemp("served")
    # Messages go into a folder instead of to people.
    environment = {"TANGTHU_NOTICES_FOLDER": str(folder / "messages")}
    served = start(folder, "--demo", environment=environment)
    try:
        assert eventually(lambda: served.status() == 200, within=480), served.log.read_text()
        yield served
    finally:
        served.stop()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser. What the pages complain of is kept, and must be nothing."""

    page: Page
    address: str
    complaints: list[str]

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def log_in(self, username: str) -> None:
        self.go("/staff/login")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORDS[username])
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/desk/**")

    def barriers(self) -> list[str]:
        """Return what axe finds against people with disabilities, in one line each."""
        self.page.evaluate(AXE.read_text())
        options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}})
        found = self.page.evaluate(f"axe.run(document, {options})")
        return [
            f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
            for violation in found["violations"]
        ]


def follow(page: Page, name: str) -> None:
    """Press a link, and wait for the page that it opens: a press alone does not."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


@pytest.fixture(params=list(SIZES))
def visitor(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Visitor]:
    width, height = SIZES[request.param]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=request.param == "phone"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    yield Visitor(page, served.address, complaints)
    context.close()
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """A refusal that the page shows in words (409, 422) is none, though the browser reports it."""
    refusal = "status of 409" in message.text or "status of 422" in message.text
    return message.type == "error" and not refusal


@pytest.fixture
def librarian(visitor: Visitor) -> Visitor:
    """Staff at the desk of the provincial library."""
    visitor.log_in("desk")
    return visitor
