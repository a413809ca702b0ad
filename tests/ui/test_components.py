from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from lxml import html


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def component(part: str, address: str = "/", /, **variables: object) -> html.HtmlElement:
    request = RequestFactory().get(address)
    text = render_to_string(f"ui/components/{part}.html", variables, request=request)
    return html.fragment_fromstring(text, create_parent="div")


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


class ReaderForm(forms.Form):
    card = forms.CharField(label="Card", help_text="Under the barcode.", max_length=4)
    agreed = forms.BooleanField(label="Agreed", required=False)
    ways = forms.MultipleChoiceField(
        label="Ways", widget=forms.CheckboxSelectMultiple, choices=[("a", "A")], required=False
    )


def test_a_field_ties_its_label_help_and_error_to_its_control() -> None:
    form = ReaderForm({"card": "12345"})

    field = component("field", field=form["card"])

    control = field.xpath(".//input")[0]
    assert field.xpath(".//label/@for") == [control.get("id")] == ["id_card"]
    assert control.get("aria-describedby") == "id_card_helptext id_card_error"
    assert control.get("aria-invalid") == "true"
    assert words(field.get_element_by_id("id_card_helptext")) == "Under the barcode."
    assert "4 characters" in words(field.get_element_by_id("id_card_error"))


class SearchForm(forms.Form):
    title = forms.CharField(label="Title")
    author = forms.CharField(label="Author", required=False)
    year = forms.CharField(label="Year", required=False)


def test_a_form_marks_the_fewer_of_its_fields() -> None:
    longer = SearchForm()
    shorter = ReaderForm()

    assert words(component("field", field=longer["title"])) == "Title (required)"
    assert words(component("field", field=longer["author"])) == "Author"
    assert "(required)" in words(component("field", field=shorter["card"]))


def test_a_checkbox_stands_before_its_label() -> None:
    field = component("field", field=ReaderForm()["agreed"])

    label = field.xpath(".//label")[0]
    assert label.get("for") == "id_agreed"
    assert label.xpath("./input/@type") == ["checkbox"]
    assert words(label) == "Agreed"


def test_a_group_of_choices_is_named_by_its_legend() -> None:
    field = component("field", field=ReaderForm()["ways"])

    assert words(field.xpath(".//fieldset/legend")[0]).startswith("Ways")


def test_a_scanner_field_is_marked_and_typed_into_at_once() -> None:
    field = component("field", field=ReaderForm()["card"], scan=True, autofocus=True)

    control = field.xpath(".//input")[0]
    assert {"data-scan", "autofocus"} <= set(control.keys())
    assert control.get("autocomplete") == "off"


def test_a_refused_form_lists_its_errors_with_links_to_the_fields() -> None:
    box = component("form_errors", form=ReaderForm({"card": ""}))

    assert box.xpath(".//*[@role='alert']//a/@href") == ["#id_card"]
    assert words(component("form_errors", form=ReaderForm())) == ""


@pytest.mark.parametrize(
    ("status", "tone", "said"),
    [
        ("available", "badge-in", "In the library"),
        ("on_loan", "badge-due", "On loan until 06/12/2026"),
        ("on_site_only", "badge-info", "Read on site"),
        ("lost", "badge-stop", "Lost"),
        ("none", "badge", "No copies"),
    ],
)
def test_availability_is_an_icon_and_a_word(status: str, tone: str, said: str) -> None:
    due_at = datetime(2026, 12, 6, 10, tzinfo=UTC)

    badge = component("availability", status=status, due_at=due_at).xpath("./span")[0]

    assert tone in badge.get("class").split()
    assert badge.xpath("./svg[@aria-hidden='true']")
    assert words(badge) == said


def test_a_hit_shows_what_it_has_and_hides_what_it_has_not() -> None:
    full = component(
        "result_card",
        title="Đăm Săn",
        title_html=mark_safe("<mark>Đăm</mark> Săn"),
        url="/record/7",
        by="Nguyễn Hữu Thấu",
        year=2003,
        language="rad",
        status="available",
        place="Kho địa chí",
    )
    bare = component("result_card", title="<Đăm>", url="/record/8")

    heading = full.xpath(".//h2")[0]
    assert heading.get("lang") == "rad"
    assert heading.xpath("./a/@href") == ["/record/7"]
    assert words(heading.xpath(".//mark")[0]) == "Đăm"
    assert words(full.xpath(".//p[@class='result-by']")[0]) == "Nguyễn Hữu Thấu · 2003"
    assert words(bare.xpath(".//h2")[0]) == "<Đăm>"
    assert bare.xpath(".//p") == []


def test_pages_keep_the_rest_of_the_address() -> None:
    pages = component("pagination", "/search?q=dak+lak&page=2", page=2, pages=3)

    assert pages.xpath(".//a[@rel='next']/@href") == ["?q=dak+lak&page=3"]
    assert pages.xpath(".//*[@aria-current='page']/text()") == ["2"]
    assert words(component("pagination", page=1, pages=1)) == ""


def test_the_head_of_a_column_sorts_and_goes_back_to_the_first_page() -> None:
    head = component(
        "sort_header", "/x?sort=title&page=4", label="Title", name="title", sort="title"
    )

    assert head.xpath(".//a/@href") == ["?sort=-title"]


def test_a_facet_shows_six_values_and_folds_the_rest() -> None:
    values = [{"value": n, "label": f"v{n}", "count": n, "chosen": n == 0} for n in range(8)]

    facet = component("facet", name="subject", label="Subject", values=values)

    assert len(facet.xpath("./details[@class='facet']/ul/li")) == 6
    assert len(facet.xpath(".//details[@class='facet-more']//li")) == 2
    assert facet.xpath(".//input[@checked]/@value") == ["0"]


def test_facts_hide_what_is_empty_but_not_a_zero() -> None:
    facts = component(
        "facts", facts=[("Publisher", ""), ("Year", 2003), ("Fee", 0), ("Note", None)]
    )

    assert facts.xpath(".//dt/text()") == ["Year", "Fee"]


def test_a_stop_is_announced_and_heard() -> None:
    message = component("message", kind="stop", title="No", sound="stopped", sentences=["a", "b"])

    box = message.xpath("./div")[0]
    assert box.get("role") == "alert"
    assert box.get("data-sound") == "stopped"
    assert len(box.xpath(".//li")) == 2


def test_progress_asks_again_only_while_it_has_an_address() -> None:
    running = component("progress", label="Import", done=5, total=10, poll="/job/1").xpath("./div")[
        0
    ]
    finished = component("progress", label="Import", done=10, total=10).xpath("./div")[0]

    assert running.get("hx-get") == "/job/1"
    assert running.get("hx-trigger") == "every 1s"
    assert finished.get("hx-get") is None
    assert finished.xpath(".//progress/@value") == ["10"]


def test_a_suggestion_is_an_option_that_goes_somewhere_or_fills_the_box() -> None:
    lines = component(
        "suggestions",
        suggestions=[
            {"label": "Đắk Lắk", "kind": "Subject"},
            {"label": "Đăm Săn", "url": "/record/7"},
        ],
    )

    options = lines.xpath(".//li[@role='option']")
    assert [option.get("data-value") for option in options] == ["Đắk Lắk", None]
    assert [option.get("data-href") for option in options] == [None, "/record/7"]


def test_a_search_box_works_without_script() -> None:
    box = component("search_box", action="/search", q='"dak" <lak>', suggest="/suggest")

    form = box.xpath("./form")[0]
    assert (form.get("action"), form.get("method"), form.get("role")) == (
        "/search",
        "get",
        "search",
    )
    assert form.xpath(".//input/@value") == ['"dak" <lak>']
    assert form.xpath(".//button/@type") == ["submit"]
