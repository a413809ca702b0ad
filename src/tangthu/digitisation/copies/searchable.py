"""A searchable PDF/A-2a: the pictures of the pages, and their words behind them, unseen.

The words are in text rendering mode 3 (ISO 32000-1, 9.3.6), each over the place where it is
printed, in a font without outlines. Page labels are the printed numbers. The file states what
ISO 19005-2 wants: the colours' meaning (sRGB), the metadata twice and alike, an identifier; its
paragraphs are tagged in the order of reading.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tangthu.digitisation.copies.source import Source
from tangthu.digitisation.copies.tagging import ARTIFACT, paragraph, tag
from tangthu.formats.alto import Block, Layout, Word
from tangthu.repository import storage
from tangthu.repository.models import Page

LONGEST_SIDE, QUALITY = 2200, 72
# A page is laid out as if scanned at this many pixels an inch of its reading copy.
DPI = 300
PAGES_AT_ONCE = 40
_LETTER = 0.5
_PRODUCER = "Tàng Thư"


def write_pdf(source: Source, target: Path) -> None:
    """Write the PDF. Pages are brought together in parts, so that memory stays small."""
    import pikepdf

    paragraphs: list[int] = []
    with TemporaryDirectory(dir=target.parent) as folder:
        parts = list(_parts(source, Path(folder), paragraphs))
        with pikepdf.new() as document:
            opened = [pikepdf.open(part) for part in parts]
            try:
                for part in opened:
                    document.pages.extend(part.pages)
                _describe(document, source)
                tag(document, paragraphs)
                document.save(target, deterministic_id=True, linearize=False)
            finally:
                for part in opened:
                    part.close()


def _parts(source: Source, folder: Path, paragraphs: list[int]) -> Iterator[Path]:
    """Write the pages in parts; how many paragraphs each page has is added to `paragraphs`."""
    import pikepdf

    rows = list(source.pages)
    layouts = source.layouts()
    for start in range(0, len(rows), PAGES_AT_ONCE):
        path = folder / f"{start}.pdf"
        with pikepdf.new() as part:
            font = _font(part)
            for _page in rows[start : start + PAGES_AT_ONCE]:
                page, layout = next(layouts)
                _add_page(part, page, layout, font)
                paragraphs.append(len(_blocks(layout)))
            part.save(path)
        yield path


def _add_page(document: Any, page: Page, layout: Layout, font: Any) -> None:
    import pikepdf

    width, height = page.width or 1, page.height or 1
    size = (width * 72 / DPI, height * 72 / DPI)
    data, pixels, bands = _picture(page)
    image = pikepdf.Stream(
        document,
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=pixels[0],
        Height=pixels[1],
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if bands == 1 else pikepdf.Name.DeviceRGB,
        Filter=pikepdf.Name.DCTDecode,
    )
    added = document.add_blank_page(page_size=size)
    added.obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=document.make_indirect(image)),
        Font=pikepdf.Dictionary(F0=font),
    )
    before, after = ARTIFACT
    drawn = f"{before} q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Im0 Do Q {after}\n".encode()
    added.obj.Contents = document.make_stream(drawn + _words(layout, size))


def _picture(page: Page) -> tuple[bytes, tuple[int, int], int]:
    """Return the page as a JPEG, not larger than what is needed to read it in print."""
    import pyvips

    if page.delivery is None:
        raise ValueError("the page has no picture")
    path = str(storage.delivery_path(page.delivery))
    image = pyvips.Image.thumbnail(path, LONGEST_SIDE, height=LONGEST_SIDE, size="down")
    if image.bands > 3:
        image = image[:3]
    data: bytes = image.jpegsave_buffer(Q=QUALITY, keep="none")
    return data, (image.width, image.height), image.bands


def _blocks(layout: Layout) -> list[Block]:
    """Return the paragraphs of a page that have words on it."""
    if not layout.width or not layout.height:
        return []
    return [block for block in layout.blocks if any(line.words for line in block.lines)]


def _words(layout: Layout, size: tuple[float, float]) -> bytes:
    """Return the words of a page as unseen text, a paragraph at a time."""
    rows: list[str] = []
    for number, block in enumerate(_blocks(layout)):
        before, after = paragraph(number)
        across, down = size[0] / layout.width, size[1] / layout.height
        rows += [before, "BT 3 Tr"]
        for line in block.lines:
            rows += [
                _word(word, across, down, size[1], is_last=word is line.words[-1])
                for word in line.words
            ]
        rows += ["ET", after]
    return "\n".join(rows).encode()


def _word(word: Word, across: float, down: float, height: float, *, is_last: bool) -> str:
    left, top, width, tall = word.box
    points = max(tall * down, 1.0)
    text = word.text if is_last else f"{word.text} "
    # The width of the font's letters is half its size: stretched so that the word fills its box.
    stretch = 100 * max(width * across, 0.1) / (points * _LETTER * max(len(word.text), 1))
    base = height - (top + tall) * down
    code = text.encode("utf-16-be").hex()
    place = f"1 0 0 1 {left * across:.2f} {base:.2f} Tm"
    return f"/F0 {points:.2f} Tf {stretch:.2f} Tz {place} <{code}> Tj"


def _font(document: Any) -> Any:
    """Return the font without outlines: every letter is the same blank, and means itself."""
    import pikepdf
    from ocrmypdf import data

    name = pikepdf.Name("/AAAAAA+Occulta")
    program = (Path(str(data.__file__)).parent / "Occulta.ttf").read_bytes()
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=[0, -200, 1000, 1000],
        ItalicAngle=0,
        Ascent=1000,
        Descent=-200,
        CapHeight=1000,
        StemV=80,
        FontFile2=document.make_stream(program, Length1=len(program)),
    )
    # Glyph 4 of the font is blank and half a square wide.
    glyphs = document.make_stream(
        zlib.compress(b"\x00\x04" * 0x10000, 9), Filter=pikepdf.Name.FlateDecode
    )
    below = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        DW=500,
        CIDToGIDMap=glyphs,
    )
    return document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(below)],
            ToUnicode=document.make_stream(_TO_UNICODE),
        )
    )


_RANGES = "\n".join(f"<{n:02x}00> <{n:02x}ff> <{n:02x}00>" for n in range(100))
_MORE = "\n".join(f"<{n:02x}00> <{n:02x}ff> <{n:02x}00>" for n in range(100, 200))
_REST = "\n".join(f"<{n:02x}00> <{n:02x}ff> <{n:02x}00>" for n in range(200, 256))
_TO_UNICODE = f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
100 beginbfrange
{_RANGES}
endbfrange
100 beginbfrange
{_MORE}
endbfrange
56 beginbfrange
{_REST}
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
""".encode()


def _describe(document: Any, source: Source) -> None:
    """Say what the document is, in the two places that must agree (ISO 19005-2, 6.6)."""
    import pikepdf
    from ocrmypdf import data

    root = document.Root
    root.Lang = source.tags[0]
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    root.PageLabels = pikepdf.Dictionary(Nums=_labels(source.pages))
    colours = (Path(str(data.__file__)).parent / "sRGB.icc").read_bytes()
    profile = document.make_stream(colours, N=3)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name("/GTS_PDFA1"),
        OutputConditionIdentifier="sRGB",
        Info="sRGB IEC61966-2.1",
        DestOutputProfile=profile,
    )
    root.OutputIntents = [document.make_indirect(intent)]
    _outline(document, source)
    moment = source.changed_at.replace(microsecond=0)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = source.obj.title
        if source.authors:
            xmp["dc:creator"] = list(source.authors)
        xmp["dc:language"] = set(source.tags)
        xmp["pdf:Producer"] = _PRODUCER
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = moment.isoformat()
        xmp["pdfaid:part"], xmp["pdfaid:conformance"] = "2", "A"
    info = document.docinfo
    info["/Title"], info["/Producer"] = source.obj.title, _PRODUCER
    if source.authors:
        info["/Author"] = "; ".join(source.authors)
    info["/CreationDate"] = info["/ModDate"] = _pdf_date(moment)


def _labels(pages: Sequence[Page]) -> list[Any]:
    """Return the printed numbers as page labels: each page has its own (ISO 32000-1, 12.4.2)."""
    import pikepdf

    nums: list[Any] = []
    for place, page in enumerate(pages):
        nums += [place, pikepdf.Dictionary(P=page.shown_label)]
    return nums


def _outline(document: Any, source: Source) -> None:
    import pikepdf

    places = {page.pk: place for place, page in enumerate(source.pages)}
    with document.open_outline() as outline:
        above: list[tuple[int, Any]] = []
        for section in source.sections:
            if section.first_page_id not in places:
                continue
            item = pikepdf.OutlineItem(section.title, places[section.first_page_id])
            while above and above[-1][0] >= section.level:
                above.pop()
            (above[-1][1].children if above else outline.root).append(item)
            above.append((section.level, item))


def _pdf_date(moment: datetime) -> str:
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
