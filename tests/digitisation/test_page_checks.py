"""The machine looks at pages: what it measures, what it calls a flaw, what people say of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tangthu.digitisation import measuring
from tangthu.digitisation.actions.pagechecks import judge_flaw, look_at_pages
from tangthu.digitisation.models import Finding, FindingState, PageMeasure
from tangthu.digitisation.page_words import mending_words
from tangthu.digitisation.policy.pagechecks import Flaw, Measured, flaws, gap_between
from tangthu.repository.actions import (
    Incoming,
    ObjectData,
    add_page_images,
    create_object,
    label_pages,
    make_ready,
    remove_page,
    replace_page,
)
from tests.digitisation import rendered


@pytest.fixture
def seen(tmp_path: Path):
    """Measure pictures as one document, and name the flaws of each page."""

    def look(*pictures: Image.Image) -> list[set[str]]:
        pages = []
        for number, picture in enumerate(pictures):
            path = tmp_path / f"{number}.jpg"
            picture.save(path, quality=88)
            told = measuring.measure({"path": str(path)})
            told["look"] = int(str(told["look"]), 16)
            pages.append(Measured(**told, width=picture.width, height=picture.height))
        found = [set[str]() for _ in pictures]
        for each in flaws(pages):
            found[each.at].add(str(each.flaw))
        return found

    return look


def test_good_pages_have_no_flaw(seen):
    assert seen(*[rendered.page(number) for number in range(1, 6)]) == [set()] * 5


def test_each_spoilt_page_is_seen_for_what_it_is(seen):
    good = [rendered.page(number) for number in range(1, 9)]
    spoilt = [
        good[0],
        rendered.blurred(good[1], 2.2),
        rendered.slanted(good[2], 1.5),
        rendered.slanted(good[3], -2),
        rendered.page(0, lines=0),
        rendered.darkened(good[4], 0.4),
        rendered.with_lid_open(good[5]),
        rendered.cut(good[6]),
        rendered.noisy(rendered.moved(good[7], 7, -5), 31, 5),
        good[7],
    ]

    found = seen(*spoilt)

    assert found == [
        set(),
        {Flaw.BLURRED},
        {Flaw.SKEWED},
        {Flaw.SKEWED},
        {Flaw.BLANK},
        {Flaw.TOO_DARK},
        {Flaw.DARK_EDGE},
        {Flaw.CUT, Flaw.ODD_SIZE},
        set(),
        {Flaw.DOUBLE},
    ]


@pytest.mark.parametrize("degrees", [-3.0, -1.2, 0.0, 0.5, 2.4])
def test_the_slant_of_lines_is_measured_to_a_fifth_of_a_degree(degrees, tmp_path):
    path = tmp_path / "page.jpg"
    rendered.slanted(rendered.page(3), degrees).save(path)

    assert measuring.measure({"path": str(path)})["skew"] == pytest.approx(degrees, abs=0.2)


@pytest.mark.parametrize(
    ("label", "following", "missing"),
    [
        ("12", "13", 0),
        ("12", "15", 2),
        ("iv", "vi", 1),
        ("Bìa", "3", 0),
        ("", "9", 0),
        ("12", "12", 0),
        ("40", "3", 0),
        ("iv", "6", 0),
    ],
)
def test_printed_numbers_tell_how_many_pages_are_missing(label, following, missing):
    assert gap_between(label, following) == missing


@pytest.fixture
def document(planner, province, tmp_path, store):
    """A good page, a blurred one, and one that stands two numbers later."""
    obj = create_object(ObjectData(title="Địa chí"), library=province, by=planner)
    pictures = [rendered.page(1), rendered.blurred(rendered.page(2), 2.2), rendered.page(3)]
    for number, picture in enumerate(pictures):
        picture.save(tmp_path / f"{number}.png")
    files = [Incoming(tmp_path / f"{at}.png", f"{at}.png") for at in range(3)]
    pages = add_page_images(obj, files, by=planner)
    label_pages(obj, {pages[0].pk: "11", pages[1].pk: "12", pages[2].pk: "15"}, by=planner)
    make_ready(obj, by=planner)
    return obj


def told(obj) -> list[tuple[int, str, str]]:
    rows = Finding.objects.of_object(obj)
    return [(row.page.position, row.kind, row.state) for row in rows]


@pytest.mark.django_db
def test_flaws_are_kept_with_what_was_measured(document):
    count = look_at_pages(document)

    again = look_at_pages(document)
    blurred, missing = Finding.objects.of_object(document)
    assert (count, again) == (3, 0)
    assert told(document) == [(2, "blurred", "open"), (3, "missing", "open")]
    assert 0 < blurred.measure < blurred.threshold
    assert (missing.measure, missing.detail) == (2, "12 → 15")


@pytest.mark.django_db
def test_what_a_person_says_stays_until_the_page_is_another(document, planner, tmp_path):
    look_at_pages(document)
    for finding in Finding.objects.of_object(document):
        judge_flaw(finding, FindingState.DISMISSED, by=planner)
    look_at_pages(document)
    kept = told(document)
    picture = tmp_path / "better.png"
    rendered.blurred(rendered.page(2), 2.5).save(picture)
    replace_page(document.pages.get(position=2), Incoming(picture, "better.png"), by=planner)
    make_ready(document, by=planner)
    look_at_pages(document)

    assert kept == [(2, "blurred", "dismissed"), (3, "missing", "dismissed")]
    assert told(document) == [(2, "blurred", "open"), (3, "missing", "dismissed")]


@pytest.mark.django_db
def test_a_flaw_that_was_mended_is_forgotten(document, planner):
    look_at_pages(document)
    remove_page(document.pages.get(position=2), by=planner)
    look_at_pages(document)

    assert told(document) == [(2, "missing", "open")]
    assert PageMeasure.objects.count() == 2


@pytest.mark.django_db
def test_the_reason_names_the_pages_that_are_to_be_mended(document, planner):
    look_at_pages(document)
    judge_flaw(Finding.objects.get(kind="blurred"), FindingState.ACCEPTED, by=planner)
    judge_flaw(Finding.objects.get(kind="missing"), FindingState.DISMISSED, by=planner)

    words = mending_words(Finding.objects.of_object(document).unsettled())

    assert words == "trang 12: bị mờ"
