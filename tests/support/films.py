"""Films for a browser's camera: what somebody holds before a telephone."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import segno
from PIL import Image, ImageFilter

SIZE = (1280, 720)
TABLE = (92, 84, 78)
DARK = (6, 6, 8)
CARD = (600, 378)


def code(text: str, *, scale: int = 6) -> Image.Image:
    """Draw a square code, with the quiet zone that belongs to it."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=scale, border=4)
    return Image.open(drawn).convert("RGB")


def card(text: str) -> Image.Image:
    """Draw a plastic card with the code in its upper right corner, as citizen cards have it."""
    face = Image.new("RGB", CARD, (214, 226, 220))
    square = code(text, scale=4)
    face.paste(square, (CARD[0] - square.width - 16, 16))
    return face


def held(text: str, *, tilt: float = 0, blur: float = 0) -> Image.Image:
    """A frame in which the card lies on a table, tilted and blurred as a hand does it."""
    frame = Image.new("RGB", SIZE, TABLE)
    face = card(text).convert("RGBA").rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    frame.paste(face, ((SIZE[0] - face.width) // 2, (SIZE[1] - face.height) // 2), face)
    return frame.filter(ImageFilter.GaussianBlur(blur)) if blur else frame


def dark() -> Image.Image:
    """A frame of a room without light."""
    return Image.new("RGB", SIZE, DARK)


def film(path: Path, frames: Iterable[Image.Image], *, each: int = 10) -> Path:
    """Write the frames, each so many times, as the pictures one after another of an MJPEG."""
    with path.open("wb") as written:
        for frame in frames:
            picture = BytesIO()
            frame.save(picture, "JPEG", quality=88)
            written.write(picture.getvalue() * each)
    return path
