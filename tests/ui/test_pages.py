"""The frames: what every page carries, and pages that must work when nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from lxml import html

from tangthu.ui import errors

SOURCES = Path(__file__).resolve().parents[2] / "src/tangthu"
TEMPLATES = sorted(SOURCES.glob("*/templates/**/*.html"))
MAILS = {"notices/templates/notices/mail.html"}
"""A letter by e-mail has no style sheet beside it: the programs that show it take inline styles."""
NOT_ALLOWED = re.compile(
    r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\s(?:src=|type="application/ld\+json"))|hx-on"""
)
"""What search engines read (JSON-LD) stands in a script element that no browser runs."""


@pytest.mark.parametrize("name", ["ui/404.html", "ui/500.html", "ui/503.html"])
def test_an_apology_needs_neither_database_nor_request(name: str) -> None:
    page = html.document_fromstring(render_to_string(name))

    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//main[@id='main']")
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    assert page.xpath("//a[@href='/']")


def test_a_page_names_its_language() -> None:
    with translation.override("en"):
        page = html.document_fromstring(render_to_string("ui/404.html"))

    assert page.get("lang") == "en"


@pytest.mark.parametrize(
    ("view", "status"), [(errors.missing, 404), (errors.forbidden, 403), (errors.bad_request, 400)]
)
def test_each_failure_has_its_page_and_its_status(view: object, status: int) -> None:
    request = RequestFactory().get("/nothing")

    response = view(request, Exception())  # type: ignore[operator]

    assert response.status_code == status
    assert b"<h1>" in response.content


def test_a_failure_of_ours_is_a_500_in_words() -> None:
    response = errors.failed(RequestFactory().get("/"))

    assert response.status_code == 500
    assert b"<h1>" in response.content


@pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda path: path.relative_to(SOURCES).as_posix()
)
def test_no_template_needs_inline_style_or_script(template: Path) -> None:
    if template.relative_to(SOURCES).as_posix() in MAILS:
        return
    without_comments = re.sub(r"{#.*?#}", "", template.read_text())

    assert NOT_ALLOWED.findall(without_comments) == []


def test_htmx_neither_evaluates_nor_writes_styles_nor_keeps_pages() -> None:
    page = html.document_fromstring(render_to_string("ui/500.html"))

    (settings,) = page.xpath("//meta[@name='htmx-config']/@content")

    assert '"allowEval":false' in settings
    assert '"includeIndicatorStyles":false' in settings
    assert '"historyCacheSize":0' in settings
