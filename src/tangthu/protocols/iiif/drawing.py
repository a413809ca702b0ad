"""Whatever of an image is no tile: any region, size, turn, quality and format, by libvips."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tangthu.formats.iiif.plan import Plan
from tangthu.formats.iiif.request import Format, Quality
from tangthu.protocols.iiif.guarding import marked
from tangthu.protocols.iiif.pyramid import QUALITY, Pyramid

if TYPE_CHECKING:
    from pyvips import Image

_MIDDLE_GRAY = 128
_KEPT_MEMORY = 32 * 1024**2
_TURNS = {90: "d90", 180: "d180", 270: "d270"}
_ENDINGS = {
    Format.JPG: f".jpg[Q={QUALITY},keep=none]",
    Format.PNG: ".png[compression=4,keep=none]",
    Format.WEBP: ".webp[Q=80,effort=2,keep=none]",
}


def draw(source: Pyramid, plan: Plan, *, mark: str = "") -> bytes:
    """Return the picture that the plan asks for, from the smallest level that is large enough.

    With a mark, its words stand across the picture.

    Raises OSError where the file is gone or is no picture.
    """
    import pyvips

    _prepare()
    try:
        scaled = _scaled(source, plan)
        picture = marked(scaled, mark, plan) if mark else scaled
        picture = _coloured(_turned(picture, plan), plan.quality)
        data: bytes = picture.write_to_buffer(_ENDINGS[plan.format])
    except pyvips.Error as error:
        raise OSError(f"cannot be drawn: {source.path}") from error
    return data


@cache
def _prepare() -> None:
    """Load libvips into this process, which serves images."""
    import pyvips

    # The threads of the web process are the parallel work; each picture is drawn by one.
    pyvips.concurrency_set(1)
    pyvips.cache_set_max_mem(_KEPT_MEMORY)


def _scaled(source: Pyramid, plan: Plan) -> Image:
    import pyvips

    number = _level_for(source, plan)
    level, scale = source.levels[number], 1 << number
    picture: Image = pyvips.Image.new_from_file(source.path, page=number)
    # A pixel of a level is the mean of a square of pixels; a level is rounded down.
    left = min(plan.box.x // scale, level.width - 1)
    top = min(plan.box.y // scale, level.height - 1)
    width = min(-(-plan.box.width // scale), level.width - left)
    height = min(-(-plan.box.height // scale), level.height - top)
    part = picture.crop(left, top, width, height)
    if (width, height) == (plan.width, plan.height):
        return part
    return part.thumbnail_image(plan.width, height=plan.height, size="force")


def _level_for(source: Pyramid, plan: Plan) -> int:
    """Return the smallest level that need not be enlarged."""
    scale = min(plan.box.width // plan.width, plan.box.height // plan.height)
    return min(max(scale.bit_length() - 1, 0), len(source.levels) - 1)


def _turned(picture: Image, plan: Plan) -> Image:
    if plan.rotation.mirrored:
        picture = picture.fliphor()
    turn = _TURNS.get(plan.rotation.degrees)
    return picture.rot(turn) if turn else picture


def _coloured(picture: Image, quality: Quality) -> Image:
    if quality not in {Quality.GRAY, Quality.BITONAL}:
        return picture
    gray = picture.colourspace("b-w")
    return gray if quality is Quality.GRAY else gray >= _MIDDLE_GRAY
