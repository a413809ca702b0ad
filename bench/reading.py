"""How soon a reader sees something: a book of page images on a slow phone, and an e-book.

    PYTHONPATH=src python -m bench.reading [--pages 500] [--times 5]

Serves a book of 500 pages and an EPUB of 40 chapters from one web process, and opens each in
Debian's Chromium with the size of a phone: the page images over a line of 1.6 Mbit/s with 150 ms
to and fro (Lighthouse's slow 4G), until the first page is painted, and until the deep zoom has
drawn it as sharp as the screen; the EPUB over the same machine's line, until its first chapter is
shown. Every time with an empty cache, from a process that has shown the page before. Browser and
server share the machine. The first three pages are full of print; of the others, which nobody
opens, only the list goes over the line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pyvips
from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8}
UPLOAD = 750_000 / 8
# When the browser painted the picture of the page, counted from the click (Element Timing, W3C):
# to have its bytes is not yet to see it.
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const shown = list.getEntries().find(({ identifier }) => identifier === "page");
    if (shown) done(shown.startTime / 1000);
  }).observe({ type: "element", buffered: true });
})"""
# Told by the page itself: who asks it from outside, asks every half second.
DRAWN = """() => new Promise((done) => {
  const told = () => document.body?.classList.contains("reading-drawn")
    ? done(performance.now() / 1000)
    : requestAnimationFrame(told);
  told();
})"""
PRINTED = 3
SENTENCE = "Buôn làng nằm dọc theo dòng Sêrêpôk, nhà dài nối nhau dưới bóng cây kơ nia. "


def prepare(pages: int) -> tuple[str, str]:
    """Make both books; return their names."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.factories import LibraryFactory
    from tests.protocols.making import keep_object, page_picture
    from tests.reading.making import epub_with, keep_file

    library = LibraryFactory(code="BENCH", name="Bench")
    others = [page_picture(size=(70, 100))] * (pages - PRINTED)
    scanned = keep_object(library, images=[printed_page()] * PRINTED + others)
    book = keep_object(library, pages=0, kind="epub")
    words = "Vùng đất đỏ ba dan trải dài từ Buôn Hồ đến Cư M'gar. " * 40
    chapters = [(f"Chương {number}", words) for number in range(1, 41)]
    keep_file(book, epub_with(chapters), name="sach.epub", media_type="application/epub+zip")
    return str(scanned.identifier), str(book.identifier)


def printed_page() -> pyvips.Image:
    """Draw a page full of print on paper with some grain, which is no smaller than a real one."""
    lines = "\n".join((SENTENCE * 2)[:92] for _ in range(46))
    ink = pyvips.Image.text(lines, font="Noto Serif 11", dpi=150, spacing=8)
    letters = ink.embed(150, 190, 1654, 2339)
    grain = pyvips.Image.gaussnoise(1654, 2339, mean=0, sigma=4)
    paper = (grain + 238 - letters * 0.8).cast("uchar")
    return paper.bandjoin([paper, paper]).copy(interpretation="srgb")


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of a web process, as `tangthu serve` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tangthu.site.web", "127.0.0.1", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        await_answer(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def await_answer(address: str) -> None:
    for _ in range(300):
        try:
            with urlopen(f"{address}/healthz", timeout=2):
                return
        except HTTPError:
            # It answers; that no worker and no schedule runs beside it is its complaint.
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", LINE | {"uploadThroughput": UPLOAD})


def pages_of(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds until the first page is painted over a slow line, and is sharp."""
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    slow(page)
    page.goto(address, wait_until="commit")
    seen = float(page.evaluate(PAINTED))
    sharp = float(page.evaluate(DRAWN))
    context.close()
    return seen, sharp


def book_of(browser: Browser, address: str) -> float:
    """Return the seconds until the first chapter of the book is shown."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    took = float(page.evaluate(DRAWN))
    context.close()
    return took


def report(what: str, took: list[float]) -> None:
    print(f"{what}: median {statistics.median(took):.2f} s, slowest {max(took):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    executable = shutil.which("chromium")
    if executable is None:
        raise SystemExit("chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANGTHU_DATA"] = str(Path(folder))
        os.environ["DJANGO_SETTINGS_MODULE"] = "tangthu.site.settings"
        scanned, book = prepare(asked.pages)
        with served() as address, sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            book_of(browser, f"{address}/read/{book}/")
            opened = [book_of(browser, f"{address}/read/{book}/") for _ in range(asked.times)]
            report("an EPUB of 40 chapters opens", opened)
            pages_of(browser, f"{address}/read/{scanned}/")
            shown = [pages_of(browser, f"{address}/read/{scanned}/") for _ in range(asked.times)]
            report(f"first page of {asked.pages} on a slow line", [seen for seen, _ in shown])
            report("the same, as sharp as the screen", [sharp for _, sharp in shown])
            browser.close()


if __name__ == "__main__":
    main()
