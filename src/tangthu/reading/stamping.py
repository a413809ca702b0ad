"""The program that makes a marked copy of a borrowed file, and finds the mark of one.

    python -m tangthu.reading.stamping

It is a process with limits. It reads what to do from its input, as one line of JSON, and writes the
copy to a path; of a copy without a target it writes the marks to its output. It knows no Django.
What a damaged or hostile file does to its reader ends this process, not the one that serves pages.

Visible: a line with the words at the foot of every page or chapter, and across every page of a PDF.
Hidden: a mark in the description of the file and in every page, from which the loan can be told.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO, TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    import pikepdf

MEMORY = 2 << 30
SECONDS = 120
MOST_ENTRIES = 20_000
LARGEST = 2 << 30
LARGEST_TEXT = 32 << 20
PDF = "application/pdf"
EPUB = "application/epub+zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKED = frozenset({PDF, EPUB, DOCX})

FOOT_HEIGHT = 9
ACROSS = 0.75
"""Of the width of a page, which the words take across it."""

MARK = re.compile(rb"TT-[0-9]{1,18}-[A-Z2-7]{16}")
_KEY = "/TangThu"
_OPF = "{http://www.idpf.org/2007/opf}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ITEM = "tangthu-lent-copy"
_PAGE = f"{_ITEM}.xhtml"


class Order(TypedDict):
    """What copy is wanted: from where to where, with which words and mark.

    Without a target the marks of the source are wanted.
    """

    source: str
    target: str
    media_type: str
    words: str
    mark: str


class Unmarkable(Exception):
    """The file is damaged, locked or too large."""


def main() -> int:
    """Make or read one copy; return 0, or 2 where that cannot be done."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    order: Order = json.loads(sys.stdin.read())
    try:
        if order["target"]:
            stamp(order)
        else:
            sys.stdout.buffer.write(b"\n".join(marks_in(Path(order["source"]))))
    # The edge of the process: whatever a library does with a bad file is the file's fault.
    except Exception:
        return 2
    return 0


def stamp(order: Order) -> None:
    """Write the marked copy. Raises whatever the file's reader raises of a bad one."""
    _STAMPS[order["media_type"]](order)


def _stamp_pdf(order: Order) -> None:
    import pikepdf

    with pikepdf.open(order["source"]) as document:
        foot = _form(document, order, strength=150, angle=0)
        across = _form(document, order, strength=38, angle=32)
        for page in document.pages:
            box = [float(each) for each in page.trimbox]
            left, low, right, high = min(box[0], box[2]), min(box[1], box[3]), *_far(box)
            width, height = right - left, high - low
            page.add_overlay(
                foot,
                pikepdf.Rectangle(left + 12, low + 5, right - 12, low + 5 + FOOT_HEIGHT),
            )
            gap = width * (1 - ACROSS) / 2
            page.add_overlay(
                across,
                pikepdf.Rectangle(left + gap, low + height * 0.3, right - gap, low + height * 0.7),
            )
        document.docinfo[_KEY] = order["mark"]
        document.save(order["target"], linearize=True)


def _far(box: list[float]) -> tuple[float, float]:
    return max(box[0], box[2]), max(box[1], box[3])


def _form(pdf: pikepdf.Pdf, order: Order, *, strength: int, angle: int) -> pikepdf.Object:
    """Return the words as something that a PDF shows on any page, with the mark within it.

    They are drawn as a picture of their shape: no letter of Vietnamese depends on a font.
    """
    import pikepdf
    import pyvips

    text = pyvips.Image.text(escape(order["words"]), font="sans", dpi=200)
    if angle:
        text = text.similarity(angle=-angle)
    shape = pdf.make_stream(
        bytes((text * (strength / 255)).cast("uchar").write_to_memory()),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=text.width,
        Height=text.height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
    )
    ink = pdf.make_stream(
        b"\x40",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=1,
        Height=1,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        SMask=shape,
    )
    drawn = f"/Artifact BMC q {text.width} 0 0 {text.height} 0 0 cm /Ink Do Q EMC"
    form = pdf.make_stream(
        drawn.encode(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, text.width, text.height],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Ink=ink)),
    )
    form[_KEY] = pikepdf.String(order["mark"])
    return form


Change = Callable[[bytes], bytes]


def _stamp_epub(order: Order) -> None:
    with zipfile.ZipFile(order["source"]) as book:
        _require_bounds(book)
        package = _package_of(book)
        told, chapters = _told_package(_text(book, package), package, order)
        changes: dict[str, Change] = dict.fromkeys(chapters, _foot(order))
        changes[package] = lambda _old: told
        page = join(dirname(package), _PAGE)
        _rewrite(book, order["target"], changes, {page: _last_page(order)})


def _package_of(book: zipfile.ZipFile) -> str:
    root = _parsed(_text(book, "META-INF/container.xml"))
    found = root.find(".//{*}rootfile")
    path = found.get("full-path") if found is not None else None
    if not path:
        raise Unmarkable
    return str(path)


def _told_package(content: bytes, path: str, order: Order) -> tuple[bytes, list[str]]:
    """Return the package with the copy's own page last, and the paths of its chapters.

    The page stands last: every place that readers kept in the book stays where it was.
    """
    from lxml import etree

    root = _parsed(content)
    metadata, manifest, spine = (root.find(_OPF + n) for n in ("metadata", "manifest", "spine"))
    if metadata is None or manifest is None or spine is None:
        raise Unmarkable
    etree.SubElement(metadata, _OPF + "meta", name="tangthu-copy", content=order["mark"])
    chapters = [
        normpath(join(dirname(path), item.get("href", "")))
        for item in manifest.iterfind(_OPF + "item")
        if item.get("media-type") == "application/xhtml+xml"
        and "nav" not in item.get("properties", "").split()
    ]
    etree.SubElement(
        manifest, _OPF + "item", {"id": _ITEM, "href": _PAGE, "media-type": "application/xhtml+xml"}
    )
    etree.SubElement(spine, _OPF + "itemref", idref=_ITEM)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8"), chapters


_END = re.compile(rb"</body\s*>\s*</html\s*>\s*\Z")


def _foot(order: Order) -> Change:
    line = (
        '<p style="font-size:0.7em;color:#666;text-align:center;margin-top:2em">'
        f"{escape(order['words'])}<!-- {order['mark']} --></p>"
    ).encode()

    def change(chapter: bytes) -> bytes:
        found = _END.search(chapter)
        if found is None or chapter.startswith((b"\xff\xfe", b"\xfe\xff")):
            return chapter
        return chapter[: found.start()] + line + chapter[found.start() :]

    return change


def _last_page(order: Order) -> bytes:
    words = escape(order["words"])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi">\n'
        f"<head><title>{words}</title></head>\n"
        f"<body><p>{words}</p><!-- {order['mark']} --></body>\n</html>\n"
    ).encode()


def _stamp_docx(order: Order) -> None:
    with zipfile.ZipFile(order["source"]) as document:
        _require_bounds(document)
        main_part = "word/document.xml"
        changed = _told_document(_text(document, main_part), order)
        _rewrite(document, order["target"], {main_part: lambda _old: changed}, {})


def _told_document(content: bytes, order: Order) -> bytes:
    from lxml import etree

    root = _parsed(content)
    body = root.find(_W + "body")
    if body is None:
        raise Unmarkable
    body.insert(0, _paragraph(order))
    end = body.find(_W + "sectPr")
    last = _paragraph(order)
    if end is None:
        body.append(last)
    else:
        end.addprevious(last)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _paragraph(order: Order) -> Any:
    from lxml import etree

    paragraph = etree.Element(_W + "p")
    shown = etree.SubElement(paragraph, _W + "r")
    looks = etree.SubElement(shown, _W + "rPr")
    etree.SubElement(looks, _W + "color", {_W + "val": "808080"})
    etree.SubElement(looks, _W + "sz", {_W + "val": "16"})
    etree.SubElement(shown, _W + "t").text = order["words"]
    hidden = etree.SubElement(paragraph, _W + "r")
    etree.SubElement(etree.SubElement(hidden, _W + "rPr"), _W + "vanish")
    etree.SubElement(hidden, _W + "t").text = order["mark"]
    return paragraph


_STAMPS: Mapping[str, Callable[[Order], None]] = {
    PDF: _stamp_pdf,
    EPUB: _stamp_epub,
    DOCX: _stamp_docx,
}


def marks_in(path: Path) -> Iterator[bytes]:
    """Yield what looks like a mark in a copy. Raises as its reader does."""
    with path.open("rb") as found:
        head = found.read(4)
    if head.startswith(b"%PDF"):
        yield from _marks_in_pdf(path)
    else:
        yield from _texts_of(path)


def _marks_in_pdf(path: Path) -> Iterator[bytes]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        if _KEY in pdf.docinfo:
            yield bytes(pdf.docinfo[_KEY])
        for found in pdf.objects:
            if isinstance(found, pikepdf.Stream) and _KEY in found:
                yield bytes(found[_KEY])


def _texts_of(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as copy:
        _require_bounds(copy)
        for entry in copy.infolist():
            if entry.filename.endswith((".opf", ".xhtml", ".html", "document.xml")):
                yield from MARK.findall(_text(copy, entry.filename))


def _require_bounds(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(each.file_size for each in entries) > LARGEST:
        raise Unmarkable


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as source:
        content = source.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise Unmarkable
    return content


def _parsed(content: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _rewrite(
    archive: zipfile.ZipFile, target: str, changes: Mapping[str, Change], more: Mapping[str, bytes]
) -> None:
    """Write the archive again, in its order, with these parts changed and these added."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as copy:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            kept = zipfile.ZipInfo(entry.filename, entry.date_time)
            kept.compress_type = entry.compress_type
            change = changes.get(entry.filename)
            if change is not None:
                copy.writestr(kept, change(_text(archive, entry.filename)))
                continue
            with archive.open(entry) as source, copy.open(kept, "w") as sink:
                _pour(source, sink)
        for name, content in more.items():
            copy.writestr(name, content)


def _pour(source: IO[bytes], sink: IO[bytes]) -> None:
    while piece := source.read(1 << 20):
        sink.write(piece)


if __name__ == "__main__":
    sys.exit(main())
