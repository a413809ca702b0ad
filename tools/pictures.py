"""Take the pictures of the README and the manual from a freshly served demo library.

    make pictures

Every picture shows the demo network, so that none shows a person who exists.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/manual/pictures"
PORT = 8978
SITE = f"http://127.0.0.1:{PORT}"
DESK = (1366, 768)
PHONE = (390, 844)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its file name, the page, who looks (or nobody), and what is done there."""

    name: str
    path: str
    user: str = ""
    size: tuple[int, int] = DESK
    do: Callable[[Page], object] = lambda page: None


def lend(page: Page) -> None:
    """Bring up a reader who has books at home."""
    for number in range(1, 30):
        card = f"DEMO{number:06}"
        page.fill("input[data-scan]", card)
        page.press("input[data-scan]", "Enter")
        page.locator("#board .person", has_text=card).wait_for()
        if page.locator("#board tbody tr").count() > 1:
            return


def scan_nothing(page: Page) -> None:
    """Scan a copy that is already out."""
    lend(page)
    page.fill("input[data-scan]", page.locator("#board tbody input[name=q]").first.input_value())
    page.press("input[data-scan]", "Enter")
    page.wait_for_selector("#board .message")


def open_queue(page: Page) -> None:
    """Open the longest queue, and what can be done with its first reader."""
    page.locator("main table a").first.click()
    page.locator("main details.fold summary").first.click()


def open_station(page: Page) -> None:
    """Make this browser the demo's self-service station."""
    page.locator("form[action$='/open'] button").first.click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    page.wait_for_selector(".station-call")


def borrow_at_station(page: Page) -> None:
    """Let a reader scan a card and a book at the station."""
    open_station(page)
    for code in ("DEMO000020", "DLKTN000005"):
        page.fill("input[data-scan]", code)
        page.press("input[data-scan]", "Enter")
        page.wait_for_timeout(1000)


def take_money(page: Page) -> None:
    """Open a drawer, so that cash can be taken; then the account of a reader who owes."""
    page.fill("main input[name=float]", "200000")
    page.press("main input[name=float]", "Enter")
    page.wait_for_url("**/cash/*/")
    page.goto(f"{SITE}/desk/fees/?q=DEMO000006")


def open_first(page: Page) -> None:
    """Open what the first row of the list names."""
    page.locator("main tbody a").first.click()
    page.wait_for_load_state()


def open_loan(page: Page) -> None:
    """Open a loan that was made by the rules."""
    page.fill("input[data-scan]", "DEMO000003")
    page.press("input[data-scan]", "Enter")
    page.locator("#board a[href*='/desk/loans/']").first.click()


def try_a_sentence(page: Page) -> None:
    """Try a sentence, and show what it would have changed."""
    page.fill("main textarea", "người lớn mượn tối đa 5 cuốn trong 10 ngày")
    page.click("button[value=try]")
    page.locator("main form").first.evaluate("form => form.querySelector('h2').scrollIntoView()")


def close_for_the_flood(page: Page) -> None:
    """Ask what closing for some days would move."""
    first = date.today() + timedelta(days=5)  # noqa: DTZ011 (the day of the demo on this machine)
    for name, day in (("first", first), ("last", first + timedelta(days=6))):
        page.fill(f"main input[name={name}]", day.strftime("%d/%m/%Y"))
    page.fill("main input[name=reason]", "Lũ lụt (trình diễn)")
    page.locator("main form button[type=submit]").first.click()
    page.locator("#seen").evaluate("title => title.scrollIntoView()")


def work_offline(page: Page) -> None:
    """Make this browser an offline desk, cut its line, and lend."""
    page.fill("#device-name", "Quầy mượn, máy 1")
    page.press("#device-name", "Enter")
    page.fill("#pin", "trinh-dien")
    page.fill("#pin-again", "trinh-dien")
    page.press("#pin-again", "Enter")
    page.wait_for_selector("text=Sẵn sàng làm việc khi mất mạng", timeout=240_000)
    page.context.set_offline(True)
    for code in ("DEMO000002", "DLKM000101"):
        page.fill("#q", code)
        page.press("#q", "Enter")
        page.wait_for_timeout(2000)


def log_in_as_reader(page: Page) -> None:
    """Log the demo's reader in."""
    from tangthu.site.demo.reader import READER

    for name, words in zip(("name", "password"), READER, strict=True):
        page.fill(f"main input[name={name}]", words)
    page.press("main input[name=password]", "Enter")
    page.wait_for_url("**/account/")


def read(title: str, query: str = "", *, page_number: int = 1) -> Callable[[Page], object]:
    """Return the deed of opening a document of the demo in its reader."""

    def opened(page: Page) -> None:
        link = page.get_by_role("link", name=title).first
        address = str(link.get_attribute("href"))
        page.goto(f"{SITE}{address}{query}")
        page.wait_for_load_state("networkidle")
        for _turn in range(page_number - 1):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(2500)

    return opened


def open_named(*names: str) -> Callable[[Page], object]:
    """Return the deed of following links, one after the other."""

    def opened(page: Page) -> None:
        for name in names:
            page.get_by_role("main").get_by_role("link", name=name).first.click()
            page.wait_for_load_state("networkidle")

    return opened


def help_out(page: Page) -> None:
    """Open a book to volunteers; show the word of an old page that one of them is asked to read."""
    page.get_by_role("main").get_by_role("link", name="Sổ tay").first.click()
    page.get_by_role("button", name="Mở cho tình nguyện viên").click()
    page.get_by_role("button", name="Đóng với tình nguyện viên").wait_for()
    page.context.clear_cookies()
    page.goto(f"{SITE}/account/login")
    log_in_as_reader(page)
    page.goto(f"{SITE}/account/helping/")
    page.get_by_role("main").get_by_role("link", name="[DEMO]").first.click()
    page.wait_for_load_state("networkidle")


PICTURES_TO_TAKE = (
    Picture("tra-cuu", "/"),
    Picture("tra-cuu-dien-thoai", "/search?q=ca+phe", size=PHONE),
    Picture("ket-qua", "/search?q=ca+phe"),
    Picture("bieu-ghi", "/record/6"),
    Picture("dang-nhap", "/staff/login"),
    Picture("tai-khoan-dang-nhap", "/account/login", size=PHONE),
    Picture("tai-khoan", "/account/login", size=PHONE, do=log_in_as_reader),
    Picture("dang-ky-the", "/card/apply", size=PHONE),
    Picture("ho-so-dang-ky", "/desk/patrons/applications/2/", "desk"),
    Picture("in-the", "/desk/patrons/cards?chosen=1&chosen=2&chosen=3&chosen=8", "desk"),
    Picture("yeu-cau", "/desk/patrons/requests/", "admin"),
    Picture("quay", "/desk/", "desk", do=lend),
    Picture("quay-tu-choi", "/desk/", "desk", do=scan_nothing),
    Picture("hang-cho", "/desk/holds/queues/", "desk", do=open_queue),
    Picture("van-chuyen", "/desk/transfers/", "desk"),
    Picture("luot-muon", "/desk/", "desk", do=open_loan),
    Picture("mat-hong", "/desk/harms/", "admin"),
    Picture("quay-ngoai-tuyen", "/desk/offline/", "desk", do=work_offline),
    Picture("quay-dien-thoai", "/desk/", "desk", PHONE, do=lend),
    Picture("ban-doc", "/desk/patrons/", "desk"),
    Picture("ban-doc-moi", "/desk/patrons/new", "desk"),
    Picture("bieu-ghi-can-bo", "/desk/catalogue/", "cataloguer"),
    Picture("bien-muc", "/desk/catalogue/new/", "cataloguer"),
    Picture("nhap-marc", "/desk/catalogue/import/", "cataloguer"),
    Picture("thu-vien", "/desk/libraries/", "admin"),
    Picture("quy-dinh-muon", "/desk/rules/", "admin"),
    Picture("quy-dinh-cau", "/desk/rules/sentences/", "admin", do=try_a_sentence),
    Picture("dong-cua", "/desk/rules/closing/", "admin", do=close_for_the_flood),
    Picture("nguoi-dung", "/desk/users/", "admin"),
    Picture("phi-the", "/desk/fees/card-fees/", "admin"),
    Picture("thu-tien", "/desk/fees/cash/", "desk", do=take_money),
    Picture("phieu-thu", "/desk/fees/receipts/1/", "desk"),
    Picture("quy-tien-mat", "/desk/fees/cash/", "desk"),
    Picture("chuyen-khoan", "/desk/fees/transfers/", "desk", do=open_first),
    Picture("thong-bao", "/desk/notices/", "desk"),
    Picture("thu-in", "/desk/notices/letters/", "desk"),
    Picture("mau-thong-bao", "/desk/notices/texts/", "admin", do=open_first),
    Picture("giao-sach", "/desk/delivery/", "desk"),
    Picture("giao-sach-nhan", "/desk/delivery/labels/", "desk"),
    Picture("tram", "/desk/stations/", "desk", do=open_station),
    Picture("tram-ban-doc", "/desk/stations/", "desk", do=borrow_at_station),
    Picture("thu-vien-so", "/desk/digital/", "admin"),
    Picture("tai-lieu-so", "/desk/digital/", "admin", do=open_named("Sổ tay địa chí")),
    Picture(
        "so-hoa-du-an", "/desk/digitisation/projects/", "admin", do=open_named("Số hoá kho địa chí")
    ),
    Picture(
        "so-hoa-chon",
        "/desk/digitisation/projects/",
        "admin",
        do=open_named("Số hoá kho địa chí", "Chọn bằng tìm kiếm"),
    ),
    Picture("so-hoa-viec", "/desk/digitisation/?mode=finish", "scanner", PHONE),
    Picture("so-hoa-tai-lieu", "/desk/digitisation/captures/DEMO26-0006/", "cataloguer"),
    Picture(
        "so-hoa-kiem-tra",
        "/desk/digitisation/captures/DEMO26-0006/",
        "cataloguer",
        do=open_named("Kiểm tra trang"),
    ),
    Picture(
        "so-hoa-mot-trang",
        "/desk/digitisation/captures/DEMO26-0006/",
        "cataloguer",
        do=open_named("Kiểm tra trang", "Trang 4"),
    ),
    Picture("nhan-dang-chu", "/desk/digitisation/text/", "admin"),
    Picture(
        "sua-chu", "/desk/digitisation/correct/", "admin", do=open_named("Sổ tay", "từ nghi ngờ")
    ),
    Picture("giup-doc", "/desk/digitisation/correct/", "admin", PHONE, do=help_out),
    Picture("doc-trang", "/collections/bao/", do=read("Báo Cao Nguyên")),
    Picture("doc-trang-dien-thoai", "/collections/ban-do/", size=PHONE, do=read("Bản đồ buôn")),
    Picture("tim-trong-trang", "/search?q=dat+do+ba+dan", do=open_named("trang có các từ này")),
    Picture("tim-trong-noi-dung", "/search?q=bep+lua+tre+nho"),
    Picture("nghe-va-xem", "/collections/tieng-noi/", size=PHONE, do=read("Kể khan")),
    Picture("ban-ghi", "/desk/digital/", "admin", do=open_named("Kể khan bên", "Kể khan bên")),
    Picture("podcast", "/podcasts/", size=PHONE),
    Picture("trung-bay", "/exhibitions/dat-do/"),
    Picture("dung-trung-bay", "/desk/exhibitions/", "admin", do=open_named("Đất đỏ")),
    Picture("giay-phep-so", "/desk/reading/licences/", "admin"),
    Picture("yeu-cau-xem", "/desk/reading/requests/", "admin"),
    Picture("thu-thap", "/desk/harvest/new/", "admin"),
)


def main() -> int:
    """Take them all, or those that are named."""
    wanted = set(sys.argv[1:])
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served(), sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("chromium-browser")
        arguments = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        for picture in PICTURES_TO_TAKE:
            if not wanted or picture.name in wanted:
                take(browser, picture)
                sys.stdout.write(f"{picture.name}\n")
        browser.close()
    return 0


def take(browser: Browser, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    if picture.user:
        log_in(page, picture.user)
    page.goto(SITE + picture.path)
    picture.do(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()
    shrink(PICTURES / f"{picture.name}.png")


def shrink(picture: Path) -> None:
    """Keep 256 colours: a screen has no more that matter, and a third of the bytes."""
    with Image.open(picture) as full:
        full.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)


def log_in(page: Page, user: str) -> None:
    from tangthu.site.demo.load import STAFF

    passwords = {username: password for username, *_middle, password in STAFF}
    page.goto(f"{SITE}/staff/login")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", passwords[user])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/**")


@contextmanager
def served() -> Iterator[None]:
    """Serve the demo network from a folder of its own while the block runs."""
    with tempfile.TemporaryDirectory(prefix="tangthu-pictures-") as folder:
        command = [sys.executable, "-m", "tangthu.site.cli", "serve", "--demo", "--port", str(PORT)]
        environment = {**os.environ, "TANGTHU_DATA": folder}
        environment["DJANGO_SETTINGS_MODULE"] = "tangthu.site.settings"
        os.environ.update(environment)
        import django

        django.setup()
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                wait_until_well()
                yield
            finally:
                server.terminate()
                server.wait(60)


def wait_until_well() -> None:
    for _ in range(300):
        try:
            with urlopen(f"{SITE}/healthz", timeout=5) as answer:  # noqa: S310 (our own server)
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(1)
    raise SystemExit("the demo library did not start")


if __name__ == "__main__":
    sys.exit(main())
