"""Headings that begin as the reader has begun to type."""

from __future__ import annotations

from itertools import chain, zip_longest

import tantivy
from tantivy import Occur
from tantivy import Query as Tantivy

from tangthu.discovery.embedded import facets, schema
from tangthu.discovery.engine import Suggestion, SuggestionKind
from tangthu.discovery.query import Field
from tangthu.discovery.words import folded
from tangthu.text import prefix_forms, tokens

SHORTEST = 2
"""A single letter begins a fifth of all headings: walking them costs more than it helps."""

SHORTEST_TURNED = 4
"""Letters from which on names are also looked for by their later words; there are many of them."""

LONGEST = 80

_FIELDS = {
    SuggestionKind.AUTHOR: Field.AUTHOR,
    SuggestionKind.TITLE: Field.TITLE,
    SuggestionKind.SUBJECT: Field.SUBJECT,
}


def beginning(searcher: tantivy.Searcher, prefix: str, *, limit: int) -> tuple[Suggestion, ...]:
    """Return at most `limit` public headings; the kinds take turns, the frequent come first."""
    keys = _keys(prefix[:LONGEST])
    if not keys:
        return ()
    kinds = [
        _begun(searcher, kind, schema.heading(field), keys, limit)
        for kind, field in _FIELDS.items()
    ]
    if len(kinds[0]) < limit and len(keys[0]) >= SHORTEST_TURNED:
        kinds[0] += _begun(searcher, SuggestionKind.AUTHOR, schema.TURNED, keys, limit)
    turns = chain.from_iterable(zip_longest(*kinds))
    return tuple(dict.fromkeys(suggestion for suggestion in turns if suggestion))[:limit]


def _keys(prefix: str) -> tuple[str, ...]:
    words = tokens(prefix)
    if not words or len("".join(words)) < SHORTEST:
        return ()
    if prefix[-1:].isspace():
        return (f"{folded(prefix)} ",)
    before = folded(" ".join(words[:-1]))
    return tuple(f"{before} {form}".lstrip() for form in prefix_forms(words[-1]))


def _begun(
    searcher: tantivy.Searcher,
    kind: SuggestionKind,
    field: str,
    keys: tuple[str, ...],
    limit: int,
) -> list[Suggestion]:
    found: dict[str, int] = {}
    for key in keys:
        for term, _ in searcher.terms_with_prefix(field, key, limit=limit):
            shown = term.split(schema.HEADING_BREAK)[-1]
            if shown not in found and (count := _public(searcher, field, term)):
                found[shown] = count
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return [Suggestion(kind, text, count) for text, count in ranked[:limit]]


def _public(searcher: tantivy.Searcher, field: str, term: str) -> int:
    """Count the public records with a heading: the dictionary knows hidden and removed ones too."""
    query = Tantivy.boolean_query(
        [
            (Occur.Must, Tantivy.term_query(schema.schema(), field, term, "basic")),
            (Occur.MustNot, Tantivy.term_query(schema.schema(), schema.HIDDEN, field_value=True)),
        ]
    )
    return facets.total_of(searcher, query)
