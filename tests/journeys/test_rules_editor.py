"""Rules are said in a sentence, tried, saved, felt at the desk, explained, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.test_account import Query, query  # noqa: F401 (fixture)
from tests.journeys.test_librarian import free_copy, free_reader, scan
from tests.support.serving import Served

pytestmark = pytest.mark.browser

PUPILS = "Học sinh, sinh viên"
SENTENCE = "học sinh mượn tối đa 1 cuốn trong 9 ngày"
NONSENSE = "thiếu nhi bay lên trời"


@pytest.fixture
def counter(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The desk of the provincial library, where the rules are felt."""
    width, height = SIZES["desk"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), served.address, [])
    visitor.log_in("desk")
    yield visitor
    context.close()


@pytest.fixture
def scope(query: Query) -> str:  # noqa: F811
    """The provincial library and its pupils, as the pages of the rules are asked for them."""
    library = query("SELECT id FROM libraries_library WHERE code = 'DLK'")[0][0]
    category = query("SELECT id FROM patrons_patroncategory WHERE code = 'student'")[0][0]
    return f"library={library}&category={category}"


def step(page: Page, value: str) -> None:
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator(f"main button[name=step][value={value}]").click()


def line(page: Page, label: str) -> Locator:
    """Return the row of a rule among those that hold for the readers asked for."""
    folds = page.locator("section[aria-labelledby=holds] details.fold:not([open]) > summary")
    while folds.count():
        folds.first.click()
    rows = page.locator("section[aria-labelledby=holds] tbody tr")
    return rows.filter(has=page.locator("th", has_text=label)).first


def kept(page: Page) -> Locator:
    """Return our sentence among those that must stay true."""
    return page.locator(".plain-list > li", has_text=SENTENCE)


def say_the_rules(visitor: Visitor, scope: str) -> None:
    """Try what cannot be understood, then try and save what can."""
    page = visitor.go(f"/desk/rules/sentences/?{scope}")
    page.fill("textarea[name=sentences]", f"{SENTENCE}\n{NONSENSE}")
    step(page, "try")
    expect(page.locator(".message-stop")).to_contain_text(NONSENSE)
    expect(page.locator("button[value=save]")).to_have_count(0)
    assert visitor.barriers() == []

    page.fill("textarea[name=sentences]", SENTENCE)
    step(page, "try")
    tried = page.locator("form.panel tbody tr", has_text="Thời hạn mượn").first
    expect(tried).to_contain_text(PUPILS)
    expect(tried.locator("td").last).to_contain_text("9")
    expect(page.locator("#what-if")).to_be_visible()
    expect(kept(page)).to_have_count(0)
    assert visitor.barriers() == []
    page.check("input[name=expect]")
    step(page, "save")
    expect(page.locator(".message-success")).to_be_visible()
    expect(kept(page).locator(".badge-in")).to_have_text("đúng")


def feel_the_rules(counter: Visitor) -> None:
    """Lend one book by the new rule; a second is refused, and both say by which rule."""
    page = counter.page
    card = free_reader(counter, category=PUPILS)
    first, second = free_copy(counter), free_copy(counter)
    counter.go("/desk/")
    scan(page, card)
    scan(page, first)
    expect(page.locator(".message-success")).to_contain_text("hạn trả")
    scan(page, second)
    refusal = page.locator(".message-stop")
    expect(refusal).to_contain_text(
        "“Số bản được mượn cùng lúc: 1” của Thư viện tỉnh Đắk Lắk (trình diễn)"
    )
    expect(refusal).to_contain_text(PUPILS)
    assert counter.barriers() == []
    page.locator("#board tbody tr th a").click()
    expect(page.locator("section[aria-labelledby=why] li", has_text="9")).to_contain_text(
        "Thư viện tỉnh Đắk Lắk (trình diễn)"
    )
    assert counter.barriers() == []
    page.go_back()
    page.keyboard.press("F3")
    scan(page, first)


def change_a_rule(visitor: Visitor, scope: str) -> None:
    """Change one value so that the expectation would break: only who knows it may."""
    page = visitor.go(f"/desk/rules/?{scope}")
    expect(line(page, "Thời hạn mượn")).to_contain_text("đặt tại đây")
    expect(line(page, "Số lần gia hạn")).to_contain_text("thừa hưởng từ")
    expect(page.locator("q[lang=vi], p[lang=vi] q").first).to_contain_text("9 ngày")
    assert visitor.barriers() == []
    line(page, "Thời hạn mượn").locator("a").click()
    page.fill("[name=value]", "12")
    step(page, "try")
    expect(page.locator(".message-warn")).to_contain_text(SENTENCE)
    step(page, "set")
    expect(page.locator("input[name=acknowledged]")).to_be_visible()
    assert visitor.barriers() == []
    page.check("input[name=acknowledged]")
    step(page, "set")
    expect(line(page, "Thời hạn mượn")).to_contain_text("12 ngày")


def take_the_rules_back(visitor: Visitor, scope: str) -> None:
    page = visitor.go(f"/desk/rules/sentences/?{scope}")
    expect(kept(page).locator(".badge-stop")).to_have_text("không đúng")
    assert visitor.barriers() == []
    kept(page).locator("button").click()
    expect(kept(page)).to_have_count(0)
    for label in ("Thời hạn mượn", "Số bản được mượn cùng lúc"):
        visitor.go(f"/desk/rules/?{scope}")
        line(page, label).get_by_role("button").click()
        expect(line(page, label)).to_contain_text("thừa hưởng từ")


@pytest.mark.parametrize("visitor", ["phone"], indirect=True)
def test_a_rule_from_its_sentence_to_its_end(visitor: Visitor, counter: Visitor, scope: str):
    visitor.log_in("admin")

    say_the_rules(visitor, scope)
    feel_the_rules(counter)
    change_a_rule(visitor, scope)
    take_the_rules_back(visitor, scope)
