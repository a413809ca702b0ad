"""Electronic books of the demo: two with licences, and a scan bound by its printed copies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from tangthu.catalogue.models import Item, Record
from tangthu.catalogue.scans import free_copies
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import LicenceData, add_licence, borrow
from tangthu.reading.models import Licence
from tangthu.repository.actions import (
    Incoming,
    ObjectData,
    add_file,
    create_object,
    make_ready,
    publish,
)
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.models import Collection, DigitalObject

SHELF = CollectionData(code="sach-dien-tu", name="Sách điện tử [DEMO]", position=20)
STORY = (
    ("Chương một", "Buổi sáng trên cao nguyên, sương còn phủ kín những rẫy cà phê."),
    ("Chương hai", "Đất đỏ theo gót chân người về tận cầu thang nhà dài."),
    ("Chương ba", "Bà kể chuyện bên bếp lửa, tiếng chiêng từ buôn xa vọng lại."),
)


@dataclass(frozen=True, slots=True)
class Book:
    """An invented electronic book: how it is made, and how many may have it at once."""

    title: str
    kind: str
    name: str
    at_once: int | None
    by_copies: bool = False
    price: int | None = None


BOOKS = (
    Book("Mùa cà phê chín [DEMO]", "epub", "mua-ca-phe.epub", 3, price=90_000),
    Book("Cẩm nang trồng hồ tiêu [DEMO]", "pdf", "ho-tieu.pdf", 1, price=65_000),
    Book("Bản số hóa cho mượn theo bản in [DEMO]", "pdf", "ban-so-hoa.pdf", None, by_copies=True),
)
LENT_OUT = BOOKS[1].title


def load(tree: Mapping[str, Library], *, by: Actor) -> None:
    """Make what is not there yet; of one book its only place is with a reader."""
    shelf = Collection.objects.filter(code=SHELF.code).first() or add_collection(SHELF, by=by)
    for book in BOOKS:
        if not DigitalObject.objects.filter(title=book.title).exists():
            _make(book, tree, shelf, by=by)


def _make(book: Book, tree: Mapping[str, Library], shelf: Collection, *, by: Actor) -> None:
    library = tree["DLK"]
    record = _record_with_copies(library) if book.by_copies else None
    data = ObjectData(
        title=book.title,
        kind=book.kind,
        description="Sách tưởng tượng để trình diễn; chữ và hình do chương trình tạo.",
        languages="vie",
        rights="InC",
        access="lent",
        provenance="Tạo bởi chương trình trình diễn",
        collections=(shelf,),
        records=(record,) if record else (),
    )
    obj = create_object(data, library=library, by=by)
    with TemporaryDirectory(prefix="tangthu-demo-") as folder:
        path = Path(folder) / book.name
        path.write_bytes(_epub(book.title) if book.kind == "epub" else _pdf(book.title))
        add_file(obj, Incoming(path, book.name), by=by)
    make_ready(obj, by=by)
    publish(obj, by=by)
    add_licence(obj, _terms(book, _root(tree)), by=by)
    if book.title == LENT_OUT:
        _lend(obj, library, by=by)


def _terms(book: Book, network: Library) -> LicenceData:
    return LicenceData(
        library=network,
        at_once=book.at_once,
        by_copies=book.by_copies,
        price=book.price,
        bought_on=None if book.by_copies else date(2026, 1, 15),
        source="" if book.by_copies else "Nhà xuất bản [DEMO]",
        number="" if book.by_copies else "01/2026/HĐ",
    )


def _root(tree: Mapping[str, Library]) -> Library:
    key = tree["DLK"].chain[-1]
    return next(each for each in tree.values() if each.pk == key)


def _record_with_copies(library: Library) -> Record | None:
    items = free_copies(Item.objects.filter(library=library)).order_by("record", "pk")
    item = items.filter(record__digital_links=None, record__suppressed=False).first()
    return Record.objects.without_marc().get(pk=item.record_id) if item else None


def _lend(obj: DigitalObject, library: Library, *, by: Actor) -> None:
    today = timezone.localdate()
    readers = Patron.objects.filter(library=library, card_status="active", expires_on__gt=today)
    patron = readers.filter(restrictions=None).order_by("-card").first()
    if patron is not None and Licence.objects.filter(object=obj).exists():
        borrow(obj, for_=patron, by=by)


_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def _epub(title: str) -> bytes:
    """Return an EPUB 3 of a few short chapters."""
    names = [f"c{number}.xhtml" for number in range(1, len(STORY) + 1)]
    listed = "".join(
        f'<li><a href="{n}">{t}</a></li>' for n, (t, _) in zip(names, STORY, strict=True)
    )
    parts = {
        "META-INF/container.xml": _CONTAINER,
        "book.opf": _package(title, names),
        "nav.xhtml": _page("Mục lục", f'<nav epub:type="toc"><ol>{listed}</ol></nav>'),
    }
    for name, (heading, text) in zip(names, STORY, strict=True):
        body = f"<h1>{heading}</h1>" + f"<p>{text}</p>" * 12
        parts[name] = _page(heading, body)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", compress_type=zipfile.ZIP_STORED)
        for name, text in parts.items():
            book.writestr(name, text)
    return out.getvalue()


def _package(title: str, names: list[str]) -> str:
    listed = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(names)))
    return (
        '<?xml version="1.0" encoding="utf-8"?><package version="3.0" unique-identifier="id" '
        'xml:lang="vi" xmlns="http://www.idpf.org/2007/opf">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<dc:identifier id="id">urn:tangthu:demo:mua-ca-phe</dc:identifier>'
        f"<dc:title>{title}</dc:title>"
        "<dc:language>vi</dc:language>"
        '<meta property="dcterms:modified">2026-01-15T00:00:00Z</meta></metadata><manifest>'
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        f"{listed}</manifest><spine>{spine}</spine></package>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="vi" lang="vi">'
        f"<head><title>{title}</title></head><body>{body}</body></html>"
    )


def _pdf(title: str) -> bytes:
    """Return a PDF of three drawn pages."""
    built = finders.find("ui/fonts/noto-sans-400.woff2")
    font = ImageFont.truetype(str(built), 34) if built else ImageFont.load_default(34)
    sheets = []
    for number, (heading, text) in enumerate(STORY, 1):
        sheet = Image.new("L", (900, 1270), 250)
        pen = ImageDraw.Draw(sheet)
        pen.text((90, 120), title if number == 1 else heading, font=font, fill=30)
        pen.multiline_text((90, 260), fill(text, 42), font=font, fill=30, spacing=20)
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", resolution=110, save_all=True, append_images=sheets[1:])
    return out.getvalue()
