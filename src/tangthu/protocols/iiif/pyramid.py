"""Pyramids of tiles as they lie on disk, and the tiles that need no drawing.

A reading copy is a TIFF whose levels halve each other, in JPEG tiles. A viewer asks for nearly
nothing but such tiles: they go out as they lie there, with the tables that all tiles of a level
share put back in front. That costs microseconds; decoding and encoding cost milliseconds.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tangthu.formats.iiif.plan import Plan
from tangthu.formats.iiif.request import Format, Quality, Rotation

if TYPE_CHECKING:
    import tifffile

QUALITY = 85
_START, _END = b"\xff\xd8", b"\xff\xd9"
# Says that the colours are YCbCr, which a decoder would otherwise have to guess.
_JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")
_STRAIGHT = Rotation()


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the image: where each of its tiles lies, by rows."""

    width: int
    height: int
    tile: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    tables: bytes
    is_plain: bool
    """Whether its tiles are JPEGs that any decoder shows in the right colours."""

    @property
    def columns(self) -> int:
        return -(-self.width // self.tile)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A reading copy, its levels from the full size downwards."""

    path: str
    levels: tuple[Level, ...]
    is_gray: bool

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return [(level.width, level.height) for level in self.levels]


@lru_cache(maxsize=256)
def pyramid(path: str) -> Pyramid:
    """Read where the tiles of a reading copy lie. A path never holds another picture later.

    Raises OSError where the file is gone.
    """
    # Loaded by processes that serve images alone: it brings numpy along.
    import tifffile

    try:
        with tifffile.TiffFile(path) as file:
            pages = [page for page in file.pages if isinstance(page, tifffile.TiffPage)]
            if not pages:
                pages = [file.pages.first]
            levels = tuple(_level(page) for page in pages)
            return Pyramid(path, levels, is_gray=pages[0].samplesperpixel == 1)
    except tifffile.TiffFileError as error:
        raise OSError(f"not a reading copy: {path}") from error


def _level(page: tifffile.TiffPage) -> Level:
    import tifffile

    colours = {tifffile.PHOTOMETRIC.YCBCR, tifffile.PHOTOMETRIC.MINISBLACK}
    tile = page.tilewidth if page.tilewidth == page.tilelength else 0
    is_jpeg = page.compression == tifffile.COMPRESSION.JPEG
    return Level(
        width=page.imagewidth,
        height=page.imagelength,
        tile=tile or 256,
        offsets=page.dataoffsets if tile else (),
        counts=page.databytecounts if tile else (),
        tables=bytes(page.jpegtables or b"")[2:-2],
        is_plain=bool(tile) and is_jpeg and page.photometric in colours,
    )


def ready_tile(source: Pyramid, plan: Plan) -> bytes | None:
    """Return the tile that the plan asks for, if it is one; None where it must be drawn."""
    wanted = (plan.rotation, plan.quality, plan.format)
    if wanted != (_STRAIGHT, Quality.DEFAULT, Format.JPG):
        return None
    for number, level in enumerate(source.levels):
        scale = 1 << number
        if (-(-plan.box.width // scale), -(-plan.box.height // scale)) == (plan.width, plan.height):
            return _tile(source, level, scale, plan) if level.is_plain else None
    return None


def _tile(source: Pyramid, level: Level, scale: int, plan: Plan) -> bytes | None:
    span = level.tile * scale
    column, beside = divmod(plan.box.x, span)
    row, below = divmod(plan.box.y, span)
    full = source.levels[0]
    is_whole = (plan.box.width, plan.box.height) == (
        min(span, full.width - plan.box.x),
        min(span, full.height - plan.box.y),
    )
    # A level is rounded down, a size up: the last pixel may have no tile of its own.
    inside = column < level.columns and row * level.tile < level.height
    if beside or below or not is_whole or not inside:
        return None
    data = _encoded(source.path, level, row * level.columns + column)
    if (plan.width, plan.height) == (level.tile, level.tile):
        return data
    held = (level.width - column * level.tile, level.height - row * level.tile)
    return _cut(data, held=held, size=(plan.width, plan.height))


def _encoded(path: str, level: Level, number: int) -> bytes:
    """Read one tile as it lies in the file, and make a whole JPEG of it."""
    with Path(path).open("rb", buffering=0) as file:
        data = os.pread(file.fileno(), level.counts[number], level.offsets[number])
    return b"".join((_START, _JFIF, level.tables, data.removeprefix(_START)))


def _cut(data: bytes, *, held: tuple[int, int], size: tuple[int, int]) -> bytes:
    """Return the part of a tile at the edge that holds a picture; the rest of it is padding."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as tile:
        part = tile.crop((0, 0, min(held[0], size[0]), min(held[1], size[1])))
        picture = part if part.size == size else part.resize(size)
        answer = io.BytesIO()
        picture.save(answer, "JPEG", quality=QUALITY)
        return answer.getvalue()
