from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags

from tangthu.core.money import Money
from tangthu.ui.templatetags import ui


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (25_000, "25.000\u00a0đ"),
        (0, "0\u00a0đ"),
        (Money(1_250_000), "1.250.000\u00a0đ"),
        (None, ""),
    ],
)
def test_money_is_written_as_here(amount: Money | int | None, written: str) -> None:
    with translation.override("vi"):
        assert ui.dong(amount) == written


def test_thousands_follow_the_language_of_the_page() -> None:
    with translation.override("vi"):
        assert ui.so(1_234_567) == "1.234.567"
    with translation.override("en"):
        assert ui.so(1_234_567) == "1,234,567"


def test_a_day_is_that_of_the_library_not_of_greenwich() -> None:
    late_evening = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)

    assert ui.ngay(late_evening) == "23/11/2026"
    assert ui.gio(late_evening) == "01:30 23/11/2026"
    assert ui.ngay(date(2026, 9, 5)) == "05/09/2026"
    assert ui.ngay(None) == ""


@pytest.mark.parametrize(
    ("code", "attribute"),
    [
        ("rad", ' lang="rad"'),
        ("fre", ' lang="fr"'),
        ("vie", ""),
        ("vi", ""),
        ("und", ""),
        (None, ""),
        ('"><script>', ""),
    ],
)
def test_words_of_another_language_say_which(code: str | None, attribute: str) -> None:
    with translation.override("vi"):
        assert ui.lang_attr(code) == attribute


def test_a_title_keeps_its_cover_colour() -> None:
    assert ui.cover_tone("Đất rừng phương Nam") == ui.cover_tone("Đất rừng phương Nam")
    assert {ui.cover_tone(f"Sách {n}") for n in range(100)} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Nguyễn Thị Hoa", "H"),
        ("Y Ƀlŭl Niê Blô", "Ƀ"),
        ("H' Hen Niê", "H"),
        ("đinh", "Đ"),
        ("Y", "Y"),
        ("", "?"),
    ],
)
def test_a_person_is_marked_by_the_given_name(name: str, letter: str) -> None:
    assert ui.initial(name) == letter


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 27, [1, 2, 3, None, 27]),
        (4, 27, [1, None, 3, 4, 5, None, 27]),
        (27, 27, [1, None, 25, 26, 27]),
    ],
)
def test_pages_offer_the_ends_and_the_neighbours(
    page: int, pages: int, numbers: list[int | None]
) -> None:
    assert ui.page_numbers(page, pages) == numbers


def test_a_sorted_column_leads_to_the_other_direction() -> None:
    assert ui.sort_state("title", "title")["next"] == "-title"
    assert ui.sort_state("-title", "title") == {
        "aria": "descending",
        "icon": "sort-down",
        "next": "title",
    }
    assert ui.sort_state("due", "title") == {"aria": "", "icon": "", "next": "title"}


def test_an_icon_is_silent_unless_it_has_words() -> None:
    assert 'aria-hidden="true"' in ui.icon("search")
    assert 'role="img" aria-label="Tìm &lt;b&gt;"' in ui.icon("search", "Tìm <b>")


class Report(forms.Form):
    """A select that always has a value, one that may be left empty, and a field to be filled in."""

    kind = forms.ChoiceField(choices=[("TR", "Nhan đề"), ("IR", "Tài liệu")], required=False)
    state = forms.ChoiceField(choices=[("", "Tất cả"), ("open", "Đang mở")], required=False)
    month = forms.CharField()


@pytest.mark.parametrize(
    ("name", "told"), [("kind", ""), ("state", "(không bắt buộc)"), ("month", "")]
)
def test_only_what_can_be_left_out_is_called_optional(name: str, told: str) -> None:
    field = Report()[name]

    with translation.override("vi"):
        need = render_to_string("ui/components/field_need.html", {"field": field})

    assert strip_tags(need).strip() == told
