"""What a book is made of, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `language` (BCP 47) only where it is not the book's."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class BookPage:
    """A printed page: its number as printed, and its text.

    `continues` tells that the first paragraph goes on from the page before.
    """

    label: str
    paragraphs: tuple[Paragraph, ...]
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents: `page` counts from 0, `level` from 1."""

    title: str
    page: int
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Sentences and names of the lists, in the reader's language."""

    contents: str = "Contents"
    pages: str = "Pages"
    page: str = "Page"
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A book: `modified` is when its text was last changed, `source` the print it comes from."""

    identifier: str
    title: str
    language: str
    modified: datetime
    pages: tuple[BookPage, ...]
    headings: tuple[Heading, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    publisher: str = ""
    issued: str = ""
    rights: str = ""
    source: str = ""
    description: str = ""
    notes: Notes = Notes()
