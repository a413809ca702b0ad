"""The program that opens pictures and documents of strangers: a process with limits.

    python -m tangthu.repository.rendering

It reads one job a line (JSON) and answers each with one line. It knows no Django. What a decoder
does to itself with a bomb ends this process, not the worker; see `renderer`.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping
from math import hypot
from pathlib import Path
from typing import Any

from tangthu.repository.policy import limits
from tangthu.repository.policy.content import PDF, TIFF
from tangthu.repository.policy.outlines import Outline, is_upright, outline_of, projection
from tangthu.repository.room import speaks_of_a_full_disk
from tangthu.repository.tiffs import is_whole

Answer = dict[str, object]
Deeds = Mapping[str, Callable[[Mapping[str, Any]], Answer]]
TILE, QUALITY = 256, 85
_BIG_TIFF_FROM = 1_000_000_000


class Refused(Exception):
    """What cannot be shown, and why, as a stable code."""


def main() -> None:
    """Answer jobs until there are no more."""
    serve({"inspect": inspect, "deliver": deliver})


def serve(deeds: Deeds) -> None:
    """Answer jobs, one a line, within the limits of this process, until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.RENDER_MEMORY, limits.RENDER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line), deeds)) + "\n")
        sys.stdout.flush()


def answer(job: Mapping[str, Any], deeds: Deeds) -> Answer:
    """Do one job; a fault is an answer too."""
    try:
        return deeds[job["deed"]](job)
    except Refused as refusal:
        return {"fault": str(refusal)}
    except MemoryError:
        return {"fault": "too_much_memory"}
    except OSError as error:
        if not speaks_of_a_full_disk(str(error)):
            raise
        return {"fault": "disk_full"}


def inspect(job: Mapping[str, Any]) -> Answer:
    """Return how many pages a file makes, once its pictures proved to be all there.

    Raises Refused. The pages of a PDF are not drawn for that: it may have thousands.
    """
    path = Path(job["path"])
    if job["media_type"] == PDF:
        return {"frames": _pages_of_pdf(path)}
    image = _opened(path)
    if job["media_type"] != TIFF:
        _decode(image)
        return {"frames": 1}
    frames = image.get("n-pages") if image.get_typeof("n-pages") else 1
    if not is_whole(path):
        raise Refused("damaged_image")
    if frames > limits.MOST_FRAMES_IN_TIFF:
        raise Refused("too_many_pages")
    _decode_frames(path, frames)
    return {"frames": frames}


def _decode_frames(path: Path, frames: int) -> None:
    """Decode the first pages of a TIFF; what is beyond is found out when it is drawn."""
    pixels = 0
    for number in range(frames):
        image = _opened(path, frame=number)
        pixels += image.width * image.height
        if pixels > limits.MOST_PIXELS_TRIED:
            return
        _decode(image)


def _decode(image: Any) -> None:
    """Read a picture to its last line: what was cut off has a header like any other."""
    import pyvips

    if image.width * image.height > limits.MOST_PIXELS_TRIED:
        return
    try:
        image.avg()
    except pyvips.Error as error:
        raise Refused("damaged_image") from error


def deliver(job: Mapping[str, Any]) -> Answer:
    """Write the pyramid of one page, and return its size in pixels. Raises Refused."""
    import pyvips

    path, frame = Path(job["path"]), int(job["frame"])
    if job["media_type"] == PDF:
        image = _drawn(path, frame)
    else:
        image = _picture(path, job, frame=frame if job["media_type"] == TIFF else None)
    try:
        upright = _for_screens(shaped(image.autorot(), job.get("outline")))
        turned = upright.rot(f"d{job['rotation']}") if job["rotation"] else upright
        turned.tiffsave(
            job["target"],
            compression="jpeg",
            Q=QUALITY,
            tile=True,
            tile_width=TILE,
            tile_height=TILE,
            pyramid=True,
            bigtiff=turned.width * turned.height > _BIG_TIFF_FROM,
            keep="none",
        )
    except pyvips.Error as error:
        full = speaks_of_a_full_disk(str(error))
        raise Refused("disk_full" if full else "damaged_image") from error
    return {"width": turned.width, "height": turned.height}


def shaped(image: Any, points: object) -> Any:
    """Return what lies within four corners of the picture, as a rectangle seen from above."""
    if not points:
        return image
    outline = outline_of(points)
    wide, high = image.width, image.height
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ((x * wide, y * high) for x, y in outline)
    width = max(1, round(max(hypot(bx - ax, by - ay), hypot(cx - dx, cy - dy))))
    height = max(1, round(max(hypot(dx - ax, dy - ay), hypot(cx - bx, cy - by))))
    if is_upright(outline):
        left, top = min(round(ax), wide - 1), min(round(ay), high - 1)
        return image.crop(left, top, min(width, wide - left), min(height, high - top))
    return image.mapim(_where_from(outline, wide, high, width, height))


def _where_from(outline: Outline, wide: int, high: int, width: int, height: int) -> Any:
    """Return for each point of the new picture the place of the old one that it is taken from."""
    import pyvips

    a, b, c, d, e, f, g, h = projection(outline)
    places = pyvips.Image.xyz(width, height)
    u, v = places[0] / width, places[1] / height
    deep = u * g + v * h + 1
    x = (u * a + v * b + c) / deep * wide
    return x.bandjoin((u * d + v * e + f) / deep * high)


def _picture(path: Path, job: Mapping[str, Any], *, frame: int | None) -> Any:
    image = _opened(path, frame=frame)
    return _opened(path, frame=frame, jumps=True) if _jumps(image, job) else image


def _jumps(image: Any, job: Mapping[str, Any]) -> bool:
    """Tell whether the picture is read in another order than from top to bottom."""
    lies = image.get_typeof("orientation") and image.get("orientation") > 1
    askew = job.get("outline") and not is_upright(outline_of(job["outline"]))
    return bool(lies or askew or job["rotation"])


def _opened(path: Path, *, frame: int | None = None, jumps: bool = False) -> Any:
    import pyvips

    access = "random" if jumps else "sequential"
    # What cannot be decoded would else be drawn black, and nobody told.
    options: dict[str, object] = {"access": access, "fail_on": "error"}
    if frame is not None:
        options["page"] = frame
    try:
        image = pyvips.Image.new_from_file(str(path), **options)
    except pyvips.Error as error:
        raise Refused("damaged_image") from error
    _require_sane(image.width, image.height)
    return image


def _require_sane(width: int, height: int) -> None:
    longest = max(width, height)
    if longest > limits.LONGEST_SIDE or width * height > limits.LARGEST_TOTAL_PIXELS:
        raise Refused("too_many_pixels")


def _for_screens(image: Any) -> Any:
    """Return the picture in sRGB or grey, eight bits, on white paper."""
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True, intent="relative")
    grey = image.interpretation in {"b-w", "grey16"}
    image = image.colourspace("b-w" if grey else "srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.cast("uchar")


def _pages_of_pdf(path: Path) -> int:
    import pypdfium2

    document = _document(path, pypdfium2)
    try:
        pages = len(document)
    finally:
        document.close()
    if not pages:
        raise Refused("no_pages")
    if pages > limits.MOST_PAGES:
        raise Refused("too_many_pages")
    return pages


def _drawn(path: Path, number: int) -> Any:
    """Draw one page of a PDF, as large as is needed to read it enlarged."""
    import pypdfium2
    import pyvips

    document = _document(path, pypdfium2)
    try:
        page = document[number]
        width, height = page.get_size()
        scale = limits.RENDER_DPI / 72
        _require_sane(int(width * scale), int(height * scale))
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        data, bands = bitmap.buffer, bitmap.n_channels
        image = pyvips.Image.new_from_memory(
            bytes(data), bitmap.stride // bands, bitmap.height, bands, "uchar"
        )
        return image.extract_area(0, 0, bitmap.width, bitmap.height)[:3].copy(interpretation="srgb")
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise Refused("damaged_pdf") from error
    finally:
        document.close()


def _document(path: Path, pypdfium2: Any) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) == 4 or "password" in str(error).lower()
        raise Refused("encrypted" if encrypted else "damaged_pdf") from error


if __name__ == "__main__":
    main()
