"""Books for tests, made on the spot: a PDF, an EPUB and a Word document with Vietnamese text."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone
from PIL import Image

from tangthu.repository import storage
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.content import DOCX
from tangthu.repository.policy.kinds import FileRole


def keep_file(
    obj: DigitalObject,
    content: bytes,
    *,
    name: str,
    media_type: str,
    role: FileRole = FileRole.ORIGINAL,
) -> DigitalFile:
    """Put these bytes into the store as a file of the object."""
    stored = storage.new_delivery(obj.identifier, Path(name).suffix)
    path = storage.file_path(stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return DigitalFile.objects.create(
        object=obj,
        role=role,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=stored,
        created_at=timezone.now(),
    )


FONT = Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")
PAGE_TEXT = "Vùng đất đỏ ba dan ở Cư M'gar nổi tiếng với cà phê và hồ tiêu."
CHAPTERS = (
    ("Chương một: Đất đỏ", "Vùng đất đỏ ba dan trải dài từ Buôn Hồ đến Cư M'gar."),
    ("Chương hai: Cà phê", "Người dân trồng cà phê, hồ tiêu và cao su trên nương rẫy."),
    ("Chương ba: Lễ hội", "Tháng ba, các buôn mở hội cồng chiêng bên dòng Sêrêpôk."),
)


def pdf_with_text(pages: int = 3) -> bytes:
    """Make a PDF with a line of text on each page, and a bookmark for every tenth."""
    from fpdf import FPDF

    document = FPDF(format="A5")
    document.add_font("dejavu", fname=FONT)
    document.set_font("dejavu", size=14)
    for number in range(1, pages + 1):
        document.add_page()
        if number % 10 == 1:
            document.start_section(f"Phần {number // 10 + 1}")
        document.multi_cell(0, 9, f"Trang {number}. {PAGE_TEXT}")
    return bytes(document.output())


def pdf_of_pictures(pages: int = 3) -> bytes:
    """Make a PDF as scanners do: pictures of pages, without a word."""
    pictures = [Image.new("L", (420, 595), 255 - number) for number in range(pages)]
    written = io.BytesIO()
    pictures[0].save(written, "PDF", save_all=True, append_images=pictures[1:])
    return written.getvalue()


def epub_with(chapters: Sequence[tuple[str, str]] = CHAPTERS, *, hostile: bool = False) -> bytes:
    """Make an EPUB 3 of these chapters; a hostile one tries all that a book must not do."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", _CONTAINER)
        names = [f"c{number}.xhtml" for number in range(1, len(chapters) + 1)]
        archive.writestr("OEBPS/book.opf", _package(names))
        archive.writestr("OEBPS/nav.xhtml", _navigation(names, chapters))
        for name, (title, text) in zip(names, chapters, strict=True):
            archive.writestr(f"OEBPS/{name}", _chapter(title, text, hostile=hostile))
        archive.writestr("OEBPS/evil.svg", _EVIL_PICTURE)
        archive.writestr("OEBPS/evil.js", "parent.document.title = 'EVIL file';")
    return packed.getvalue()


_CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""

_EVIL_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"
onload="top.document.title='EVIL svg'"><script>top.document.title = 'EVIL svg script'</script>
<rect width="20" height="20" fill="red"/></svg>"""

_EVIL = """
<script>parent.document.title = 'EVIL inline';</script>
<script src="evil.js"></script>
<script src="/static/ui/opac.js"></script>
<img src="x" onerror="parent.document.title='EVIL error'" alt=""/>
<img src="https://evil.invalid/pixel.png" alt=""/>
<img src="/account/" alt=""/>
<svg xmlns="http://www.w3.org/2000/svg" onload="parent.document.title='EVIL load'">
<script>parent.document.title = 'EVIL svg inline'</script>
<image href="https://evil.invalid/svg.png"/></svg>
<object data="evil.svg" type="image/svg+xml">x</object>
<embed src="evil.svg"/>
<iframe src="https://evil.invalid/frame"></iframe>
<iframe srcdoc="&lt;script&gt;top.document.title='EVIL srcdoc'&lt;/script&gt;"></iframe>
<a id="evil" href="javascript:parent.document.title='EVIL link'">Bấm vào đây</a>
<form action="https://evil.invalid/form"><button>Gửi</button></form>
<video src="https://evil.invalid/film.mp4" autoplay="autoplay"></video>
<p style="background: url(https://evil.invalid/style.png)">Nền</p>
"""
_EVIL_HEAD = """
<meta http-equiv="refresh" content="0; url=https://evil.invalid/refresh"/>
<base href="https://evil.invalid/"/>
<link rel="stylesheet" href="https://evil.invalid/style.css"/>
<style>@import "https://evil.invalid/import.css"; body { background: url(https://evil.invalid/b) }
</style>
"""


def _package(names: Sequence[str]) -> str:
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    return f"""<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:x:1</dc:identifier>
<dc:title>Đất đỏ</dc:title><dc:language>vi</dc:language>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="svg" href="evil.svg" media-type="image/svg+xml"/>
<item id="js" href="evil.js" media-type="application/javascript"/>{items}</manifest>
<spine>{spine}</spine></package>"""


def _navigation(names: Sequence[str], chapters: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<li><a href="{name}">{title}</a></li>'
        for name, (title, _text) in zip(names, chapters, strict=True)
    )
    return f"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"
xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Mục lục</title></head>
<body><nav epub:type="toc"><ol>{lines}</ol></nav></body></html>"""


def _chapter(title: str, text: str, *, hostile: bool) -> str:
    head, body = (_EVIL_HEAD, _EVIL) if hostile else ("", "")
    paragraphs = "".join(f"<p>{text} Đoạn {number}.</p>" for number in range(1, 13))
    on = " onload=\"parent.document.title='EVIL body'\"" if hostile else ""
    return f"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" lang="vi">
<head><title>{title}</title>{head}</head><body{on}><h1>{title}</h1>{paragraphs}{body}</body></html>"""


def docx_with(body: str) -> bytes:
    """Make a Word document of this body (WordprocessingML)."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/_rels/document.xml.rels", _LINKS)
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document xmlns:w="{word}" xmlns:r="{_OFFICE}">'
            f"<w:body>{body}</w:body></w:document>",
        )
    return packed.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"""<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/>
</Types>"""
_RELATIONS = f"""<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
_LINKS = f"""<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="bad" TargetMode="External" Type="{_OFFICE}/hyperlink"
Target="javascript:alert(1)"/>
<Relationship Id="good" TargetMode="External" Type="{_OFFICE}/hyperlink"
Target="https://thuvien.example/"/>
</Relationships>"""
