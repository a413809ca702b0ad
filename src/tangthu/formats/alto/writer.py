"""Writing ALTO 4: what the archive keeps, and what others are given.

A word that our program repaired refers to the tag `repaired`, and what the engine read stands in
its ALTERNATIVE; a word that a person has looked at bears CS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from tangthu.formats.alto.layout import Block, Box, Layout, Line, Word

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(layout: Layout, *, engine: str = "", image: str = "") -> bytes:
    """Return the layout as an ALTO 4 document; `engine` and `image` say how it came about."""
    return "\n".join(_document(layout, engine, image)).encode() + b"\n"


def _document(layout: Layout, engine: str, image: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<alto xmlns="{NAMESPACE}" SCHEMAVERSION="4.4">'
    yield " <Description>"
    yield "  <MeasurementUnit>pixel</MeasurementUnit>"
    if image:
        name = escape(_plain(image))
        yield (f"  <sourceImageInformation><fileName>{name}</fileName></sourceImageInformation>")
    if engine:
        name = escape(_plain(engine))
        yield '  <Processing ID="engine"><processingSoftware>'
        yield f"   <softwareName>{name}</softwareName>"
        yield "  </processingSoftware></Processing>"
    yield " </Description>"
    if any(word.repaired for word in layout.words()):
        yield ' <Tags><OtherTag ID="repaired" LABEL="repaired"/></Tags>'
    yield " <Layout>"
    size = f'WIDTH="{layout.width}" HEIGHT="{layout.height}"'
    yield f'  <Page ID="page" PHYSICAL_IMG_NR="1" {size}>'
    yield f'   <PrintSpace HPOS="0" VPOS="0" {size}>'
    for number, block in enumerate(layout.blocks, 1):
        yield from _block(number, block)
    yield "   </PrintSpace>"
    yield "  </Page>"
    yield " </Layout>"
    yield "</alto>"


def _block(number: int, block: Block) -> Iterator[str]:
    yield f'    <TextBlock ID="b{number}" {_place(block.box)}>'
    for line in block.lines:
        yield f"     <TextLine {_place(line.box)}>"
        yield from _words(line)
        yield "     </TextLine>"
    yield "    </TextBlock>"


def _words(line: Line) -> Iterator[str]:
    before: Word | None = None
    for word in line.words:
        if before is not None:
            yield _space(before.box, word.box)
        yield _string(word)
        before = word


def _space(before: Box, after: Box) -> str:
    left = before[0] + before[2]
    return f'      <SP HPOS="{left}" VPOS="{before[1]}" WIDTH="{max(after[0] - left, 0)}"/>'


def _string(word: Word) -> str:
    marks = "" if word.confidence is None else f' WC="{word.confidence:.2f}"'
    marks += ' CS="true"' if word.corrected else ""
    marks += ' TAGREFS="repaired"' if word.repaired else ""
    inside = f"      <String {_place(word.box)}{marks} CONTENT={quoteattr(_plain(word.text))}"
    if not word.original:
        return inside + "/>"
    original = escape(_plain(word.original))
    return f'{inside}><ALTERNATIVE PURPOSE="repaired">{original}</ALTERNATIVE></String>'


def _place(box: Box) -> str:
    left, top, width, height = box
    return f'HPOS="{left}" VPOS="{top}" WIDTH="{width}" HEIGHT="{height}"'


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text)
