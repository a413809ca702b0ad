"""Pages that show a part of their master: cropped, split, straightened. The master stays."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tangthu.core.errors import Invalid
from tangthu.repository import storage
from tangthu.repository.actions import (
    Incoming,
    add_page_images,
    crop_page,
    make_ready,
    shape_page,
    split_page,
    turn_page,
)
from tangthu.repository.describing import description_of
from tangthu.repository.policy.outlines import (
    WHOLE,
    Box,
    at_square,
    halves,
    is_upright,
    outline_of,
    part_of,
    plain,
    turned,
)

QUARTERS = ((200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 40))


@pytest.fixture
def page(draft, keeper, tmp_path):
    """A page of four colours: red, green above, blue, yellow below."""
    image = Image.new("RGB", (400, 600))
    pen = ImageDraw.Draw(image)
    for at, colour in enumerate(QUARTERS):
        left, top = at % 2 * 200, at // 2 * 300
        pen.rectangle((left, top, left + 199, top + 299), fill=colour)
    path = tmp_path / "bốn màu.png"
    image.save(path)
    (page,) = add_page_images(draft, [Incoming(path, path.name)], by=keeper)
    make_ready(draft, by=keeper)
    page.refresh_from_db()
    return page


def shown(page) -> Image.Image:
    page.refresh_from_db()
    return Image.open(storage.path_of(page.delivery)).convert("RGB")


def near(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(one - two) for one, two in zip(colour, other, strict=True)) < 25


@pytest.mark.django_db
def test_a_page_is_split_in_two_and_its_master_stays(draft, page, keeper):
    before = hashlib.sha256(storage.path_of(page.master).read_bytes()).hexdigest()

    left, right = split_page(page, at=0.5, by=keeper)
    make_ready(draft, by=keeper)

    assert [row.position for row in draft.pages.all()] == [1, 2]
    assert (left.master_id, right.master_id) == (page.master_id, page.master_id)
    assert shown(left).size == shown(right).size == (200, 600)
    assert near(shown(left).getpixel((100, 100)), QUARTERS[0])
    assert near(shown(right).getpixel((100, 500)), QUARTERS[3])
    page.refresh_from_db()
    after = hashlib.sha256(storage.path_of(page.master).read_bytes()).hexdigest()
    assert after == before == page.master.sha256
    told = description_of(draft)["pages"]
    assert [each["outline"][0] for each in told] == [[0, 0], [0.5, 0]]


@pytest.mark.django_db
def test_a_turned_page_is_split_as_it_is_shown(draft, page, keeper):
    turn_page(page, quarters=1, by=keeper)

    left, right = split_page(page, at=0.5, by=keeper)
    make_ready(draft, by=keeper)

    # Turned to the right, the lower half of the master stands on the left.
    assert near(shown(left).getpixel((150, 100)), QUARTERS[2])
    assert near(shown(right).getpixel((150, 300)), QUARTERS[1])


@pytest.mark.django_db
def test_a_page_is_cropped_again_and_again_and_whole_again(draft, page, keeper):
    crop_page(page, Box(0.5, 0, 0.5, 1), by=keeper)
    crop_page(page, Box(0, 0.5, 1, 0.5), by=keeper)
    make_ready(draft, by=keeper)
    small = shown(page)
    shape_page(page, None, by=keeper)
    make_ready(draft, by=keeper)

    assert small.size == (200, 300)
    assert near(small.getpixel((100, 150)), QUARTERS[3])
    assert shown(page).size == (400, 600)


@pytest.mark.django_db
def test_a_page_photographed_askew_is_straightened(draft, page, keeper):
    corners = ((0.25, 0.25), (0.75, 0.20), (0.80, 0.75), (0.20, 0.80))

    shape_page(page, corners, by=keeper)
    make_ready(draft, by=keeper)

    picture = shown(page)
    wide, high = picture.size
    for x, y, at in ((0.1, 0.1, 0), (0.9, 0.1, 1), (0.1, 0.9, 2), (0.9, 0.9, 3)):
        assert near(picture.getpixel((int(x * wide), int(y * high))), QUARTERS[at])


@pytest.mark.django_db
@pytest.mark.parametrize("box", [Box(-0.1, 0, 0.5, 1), Box(0.6, 0, 0.5, 1), Box(0, 0, 0.001, 1)])
def test_a_box_that_is_no_page_changes_nothing(page, keeper, box):
    with pytest.raises(Invalid):
        crop_page(page, box, by=keeper)

    page.refresh_from_db()
    assert (page.outline, page.is_ready) == (None, True)


@pytest.mark.parametrize(
    "points",
    [
        [],
        [[0, 0], [1, 0], [1, 1]],
        [[0, 0], [1, 1], [1, 0], [0, 1]],
        [[0, 0], [0, 1], [1, 1], [1, 0]],
        [[0, 0], [2, 0], [1, 1], [0, 1]],
        [[0, 0], ["x", 0], [1, 1], [0, 1]],
        "0011",
        [[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01]],
    ],
)
def test_corners_that_enclose_no_page_are_refused(points):
    with pytest.raises(ValueError, match=r"."):
        outline_of(points)


sides = st.floats(0, 0.3)


@given(sides, sides, sides, sides, st.integers(0, 3), st.floats(0.1, 0.9))
def test_halves_meet_where_they_were_parted(left, top, right, bottom, quarters, at):
    outline = ((left, top), (1 - right, top), (1 - right, 1 - bottom), (left, 1 - bottom))

    one, other = halves(outline, at, rotation=quarters * 90)

    assert is_upright(one)
    assert is_upright(other)
    (_a, b, c, _d), (e, _f, _g, h) = turned(one, quarters), turned(other, quarters)
    assert b == pytest.approx(e)
    assert c == pytest.approx(h)


@given(st.tuples(*[st.floats(0, 0.3)] * 8), st.integers(0, 3))
def test_the_corners_of_a_page_are_those_of_its_square(moves, quarters):
    a, b, c, d, e, f, g, h = moves
    outline = ((a, b), (1 - c, d), (1 - e, 1 - f), (g, 1 - h))
    assume(outline_of(outline))

    for (u, v), corner in zip(WHOLE, outline, strict=True):
        assert at_square(outline, u, v) == pytest.approx(corner)
    whole = part_of(outline, Box(0, 0, 1, 1), rotation=quarters * 90)
    assert [*sum(whole, ())] == pytest.approx([*sum(outline, ())])
    assert turned(turned(outline, quarters), -quarters) == outline


def test_the_whole_picture_is_kept_as_nothing():
    assert plain(WHOLE) is None
    assert plain(None) is None


LYING = 6
"""The orientation by which a telephone says that its picture is to be turned to the right."""


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
@pytest.mark.django_db
def test_a_large_scan_is_turned(draft, keeper, tmp_path, suffix):
    path = tmp_path / f"lớn.{suffix}"
    in_two_colours().save(path)
    (page,) = add_page_images(draft, [Incoming(path, path.name)], by=keeper)

    turn_page(page, quarters=1, by=keeper)
    make_ready(draft, by=keeper)

    picture = shown(page)
    assert (page.fault, picture.size) == ("", (1400, 1000))
    assert near(picture.getpixel((1200, 500)), QUARTERS[0])
    assert near(picture.getpixel((200, 500)), QUARTERS[2])


@pytest.mark.django_db
def test_a_photograph_that_lies_on_its_side_is_set_upright(draft, keeper, tmp_path):
    image, path = in_two_colours(), tmp_path / "điện thoại.jpg"
    told = image.getexif()
    told[0x0112] = LYING
    image.save(path, exif=told)

    (page,) = add_page_images(draft, [Incoming(path, path.name)], by=keeper)
    make_ready(draft, by=keeper)

    picture = shown(page)
    assert (page.fault, picture.size) == ("", (1400, 1000))
    assert near(picture.getpixel((1200, 500)), QUARTERS[0])


def in_two_colours() -> Image.Image:
    """Draw a page, red above and blue below, of more lines than a decoder keeps at once."""
    image = Image.new("RGB", (1000, 1400), QUARTERS[0])
    image.paste(QUARTERS[2], (0, 700, 1000, 1400))
    return image
