"""The areas of the International Standard Bibliographic Description, as Vietnamese cards show them.

Areas 1 to 6 run on in one paragraph, parted by `. - `; notes (7) and numbers with price (8) each
begin a new one. The Vietnamese National Library's practice follows ISBD(M).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tangthu.formats.marc.identifiers import isbn_key
from tangthu.formats.marc.punctuation import trim, trim_separators
from tangthu.formats.marc.record import DataField, MarcRecord
from tangthu.text.normal import normalise

# The sign before each subfield of an area.
_TITLE = {"n": ". ", "p": ", ", "b": " : ", "c": " / "}
_EDITION = {"b": " / "}
_IMPRINT = {"a": " ; ", "b": " : ", "c": ", ", "e": " (", "f": " : ", "g": ", "}
_PHYSICAL = {"b": " : ", "c": " ; ", "e": " + "}
_SERIES = {"x": ", ", "v": " ; "}
_NUMBERS = {"q": " ", "c": " : "}
_STAFF_NOTES = frozenset({"541", "583", "590"})
# Captions are part of the card, which is Vietnamese whatever the language of the screen.
_CAPTIONS = {"504": "Thư mục", "505": "Mục lục", "520": "Tóm tắt"}


def isbd(record: MarcRecord) -> list[str]:
    """Return the paragraphs of the description: body, notes, contents, summary, numbers."""
    body = _joined(_body(record))
    notes = [_note(field) for field in _notes(record)]
    return [text for text in (body, *notes, *_numbers(record)) if text]


def _body(record: MarcRecord) -> Iterator[str]:
    for field in _first(record, "245"):
        yield _title(field)
    for field in record.data("250"):
        yield _area(field, "ab", _EDITION)
    yield from _serial_numbering(record)
    for field in _imprints(record):
        yield _imprint(field)
    for field in _first(record, "300"):
        yield _area(field, "abce", _PHYSICAL)
    series = [_area(field, "axv", _SERIES) for field in record.data("490", "440")]
    yield " ".join(f"({text})" for text in series if text)


def _joined(areas: Iterable[str]) -> str:
    """Join areas by `. - `; an area that ends in a full stop keeps that one."""
    text = ""
    for area in filter(None, areas):
        text += (" - " if text.endswith((".", ".]")) else ". - ") + area if text else area
    return text


def _first(record: MarcRecord, tag: str) -> list[DataField]:
    field = record.first(tag)
    return [] if field is None else [field]


def _title(field: DataField) -> str:
    """Return title, parts, other title information and responsibility.

    A part's name follows its number after a comma, but the title itself after a full stop.
    """
    signs = _TITLE if field.get("n") is not None else {**_TITLE, "p": ". "}
    medium = field.get("h")
    text = _area(field, "anpbc", signs)
    if medium is None:
        return text
    head, sign, rest = text.partition(" : ") if " : " in text else text.partition(" / ")
    return f"{head} {trim(normalise(medium))}{sign}{rest}"


def _area(field: DataField, codes: str, signs: dict[str, str]) -> str:
    """Join the subfields in their order, with the sign of each before it."""
    text = ""
    for code, value in field.subfields:
        part = trim_separators(normalise(value)) if code in codes else ""
        # `245 tr.` keeps its stop; elsewhere the sign of the next part takes its place.
        part = part if field.tag == "300" else trim(part)
        text += signs.get(code, " ") + part if text and part else part
    return text


def _serial_numbering(record: MarcRecord) -> Iterator[str]:
    for field in record.data("362"):
        if field.ind1 == "0":
            yield _area(field, "a", {})


def _imprints(record: MarcRecord) -> list[DataField]:
    made = [field for field in record.data("264") if field.ind2 in "0123 "]
    return made or _first(record, "260")


def _imprint(field: DataField) -> str:
    """Return place, publisher and date; the printer stands in parentheses."""
    text = _area(field, "abcefg", _IMPRINT)
    return f"{text})" if " (" in text and field.get("e") is not None else text


def _notes(record: MarcRecord) -> Iterator[DataField]:
    """Yield the notes, contents and summary in the order of the record."""
    for field in record.fields:
        if isinstance(field, DataField) and field.tag[0] == "5" and field.tag not in _STAFF_NOTES:
            yield field


def _note(field: DataField) -> str:
    text = normalise(" ".join(value for code, value in field.subfields if code.isalpha()))
    caption = _CAPTIONS.get(field.tag, "")
    return f"{caption}: {text}" if caption and text else text


def _numbers(record: MarcRecord) -> Iterator[str]:
    """Yield each ISBN with its price, then each ISSN."""
    for field in record.data("020"):
        number = _area(field, "aqc", _NUMBERS)
        # Running numbers of an older system stand in 020 too: only an ISBN is called one.
        if isbn_key(field.get("a") or ""):
            yield f"ISBN {number}"
        elif field.get("c") is not None:
            yield trim(normalise(field.get("c") or ""))
    for field in record.data("022"):
        number = _area(field, "a", {})
        yield f"ISSN {number}" if number else ""
