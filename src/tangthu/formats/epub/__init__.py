"""EPUB 3.3 books, written from pages of text: pure, and the same bytes for the same book.

*Page*: what stood on one printed page; its number is kept where it began (`pagebreak`), and all
numbers are listed (`page-list`), so that the book is quoted as the printed one is. *Heading*: a
line of the contents, at the page where its part begins.
"""

from tangthu.formats.epub.book import Book, BookPage, Heading, Notes, Paragraph
from tangthu.formats.epub.writer import write

__all__ = ["Book", "BookPage", "Heading", "Notes", "Paragraph", "write"]
