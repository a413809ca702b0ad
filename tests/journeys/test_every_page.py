"""Every page that a link leads to stands on a phone and on a desk PC, complains of nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import SIZES, Visitor, is_complaint
from tests.journeys.readers import enter
from tests.journeys.test_account import (
    WITH_LOANS,
    Query,
    code,  # noqa: F401 (fixture)
    query,  # noqa: F401 (fixture)
)
from tests.support.serving import Served

pytestmark = pytest.mark.browser

LINKS = "links => links.map(link => link.href)"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Files, ways out, and pages that only send somewhere else.
NOT_PAGES = re.compile(
    r"\.(csv|xlsx|html|json|xml|jpg|png|webmanifest|mrc|zip)$|/(excel|export|file)$|export/|"
    r"logout|/card/leave|/desk/offline/$|/desk/users/|/desk/components/|/start$|/search/export"
)
TELLING = ("show", "shape", "view", "tab")
MOST = 60


@pytest.fixture
def walker(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody who looks at every page, on a phone first."""
    width, height = SIZES["phone"]
    context = browser.new_context(viewport={"width": width, "height": height})
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    yield Visitor(page, served.address, complaints)
    context.close()


def kind_of(address: str) -> str:
    """Return what tells pages apart: the path without numbers and names, and what is shown."""
    parts = urlsplit(address)
    path = re.sub(r"\d+", "N", parts.path)
    path = re.sub(r"/(set|texts|preferences)/[a-z_/-]+", r"/\1/…", path)
    shown = [f"{name}={value}" for name, value in parse_qsl(parts.query) if name in TELLING]
    return "?".join([path, *sorted(shown)])


def faults_of(visitor: Visitor, path: str) -> list[str]:
    """Look at the page in both sizes, and return what is wrong with it."""
    page, found = visitor.page, list[str]()
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    visitor.complaints.clear()
    answer = page.goto(visitor.address + path)
    if answer is None or answer.status != 200:
        return [f"status {answer and answer.status}"]
    found += [f"phone: {barrier}" for barrier in visitor.barriers()]
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if wider := page.evaluate(WIDER):
            found.append(f"{size}: {wider} px too wide")
    return found + visitor.complaints


def walk(visitor: Visitor, begin: list[str], within: str) -> tuple[set[str], dict[str, list[str]]]:
    """Follow the links from there, one page of each kind; return the kinds and the faults."""
    seen, faults, waiting = set[str](), dict[str, list[str]](), list(begin)
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        if found := faults_of(visitor, path):
            faults[path] = found
        for link in visitor.page.eval_on_selector_all("a[href]:not([download])", LINKS):
            inside = link.removeprefix(visitor.address).split("#")[0]
            if re.match(within, inside) and not NOT_PAGES.search(urlsplit(inside).path):
                waiting.append(inside)
    return seen, faults


STAFF = {
    "lending": ["/desk/?patron=DEMO000002", "/desk/rules/", "/desk/sets/"],
    "readers": ["/desk/patrons/", "/desk/fees/", "/desk/fees/?q=DEMO000002"],
    "ways": ["/desk/delivery/", "/desk/notices/", "/desk/offline/todo/"],
}
WITHIN = {
    "lending": r"/desk/(\?|$|rules|loans|sets|harms|helpers|holds|transfers|stations)",
    "readers": r"/desk/(patrons|fees)",
    "ways": r"/desk/(delivery|notices|offline)",
}


@pytest.mark.parametrize("part", list(STAFF))
def test_no_page_of_the_staff_is_broken(walker: Visitor, part: str):
    walker.log_in("admin")

    seen, faults = walk(walker, STAFF[part], WITHIN[part])

    assert faults == {}
    assert len(seen) >= 15


def test_no_page_of_the_readers_is_broken(
    walker: Visitor,
    query: Query,  # noqa: F811
    code: Callable[[], str],  # noqa: F811
):
    enter(walker, str(query(WITH_LOANS)[-2][0]), code)

    begin = ["/account/", "/", "/search?q=voi", "/card/", "/card/apply"]
    seen, faults = walk(walker, begin, r"/(account|record|card|list|search\?q=|$)")

    assert faults == {}
    assert len(seen) >= 15
