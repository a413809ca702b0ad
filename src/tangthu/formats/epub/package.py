"""The package document: what the book is, what it is made of, how it may be read (EPUB 3.3, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from uuid import NAMESPACE_URL, uuid5

from tangthu.formats.epub.book import Book
from tangthu.formats.epub.chapters import Chapter
from tangthu.formats.epub.markup import attribute, text

_ACCESSIBLE = (
    ("accessMode", "textual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityFeature", "pageNavigation"),
    ("accessibilityFeature", "pageBreakMarkers"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityHazard", "none"),
)


def package(book: Book, parts: tuple[Chapter, ...]) -> str:
    """Return the package document."""
    items = "\n".join(
        f'<item id="text-{place}" href="{part.name}" media-type="application/xhtml+xml"/>'
        for place, part in enumerate(parts, 1)
    )
    spine = "\n".join(f'<itemref idref="text-{place}"/>' for place in range(1, len(parts) + 1))
    described = "\n".join(_metadata(book))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" \
xml:lang={attribute(book.language)}>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{described}
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
{items}
</manifest>
<spine>
{spine}
</spine>
</package>
"""


def _metadata(book: Book) -> Iterator[str]:
    modified = book.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield f'<dc:identifier id="id">urn:uuid:{uuid5(NAMESPACE_URL, book.identifier)}</dc:identifier>'
    yield f"<dc:title>{text(book.title)}</dc:title>"
    for language in (book.language, *(each for each in book.languages if each != book.language)):
        yield f"<dc:language>{text(language)}</dc:language>"
    yield f'<meta property="dcterms:modified">{modified}</meta>'
    for author in book.authors:
        yield f"<dc:creator>{text(author)}</dc:creator>"
    for name in ("publisher", "rights", "description"):
        words = getattr(book, name)
        if words:
            yield f"<dc:{name}>{text(words)}</dc:{name}>"
    if book.issued:
        yield f"<dc:date>{text(book.issued)}</dc:date>"
    # The numbers of the pages are those of this print (EPUB Accessibility 1.1, 4.2.3).
    yield f'<dc:source id="print">{text(book.source or book.title)}</dc:source>'
    yield '<meta refines="#print" property="source-of">pagination</meta>'
    for name, value in _ACCESSIBLE:
        yield f'<meta property="schema:{name}">{value}</meta>'
    if book.notes.summary:
        summary = text(book.notes.summary)
        yield f'<meta property="schema:accessibilitySummary">{summary}</meta>'
