"""What stands between the pages of a restricted document and who fetches them: pace and mark."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tangthu.formats.iiif.errors import ImageRefused
from tangthu.formats.iiif.plan import Plan
from tangthu.reading import pacing

if TYPE_CHECKING:
    from pyvips import Image

_SHADE = 96
_STRENGTH = 0.22
"""How much of the mark covers the page: seen on white and on dark, with the print legible below."""

_FONT = "sans bold 15"
_ANGLE = -24
_GAP = 72


class TooFast(ImageRefused):
    """Pictures were fetched faster than anybody reads. `seconds` until the next one may be."""

    code = "read_too_fast"
    status = 429

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = seconds


def keep_pace(view: int, plan: Plan) -> None:
    """Count a picture that a visit fetches, whichever web process is asked. Raises TooFast."""
    early = pacing.take(view, plan.width * plan.height)
    if early:
        raise TooFast(early)


def marked(picture: Image, words: str, plan: Plan) -> Image:
    """Return the picture with the words across it, in one pattern over all tiles of a size."""
    pattern = _pattern(words)
    # How far into the whole picture of this size the part lies; the pattern goes on there.
    left = plan.box.x * plan.width // plan.box.width % pattern.width
    top = plan.box.y * plan.height // plan.box.height % pattern.height
    across = -(-(left + picture.width) // pattern.width)
    down = -(-(top + picture.height) // pattern.height)
    cover = pattern.replicate(across, down).crop(left, top, picture.width, picture.height)
    return (
        (picture * (1 - cover) + cover * _SHADE)
        .cast("uchar")
        .copy(interpretation=picture.interpretation)
    )


@lru_cache(maxsize=64)
def _pattern(words: str) -> Image:
    """Return one piece of the pattern: how much of each pixel the mark covers."""
    import pyvips

    text = pyvips.Image.text(words.replace("&", "&amp;").replace("<", "&lt;"), font=_FONT, dpi=72)
    turned = text.similarity(angle=_ANGLE)
    width, height = turned.width + _GAP, turned.height + _GAP
    placed = turned.embed(_GAP // 2, _GAP // 2, width, height)
    # Kept in memory: it is laid over every tile of the visit.
    return (placed * (_STRENGTH / 255)).copy_memory()
