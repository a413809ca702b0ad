"""A book is read aloud by the device's voice: a stand-in for it says what it was given."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import DOCX, PDF
from tests.journeys.conftest import Visitor
from tests.journeys.reading.opening import opened
from tests.protocols.making import keep_object
from tests.reading.making import docx_with, epub_with, pdf_with_text
from tests.support.documents import write_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EPUB = "application/epub+zip"
PARAGRAPH = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"

# Headless browsers have no voices: what is tested is what we give to the browser, and when.
VOICES = """
window.said = [];
const voices = %s.map((lang) => ({ lang, name: lang, localService: true, default: false }));
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
const synthesis = new EventTarget();
Object.assign(synthesis, {
  getVoices: () => voices,
  cancel: () => { synthesis.isCancelled = true; },
  speak: (each) => {
    synthesis.isCancelled = false;
    window.said.push([each.text, each.lang, each.voice ? each.voice.lang : ""]);
    setTimeout(() => { if (!synthesis.isCancelled) each.onend(); }, 30);
  },
});
Object.defineProperty(window, "speechSynthesis", { value: synthesis, configurable: true });
"""


def with_voices(visitor: Visitor, *languages: str) -> None:
    visitor.page.add_init_script(VOICES % list(languages))


def said(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("window.said")
    return found


def test_a_vietnamese_voice_reads_sentence_after_sentence_until_it_is_stopped(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    with_voices(visitor, "en-US", "vi-VN")
    page = opened(visitor, shelved(epub_with(), "epub", EPUB))
    speak = page.locator("[data-reading=speak]")

    speak.click()
    expect(speak).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => window.said.length >= 2")
    speak.click()

    expect(speak).to_have_attribute("aria-pressed", "false")
    spoken = said(page)
    assert {(lang, voice) for _, lang, voice in spoken} == {("vi-VN", "vi-VN")}
    page.wait_for_timeout(200)
    assert len(said(page)) == len(spoken)


def test_a_device_without_a_vietnamese_voice_says_so_and_reads(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    with_voices(visitor, "en-US")
    page = opened(visitor, shelved(epub_with(), "epub", EPUB))

    page.locator("[data-reading=speak]").click()

    expect(page.locator("#toasts")).to_contain_text("không có giọng đọc tiếng Việt")
    page.wait_for_function("() => window.said.length >= 1")


def test_a_device_without_any_voice_says_so_and_stays_where_it_is(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    with_voices(visitor)
    page = opened(visitor, shelved(epub_with(), "epub", EPUB))
    place = page.locator("[data-reading=percent]").inner_text()

    page.locator("[data-reading=speak]").click()

    expect(page.locator("#toasts")).to_contain_text("chưa cài giọng đọc nào")
    expect(page.locator("[data-reading=speak]")).to_have_attribute("aria-pressed", "false")
    assert said(page) == []
    assert page.locator("[data-reading=percent]").inner_text() == place


def test_a_scan_is_read_aloud_sentence_by_sentence_and_page_by_page(
    visitor: Visitor, province: Library
) -> None:
    obj = keep_object(province, pages=2)
    write_on(obj.pages.get(position=1), "Vùng đất đỏ ba dan.\nNgười dân trồng\ncà phê!")
    write_on(obj.pages.get(position=2), "Tháng ba có lễ hội.")
    with_voices(visitor, "en-US", "vi-VN")
    page = opened(visitor, obj)
    speak = page.locator("[data-aloud]")

    speak.click()
    expect(speak).to_have_attribute("aria-label", "Dừng đọc")
    page.wait_for_function("() => window.said.length >= 3")

    # After the last page it stops by itself.
    expect(speak).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-reading=number]")).to_have_text("2")
    assert said(page) == [
        ["Vùng đất đỏ ba dan.", "vi-VN", "vi-VN"],
        ["Người dân trồng cà phê!", "vi-VN", "vi-VN"],
        ["Tháng ba có lễ hội.", "vi-VN", "vi-VN"],
    ]
    assert visitor.barriers() == []


def test_a_pdf_is_read_aloud_from_the_open_page_to_the_last(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    with_voices(visitor, "vi-VN")
    page = opened(visitor, shelved(pdf_with_text(3), "pdf", PDF))
    page.locator("[data-reading=after]").click()
    expect(page.locator("[data-reading=goto] input")).to_have_value("2")
    speak = page.get_by_role("button", name="Đọc thành tiếng")

    speak.click()
    page.wait_for_function("() => window.said.length >= 2")

    # After the last page it stops by itself.
    expect(page.locator("[data-aloud]")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-reading=goto] input")).to_have_value("3")
    words = " ".join(text for text, _, _ in said(page))
    assert "Trang 1" not in words
    assert words.index("Trang 2") < words.index("Trang 3")
    assert visitor.barriers() == []


def test_a_word_document_is_read_aloud_part_by_part_and_shows_where(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    with_voices(visitor, "vi-VN")
    parts = ["Báo cáo.", "Vùng đất đỏ. Cây cà phê."]
    content = docx_with("".join(PARAGRAPH % each for each in parts))
    obj = shelved(content, "docx", DOCX)
    page = visitor.go(f"/read/{obj.identifier}/")

    page.get_by_role("button", name="Đọc thành tiếng").click()
    expect(page.locator(".reading-spoken")).to_have_count(1)

    page.wait_for_function("() => window.said.length >= 3")
    expect(page.locator("[data-aloud]")).to_have_attribute("aria-pressed", "false")
    assert [text for text, _, _ in said(page)] == ["Báo cáo.", "Vùng đất đỏ.", "Cây cà phê."]
    expect(page.locator(".reading-spoken")).to_have_count(0)
    assert visitor.barriers() == []
