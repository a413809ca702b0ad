"""The navigation document: the contents and the list of printed pages (EPUB 3.3, 7)."""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.formats.epub.book import Book
from tangthu.formats.epub.chapters import Chapter, placed
from tangthu.formats.epub.markup import head, text


def navigation(book: Book, parts: tuple[Chapter, ...]) -> str:
    """Return the navigation document."""
    names = dict(placed(parts))
    entries = [
        (each.level, f"{names[each.page]}#part-{place + 1}", each.title)
        for place, each in enumerate(book.headings)
        if each.page in names
    ] or [(1, parts[0].name, book.title)]
    pages = "\n".join(
        f'<li><a href="{name}#page-{number + 1}">{text(book.pages[number].label)}</a></li>'
        for number, name in names.items()
    )
    listed = (
        f'<nav epub:type="page-list" role="doc-pagelist" hidden="hidden">\n'
        f"<h2>{text(book.notes.pages)}</h2>\n<ol>\n{pages}\n</ol>\n</nav>\n"
    )
    return (
        f"{head(title=book.title, language=book.language)}<body>\n"
        f'<nav epub:type="toc" role="doc-toc">\n<h1>{text(book.notes.contents)}</h1>\n'
        f"{_nested(entries)}\n</nav>\n{listed if names else ''}</body>\n</html>\n"
    )


def _nested(entries: Sequence[tuple[int, str, str]]) -> str:
    """Return the entries as lists within lists; a level that is jumped over is not missed."""
    lines: list[str] = []
    open_levels: list[int] = []
    for level, address, title in entries:
        deep = len(open_levels)
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        if len(open_levels) > deep:
            lines.append("<ol>")
        else:
            lines.append("</li>" + "</ol></li>" * (deep - len(open_levels)))
        lines.append(f'<li><a href="{address}">{text(title)}</a>')
    lines.append("</li></ol>" * len(open_levels))
    return "\n".join(lines)
