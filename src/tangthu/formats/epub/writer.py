"""Writing a book: the container of OCF 3.3, with nothing in it that depends on clock or machine."""

from __future__ import annotations

import io
import zipfile

from tangthu.formats.epub.book import Book
from tangthu.formats.epub.chapters import chapters
from tangthu.formats.epub.content import STYLE, chapter
from tangthu.formats.epub.navigation import navigation
from tangthu.formats.epub.package import package

MEDIA_TYPE = "application/epub+zip"
_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
# The earliest moment that ZIP can tell.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write(book: Book) -> bytes:
    """Return the book as an EPUB. The same book makes the same bytes."""
    parts = chapters(book)
    files = {
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": package(book, parts),
        "EPUB/nav.xhtml": navigation(book, parts),
        "EPUB/style.css": STYLE,
    }
    files |= {f"EPUB/{part.name}": chapter(book, part) for part in parts}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        # First and uncompressed: OCF 3.3, 4.2.
        _put(archive, "mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, text in files.items():
            _put(archive, name, text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str, method: int) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = method
    # What wrote it and who may read it are the same on every machine: 0644 of Unix.
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, text.encode())
