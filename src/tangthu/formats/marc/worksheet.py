"""The form of a dozen fields by which a librarian without MARC describes a book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tangthu.formats.marc.materials import MaterialType
from tangthu.formats.marc.punctuation import trim, trim_separators
from tangthu.text.normal import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """What the form shows. Texts are as a person types them, without ISBD punctuation.

    `other_authors` may carry a function: `Lê Hoài Ân (dịch)`. `subjects` part their
    subdivisions by `--`. `extent` is the whole statement: `245 tr. : minh hoạ ; 21 cm`.
    """

    title: str = ""
    subtitle: str = ""
    responsibility: str = ""
    author: str = ""
    other_authors: tuple[str, ...] = ()
    edition: str = ""
    place: str = ""
    publisher: str = ""
    year: str = ""
    extent: str = ""
    series: str = ""
    language: str = ""
    class_number: str = ""
    book_number: str = ""
    subjects: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    isbn: str = ""
    price: str = ""
    summary: str = ""
    note: str = ""
    material: MaterialType = MaterialType.BOOK


_ROLE = re.compile(r"(?P<name>.*\S) \((?P<role>[^()]*[^()\s])\)", re.DOTALL)
_LANGUAGE = re.compile(r"[a-z]{3}")


def cleaned(worksheet: Worksheet) -> Worksheet:
    """Return the worksheet as it will read after it went into a record and out again."""
    return Worksheet(
        title=heading(worksheet.title),
        subtitle=heading(worksheet.subtitle),
        responsibility=heading(worksheet.responsibility),
        author=heading(worksheet.author),
        other_authors=_each(clean_role, worksheet.other_authors),
        edition=statement(worksheet.edition),
        place=heading(worksheet.place),
        publisher=heading(worksheet.publisher),
        year=heading(worksheet.year),
        extent=joined_extent(split_extent(normalise(worksheet.extent))),
        series=joined_series(*split_series(normalise(worksheet.series))),
        language=_clean_language(worksheet.language),
        class_number=statement(worksheet.class_number),
        book_number=statement(worksheet.book_number),
        subjects=_each(clean_subject, worksheet.subjects),
        keywords=_each(heading, worksheet.keywords),
        isbn=statement(worksheet.isbn),
        price=statement(worksheet.price),
        summary=normalise(worksheet.summary),
        note=normalise(worksheet.note),
        material=worksheet.material,
    )


def heading(text: str) -> str:
    """Return a text without what ends a heading."""
    return trim(normalise(text))


def statement(text: str) -> str:
    """Return a text whose full stops count, as in `245 tr.`."""
    return trim_separators(normalise(text))


def split_role(text: str) -> tuple[str, str]:
    """Return the name and the function of `Lê Hoài Ân (dịch)`."""
    found = _ROLE.fullmatch(text)
    return (found["name"], found["role"]) if found else (text, "")


def with_role(name: str, role: str) -> str:
    """Return the text in which the form shows a name and a function."""
    return f"{name} ({role})" if name and role else name


def split_extent(text: str) -> tuple[str, str, str, str]:
    """Return pages, illustrations, size and accompanying material of an ISBD statement."""
    rest, _, extra = text.partition(" + ")
    rest, _, size = rest.partition(" ; ")
    pages, _, pictures = rest.partition(" : ")
    return statement(pages), statement(pictures), statement(size), statement(extra)


def joined_extent(parts: Iterable[str]) -> str:
    """Return the ISBD statement of pages, illustrations, size and accompanying material."""
    text = ""
    for sign, part in zip(("", " : ", " ; ", " + "), parts, strict=True):
        text += f"{sign}{part}" if text and part else part
    return text


def split_series(text: str) -> tuple[str, str]:
    """Return the title of a series and the number in it."""
    title, _, number = text.rpartition(" ; ")
    return (statement(title), statement(number)) if title else (statement(number), "")


def joined_series(title: str, number: str) -> str:
    """Return the statement of a series."""
    return f"{title} ; {number}" if title and number else title or number


def clean_role(text: str) -> str:
    """Return a name and its function as the form shows them."""
    name, role = split_role(normalise(text))
    return with_role(heading(name), heading(role))


def clean_subject(text: str) -> str:
    """Return a heading and its subdivisions as the form shows them."""
    return "--".join(filter(None, map(heading, normalise(text).split("--"))))


def _clean_language(text: str) -> str:
    code = text.strip().lower()
    return code if _LANGUAGE.fullmatch(code) and code != "und" else ""


def _each(clean: Callable[[str], str], texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(clean, texts))))
