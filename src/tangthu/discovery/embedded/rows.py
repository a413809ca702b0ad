"""A document as the line of JSON that the index takes. Pure: it runs in worker processes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable

import orjson

from tangthu.discovery.document import Document
from tangthu.discovery.embedded import schema
from tangthu.discovery.query import Field
from tangthu.discovery.words import equivalents, spelt

LONGEST_KEY = 80
_LONGEST_TERM = 1000
_MOST_TURNS = 3
_MARKED = sorted(schema.MARKED_FIELDS - {Field.ANY})

_Words = list[tuple[str, tuple[str, ...]]]
# Of each text, its folded words and those that bear marks.


def row(document: Document) -> str:
    """Return the document as a line of JSON with the fields of the schema."""
    words = {field: _words(texts) for field, texts in _texts_of(document)}
    fields: dict[str, object] = {
        field.value: texts for field, found in words.items() if (texts := _joined(found))
    }
    everything = [text for found in words.values() for text in found]
    title = words[Field.TITLE][:1]
    raised = _joined([*title, *words[Field.AUTHOR], *words[Field.SUBJECT]])
    year = [] if document.year is None else [str(document.year)]
    fields[Field.ANY.value] = [*_joined(title), *raised, *_joined(everything), *year]
    fields[schema.marks(Field.ANY)] = _marked(everything)
    for field in _MARKED:
        fields[schema.marks(field)] = _marked(words[field])
    _add_codes(fields, document)
    _add_headings(fields, document, words)
    return _dumped(fields)


def _texts_of(document: Document) -> Iterable[tuple[Field, tuple[str, ...]]]:
    yield Field.TITLE, (document.full_title or document.title, *document.other_titles)
    yield Field.AUTHOR, (*document.authors, *document.corporate)
    yield Field.SUBJECT, (*document.subjects, *document.keywords)
    yield Field.PUBLISHER, (*document.publishers, *document.places)
    yield Field.SERIES, document.series
    yield Field.NOTE, document.notes
    yield Field.CONTENTS, (*document.contents, *document.summary)
    yield Field.CALL_NUMBER, document.call_numbers


def _add_codes(fields: dict[str, object], document: Document) -> None:
    authors = (*document.authors, *document.corporate)
    fields |= {
        schema.ID: document.id,
        schema.HIDDEN: not document.public,
        schema.IDENTIFIER: _identifiers(document.identifiers),
        schema.facet("author"): _values(authors),
        schema.facet("subject"): _values(document.subjects),
        schema.facet("language"): _values(document.languages),
        schema.facet("type"): _values((document.material_type,)),
        schema.facet("library"): _values(document.libraries),
        schema.facet("location"): _values(document.locations),
        schema.ORDER_TITLE: _order(document.title_key),
        schema.ORDER_AUTHOR: _order(document.author_key) or schema.LAST,
    }
    if document.year is not None:
        fields[schema.YEAR] = document.year
    if document.added_at is not None:
        fields[schema.ADDED] = int(document.added_at.timestamp())


def _add_headings(
    fields: dict[str, object], document: Document, words: dict[Field, _Words]
) -> None:
    shown = document.title[: schema.LONGEST_HEADING]
    fields[schema.SHOWN] = b64encode(shown.encode(errors="replace")).decode()
    authors = (*document.authors, *document.corporate)
    titles = [_words([shown])[0], *words[Field.TITLE][1:]]
    fields[schema.heading(Field.TITLE)] = _headings((shown, *document.other_titles), titles)
    fields[schema.heading(Field.SUBJECT)] = _headings(document.subjects, words[Field.SUBJECT])
    fields[schema.heading(Field.AUTHOR)] = [
        *_headings(authors, words[Field.AUTHOR]),
        *_turned(authors, words[Field.AUTHOR]),
    ]


def _headings(texts: Iterable[str], words: _Words) -> list[str]:
    longest = schema.LONGEST_HEADING
    return [
        f"{key[:longest]}{schema.HEADING_BREAK}{text[:longest]}"
        for text, key in zip(texts, _joined(words), strict=False)
        if key
    ]


def _turned(texts: Iterable[str], words: _Words) -> list[str]:
    """Return authors' terms that begin with their later words: readers type the given name."""
    turned: list[str] = []
    for text, (name, _) in zip(texts, words, strict=False):
        rest = name
        for _ in range(min(name.count(" "), _MOST_TURNS)):
            rest = rest.partition(" ")[2]
            turned.append(f"{rest}{schema.TURNED_BREAK}{text[: schema.LONGEST_HEADING]}")
    return turned


def _words(texts: Iterable[str]) -> _Words:
    return [spelt(text) for text in texts]


def _joined(words: _Words) -> list[str]:
    return [text for text, _ in words]


def _marked(words: _Words) -> str:
    return " ".join({word for _, marked in words for word in marked})


def _dumped(fields: dict[str, object]) -> str:
    try:
        return orjson.dumps(fields).decode()
    except TypeError:
        # Halves of surrogate pairs, from a broken import: no index takes them.
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace").decode()


def _values(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value[:_LONGEST_TERM] for value in values if value))


def _identifiers(identifiers: Iterable[str]) -> list[str]:
    return _values(form for identifier in identifiers for form in equivalents(identifier))


def _order(key: bytes) -> str:
    # Latin-1 letters keep the order of the bytes, in UTF-8 too.
    return key[:LONGEST_KEY].decode("latin-1")
