"""Money at the desk: a drawer is opened, a fee taken, a code shown, the drawer counted."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

_free = count(41)


@pytest.fixture
def treasurer(visitor: Visitor) -> Visitor:
    """Who may do everything with money."""
    visitor.log_in("admin")
    return visitor


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=False).first.click()


def charge(visitor: Visitor, amount: str) -> str:
    """Enter a fee for a reader of one's own, and return the address of the account."""
    page = visitor.go(f"/desk/fees/?q=DEMO{next(_free):06}")
    expect(page).to_have_url(re.compile(r"/desk/fees/readers/\d+/$"))
    page.locator("summary", has_text="Ghi một khoản phí").click()
    page.fill("input[name=amount]", amount)
    page.fill("input[name=note]", "24 trang A4")
    press(page, "Ghi phí")
    expect(page.locator("table").first).to_contain_text("24 trang A4")
    return page.url


def test_a_drawer_from_its_float_to_its_count(treasurer: Visitor) -> None:
    page = treasurer.go("/desk/fees/cash/")
    assert treasurer.barriers() == []
    page.fill("input[name=float]", "200.000")
    press(page, "Mở")
    expect(page.locator("h1")).to_have_text("Quầy mượn trả")
    session = page.url

    account = charge(treasurer, "12.000")
    assert treasurer.barriers() == []
    page.fill("input[name=pay-amount]", "12.500")
    page.keyboard.press("F4")
    expect(page.locator("main")).to_contain_text("lớn hơn số còn nợ")
    page.fill("input[name=pay-amount]", "12.000")
    page.keyboard.press("F4")
    expect(page.locator("article.paper")).to_contain_text("Mười hai nghìn đồng")
    assert treasurer.barriers() == []
    press(page, "Phiếu 80 mm")
    expect(page.locator("article.paper-slip")).to_be_visible()
    assert treasurer.barriers() == []

    page.goto(account)
    expect(page.locator("main")).to_contain_text("Không có khoản nào phải nộp")
    page.goto(f"{session}count")
    assert treasurer.barriers() == []
    page.fill("input[name=note_200000]", "1")
    press(page, "Đóng ca")
    expect(page.locator("main")).to_contain_text("theo sổ 212.000 đ")
    page.fill("input[name=note_10000]", "1")
    page.fill("input[name=note_2000]", "1")
    press(page, "Đóng ca")
    expect(page.locator("main")).to_contain_text("Thực đếm")
    assert treasurer.barriers() == []
    page.goto(f"{session}report")
    expect(page.locator("article.paper-a4")).to_contain_text("Quầy mượn trả")
    assert treasurer.barriers() == []


def test_a_transfer_is_asked_for_and_found_in_the_bank_file(
    treasurer: Visitor, tmp_path: Path
) -> None:
    account = charge(treasurer, "31.000")
    page = treasurer.page
    page.locator("summary", has_text="Nộp bằng chuyển khoản").click()
    press(page, "Hiện mã QR")
    expect(page.locator("svg.paying-code")).to_be_visible()
    assert treasurer.barriers() == []
    reference = page.locator("h1").inner_text()

    file = tmp_path / f"saoke-{reference}.csv"
    file.write_text(
        "SAO KÊ TÀI KHOẢN;;\nNgày giao dịch;Ghi có;Nội dung\n"
        f"22/11/2026;31.000;MBVCB.{reference.lower()} phi thu vien\n"
        f"32/11/2026;1.000;sai {reference}\n",
        encoding="utf-8",
    )
    treasurer.go("/desk/fees/bank/")
    assert treasurer.barriers() == []
    page.select_option("select[name=library]", label="\u2003Thư viện tỉnh Đắk Lắk (trình diễn)")
    page.set_input_files("input[name=file]", file)
    press(page, "Nhập tệp")
    expect(page.locator("main table")).to_contain_text("Đã ghi sổ")
    expect(page.locator("main table")).to_contain_text("Không đọc được ngày")
    assert treasurer.barriers() == []

    page.goto(account)
    expect(page.locator("main")).to_contain_text("Không có khoản nào phải nộp")
    assert treasurer.barriers() == []


@pytest.mark.parametrize("path", ["", "receipts/", "transfers/", "day/", "card-fees/", "drawers/"])
def test_the_other_pages_of_money_are_open_to_all(treasurer: Visitor, path: str) -> None:
    treasurer.go(f"/desk/fees/{path}")

    assert treasurer.barriers() == []
