"""The grammar of the Image API, and requests measured against images."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.iiif.errors import (
    BadFormat,
    BadQuality,
    BadRegion,
    BadRotation,
    BadSize,
    ImageRefused,
    NotOffered,
    WouldEnlarge,
)
from tangthu.formats.iiif.plan import Box, Limits, Plan, plan
from tangthu.formats.iiif.request import parse

LIMITS = Limits(side=3000, area=9_000_000)


def planned(
    address: str,
    *,
    width: int = 1000,
    height: int = 800,
    limits: Limits = LIMITS,
    is_gray: bool = False,
) -> Plan:
    region, size, rotation, tail = address.split("/")
    quality, ending = tail.split(".")
    request = parse(region, size, rotation, quality, ending)
    return plan(request, width=width, height=height, limits=limits, is_gray=is_gray)


@pytest.mark.parametrize(
    ("address", "box", "size"),
    [
        ("full/max/0/default.jpg", (0, 0, 1000, 800), (1000, 800)),
        ("square/max/0/default.jpg", (100, 0, 800, 800), (800, 800)),
        ("100,50,200,100/max/0/default.jpg", (100, 50, 200, 100), (200, 100)),
        ("900,700,200,200/max/0/default.jpg", (900, 700, 100, 100), (100, 100)),
        ("pct:10,25,50,50/max/0/default.jpg", (100, 200, 500, 400), (500, 400)),
        ("pct:0,0,.5,12.5/max/0/default.jpg", (0, 0, 5, 100), (5, 100)),
        ("full/500,/0/default.jpg", (0, 0, 1000, 800), (500, 400)),
        ("full/,200/0/default.jpg", (0, 0, 1000, 800), (250, 200)),
        ("full/100,100/0/default.jpg", (0, 0, 1000, 800), (100, 100)),
        ("full/!500,200/0/default.jpg", (0, 0, 1000, 800), (250, 200)),
        ("full/!5000,5000/0/default.jpg", (0, 0, 1000, 800), (1000, 800)),
        ("full/pct:50/0/default.jpg", (0, 0, 1000, 800), (500, 400)),
        ("full/pct:0.01/0/default.jpg", (0, 0, 1000, 800), (1, 1)),
    ],
)
def test_an_address_names_pixels_and_a_size(
    address: str, box: tuple[int, ...], size: tuple[int, int]
) -> None:
    found = planned(address)

    assert found.box == Box(*box)
    assert (found.width, found.height) == size


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("half/max/0/default.jpg", BadRegion),
        ("0,0,0,100/max/0/default.jpg", BadRegion),
        ("0,0,100/max/0/default.jpg", BadRegion),
        ("-5,0,100,100/max/0/default.jpg", BadRegion),
        ("1000,0,100,100/max/0/default.jpg", BadRegion),
        ("pct:101,0,10,10/max/0/default.jpg", BadRegion),
        ("full/,/0/default.jpg", BadSize),
        ("full/0,/0/default.jpg", BadSize),
        ("full/!200,/0/default.jpg", BadSize),
        ("full/pct:0/0/default.jpg", BadSize),
        ("full/^^max/0/default.jpg", BadSize),
        ("full/9999999999,/0/default.jpg", BadSize),
        ("full/٣,/0/default.jpg", BadSize),
        ("full/1001,/0/default.jpg", WouldEnlarge),
        ("full/500,801/0/default.jpg", WouldEnlarge),
        ("full/pct:100.5/0/default.jpg", WouldEnlarge),
        ("full/max/361/default.jpg", BadRotation),
        ("full/max/-90/default.jpg", BadRotation),
        ("full/max/90deg/default.jpg", BadRotation),
        ("full/max/0/pretty.jpg", BadQuality),
        ("full/max/0/default.exe", BadFormat),
        ("full/^max/0/default.jpg", NotOffered),
        ("full/^pct:200/0/default.jpg", NotOffered),
        ("full/max/22.5/default.jpg", NotOffered),
        ("full/max/0/default.jp2", NotOffered),
    ],
)
def test_what_is_not_answered_is_refused_by_name(address: str, refusal: type[ImageRefused]) -> None:
    with pytest.raises(refusal) as refused:
        planned(address)

    assert type(refused.value) is refusal
    assert refused.value.status == (501 if refusal is NotOffered else 400)


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("full/max/0/default.jpg", "full/max/0/default.jpg"),
        ("0,0,1000,800/1000,800/360/color.jpg", "full/max/0/default.jpg"),
        ("pct:0,0,50,50/pct:50/!90.0/gray.png", "0,0,500,400/250,200/!90/gray.png"),
        ("full/500,/0/bitonal.webp", "full/500,400/0/bitonal.webp"),
    ],
)
def test_the_canonical_address_says_the_same_in_one_way(address: str, canonical: str) -> None:
    found = planned(address)

    assert found.canonical == canonical
    assert planned(canonical).canonical == canonical


def test_a_gray_image_has_gray_as_its_own_quality() -> None:
    found = [planned(f"full/max/0/{name}.jpg", is_gray=True) for name in ("gray", "color")]

    assert {each.canonical for each in found} == {"full/max/0/default.jpg"}


def test_what_passes_the_limits_is_made_smaller() -> None:
    found = planned("full/max/0/default.jpg", width=9000, height=4500)
    narrow = planned("full/max/0/default.jpg", limits=Limits(side=3000, area=200_000))

    assert (found.width, found.height) == (3000, 1500)
    assert (narrow.width, narrow.height) == (500, 400)


sides = st.integers(1, 40_000)
numbers = st.integers(0, 50_000)
regions = st.one_of(
    st.sampled_from(["full", "square"]),
    st.tuples(numbers, numbers, sides, sides).map(lambda box: ",".join(map(str, box))),
    st.tuples(*[st.decimals(0, 120, places=3)] * 4).map(
        lambda box: "pct:" + ",".join(str(side) for side in box)
    ),
)
sizes = st.one_of(
    st.just("max"),
    sides.map(lambda side: f"{side},"),
    sides.map(lambda side: f",{side}"),
    st.tuples(sides, sides).map(lambda size: f"!{size[0]},{size[1]}"),
    st.decimals(0, 110, places=3).map(lambda share: f"pct:{share}"),
)


@given(regions, sizes, sides, sides)
def test_every_plan_lies_within_the_image_and_the_limits(
    region: str, size: str, width: int, height: int
) -> None:
    try:
        found = planned(f"{region}/{size}/0/default.jpg", width=width, height=height)
    except ImageRefused:
        return

    assert found.box.x >= 0
    assert found.box.x + found.box.width <= width
    assert found.box.y + found.box.height <= height
    assert 1 <= found.width <= min(found.box.width, LIMITS.side)
    assert 1 <= found.height <= min(found.box.height, LIMITS.side)
    assert found.width * found.height <= LIMITS.area


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=10), st.text(max_size=10))
def test_no_words_at_all_break_the_grammar(
    region: str, size: str, rotation: str, quality: str
) -> None:
    for first in (region, "full"):
        try:
            parse(first, size, rotation, quality, "jpg")
        except ImageRefused as refused:
            assert refused.status in {400, 501}
