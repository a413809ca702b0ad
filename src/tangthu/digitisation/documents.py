"""The text that documents bring with them: PDF, EPUB and DOCX, read within the limited process.

Answers are written to the file that the job names, since a book's text is long. Old fonts (TCVN3,
VNI) misuse Latin letters; their names tell them, and `legacy_fonts` reads them as what was meant.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from tangthu.digitisation import legacy_fonts, pdf_words
from tangthu.repository import archives
from tangthu.repository.errors import FileRefused
from tangthu.repository.policy import limits
from tangthu.repository.rendering import Answer, Refused

LARGEST_PART = 64 * limits.MIB
MOST_UNITS = 5_000
PARAGRAPHS_PER_UNIT = 120
_BLOCKS = """
address article aside blockquote body br caption dd div dl dt figcaption figure footer h1 h2 h3 h4
h5 h6 header hr li main nav ol p pre section table td th tr ul
"""
_BREAKS = frozenset(_BLOCKS.split())
_SILENT = frozenset({"script", "style", "head", "rp", "rt", "template", "noscript", "svg", "math"})
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding=[\"']([\w.-]+)[\"'][^>]*\?>")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"^(heading|đềmục|tiêuđề)?1$", re.IGNORECASE)


def pdf_text(job: Mapping[str, Any]) -> Answer:
    """Write the words of one PDF page with their boxes. Raises Refused."""
    found = pdf_words.words_of(Path(job["path"]), int(job["frame"]), width=int(job["width"]))
    Path(job["target"]).write_text(json.dumps(found), encoding="utf-8")
    return {"readable": found["readable"]}


def pdf_picture(job: Mapping[str, Any]) -> Answer:
    """Draw one PDF page in grey, for the engine to read. Raises Refused."""
    width, height = pdf_words.draw(Path(job["path"]), int(job["frame"]), Path(job["target"]))
    return {"width": width, "height": height}


def book_text(job: Mapping[str, Any]) -> Answer:
    """Write the paragraphs of an EPUB's chapters, or of a DOCX's parts. Raises Refused."""
    path = Path(job["path"])
    try:
        with archives.opened(path) as archive:
            reading = _chapters if job["media_type"] == "application/epub+zip" else _parts
            units = list(reading(archive))
    except (FileRefused, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise Refused("damaged_archive") from error
    Path(job["target"]).write_text(json.dumps(units), encoding="utf-8")
    return {"units": len(units)}


DEEDS = {"pdf_text": pdf_text, "pdf_picture": pdf_picture, "book_text": book_text}


def _chapters(archive: zipfile.ZipFile) -> Iterator[dict[str, object]]:
    """Yield the chapters of an EPUB in reading order (EPUB 3.3, the spine)."""
    container = _xml(_entry(archive, "META-INF/container.xml"))
    package_path = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
    package = _xml(_entry(archive, str(package_path)))
    places = {
        str(item.get("id")): str(item.get("href"))
        for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']")
    }
    spine = package.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref")
    folder = PurePosixPath(str(package_path)).parent
    for number, reference in enumerate(spine[:MOST_UNITS], 1):
        href = unquote(places.get(str(reference), "")).split("#")[0]
        name = _within(folder / href) if href else ""
        if name in archive.NameToInfo:
            paragraphs = _paragraphs(_entry(archive, name))
            yield {"number": number, "locator": name, "paragraphs": paragraphs}


def _within(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _paragraphs(data: bytes) -> list[str]:
    """Return the paragraphs of an XHTML page, however it is broken."""
    import lxml.html

    declared = _DECLARATION.match(data)
    encoding = declared[1].decode("ascii") if declared else "utf-8-sig"
    try:
        text = data[declared.end() if declared else 0 :].decode(encoding, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    if not text.strip():
        return []
    pieces: list[str] = []
    _collect(lxml.html.document_fromstring(text), pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\x1e"))
    return [line for line in lines if line]


def _collect(top: Any, pieces: list[str]) -> None:
    """Gather the text below an element; block elements part it. Not recursive: pages are deep."""
    waiting: list[Any] = [top]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            pieces.append(each)
            continue
        after = [each.tail] if each.tail and each is not top else []
        if not isinstance(each.tag, str) or each.tag in _SILENT:
            waiting.extend(after)
            continue
        edge = ["\x1e"] if each.tag in _BREAKS else []
        inside = [*edge, each.text or "", *each, *edge, *after]
        waiting.extend(reversed(inside))


def _parts(archive: zipfile.ZipFile) -> Iterator[dict[str, object]]:
    """Yield the parts of a DOCX: from one first heading to the next, none too long."""
    document = _xml(_entry(archive, "word/document.xml"))
    font = _usual_font(archive)
    number, start = 1, 1
    paragraphs: list[str] = []
    for at, paragraph in enumerate(document.iter(f"{_WORD}p"), 1):
        if paragraphs and (len(paragraphs) >= PARAGRAPHS_PER_UNIT or _is_heading(paragraph)):
            yield {"number": number, "locator": f"p{start}", "paragraphs": paragraphs}
            number, start, paragraphs = number + 1, at, []
        text = _text_of(paragraph, font)
        if text:
            paragraphs.append(text)
    if paragraphs:
        yield {"number": number, "locator": f"p{start}", "paragraphs": paragraphs}


def _is_heading(paragraph: Any) -> bool:
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return style is not None and bool(_HEADING.match(style.get(f"{_WORD}val", "").replace(" ", "")))


def _text_of(paragraph: Any, usual: str) -> str:
    pieces: list[str] = []
    for run in paragraph.iter(f"{_WORD}r"):
        named = run.find(f"{_WORD}rPr/{_WORD}rFonts")
        font = (named.get(f"{_WORD}ascii") if named is not None else None) or usual
        pieces.append(legacy_fonts.to_unicode(_signs_of(run), font))
    return " ".join("".join(pieces).split())


def _signs_of(run: Any) -> str:
    signs = {f"{_WORD}tab": " ", f"{_WORD}br": " ", f"{_WORD}noBreakHyphen": "-"}
    return "".join(
        (each.text or "") if each.tag == f"{_WORD}t" else signs.get(each.tag, "") for each in run
    )


def _usual_font(archive: zipfile.ZipFile) -> str:
    if "word/styles.xml" not in archive.NameToInfo:
        return ""
    styles = _xml(_entry(archive, "word/styles.xml"))
    named = styles.find(f"{_WORD}docDefaults/{_WORD}rPrDefault/{_WORD}rPr/{_WORD}rFonts")
    return str(named.get(f"{_WORD}ascii") or "") if named is not None else ""


def _entry(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as reading:
        data = reading.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise Refused("archive_bomb")
    return data


def _xml(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)
