"""Keys by which two records are taken for descriptions of one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tangthu.formats.marc.bibliographic import Description
from tangthu.formats.marc.identifiers import is_isbn13
from tangthu.text.folding import match_key


class MatchKind(StrEnum):
    """What two records agree in, the most certain first."""

    CONTROL = "control"
    ISBN = "isbn"
    ISSN = "issn"
    TITLE = "title"


class MatchKey(NamedTuple):
    """A kind and a text: records are compared by equal pairs."""

    kind: MatchKind
    key: str


def match_keys(description: Description) -> tuple[MatchKey, ...]:
    """Return every key of the record, the most certain first.

    `control` is `003|001`, and stands only where there is an 001. `isbn` keys have the right
    check digit: running numbers and misprints in 020 must not make duplicates. `title` holds
    title with part, subtitle, words of the first author in any order, year and kind of material,
    folded; it needs an author or a year, for `Toán` alone says nothing.
    """
    keys = []
    if description.control_number:
        control = f"{description.control_agency}|{description.control_number}"
        keys.append(MatchKey(MatchKind.CONTROL, control))
    keys += [MatchKey(MatchKind.ISBN, isbn) for isbn in description.isbns if is_isbn13(isbn)]
    keys += [MatchKey(MatchKind.ISSN, issn) for issn in description.issns]
    title = _title_key(description)
    if title:
        keys.append(MatchKey(MatchKind.TITLE, title))
    return tuple(keys)


def _title_key(description: Description) -> str:
    title = match_key(description.full_title)
    author = " ".join(sorted(match_key(description.main_author).split()))
    year = str(description.year or "")
    if not title or not (author or year):
        return ""
    volume = match_key(description.volume)
    return "|".join((title, volume, author, year, description.material_type))
