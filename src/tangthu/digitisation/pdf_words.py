"""The words of a PDF's page with their boxes, by PDFium; and its picture, where it has no words."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from tangthu.digitisation.legacy_fonts import encoding_of, to_unicode
from tangthu.repository.policy.limits import LARGEST_TOTAL_PIXELS, LONGEST_SIDE
from tangthu.repository.rendering import Refused

DPI = 300
UNITS_WIDE = 2_000
"""Of a layout whose page was never drawn: boxes are told to a two-thousandth of its width."""

MOST_SIGNS = 200_000
_INVISIBLE = 3
_SAMPLE = 40
_UNREADABLE = 0.2
_FAR = 1.7

Box = tuple[int, int, int, int]


@dataclass(slots=True)
class _Word:
    """Signs that stand together, each with its font."""

    signs: list[tuple[str, str]] = field(default_factory=list)
    left: int = 1 << 30
    top: int = 1 << 30
    right: int = 0
    bottom: int = 0

    def add(self, sign: str, font: str, box: Box) -> None:
        self.signs.append((sign, font))
        self.left, self.top = min(self.left, box[0]), min(self.top, box[1])
        self.right, self.bottom = max(self.right, box[2]), max(self.bottom, box[3])

    def text(self) -> str:
        runs = groupby(self.signs, key=lambda signed: signed[1])
        return "".join(to_unicode("".join(s for s, _ in run), font) for font, run in runs)


def words_of(path: Path, frame: int, *, width: int) -> dict[str, Any]:
    """Return size, blocks of lines of words with boxes, and whether a reader could read them.

    Not readable: no words, signs without a meaning, or words that nobody sees, which another
    program once recognised on a scan. Raises Refused.
    """
    import pypdfium2

    document = _opened(path)
    try:
        page = document[frame]
        wide, high = page.get_size()
        across = width or UNITS_WIDE
        size = (across, max(round(high * across / max(wide, 1)), 1))
        text_page = page.get_textpage()
        signs = list(_signs(page, text_page, size))
        invisible = _is_invisible(text_page, len(signs))
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise Refused("damaged_pdf") from error
    finally:
        document.close()
    lines = [line for line in _lines(signs) if line]
    return {
        "width": size[0],
        "height": size[1],
        "blocks": [[_plain(line) for line in block] for block in _blocks(lines)],
        "readable": bool(lines) and not invisible and _can_be_read(signs),
        "legacy": any(encoding_of(font) is not None for _, font, _ in signs),
    }


def draw(path: Path, frame: int, target: Path) -> tuple[int, int]:
    """Write the page in grey, fine enough for recognition. Raises Refused."""
    import pypdfium2

    document = _opened(path)
    try:
        page = document[frame]
        wide, high = page.get_size()
        scale = DPI / 72
        if max(wide, high) * scale > LONGEST_SIDE or wide * high * scale**2 > LARGEST_TOTAL_PIXELS:
            raise Refused("too_many_pixels")
        picture = page.render(scale=scale, grayscale=True).to_pil()
        try:
            picture.save(target, format="TIFF")
        except OSError as error:
            # Pillow does not say why it could not write; in a folder of our own it is the room.
            raise Refused("disk_full") from error
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise Refused("damaged_pdf") from error
    finally:
        document.close()
    return picture.width, picture.height


def _opened(path: Path) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == 4 or "password" in str(error).lower()
        raise Refused("encrypted" if locked else "damaged_pdf") from error


def _signs(page: Any, text_page: Any, size: tuple[int, int]) -> Iterator[tuple[str, str, Box]]:
    """Yield each sign, its font and its edges (left, top, right, bottom) on the drawn page."""
    import pypdfium2.raw as pdfium

    for at in range(min(text_page.count_chars(), MOST_SIGNS)):
        code = pdfium.FPDFText_GetUnicode(text_page, at)
        sign = chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"
        if sign.isspace():
            yield sign, "", (0, 0, 0, 0)
            continue
        left, bottom, right, top = text_page.get_charbox(at)
        first = _on_page(pdfium, page, size, left, top)
        second = _on_page(pdfium, page, size, right, bottom)
        box = (
            min(first[0], second[0]),
            min(first[1], second[1]),
            max(first[0], second[0]),
            max(first[1], second[1]),
        )
        yield sign, _font(pdfium, text_page, at), box


def _on_page(pdfium: Any, page: Any, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    """Return where a point of the page is drawn: with its rotation and its crop box."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return min(max(across.value, 0), size[0]), min(max(down.value, 0), size[1])


def _font(pdfium: Any, text_page: Any, at: int) -> str:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, at, name, len(name), flags)
    return name.raw[: max(min(length, len(name)) - 1, 0)].decode("utf-8", "replace")


def _is_invisible(text_page: Any, count: int) -> bool:
    import pypdfium2.raw as pdfium

    seen = hidden = 0
    for at in range(0, count, max(count // _SAMPLE, 1)):
        shown = pdfium.FPDFText_GetTextObject(text_page, at)
        if shown:
            seen += 1
            hidden += pdfium.FPDFTextObj_GetTextRenderMode(shown) == _INVISIBLE
    return seen > 0 and hidden * 2 > seen


def _can_be_read(signs: list[tuple[str, str, Box]]) -> bool:
    letters = [sign for sign, _, _ in signs if not sign.isspace()]
    strange = sum(
        not sign.isprintable() or sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff"
        for sign in letters
    )
    return bool(letters) and strange < _UNREADABLE * len(letters)


def _lines(signs: list[tuple[str, str, Box]]) -> Iterator[list[_Word]]:
    line: list[_Word] = []
    word = _Word()
    for sign, font, box in signs:
        if not sign.isspace():
            if sign.isprintable() or sign == "\u00ad":
                word.add(sign, font, box)
            continue
        if word.signs:
            line.append(word)
            word = _Word()
        if sign in "\r\n":
            yield line
            line = []
    yield [*line, word] if word.signs else line


def _blocks(lines: list[list[_Word]]) -> Iterator[list[list[_Word]]]:
    """Part the lines where the next begins far below, or above, the last."""
    block: list[list[_Word]] = []
    for line in lines:
        if block and _is_apart(block[-1], line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _is_apart(above: list[_Word], below: list[_Word]) -> bool:
    top, bottom = min(word.top for word in above), max(word.bottom for word in above)
    step = min(word.top for word in below) - top
    return step < 0 or step > _FAR * max(bottom - top, 1) * 1.3


def _plain(line: list[_Word]) -> list[list[object]]:
    placed = [
        [word.text(), word.left, word.top, word.right - word.left, word.bottom - word.top]
        for word in line
    ]
    return [word for word in placed if word[0]]
