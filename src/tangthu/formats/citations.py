"""How a work is cited: for a person to copy, and as files for reference managers.

The sentence follows ISO 690 as Vietnamese universities use it; RIS, BibTeX and CSL-JSON are for
programs. Names stay as they are written: a Vietnamese name has no part to be put in front.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tangthu.text.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a citation needs to know of a work. `page` is the label of the page that is meant."""

    key: str
    title: str
    authors: tuple[str, ...]
    kind: str
    edition: str = ""
    place: str = ""
    publisher: str = ""
    year: int | None = None
    extent: str = ""
    isbn: str = ""
    url: str = ""
    language: str = ""
    holder: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A form of citing: its name, its media type, how it is written, and how its files end."""

    name: str
    content_type: str
    write: Callable[[Work], str]
    ending: str


def sentence(work: Work) -> str:
    """Return the citation as a sentence (ISO 690:2021, author–title with the year last)."""
    names = "; ".join(work.authors[:3]) + (" …" if len(work.authors) > 3 else "")
    imprint = ": ".join(part for part in (work.place, work.publisher) if part)
    dated = ", ".join(part for part in (imprint, str(work.year or "")) if part)
    parts = [names, work.title, work.edition, dated, work.extent]
    text = ". ".join(part.strip(" .") for part in parts if part.strip(" ."))
    return f"{text}. ISBN {work.isbn}." if work.isbn else f"{text}."


def ris(work: Work) -> str:
    """Return the work in the RIS format of reference managers."""
    kinds = {"article": "JOUR", "serial": "JFULL", "map": "MAP", "video": "VIDEO", "sound": "SOUND"}
    rows = [("TY", kinds.get(work.kind, "BOOK")), ("TI", work.title)]
    rows += [("AU", author) for author in work.authors]
    rows += [
        ("ET", work.edition),
        ("CY", work.place),
        ("PB", work.publisher),
        ("PY", str(work.year or "")),
        ("SP", work.page),
        ("LA", work.language),
        ("SN", work.isbn),
        ("DP", work.holder),
        ("UR", work.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {line(value)}\r\n" for tag, value in rows if value or tag == "ER")


def bibtex(work: Work) -> str:
    """Return the work as a BibTeX entry."""
    entry = "article" if work.kind == "article" else "book"
    rows = {
        "title": work.title,
        "author": " and ".join(f"{{{escaped(author)}}}" for author in work.authors),
        "edition": work.edition,
        "address": work.place,
        "publisher": work.publisher,
        "year": str(work.year or ""),
        "pages": work.page,
        "language": work.language,
        "isbn": work.isbn,
        "url": work.url,
        "note": work.holder,
    }
    name = re.sub("[^a-z0-9]+", "", fold(f"{(work.authors or ('',))[0]}{work.year or ''}"))
    body = ",\n".join(
        f"  {field} = {{{value if field == 'author' else escaped(value)}}}"
        for field, value in rows.items()
        if value
    )
    return f"@{entry}{{{name or 'work'}{work.key},\n{body}\n}}\n"


def csl(work: Work) -> str:
    """Return the work as CSL-JSON, a list of one item."""
    kinds = {
        "article": "article-journal",
        "serial": "periodical",
        "map": "map",
        "video": "motion_picture",
        "sound": "song",
    }
    rows: dict[str, object] = {
        "id": work.key,
        "type": kinds.get(work.kind, "book"),
        "title": line(work.title),
        "author": [{"literal": line(author)} for author in work.authors],
        "edition": work.edition,
        "publisher-place": work.place,
        "publisher": work.publisher,
        "issued": {"date-parts": [[work.year]]} if work.year else None,
        "page": work.page,
        "language": work.language,
        "ISBN": work.isbn,
        "archive": work.holder,
        "URL": work.url,
    }
    return json.dumps([{key: value for key, value in rows.items() if value}], ensure_ascii=False)


def line(value: str) -> str:
    return " ".join(value.split())


def escaped(value: str) -> str:
    return re.sub(r"([#$%&_{}])", r"\\\1", line(value))


CITATIONS: Mapping[str, Citation] = {
    "ris": Citation("RIS", "application/x-research-info-systems; charset=utf-8", ris, "ris"),
    "bib": Citation("BibTeX", "application/x-bibtex; charset=utf-8", bibtex, "bib"),
    "csl": Citation("CSL-JSON", "application/vnd.citationstyles.csl+json", csl, "json"),
}
