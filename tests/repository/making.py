"""Pictures and documents for tests, drawn on the spot."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from tangthu.repository.actions import Incoming


def picture(
    folder: Path, name: str = "trang.png", *, size: tuple[int, int] = (300, 420), ink: int = 0
) -> Incoming:
    """Draw a page with a line of its own, so that no two are alike."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((20, 20), f"{name} {ink}", fill="black")
    path = folder / f"{ink}-{name}"
    image.save(path)
    return Incoming(path, name)


def pictures(folder: Path, count: int) -> list[Incoming]:
    return [picture(folder, f"trang {number}.png", ink=number) for number in range(1, count + 1)]


def tiff_of(folder: Path, frames: int, name: str = "tập.tif") -> Incoming:
    """Draw a TIFF with several pages."""
    images = [Image.new("L", (200, 300), 255 - number) for number in range(frames)]
    path = folder / "several.tif"
    images[0].save(path, save_all=True, append_images=images[1:])
    return Incoming(path, name)


def pdf_of(folder: Path, pages: int, name: str = "sách.pdf", *, password: str = "") -> Incoming:
    """Make a PDF of so many empty A5 pages."""
    import pikepdf

    path = folder / f"{pages}{password}.pdf"
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(420, 595))
        encryption = pikepdf.Encryption(owner=password, user=password) if password else None
        document.save(path, encryption=encryption)
    return Incoming(path, name)
