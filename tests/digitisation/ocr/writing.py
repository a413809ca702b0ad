"""Pages and documents with Vietnamese on them, made for tests."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from tangthu.repository.actions import Incoming
from tangthu.text.legacy import Encoding, encode

SIZE = (1000, 260)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
WORDML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def written(line: str, *, turned: float = 0.0) -> Image.Image:
    """Draw one line of print, in our own font; `turned` counter-clockwise by degrees."""
    found = finders.find("ui/fonts/noto-sans-400.woff2")
    image = Image.new("L", SIZE, 248)
    ImageDraw.Draw(image).text((60, 60), line, font=ImageFont.truetype(str(found), 38), fill=20)
    if turned:
        image = image.rotate(turned, resample=Image.Resampling.BICUBIC, fillcolor=248)
    return image


def scan(folder: Path, line: str, *, number: int = 1, turned: float = 0.0) -> Incoming:
    path = folder / f"scan-{number}.png"
    written(line, turned=turned).save(path)
    return Incoming(path, path.name)


def scanned_pdf(folder: Path, line: str) -> Incoming:
    path = folder / "scan.pdf"
    written(line).save(path, resolution=150)
    return Incoming(path, path.name)


def old_pdf(folder: Path, lines: Sequence[tuple[str, Encoding | None, str]]) -> Incoming:
    """Write a PDF as word processors of the 1990s did: fonts that misuse Latin letters."""
    path = folder / "old.pdf"
    fonts = Dictionary()
    deeds = b"BT 20 TL 72 700 Td\n"
    with pikepdf.new() as document:
        for number, (font, encoding, text) in enumerate(lines):
            fonts[f"/F{number}"] = Dictionary(
                Type=Name.Font,
                Subtype=Name.TrueType,
                BaseFont=Name(f"/{font}"),
                Encoding=Name.WinAnsiEncoding,
                FirstChar=32,
                LastChar=255,
                Widths=Array([500] * 224),
            )
            signs = encode(text, encoding) if encoding else text.encode("ascii")
            deeds += b"/F%d 12 Tf <%s> Tj T*\n" % (number, signs.hex().encode())
        document.add_blank_page(page_size=(595, 842))
        page = document.pages[0]
        page.Contents = document.make_stream(deeds + b"ET")
        page.Resources = Dictionary(Font=fonts)
        document.save(path)
    return Incoming(path, path.name)


def epub_of(folder: Path, chapters: Sequence[str]) -> Incoming:
    path = folder / "book.epub"
    names = [f"c{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("OEBPS/book.opf", package)
        for name, chapter in zip(names, chapters, strict=True):
            head = "<head><title>không đọc</title></head>"
            page = f'<html xmlns="http://www.w3.org/1999/xhtml">{head}<body>{chapter}</body></html>'
            book.writestr(f"OEBPS/{name}", page)
    return Incoming(path, path.name)


def docx_of(folder: Path, paragraphs: Sequence[tuple[str, str, str]]) -> Incoming:
    """Write a DOCX of paragraphs: style, font, text."""
    path = folder / "text.docx"
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:rPr>'
        f'<w:rFonts w:ascii="{font or "Times New Roman"}"/></w:rPr><w:t>{text}</w:t></w:r></w:p>'
        for style, font, text in paragraphs
    )
    with zipfile.ZipFile(path, "w") as document:
        document.writestr("[Content_Types].xml", "<Types/>")
        document.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORDML}"><w:body>{body}</w:body></w:document>',
        )
    return Incoming(path, path.name)


def printed_pdf(
    folder: Path, font: str, encoding: Encoding, pages: Sequence[Sequence[str]]
) -> Incoming:
    """Print old documents into a PDF as one does today: the font embedded, its signs named.

    The PDF says of each sign what Latin letter it is, not what the old font made of it.
    """
    path = folder / "printed.pdf"
    document = FPDF(unit="pt", format=(420, 595))
    document.add_font("old", fname=renamed_font(folder, font))
    document.set_font("old", size=12)
    for lines in pages:
        document.add_page()
        for number, line in enumerate(lines):
            document.text(40, 60 + 20 * number, encode(line, encoding).decode("cp1252"))
    document.output(str(path))
    return Incoming(path, path.name)


def renamed_font(folder: Path, name: str) -> Path:
    """Give our own font the name of an old one."""
    font = TTFont(str(finders.find("ui/fonts/noto-sans-400.woff2")))
    font.flavor = None
    for number in (1, 4, 6):
        font["name"].setName(name, number, 3, 1, 0x409)
    path = folder / f"{name}.ttf"
    font.save(path)
    return path
