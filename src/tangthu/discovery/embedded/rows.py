"""A document as the line of JSON that the index takes. Pure: it runs in worker processes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator

import orjson

from tangthu.discovery.document import Document
from tangthu.discovery.embedded import schema
from tangthu.discovery.engine import ONLINE
from tangthu.discovery.query import Field
from tangthu.discovery.words import Spelt, equivalents, known, spelt
from tangthu.text.memory import Memory

LONGEST_KEY = 80
_MOST_TURNS = 3
_MARKED = sorted(schema.MARKED_FIELDS - {Field.ANY})

_Words = list[Spelt]


def row(document: Document) -> str:
    """Return the document as a line of JSON with the fields of the schema."""
    words = dict(_words_of(document))
    fields: dict[str, object] = {
        field.value: _joined(found) for field, found in words.items() if found
    }
    everything = [text for found in words.values() for text in found]
    title = words[Field.TITLE][:1]
    year = [] if document.year is None else [str(document.year)]
    raised = _joined([*title, *title, *words[Field.AUTHOR], *words[Field.SUBJECT]])
    fields[Field.ANY.value] = [*raised, *_joined(everything), *year]
    fields[schema.marks(Field.ANY)] = _marked(everything)
    for field in _MARKED:
        fields[schema.marks(field)] = _marked(words[field])
    _add_codes(fields, document)
    _add_headings(fields, document)
    return _dumped(fields)


def _words_of(document: Document) -> Iterator[tuple[Field, _Words]]:
    own = (
        (Field.TITLE, (document.full_title or document.title, *document.other_titles)),
        (Field.NOTE, document.notes),
        (Field.CONTENTS, (*document.contents, *document.summary)),
        (Field.CALL_NUMBER, document.call_numbers),
    )
    shared = (
        (Field.AUTHOR, (*document.authors, *document.corporate)),
        (Field.SUBJECT, (*document.subjects, *document.keywords)),
        (Field.PUBLISHER, (*document.publishers, *document.places)),
        (Field.SERIES, document.series),
    )
    yield from ((field, list(map(spelt, texts))) for field, texts in own)
    yield from ((field, list(map(known, texts))) for field, texts in shared)


def _add_codes(fields: dict[str, object], document: Document) -> None:
    authors = (*document.authors, *document.corporate)
    fields |= {
        schema.ID: document.id,
        schema.HIDDEN: not document.public,
        schema.IDENTIFIER: _identifiers(document.identifiers),
        schema.facet("author"): authors,
        schema.facet("subject"): document.subjects,
        schema.facet("language"): document.languages,
        schema.facet("library"): document.libraries,
        schema.facet("location"): document.locations,
        schema.ORDER_TITLE: _order(document.title_key),
        schema.ORDER_AUTHOR: _order(document.author_key) or schema.LAST,
    }
    if document.material_type:
        fields[schema.facet("type")] = document.material_type
    if document.online:
        fields[schema.facet("online")] = ONLINE
    if document.year is not None:
        fields[schema.YEAR] = document.year
    if document.added_at is not None:
        fields[schema.ADDED] = int(document.added_at.timestamp())


def _add_headings(fields: dict[str, object], document: Document) -> None:
    shown = document.title[: schema.LONGEST_HEADING]
    fields[schema.SHOWN] = b64encode(shown.encode(errors="replace")).decode()
    fields[schema.heading(Field.TITLE)] = [
        heading for text in (shown, *document.other_titles) if (heading := _heading(text))
    ]
    fields[schema.heading(Field.SUBJECT)] = [
        heading for text in document.subjects if (heading := _HEADINGS[text])
    ]
    authors = (*document.authors, *document.corporate)
    fields[schema.heading(Field.AUTHOR)] = [
        heading for text in authors if (heading := _HEADINGS[text])
    ]
    fields[schema.TURNED] = [term for text in authors for term in _TURNED[text]]


def _heading(text: str) -> str:
    """Return the term under which a heading is found whole, and suggested."""
    key = _single_spaced(spelt(text).folded)[: schema.LONGEST_HEADING]
    return f"{key}{schema.HEADING_BREAK}{text[: schema.LONGEST_HEADING]}" if key else ""


def _turned(name: str) -> list[str]:
    """Return the terms of a name by its later words."""
    rest = _single_spaced(spelt(name).folded)
    terms = []
    for _ in range(min(rest.count(" "), _MOST_TURNS)):
        rest = rest.partition(" ")[2]
        terms.append(f"{rest}{schema.HEADING_BREAK}{name[: schema.LONGEST_HEADING]}")
    return terms


_HEADINGS = Memory(_heading, longest=schema.LONGEST_HEADING)
_TURNED = Memory(_turned, longest=schema.LONGEST_HEADING)


def _single_spaced(text: str) -> str:
    return " ".join(text.split()) if "  " in text or text[-1:] == " " else text.lstrip()


def _joined(words: _Words) -> list[str]:
    return [text.folded for text in words]


def _marked(words: _Words) -> str:
    return " ".join([text.marked for text in words if text.marked])


def _dumped(fields: dict[str, object]) -> str:
    try:
        return orjson.dumps(fields).decode()
    except TypeError:
        # Halves of surrogate pairs, from a broken import: no index takes them.
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace").decode()


def _identifiers(identifiers: Iterable[str]) -> list[str]:
    return [form for identifier in identifiers for form in equivalents(identifier)]


def _order(key: bytes) -> str:
    # Latin-1 letters keep the order of the bytes, in UTF-8 too.
    return key[:LONGEST_KEY].decode("latin-1")
