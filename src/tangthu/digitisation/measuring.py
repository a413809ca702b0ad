"""The program that measures pictures of pages, and finds a page in a photograph: with limits.

    python -m tangthu.digitisation.measuring

It answers jobs as `repository.rendering` does, whose limits it keeps: what a picture does to a
decoder ends this process. Measures are taken on the page brought to 1,000 pixels on its longer
side; why these, and what they are worth, is told in docs/develop/page-checks.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tangthu.digitisation.edges import corners_of
from tangthu.repository.rendering import Answer, Refused, serve

SIDE = 1000
EDGES_SIDE = 400
EDGE = 0.012
_DARK = 70.0
_LOOK = 16
_SPECKS = 0.004
_ANGLES = np.arange(-5.0, 5.01, 0.1)

Grey = NDArray[np.float32]


def measure(job: Mapping[str, Any]) -> Answer:
    """Measure the picture of one page. Raises Refused."""
    grey = _grey(Path(job["path"]), SIDE)
    paper = float(np.percentile(grey, 90))
    return {
        "ink": ink(grey, paper),
        "sharpness": sharpness(grey, paper),
        "skew": skew(grey, paper),
        "brightness": paper,
        "dark_edge": dark_edge(grey),
        "cut": cut(grey, paper),
        "look": look(grey, paper),
    }


def edges(job: Mapping[str, Any]) -> Answer:
    """Find the corners of the page in a photograph; none where it cannot be made out."""
    found = corners_of(_colours(Path(job["path"]), EDGES_SIDE))
    return {"corners": found}


def ink(grey: Grey, paper: float) -> float:
    """Return the part of the page, without its rim, that is clearly darker than the paper."""
    inner = _inner(grey, 0.04)
    return float(np.mean(inner < paper - 60))


def sharpness(grey: Grey, paper: float) -> float:
    """Return how abruptly strokes end: the spread of the Laplacian over the contrast there.

    The variance of the Laplacian (Pech-Pacheco 2000) grows with contrast and with the amount of
    text; divided by both, only the width of the edges is left. Where no stroke is, 1 is returned.
    """
    inner = _inner(grey, 0.04)
    strokes = _spread(inner < paper - 40)
    if not strokes.any():
        return 1.0
    laplacian = np.zeros_like(inner)
    laplacian[1:-1, 1:-1] = (
        inner[:-2, 1:-1] + inner[2:, 1:-1] + inner[1:-1, :-2] + inner[1:-1, 2:]
    ) - 4 * inner[1:-1, 1:-1]
    contrast = float(np.std(inner[strokes]))
    return float(np.std(laplacian[strokes]) / contrast) if contrast > 1 else 1.0


def skew(grey: Grey, paper: float) -> float:
    """Return by how many degrees the lines of text slope, clockwise; 0 where there are none.

    The profile of the rows is sharpest when the lines are level (Postl 1986): rows are sheared by
    each angle, and the one with the largest spread of differences wins.
    """
    marks = _inner(grey, 0.04) < paper - 60
    ys, xs = np.nonzero(marks)
    if len(ys) < 400:
        return 0.0
    step = max(1, len(ys) // 60_000)
    ys, xs = ys[::step], xs[::step]
    scores = [_profile(ys, xs, float(angle), marks.shape[0]) for angle in _ANGLES]
    best = int(np.argmax(scores))
    level = scores[len(scores) // 2]
    # A picture has no lines: then hardly any angle is better than none.
    return float(round(_ANGLES[best], 2)) if scores[best] > 1.15 * level else 0.0


def _profile(ys: NDArray[Any], xs: NDArray[Any], angle: float, high: int) -> float:
    shifted = np.rint(ys - xs * np.tan(np.radians(angle))).astype(int)
    rows = np.bincount(shifted + high, minlength=3 * high)
    return float(np.sum(np.diff(rows.astype(np.float64)) ** 2))


def dark_edge(grey: Grey) -> float:
    """Return how much of the darkest of the four edges is nearly black."""
    return max(float(np.mean(edge < _DARK)) for edge in _rims(grey))


def cut(grey: Grey, paper: float) -> float:
    """Return along how much of one edge ink runs out of the picture, where the edge is light."""
    found = 0.0
    for rim in _rims(grey):
        marks = (rim < paper - 80).any(axis=0)
        share = float(np.mean(marks))
        # An edge that is dark nearly all along is a table or a lid, no text.
        found = max(found, share if share < 0.8 else 0.0)
    return found


def look(grey: Grey, paper: float) -> str:
    """Return what the print looks like, in 256 bits as hexadecimal digits.

    The part of the page that is printed on is laid over 16 × 16 fields; a bit tells whether a
    field holds more ink than those around it. So a page that lay a little elsewhere the second
    time still looks the same, and two pages of plain text do not.
    """
    marks = _printed(np.clip(paper - 20 - _inner(grey, 0.03), 0, 120).astype(np.float32))
    fields = _fields(marks, _LOOK, _LOOK)
    padded = np.pad(fields, 1, "edge")
    shifts = [(down, right) for down in range(3) for right in range(3)]
    around = sum(padded[y : y + _LOOK, x : x + _LOOK] for y, x in shifts) / len(shifts)
    bits = (fields > around).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):064x}"


def _printed(marks: Grey) -> Grey:
    """Return the part of the page that holds all ink but specks."""
    top, bottom = _bounds(marks.sum(axis=1))
    left, right = _bounds(marks.sum(axis=0))
    return marks[top:bottom, left:right]


def _bounds(sums: Grey) -> tuple[int, int]:
    parts = np.cumsum(sums) / max(float(sums.sum()), 1.0)
    first, last = np.searchsorted(parts, _SPECKS), np.searchsorted(parts, 1 - _SPECKS)
    start = min(int(first), len(sums) - 64)
    return max(0, start), max(int(last) + 1, start + 64)


def _fields(grey: Grey, high: int, wide: int) -> Grey:
    rows = np.linspace(0, grey.shape[0], high + 1).astype(int)
    columns = np.linspace(0, grey.shape[1], wide + 1).astype(int)
    sums = np.add.reduceat(np.add.reduceat(grey, rows[:-1], axis=0), columns[:-1], axis=1)
    sizes = np.outer(np.diff(rows), np.diff(columns))
    means: Grey = (sums / sizes).astype(np.float32)
    return means


def _rims(grey: Grey) -> tuple[Grey, Grey, Grey, Grey]:
    """Return the strips along the four edges, each lying: its length is its width."""
    thick = max(3, round(max(grey.shape) * EDGE))
    return grey[:thick], grey[-thick:], grey[:, :thick].T, grey[:, -thick:].T


def _inner(grey: Grey, part: float) -> Grey:
    high, wide = grey.shape
    rim_y, rim_x = round(high * part), round(wide * part)
    return grey[rim_y : high - rim_y, rim_x : wide - rim_x]


def _spread(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the marks with the points beside them: where an edge is."""
    wider = marks.copy()
    wider[1:] |= marks[:-1]
    wider[:-1] |= marks[1:]
    wider[:, 1:] |= marks[:, :-1]
    wider[:, :-1] |= marks[:, 1:]
    return wider


def _grey(path: Path, side: int) -> Grey:
    picture = _thumbnail(path, side).colourspace("b-w")[0]
    array: Grey = np.asarray(picture.numpy(), dtype=np.float32)
    return array.reshape(picture.height, picture.width)


def _colours(path: Path, side: int) -> NDArray[np.float32]:
    picture = _thumbnail(path, side).colourspace("srgb")
    if picture.bands > 3:
        picture = picture.flatten(background=255)
    if picture.bands == 1:
        picture = picture.bandjoin([picture, picture])
    return np.asarray(picture.numpy(), dtype=np.float32)


def _thumbnail(path: Path, side: int) -> Any:
    import pyvips

    try:
        picture = pyvips.Image.thumbnail(str(path), side, height=side, size="down")
        return picture.cast("uchar").copy_memory()
    except pyvips.Error as error:
        raise Refused("damaged_image") from error


if __name__ == "__main__":
    serve({"measure": measure, "edges": edges})
