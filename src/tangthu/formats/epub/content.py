"""The documents of the text: paragraphs, headings, and where each printed page began."""

from __future__ import annotations

from collections.abc import Iterator

from tangthu.formats.epub.book import Book, BookPage, Heading, Paragraph
from tangthu.formats.epub.chapters import Chapter, headings_at
from tangthu.formats.epub.markup import attribute, head, text
from tangthu.text import fold

STYLE = """body { line-height: 1.5; margin: 0 5%; }
p { margin: 0 0 0.75em; text-indent: 0; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.5em 0 0.75em; text-align: start; }
span.page { color: GrayText; font-size: 0.75em; vertical-align: super; }
"""


def chapter(book: Book, part: Chapter) -> str:
    """Return one document of the text."""
    titles = headings_at(book)
    first = titles.get(part.first, [])
    title = first[0][1].title if first else book.title
    lines = [head(title=title, language=book.language), "<body>", "<section>"]
    if part.first == 0 and not any(each.level == 1 for _, each in first):
        lines.append(f"<h1>{text(book.title)}</h1>")
    open_paragraph = ""
    for number in range(part.first, part.end):
        page = book.pages[number]
        here = titles.get(number, [])
        goes_on = page.continues and bool(open_paragraph) and bool(page.paragraphs) and not here
        if goes_on:
            marker = _break(book, number, page)
            rest = _tagged(page.paragraphs[0], book.language)
            open_paragraph = f"{open_paragraph} {marker}{rest}"
        else:
            lines.extend(_closed(open_paragraph))
            lines.append(f"<div>{_break(book, number, page)}</div>")
            open_paragraph = ""
        body = page.paragraphs[1:] if goes_on else _without_titles(page, here)
        lines.extend(_title(place, each) for place, each in here)
        for paragraph in body:
            lines.extend(_closed(open_paragraph))
            open_paragraph = _tagged(paragraph, book.language)
    lines.extend(_closed(open_paragraph))
    lines.append("</section>\n</body>\n</html>\n")
    return "\n".join(lines)


def _closed(paragraph: str) -> Iterator[str]:
    if paragraph:
        yield f"<p>{paragraph}</p>"


def _tagged(paragraph: Paragraph, language: str) -> str:
    words = text(paragraph.text)
    if not paragraph.language or paragraph.language == language:
        return words
    tag = attribute(paragraph.language)
    return f"<span lang={tag} xml:lang={tag}>{words}</span>"


def _break(book: Book, number: int, page: BookPage) -> str:
    label = attribute(f"{book.notes.page} {page.label}")
    return (
        f'<span class="page" epub:type="pagebreak" role="doc-pagebreak" '
        f'id="page-{number + 1}" aria-label={label}>{text(page.label)}</span>'
    )


def _title(place: int, heading: Heading) -> str:
    level = min(max(heading.level, 1), 6)
    return f'<h{level} id="part-{place + 1}">{text(heading.title)}</h{level}>'


def _without_titles(page: BookPage, here: list[tuple[int, Heading]]) -> tuple[Paragraph, ...]:
    """Leave out a first paragraph that only repeats the heading which stands above it."""
    if not here or not page.paragraphs:
        return page.paragraphs
    titles = {fold(each.title) for _, each in here}
    return page.paragraphs[1:] if fold(page.paragraphs[0].text) in titles else page.paragraphs
