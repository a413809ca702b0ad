"""Portraits of readers: what was sent is looked at, cropped 3 by 4, and drawn anew.

The new picture has nothing of the file that came but its colours: no place, no camera, no name,
and nothing that hides behind the picture's data.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from tangthu.patrons.errors import PhotoRefused, PhotoTooLarge, PhotoTooSmall, PhotoUnreadable

LARGEST_FILE = 8_000_000
"""Bytes. A telephone's camera makes 3 to 6 MB."""

WIDTH, HEIGHT = 360, 480
"""Pixels: 3 by 4 cm at 300 points to the inch."""

_SMALLEST_SIDE = 240
_MOST_PIXELS = 60_000_000
_KINDS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85


def portrait(data: bytes) -> bytes:
    """Return the picture as a JPEG of 360 × 480 points, cropped around its middle.

    Raises PhotoTooLarge (bytes, or points), PhotoTooSmall, and PhotoUnreadable for what is no
    JPEG, PNG or WebP, or a damaged one. A picture is measured by its header, before a point of it
    is unpacked.
    """
    if len(data) > LARGEST_FILE:
        raise PhotoTooLarge(field="photo", limit=LARGEST_FILE // 1_000_000)
    try:
        with Image.open(BytesIO(data), formats=_KINDS) as sent:
            _measure(sent)
            sent.draft("RGB", (WIDTH * 2, HEIGHT * 2))
            upright = ImageOps.exif_transpose(sent).convert("RGB")
            drawn = ImageOps.fit(upright, (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    except PhotoRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        raise PhotoUnreadable(field="photo") from None
    except (ValueError, TypeError, KeyError, IndexError, EOFError, ArithmeticError, MemoryError):
        # What Pillow's decoders raise over damaged files, beside its own errors.
        raise PhotoUnreadable(field="photo") from None
    return _jpeg(drawn)


def _measure(sent: Image.Image) -> None:
    width, height = sent.size
    if width * height > _MOST_PIXELS:
        raise PhotoTooLarge(field="photo", limit=LARGEST_FILE // 1_000_000)
    if min(width, height) < _SMALLEST_SIDE:
        raise PhotoTooSmall(field="photo", limit=_SMALLEST_SIDE)


def _jpeg(drawn: Image.Image) -> bytes:
    picture = Image.new("RGB", drawn.size)
    picture.paste(drawn)
    written = BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
