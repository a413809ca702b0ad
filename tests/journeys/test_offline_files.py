"""A desk without any line carries its deeds to the centre on a stick, and the answer back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.test_account import Query, query  # noqa: F401 (fixture)
from tests.journeys.test_offline_desk import (
    Opens,
    barriers,
    enrol,
    holder_at_the_desk,
    log_in,
    opens,  # noqa: F401 (fixture)
    scan,
    state,
    wait_until,
)
from tests.support.serving import Served

pytestmark = pytest.mark.browser

_once = count(int(time()))
ON_THE_SHELF = """
    SELECT item.barcode FROM catalogue_item AS item
    WHERE item.barcode LIKE 'DLKTN%' AND item.status = 'available'
      AND NOT EXISTS (
        SELECT 1 FROM circulation_loan WHERE item_id = item.id AND returned_at IS NULL)
    ORDER BY item.barcode DESC LIMIT 8
"""
KEPT = """async () => {
  const open = indexedDB.open("tangthu-offline");
  await new Promise((done) => { open.onsuccess = done; });
  const stores = [...open.result.objectStoreNames];
  const work = open.result.transaction(stores);
  const read = (store) => new Promise((done) => {
    const asked = work.objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const rows = Object.fromEntries(await Promise.all(stores.map(async (s) => [s, await read(s)])));
  open.result.close();
  const words = (value) => value instanceof Uint8Array
    ? new TextDecoder("utf-8", { fatal: false }).decode(value)
    : value?.sealed ? words(value.sealed) : JSON.stringify(value);
  return {
    doors: rows.doors.length,
    half: localStorage.getItem("offline-half"),
    people: rows.buckets.length,
    text: Object.values(rows).flat().map(words).join(" "),
  };
}"""


@pytest.fixture
def centre(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The library's computer with a line, to which the stick is brought."""
    width, height = SIZES["desk"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), served.address, [])
    visitor.log_in("desk")
    yield visitor
    context.close()


def a_name() -> str:
    """Return a name that nobody has yet: letters alone."""
    letters = str(next(_once)).translate(str.maketrans("0123456789", "abcdeghikl"))
    return f"Ama {letters.capitalize()}"


def work(page: Page, name: str, first: str, second: str) -> None:
    """Without a line: register somebody, lend two copies to them, take one back."""
    page.context.set_offline(True)
    page.click("[data-do=register]")
    page.fill("#register-name", name)
    page.press("#register-name", "Enter")
    wait_until(page, lambda: "Đã đăng ký" in page.inner_text("#board"))
    scan(page, first, "Đã cho mượn")
    scan(page, second, "Đã cho mượn")
    page.keyboard.press("F3")
    scan(page, second, "Đã trả")
    wait_until(page, lambda: "4 việc chờ gửi" in state(page))


def written(page: Page, folder: Path) -> Path:
    """Press the button that writes the file, and put it onto the stick."""
    page.locator("header details.menu > summary").click()
    assert barriers(page) == []
    with page.expect_download() as download:
        page.click("#export")
    name = download.value.suggested_filename
    assert re.fullmatch(r"quay-ngoai-tuyen-\d{4}-\d\d-\d\d\d{4}\.tangthu", name)
    expect(page.locator("#toasts .message")).to_contain_text(name)
    download.value.save_as(folder / name)
    return folder / name


def bring(centre: Visitor, file: Path) -> str:
    """Take the file in at the centre, and return what is said."""
    page = centre.go("/desk/offline/files/")
    page.set_input_files("input[name=file]", file)
    page.locator("main form button.btn-primary").click()
    return page.locator("main .message").first.inner_text()


def fetched(centre: Visitor, brought: Path, folder: Path) -> Path:
    """Fetch the file that the centre makes for the device from which this one came."""
    device = json.loads(brought.read_bytes().split(b"\n")[1])["device"]
    page = centre.go("/desk/offline/files/")
    assert centre.barriers() == []
    with page.expect_download() as download:
        page.locator(f"main ul a[href*='{device}']").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def read(page: Page, file: Path, says: str) -> None:
    """Give the file to the offline page, which says this."""
    page.evaluate("document.querySelector('#toasts').replaceChildren()")
    page.set_input_files("#import", file)
    expect(page.locator("#toasts .message")).to_contain_text(says)


@pytest.mark.parametrize("opens", ["desk"], indirect=True)
def test_deeds_go_to_the_centre_on_a_stick_and_come_back_settled(
    opens: Opens,  # noqa: F811
    centre: Visitor,
    served: Served,
    query: Query,  # noqa: F811
    tmp_path: Path,
):
    page = opens()
    log_in(page, served.address)
    enrol(page)
    name = a_name()
    first, second = (str(barcode) for (barcode,) in query(ON_THE_SHELF)[-2:])
    work(page, name, first, second)
    file = written(page, tmp_path)
    assert name.encode() not in file.read_bytes()

    assert "4 việc; 4 việc là mới" in bring(centre, file)
    assert "4 việc; 0 việc là mới" in bring(centre, file)
    wait_until(centre.page, lambda: name in holder_at_the_desk(centre.page, served.address, first))
    answer = fetched(centre, file, tmp_path)
    assert "4 việc chờ gửi" in state(page)
    for _twice in range(2):
        read(page, answer, "Đã nạp dữ liệu của trung tâm")
        wait_until(page, lambda: "Đã gửi hết" in state(page))
    page.keyboard.press("F2")
    scan(page, name, first)
    assert second not in page.inner_text("#board")
    assert barriers(page) == []


@pytest.mark.parametrize("opens", ["phone"], indirect=True)
def test_a_wrong_file_changes_nothing_and_logging_out_forgets_the_key(
    opens: Opens,  # noqa: F811
    served: Served,
    tmp_path: Path,
):
    page = opens()
    log_in(page, served.address)
    enrol(page)
    page.context.set_offline(True)
    scan(page, "DEMO000002", "DEMO000002")
    file, foreign, torn, other = (tmp_path / name for name in ("a", "b", "c", "d"))
    own = written(page, tmp_path).read_bytes()
    head = own.index(b"\n", own.index(b"\n") + 1)
    uid = json.loads(own.split(b"\n")[1])["device"].encode()
    file.write_bytes(own)
    foreign.write_bytes(b"Danh s\xc3\xa1ch b\xe1\xba\xa1n \xc4\x91\xe1\xbb\x8dc\n" * 60)
    torn.write_bytes(own[:-9])
    other.write_bytes(own[:head].replace(uid, uid[::-1]) + own[head:])

    read(page, file, "Đây là tệp gửi trung tâm")
    read(page, foreign, "Đây không phải tệp của quầy ngoại tuyến")
    read(page, torn, "Tệp bị hỏng. Không có gì thay đổi")
    read(page, other, "Tệp này dành cho máy khác")
    scan(page, "DEMO000002", "DEMO000002")
    before = page.evaluate(KEPT)
    page.locator("header details.menu > summary").click()
    page.click("#log-out")
    page.locator("#no-doors").wait_for()
    after = page.evaluate(KEPT)

    assert (before["doors"], bool(before["half"])) == (1, True)
    assert (after["doors"], after["half"], after["people"]) == (0, None, before["people"])
    assert "DEMO000002" not in after["text"]
    assert not page.is_visible("#unlock-form")
    assert not page.is_visible("#q")
    assert "DEMO000002" not in page.inner_text("body")
    assert barriers(page) == []
