"""The grammar of an image request: `{region}/{size}/{rotation}/{quality}.{format}`.

Image API 3.0, section 4. Numbers are kept short, so that none of them costs anything to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tangthu.formats.iiif.errors import (
    BadFormat,
    BadQuality,
    BadRegion,
    BadRotation,
    BadSize,
    NotOffered,
)

_WHOLE = r"[0-9]{1,9}"
_DECIMAL = r"[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}"
_PIXELS = re.compile(rf"({_WHOLE}),({_WHOLE}),({_WHOLE}),({_WHOLE})")
_PERCENTS = re.compile(rf"pct:({_DECIMAL}),({_DECIMAL}),({_DECIMAL}),({_DECIMAL})")
_SIZE_PERCENT = re.compile(rf"pct:({_DECIMAL})")
_SIZE = re.compile(rf"(?P<within>!?)(?P<width>{_WHOLE})?,(?P<height>{_WHOLE})?")
_ROTATION = re.compile(rf"(?P<mirrored>!?)(?P<degrees>{_DECIMAL})")


class Quality(StrEnum):
    """What becomes of the colours."""

    DEFAULT = "default"
    COLOR = "color"
    GRAY = "gray"
    BITONAL = "bitonal"


class Format(StrEnum):
    """The formats that are offered: those of level 2, and WebP."""

    JPG = "jpg"
    PNG = "png"
    WEBP = "webp"


KNOWN_FORMATS = frozenset({"jpg", "tif", "png", "gif", "jp2", "pdf", "webp"})
MEDIA_TYPES = {Format.JPG: "image/jpeg", Format.PNG: "image/png", Format.WEBP: "image/webp"}


class RegionKind(StrEnum):
    """How the region is given."""

    FULL = "full"
    SQUARE = "square"
    PIXELS = "pixels"
    PERCENTS = "percents"


class SizeKind(StrEnum):
    """How the size is given."""

    MAX = "max"
    PERCENT = "percent"
    EXACT = "exact"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Region:
    """The part of the image; `box` is x, y, width, height in pixels or in percent."""

    kind: RegionKind
    box: tuple[Fraction, Fraction, Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """The size of the answer; a missing width or height keeps the proportions."""

    kind: SizeKind
    width: int | None = None
    height: int | None = None
    percent: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """Clockwise, in quarter turns; mirrored before it is turned."""

    degrees: int = 0
    mirrored: bool = False

    def __str__(self) -> str:
        return f"{'!' if self.mirrored else ''}{self.degrees}"


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What an address asks of an image, not yet measured against one."""

    region: Region
    size: Size
    rotation: Rotation
    quality: Quality
    format: Format


def parse(region: str, size: str, rotation: str, quality: str, ending: str) -> ImageRequest:
    """Read the five parts of an address (percent signs already decoded)."""
    return ImageRequest(
        region=parse_region(region),
        size=parse_size(size),
        rotation=parse_rotation(rotation),
        quality=parse_quality(quality),
        format=parse_format(ending),
    )


def parse_region(text: str) -> Region:
    """Read `full`, `square`, `x,y,w,h` or `pct:x,y,w,h`; a side of nothing is refused."""
    if text in {"full", "square"}:
        return Region(RegionKind(text))
    for kind, grammar in ((RegionKind.PIXELS, _PIXELS), (RegionKind.PERCENTS, _PERCENTS)):
        if found := grammar.fullmatch(text):
            x, y, width, height = (Fraction(_number(part)) for part in found.groups())
            if not (width and height):
                raise BadRegion(text)
            return Region(kind, (x, y, width, height))
    raise BadRegion(text)


def parse_size(text: str) -> Size:
    """Read `max`, `w,`, `,h`, `w,h`, `!w,h` or `pct:n`; enlarging (`^`) is not offered."""
    size = _size(text.removeprefix("^"))
    if text.startswith("^"):
        raise NotOffered(text)
    return size


def _size(text: str) -> Size:
    if text == "max":
        return Size(SizeKind.MAX)
    found = _SIZE_PERCENT.fullmatch(text)
    if found is None:
        return _sides(text)
    percent = Fraction(_number(found.group(1)))
    if not percent:
        raise BadSize(text)
    return Size(SizeKind.PERCENT, percent=percent)


def _sides(text: str) -> Size:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise BadSize(text)
    width, height = (int(side) if side else None for side in found.group("width", "height"))
    is_within = bool(found["within"])
    sides = [side for side in (width, height) if side is not None]
    if not sides or 0 in sides or (is_within and len(sides) < 2):
        raise BadSize(text)
    return Size(SizeKind.WITHIN if is_within else SizeKind.EXACT, width, height)


def parse_rotation(text: str) -> Rotation:
    """Read `n` or `!n`, in degrees; only quarter turns are offered."""
    found = _ROTATION.fullmatch(text)
    degrees = Fraction(_number(found["degrees"])) if found else None
    if found is None or degrees is None or degrees > 360:
        raise BadRotation(text)
    if degrees % 90:
        raise NotOffered(text)
    return Rotation(int(degrees) % 360, bool(found["mirrored"]))


def parse_quality(text: str) -> Quality:
    """Read `default`, `color`, `gray` or `bitonal`."""
    try:
        return Quality(text)
    except ValueError as error:
        raise BadQuality(text) from error


def parse_format(text: str) -> Format:
    """Read the ending of the address; a format of the standard may be one we do not offer."""
    try:
        return Format(text)
    except ValueError as error:
        raise (NotOffered if text in KNOWN_FORMATS else BadFormat)(text) from error


def _number(text: str) -> str:
    """Write `.5` as Python's fractions read it."""
    return f"0{text}" if text.startswith(".") else text
