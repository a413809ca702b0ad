"""The program that makes pictures of pages fit for the engine: a process with limits.

    python -m tangthu.digitisation.preparing

It measures how far the lines are from level and whether the page is grainy, and writes grey
pictures: as it is, turned level, or smoothed (3 × 3 median) and level. It knows no Django.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tangthu.digitisation.documents import DEEDS
from tangthu.repository.rendering import Answer, Refused, serve
from tangthu.repository.room import speaks_of_a_full_disk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

MEASURED_SIDE = 1_000
STEEPEST = 6.0
_GRAINY = 0.012
_SAMPLE = 30_000


def main() -> None:
    """Answer jobs until there are no more."""
    serve({"measure": measure, "prepare": prepare, **DEEDS})


def measure(job: Mapping[str, Any]) -> Answer:
    """Return skew, graininess, and by how much the picture must be made smaller.

    The picture stays at hand for the `prepare` that follows.
    """
    image = _at_hand.put(Path(job["path"]))
    scale = min(1.0, math.sqrt(job["most_pixels"] / (image.width * image.height)))
    shrunk = max(image.width, image.height) // MEASURED_SIDE
    small = image.shrink(shrunk, shrunk) if shrunk > 1 else image
    return {
        "width": image.width,
        "height": image.height,
        "scale": scale,
        "skew": skew_of(small.numpy()),
        "is_grainy": grain_of(_middle(image)) > _GRAINY,
    }


def prepare(job: Mapping[str, Any]) -> Answer:
    """Write one picture for the engine: smaller by `scale`, turned by `turn` degrees, smoothed."""
    import pyvips

    image = _at_hand.get(Path(job["path"]))
    try:
        if job["scale"] < 1:
            image = image.resize(job["scale"])
        if job["smooth"]:
            image = image.median(3)
        if job["turn"]:
            image = image.rotate(
                job["turn"], background=255, interpolate=pyvips.Interpolate.new("bicubic")
            )
        image.cast("uchar").tiffsave(job["target"], keep="none")
    except pyvips.Error as error:
        full = speaks_of_a_full_disk(str(error))
        raise Refused("disk_full" if full else "damaged_image") from error
    return {"width": image.width, "height": image.height}


class _AtHand:
    """The last picture that was opened, decoded once for all that is made of it."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._image: Any = None

    def put(self, path: Path) -> Any:
        """Open a picture anew, even where another lay under the same path before."""
        self._path, self._image = None, None
        self._image = _grey(path)
        self._path = path
        return self._image

    def get(self, path: Path) -> Any:
        return self._image if path == self._path else self.put(path)


_at_hand = _AtHand()


def skew_of(grey: Grey) -> float:
    """Return by how many degrees the lines fall to the right; 0 where there are none.

    Ink is projected onto the edge along each angle; where lines are level, rows of ink and
    rows of paper are farthest apart (the sum of squares is greatest).
    """
    import numpy as np

    ink = np.argwhere(grey < _threshold(grey))
    if len(ink) < 200:
        return 0.0
    rng = np.random.default_rng(0)
    if len(ink) > _SAMPLE:
        ink = ink[rng.integers(0, len(ink), _SAMPLE)]
    rows, columns = ink[:, 0].astype(float), ink[:, 1].astype(float)

    def contrast(degrees: float) -> float:
        level = rows - columns * math.tan(math.radians(degrees))
        counts = np.bincount((level - level.min()).astype(int))
        return float((counts.astype(float) ** 2).sum())

    best = 0.0
    for step in (1.0, 0.25, 0.05):
        reach = STEEPEST if step == 1.0 else 4 * step
        tried = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(tried, key=contrast))
    gain = contrast(best) / max(contrast(0.0), 1.0)
    return round(best, 2) if gain > 1.02 and abs(best) <= STEEPEST else 0.0


def grain_of(grey: Grey) -> float:
    """Return the share of single pixels that differ sharply from all around them."""
    import numpy as np

    middle = grey[1:-1, 1:-1].astype(np.int16)
    around = np.stack(
        [
            grey[1 + down : grey.shape[0] - 1 + down, 1 + right : grey.shape[1] - 1 + right]
            for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1))
        ]
    ).astype(np.int16)
    above, below = middle - around.max(axis=0), around.min(axis=0) - middle
    return float(((above > 20) | (below > 20)).mean())


def _threshold(grey: Grey) -> float:
    """Return what is darker than paper: halfway between the darkest and the commonest grey."""
    import numpy as np

    return float((np.percentile(grey, 1) + np.median(grey)) / 2)


def _middle(image: Any) -> Any:
    side_x, side_y = min(image.width, 800), min(image.height, 800)
    left, top = (image.width - side_x) // 2, (image.height - side_y) // 2
    return image.crop(left, top, side_x, side_y).numpy()


def _grey(path: Path) -> Any:
    import pyvips

    try:
        # A path may have been another picture's before: nothing is to come from libvips' cache.
        image = pyvips.Image.new_from_file(str(path), revalidate=True)
        if image.hasalpha():
            image = image.flatten(background=255)
        return image.colourspace("b-w").cast("uchar").copy_memory()
    except pyvips.Error as error:
        raise Refused("damaged_image") from error


if __name__ == "__main__":
    main()
