"""The text of an object as it is read: as a book, and plain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from tangthu.digitisation.copies.source import Source, tag_of
from tangthu.formats import epub
from tangthu.formats.flow import Flow, flow, language_of, running_heads
from tangthu.repository.models import Page

PAGE_END = "\f"


def book_of(source: Source) -> bytes:
    """Return the EPUB of an object, with the printed pages' numbers."""
    obj, record = source.obj, source.record
    places = {page.pk: place for place, page in enumerate(source.pages)}
    headings = tuple(
        epub.Heading(section.title, places[section.first_page_id], section.level)
        for section in source.sections
        if section.first_page_id in places
    )
    with override("vi"):
        notes = epub.Notes(
            contents=_("Contents"),
            pages=_("Printed pages"),
            page=_("Page"),
            summary=_(
                "The text was read from the scanned pages and may hold faults. The numbers of the "
                "printed pages are marked."
            ),
        )
    return epub.write(
        epub.Book(
            identifier=f"tangthu:{obj.identifier}",
            title=obj.title,
            language=source.tags[0],
            languages=source.tags,
            modified=source.changed_at.replace(microsecond=0),
            pages=tuple(_pages(source)),
            headings=tuple(sorted(headings, key=lambda each: each.page)),
            authors=source.authors,
            publisher=obj.library.name,
            issued=str(record.year) if record and record.year else "",
            rights=source.rights,
            source=_print_of(source),
            description=obj.description,
            notes=notes,
        )
    )


def text_of(source: Source) -> bytes:
    """Return the text alone: a paragraph a line, pages parted by a form feed."""
    pages = ["\n".join(found.paragraphs) for _page, found in flows(source)]
    return f"{PAGE_END}\n".join(pages).strip("\n").encode() + b"\n"


def flows(source: Source) -> Iterator[tuple[Page, Flow]]:
    """Give each page's running text, without what runs over many pages."""
    heads = running_heads(layout for _page, layout in source.layouts())
    before = ""
    for page, layout in source.layouts():
        found = flow(layout, label=page.shown_label, heads=heads, before=before)
        before = found.paragraphs[-1] if found.paragraphs else ""
        yield page, found


def _pages(source: Source) -> Iterator[epub.BookPage]:
    languages = source.languages
    for page, found in flows(source):
        paragraphs = tuple(
            epub.Paragraph(words, _tag(words, languages)) for words in found.paragraphs
        )
        yield epub.BookPage(page.shown_label, paragraphs, continues=found.continues)


def _tag(words: str, languages: Sequence[str]) -> str:
    return tag_of(language_of(words, languages))


def _print_of(source: Source) -> str:
    record = source.record
    if record is None:
        return source.obj.title
    parts = (record.title, record.publisher, str(record.year or ""))
    return ". ".join(part.rstrip(" .,") for part in parts if part)
