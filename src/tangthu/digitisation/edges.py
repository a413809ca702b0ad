"""Where the page lies in a photograph of it: four corners, found without knowing the page.

A sheet is one area that differs from what it lies on: lighter, or of another colour than the rim
of the picture. Letters are painted over first, the largest area is taken, and a line is laid along
each of its four sides; where the lines meet are the corners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST_PART = 0.12
"""Of the photograph: a smaller area is a label or a lamp, no page."""

FULLEST = 0.9
"""How much of the four corners' area the found area fills at least: a hand is no rectangle."""

_LETTERS = 5
_TRIED = 60

Picture = NDArray[np.float32]
Mask = NDArray[np.bool_]
Corner = tuple[float, float]


def corners_of(picture: Picture) -> list[Corner] | None:
    """Return the corners as parts of the sides, from the upper left clockwise; None of no page."""
    best: tuple[float, list[Corner]] | None = None
    for mask in _masks(picture):
        area = _largest(mask)
        found = _four_corners(area)
        if found is None:
            continue
        fill = float(area.sum()) / _size(found)
        part = float(area.mean())
        if part < SMALLEST_PART or not FULLEST <= fill <= 1 / FULLEST or part > 0.98:
            continue
        score = 1 - abs(1 - fill)
        if best is None or score > best[0]:
            best = score, found
    return _in_parts(best[1], picture.shape) if best else None


def _masks(picture: Picture) -> Iterator[Mask]:
    """Yield what may be the page: what is light, and what is not like the rim."""
    grey = picture.mean(axis=2)
    light = _smooth(_without_letters(grey))
    yield light > _parting(light)
    rim = np.concatenate([picture[:6].reshape(-1, 3), picture[-6:].reshape(-1, 3)])
    apart = np.abs(picture - np.median(rim, axis=0)).sum(axis=2)
    unlike = _smooth(_without_letters(apart.astype(np.float32)))
    yield unlike > _parting(unlike)


def _without_letters(grey: NDArray[Any]) -> NDArray[Any]:
    """Paint thin dark strokes over with what is beside them (a closing), in both directions."""
    return _extreme(_extreme(grey, np.maximum), np.minimum)


def _extreme(grey: NDArray[Any], choose: Any) -> NDArray[Any]:
    for axis in (0, 1):
        padded = np.pad(
            grey, [(_LETTERS, _LETTERS) if at == axis else (0, 0) for at in (0, 1)], "edge"
        )
        long = grey.shape[axis]
        slices = [padded.take(range(at, at + long), axis=axis) for at in range(2 * _LETTERS + 1)]
        grey = choose.reduce(slices)
    return grey


def _smooth(grey: NDArray[Any]) -> NDArray[Any]:
    kernel = np.ones(5) / 5
    for axis in (0, 1):
        wide = [(2, 2) if at == axis else (0, 0) for at in (0, 1)]
        padded = np.pad(grey, wide, "edge")
        grey = np.apply_along_axis(np.convolve, axis, padded, kernel, "valid")
    return grey


def _parting(values: NDArray[Any]) -> float:
    """Return the value that parts light from dark best (Otsu 1979)."""
    counts, bounds = np.histogram(values, bins=128)
    middles = (bounds[:-1] + bounds[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums / below - (sums[-1] - sums) / above) ** 2 * below * above
    return float(middles[int(np.nanargmax(apart[:-1]))])


def _largest(mask: Mask) -> Mask:
    """Return the largest area of the mask that hangs together."""
    import pyvips

    labels = pyvips.Image.new_from_array(mask.astype(np.uint8)).labelregions().numpy()
    ids, counts = np.unique(labels[mask], return_counts=True)
    if not len(ids):
        return np.zeros_like(mask)
    largest: Mask = labels == ids[int(np.argmax(counts))]
    return largest


def _four_corners(area: Mask) -> list[Corner] | None:
    ys, xs = np.nonzero(area)
    if len(xs) < 100:
        return None
    rough = [
        _point(xs, ys, int(np.argmin(xs + ys))),
        _point(xs, ys, int(np.argmax(xs - ys))),
        _point(xs, ys, int(np.argmax(xs + ys))),
        _point(xs, ys, int(np.argmin(xs - ys))),
    ]
    sides = [_side(area, rough[at], rough[(at + 1) % 4]) for at in range(4)]
    met = [_meeting(sides[at - 1], sides[at]) for at in range(4)]
    return [fine or coarse for fine, coarse in zip(met, rough, strict=True)]


def _point(xs: NDArray[Any], ys: NDArray[Any], at: int) -> Corner:
    return float(xs[at]), float(ys[at])


def _side(area: Mask, one: Corner, other: Corner) -> tuple[Corner, Corner]:
    """Return a line along the rim of the area between two corners: a point and a direction."""
    start, end = np.array(one), np.array(other)
    along = end - start
    length = float(np.hypot(*along)) or 1.0
    outwards = np.array([along[1], -along[0]]) / length
    reach = np.arange(-0.08 * length, 0.08 * length, 0.5)
    points = []
    for part in np.linspace(0.1, 0.9, _TRIED):
        ray = (start + along * part)[None, :] + reach[:, None] * outwards[None, :]
        inside = _sampled(area, ray)
        if inside.any() and not inside.all():
            points.append(ray[int(np.nonzero(inside)[0][-1])])
    if len(points) < _TRIED // 3:
        return one, (float(along[0]), float(along[1]))
    return _line(np.array(points))


def _sampled(area: Mask, ray: NDArray[Any]) -> Mask:
    xs, ys = np.rint(ray[:, 0]).astype(int), np.rint(ray[:, 1]).astype(int)
    within = (xs >= 0) & (ys >= 0) & (xs < area.shape[1]) & (ys < area.shape[0])
    found = np.zeros(len(xs), dtype=bool)
    found[within] = area[ys[within], xs[within]]
    return found


def _line(points: NDArray[Any]) -> tuple[Corner, Corner]:
    """Lay a line through points, twice: the second time without those that lie far off."""
    for _again in range(2):
        centre = points.mean(axis=0)
        _u, _s, rows = np.linalg.svd(points - centre)
        direction = rows[0]
        off = np.abs((points - centre) @ np.array([-direction[1], direction[0]]))
        kept = points[off <= max(1.0, 2 * float(np.median(off)))]
        points = kept if len(kept) >= 5 else points
    return (float(centre[0]), float(centre[1])), (float(direction[0]), float(direction[1]))


def _meeting(one: tuple[Corner, Corner], other: tuple[Corner, Corner]) -> Corner | None:
    (px, py), (dx, dy) = one
    (qx, qy), (ex, ey) = other
    cross = dx * ey - dy * ex
    if abs(cross) < 1e-6:
        return None
    along = ((qx - px) * ey - (qy - py) * ex) / cross
    return px + along * dx, py + along * dy


def _size(corners: Sequence[Corner]) -> float:
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2 or 1.0


def _in_parts(corners: Sequence[Corner], shape: tuple[int, ...]) -> list[Corner]:
    high, wide = shape[0], shape[1]
    return [
        (min(1.0, max(0.0, x / (wide - 1))), min(1.0, max(0.0, y / (high - 1)))) for x, y in corners
    ]
