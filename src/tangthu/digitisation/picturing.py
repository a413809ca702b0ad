"""Pieces of pages as pictures, for those who compare them with their text."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from tangthu.formats.alto import Box, Layout
from tangthu.repository import storage
from tangthu.repository.models import Page

WIDEST = 1600
PIECE_HEIGHT = 160
QUALITY = 80
# So many times its height is shown to the left and right of a word, and above and below.
_BESIDE, _ABOVE = 5, 0.8
_FRAME, _THICK, _ROOM = (178, 58, 36), 3, 5


def whole(page: Page) -> HttpResponse:
    """Answer the whole page, as wide as a desk's screen."""
    import pyvips

    image = pyvips.Image.thumbnail(_path(page), WIDEST, height=4 * WIDEST, size="down")
    return _answer(image)


def piece(page: Page, layout: Layout, box: Box) -> HttpResponse:
    """Answer a word with what stands beside it, and a frame around it."""
    import pyvips

    image = pyvips.Image.new_from_file(_path(page))
    left, top, width, height = _on(image, layout, box)
    beside, above = int(height * _BESIDE), int(height * _ABOVE)
    x, y = max(left - beside, 0), max(top - above, 0)
    right = min(left + width + beside, image.width)
    bottom = min(top + height + above, image.height)
    if right <= x or bottom <= y:
        raise Http404
    cut = image.crop(x, y, right - x, bottom - y)
    scale = PIECE_HEIGHT / cut.height
    cut = cut.resize(scale)
    if cut.bands == 1:
        cut = cut.bandjoin([cut, cut])
    cut = cut[:3].cast("uchar").copy_memory()
    across, down = int((left - x) * scale) - _ROOM, int((top - y) * scale) - _ROOM
    size = (int(width * scale) + 2 * _ROOM, int(height * scale) + 2 * _ROOM)
    for inset in range(_THICK):
        cut = cut.draw_rect(
            list(_FRAME),
            across + inset,
            down + inset,
            size[0] - 2 * inset,
            size[1] - 2 * inset,
        )
    return _answer(cut)


def _on(image: Any, layout: Layout, box: Box) -> Box:
    """Return a box of the layout in the picture's own pixels."""
    across = image.width / (layout.width or image.width)
    down = image.height / (layout.height or image.height)
    left, top, width, height = box
    return (
        int(left * across),
        int(top * down),
        max(int(width * across), 1),
        max(int(height * down), 1),
    )


def _path(page: Page) -> str:
    if page.delivery is None:
        raise Http404
    path = storage.delivery_path(page.delivery)
    if not path.exists():
        raise Http404
    return str(path)


def _answer(image: Any) -> HttpResponse:
    data: bytes = image.jpegsave_buffer(Q=QUALITY, keep="none")
    return HttpResponse(
        data, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"}
    )
