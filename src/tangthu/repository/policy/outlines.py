"""Which part of its master a page shows: four corners, as parts of the master's width and height.

The master is never altered: a page that is cut, split or straightened shows less of it. Corners
stand in the order upper left, upper right, lower right, lower left of the picture as it is stored,
before the page is turned. The mapping of a square onto four corners is Heckbert's (*Fundamentals
of Texture Mapping and Image Warping*, 1989, 2.2.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[Point, Point, Point, Point]

WHOLE: Outline = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SMALLEST = 0.02
"""Part of the master's width or height: less is a slip of the hand, not a page."""

_STRAIGHT = 1e-4
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture as it is shown: from the left and the top, in parts of its sides."""

    x: float
    y: float
    width: float
    height: float


def outline_of(points: object) -> Outline:
    """Read four corners as they come in JSON. Raises ValueError for what encloses no page.

    The sides may not cross, every corner lies within the picture, and the corners go round by
    the clock.
    """
    corners = _corners(points)
    sides = [_turn(corners[at], corners[at - 3], corners[at - 2]) for at in range(4)]
    if min(sides) <= 0:
        raise ValueError("corners")
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    if max(xs) - min(xs) < SMALLEST or max(ys) - min(ys) < SMALLEST:
        raise ValueError("small")
    return corners


def plain(outline: Outline | None) -> list[list[float]] | None:
    """Return the corners as they are kept; None for the whole picture."""
    if outline is None or outline == WHOLE:
        return None
    return [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in outline]


def is_upright(outline: Outline) -> bool:
    """Tell whether the corners are those of an upright rectangle: a crop and nothing more."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = outline
    return max(abs(ax - dx), abs(bx - cx), abs(ay - by), abs(cy - dy)) < _STRAIGHT


def part_of(outline: Outline, box: Box, *, rotation: int = 0) -> Outline:
    """Return the corners of a box that was drawn on the page as it is shown, turned by `rotation`.

    Raises ValueError for a box that leads out of the page.
    """
    right, bottom = box.x + box.width, box.y + box.height
    if min(box.x, box.y) < 0 or max(right, bottom) > 1 + _STRAIGHT:
        raise ValueError("box")
    quarters = rotation // 90 % 4
    shown = turned(outline, quarters)
    drawn = [(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)]
    corners = [_kept_within(at_square(shown, u, v)) for u, v in drawn]
    return outline_of(turned(_four(corners), -quarters))


def halves(outline: Outline, at: float, *, rotation: int = 0) -> tuple[Outline, Outline]:
    """Return the left and the right part of the page as it is shown, parted at that width."""
    left = part_of(outline, Box(0, 0, at, 1), rotation=rotation)
    return left, part_of(outline, Box(at, 0, 1 - at, 1), rotation=rotation)


def turned(outline: Outline, quarters: int) -> Outline:
    """Return the corners in the order in which they stand once the picture is turned clockwise."""
    shift = -quarters % 4
    return _four([*outline[shift:], *outline[:shift]])


def at_square(outline: Outline, u: float, v: float) -> Point:
    """Return where the point (u, v) of the unit square lies within the four corners."""
    a, b, c, d, e, f, g, h = projection(outline)
    deep = g * u + h * v + 1
    return (a * u + b * v + c) / deep, (d * u + e * v + f) / deep


def projection(outline: Outline) -> tuple[float, float, float, float, float, float, float, float]:
    """Return the eight numbers of the mapping from the unit square to the four corners."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = outline
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    whole = dx1 * dy2 - dx2 * dy1
    g, h = (sx * dy2 - dx2 * sy) / whole, (dx1 * sy - sx * dy1) / whole
    return (
        x1 - x0 + g * x1,
        x3 - x0 + h * x3,
        x0,
        y1 - y0 + g * y1,
        y3 - y0 + h * y3,
        y0,
        g,
        h,
    )


def _corners(points: object) -> Outline:
    if not isinstance(points, Sequence) or len(points) != 4:
        raise ValueError("four corners")
    found: list[Point] = []
    for point in points:
        try:
            x, y = (float(each) for each in point)
        except (TypeError, ValueError):
            raise ValueError("corner") from None
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError("outside")
        found.append((x, y))
    return _four(found)


def _turn(corner: Point, following: Point, after: Point) -> float:
    (ax, ay), (bx, by), (cx, cy) = corner, following, after
    return (bx - ax) * (cy - by) - (by - ay) * (cx - bx)


def _kept_within(point: Point) -> Point:
    return min(1.0, max(0.0, point[0])), min(1.0, max(0.0, point[1]))


def _four(points: Sequence[Point]) -> Outline:
    a, b, c, d = points
    return a, b, c, d
