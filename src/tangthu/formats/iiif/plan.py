"""An image request measured against one image: which pixels, how large, in which canonical form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from tangthu.formats.iiif.errors import BadRegion, WouldEnlarge
from tangthu.formats.iiif.request import (
    Format,
    ImageRequest,
    Quality,
    Region,
    RegionKind,
    Rotation,
    Size,
    SizeKind,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest answer: one side in pixels, and pixels in all."""

    side: int
    area: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels within an image."""

    x: int
    y: int
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn. `width` and `height` are those before the turn."""

    box: Box
    width: int
    height: int
    rotation: Rotation
    quality: Quality
    format: Format
    canonical: str


def plan(
    request: ImageRequest, *, width: int, height: int, limits: Limits, is_gray: bool = False
) -> Plan:
    """Measure the request against an image of this size.

    Refused: a region wholly outside (BadRegion), a size above the region's (WouldEnlarge). What
    reaches beyond the image is cut; what passes the limits is made smaller, as `max` is.
    """
    box = _box(request.region, width, height)
    wide, high = _scaled(request.size, box, limits)
    quality = _quality(request.quality, is_gray=is_gray)
    region = "full" if (box.width, box.height) == (width, height) else str(box)
    size = "max" if (wide, high) == _largest(box, limits) else f"{wide},{high}"
    tail = f"{request.rotation}/{quality}.{request.format}"
    canonical = f"{region}/{size}/{tail}"
    return Plan(box, wide, high, request.rotation, quality, request.format, canonical)


def _box(region: Region, width: int, height: int) -> Box:
    if region.kind is RegionKind.SQUARE:
        side = min(width, height)
        return Box((width - side) // 2, (height - side) // 2, side, side)
    if region.box is None:
        return Box(0, 0, width, height)
    x, y, wide, high = region.box
    if region.kind is RegionKind.PERCENTS:
        x, wide = x * width / 100, wide * width / 100
        y, high = y * height / 100, high * height / 100
    left, top = _nearest(x), _nearest(y)
    found = Box(
        left,
        top,
        min(max(_nearest(wide), 1), width - left),
        min(max(_nearest(high), 1), height - top),
    )
    if found.width < 1 or found.height < 1:
        raise BadRegion("outside the image")
    return found


def _scaled(size: Size, box: Box, limits: Limits) -> tuple[int, int]:
    most = _largest(box, limits)
    if size.kind is SizeKind.MAX:
        return most
    if size.kind is SizeKind.WITHIN and size.width and size.height:
        # As large as possible, but not larger than the region or the limits (4.2, "!w,h").
        return _fitted(box, min(size.width, most[0]), min(size.height, most[1]))
    wide, high = _asked(size, box)
    if wide > box.width or high > box.height:
        raise WouldEnlarge(f"{wide},{high}")
    return _limited(wide, high, limits)


def _asked(size: Size, box: Box) -> tuple[int, int]:
    if size.percent is not None:
        share = size.percent / 100
        if share > 1:
            raise WouldEnlarge(f"pct:{float(size.percent):g}")
        return _side(box.width * share), _side(box.height * share)
    if size.width is None:
        high = size.height or 1
        return _side(Fraction(box.width * high, box.height)), high
    high = size.height or _side(Fraction(box.height * size.width, box.width))
    return size.width, high


def _largest(box: Box, limits: Limits) -> tuple[int, int]:
    """Return the size of `max`: the region's own, unless it passes the limits."""
    return _limited(box.width, box.height, limits)


def _limited(wide: int, high: int, limits: Limits) -> tuple[int, int]:
    if max(wide, high) > limits.side:
        share = Fraction(limits.side, max(wide, high))
        wide, high = _side(wide * share), _side(high * share)
    if wide * high > limits.area:
        # Down, never up, so that the product stays within.
        root = isqrt(limits.area * wide // high)
        wide, high = max(root, 1), max(min(root * high // wide, limits.area // max(root, 1)), 1)
    return wide, high


def _fitted(box: Box, wide: int, high: int) -> tuple[int, int]:
    """Return the largest size of the box's proportions within these sides."""
    share = min(Fraction(wide, box.width), Fraction(high, box.height))
    return min(_side(box.width * share), wide), min(_side(box.height * share), high)


def _quality(asked: Quality, *, is_gray: bool) -> Quality:
    """Return the canonical name: `default` where the asked one is no other."""
    own = Quality.GRAY if is_gray else Quality.COLOR
    # A gray image has no colours to show: what is there is what `color` can answer.
    is_own = asked in {own, Quality.DEFAULT} or (is_gray and asked is Quality.COLOR)
    return Quality.DEFAULT if is_own else asked


def _nearest(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _side(value: Fraction) -> int:
    return max(_nearest(value), 1)
