"""The query tree in Tantivy's terms.

A tree becomes two queries: one that finds, used for counting and facets, which needs no scores;
and one that finds and ranks. Ranks come in tiers: each word with marks that stands in the record
as it was typed lifts it above all records where only the letters agree; then BM25.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tantivy import FieldType, Occur
from tantivy import Query as Tantivy

from tangthu.discovery.embedded import schema as names
from tangthu.discovery.embedded.schema import schema
from tangthu.discovery.engine import MOST_NODES, Facet
from tangthu.discovery.errors import QueryTooLarge
from tangthu.discovery.query import (
    CODED,
    And,
    Everything,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Whole,
    Worded,
    YearRange,
    walk,
    wanted,
)
from tangthu.discovery.words import compact, equivalents, folded, forms_of
from tangthu.text import prefix_forms, tokens

EXACT_TIER = 1000.0
"""More than BM25 can give to all words of a query together."""
WHOLE_TITLE = 200.0

EARLIEST_YEAR, LATEST_YEAR = -9999, 9999
_MOST_WORDS = 60
_SPAN = re.compile(r"(?=-?[0-9])([0-9]{1,4})?(-)?([0-9]{1,4})?")
_SIGNS_OF_PATTERNS = frozenset(r"\.+*?()|[]{}^$#&-~")
LONGEST_BEGINNING = 120
"""Tantivy refuses an automaton of over 1,000 states; nobody types that far into a heading."""


def finding(tree: Node) -> Tantivy:
    """Return the query that finds. Refuses a tree of more than `MOST_NODES` parts."""
    if sum(1 for _ in walk(tree)) > MOST_NODES:
        raise QueryTooLarge(limit=MOST_NODES)
    return _translate(tree)


def ranking(tree: Node, found: Tantivy) -> Tantivy:
    """Return the query that finds the same and ranks it."""
    lifts = [*_exact_words(tree), *_whole_title(tree)]
    if not lifts:
        return found
    return Tantivy.boolean_query([(Occur.Must, found), *((Occur.Should, lift) for lift in lifts)])


def among(found: Tantivy, ids: tuple[int, ...] | None) -> Tantivy:
    """Return the query within these records; within all of them where none are named."""
    if ids is None:
        return found
    these = Tantivy.term_set_query(schema(), names.ID, list(ids))
    return Tantivy.boolean_query([(Occur.Must, found), (Occur.Must, _unscored(these))])


def narrowed(found: Tantivy, filters: Mapping[Facet, tuple[str, ...]], *, hidden: bool) -> Tantivy:
    """Return the query within the filters, and within what the public may see."""
    clauses = [(Occur.Must, found)]
    clauses += [(Occur.Must, _unscored(_filter(facet, filters[facet]))) for facet in filters]
    if not hidden:
        clauses.append(
            (Occur.MustNot, Tantivy.term_query(schema(), names.HIDDEN, field_value=True))
        )
    return Tantivy.boolean_query(clauses) if len(clauses) > 1 else found


def _filter(facet: Facet, values: tuple[str, ...]) -> Tantivy:
    if facet is not Facet.YEAR:
        return _any_of([_code(names.facet(facet), value) for value in values])
    return _any_of([_years(*span) for value in values if (span := _span(value))])


def _span(value: str) -> tuple[int | None, int | None] | None:
    """Read a year, or years as in `1990-2000`, `1990-`, `-2000`."""
    if (found := _SPAN.fullmatch(value)) is None:
        return None
    first, dash, last = found.groups()
    begin = int(first) if first else None
    end = int(last) if last else None
    return (begin, end) if dash else (begin, begin)


def _translate(node: Node) -> Tantivy:
    match node:
        case Everything() | And(parts=()):
            return Tantivy.all_query()
        case And(parts):
            return _all_of(parts)
        case Or(parts):
            return _any_of([_translate(part) for part in parts])
        case Not(part):
            return _all_of((node,)) if not isinstance(part, Not) else _translate(part.part)
        case YearRange(first, last):
            return _unscored(_years(first, last))
        case Term() | Phrase() | Prefix() | Whole():
            return _worded(node)


def _all_of(parts: tuple[Node, ...]) -> Tantivy:
    clauses = [
        (Occur.MustNot, _translate(part.part))
        if isinstance(part, Not)
        else (Occur.Must, _translate(part))
        for part in parts
    ]
    if all(occur is Occur.MustNot for occur, _ in clauses):
        clauses.append((Occur.Must, Tantivy.all_query()))
    return Tantivy.boolean_query(clauses)


def _any_of(queries: list[Tantivy]) -> Tantivy:
    if len(queries) == 1:
        return queries[0]
    if not queries:
        return Tantivy.empty_query()
    return Tantivy.boolean_query([(Occur.Should, query) for query in queries])


def _worded(node: Worded) -> Tantivy:
    if node.field in CODED:
        return _unscored(_code(names.facet(node.field), node.text.strip()))
    if node.field is Field.IDENTIFIER:
        return _identifier(node)
    words = [form.folded for form in forms_of(node.text)][:_MOST_WORDS]
    if not words:
        return Tantivy.all_query()
    match node:
        case Whole(text, field):
            return _whole(text, field)
        case Prefix(text, field):
            return _any_of(list(_beginnings(field, words[:-1], text)))
        case Term(text, Field.ANY) if any(sign.isdecimal() for sign in text):
            return _any_of([_side_by_side(Field.ANY, words), _identifier(node)])
        case _:
            return _side_by_side(node.field, words)


def _side_by_side(field: Field, words: list[str]) -> Tantivy:
    if len(words) == 1:
        return Tantivy.term_query(schema(), field, words[0], "freq")
    return Tantivy.phrase_query(schema(), field, list(words))


def _beginnings(field: Field, before: list[str], text: str) -> Iterator[Tantivy]:
    for form in prefix_forms(tokens(text)[-1]):
        if before:
            yield Tantivy.phrase_prefix_query(schema(), field, [*before, form])
        else:
            yield _unscored(_begun(field, form))


def _begun(field: str, beginning: str) -> Tantivy:
    return Tantivy.regex_query(schema(), field, f"{literal(beginning[:LONGEST_BEGINNING])}.*")


def _whole(text: str, field: Field) -> Tantivy:
    if field not in names.HEADING_FIELDS:
        return _side_by_side(field, folded(text).split())
    key = folded(text)[: names.LONGEST_HEADING]
    return _unscored(_begun(names.heading(field), f"{key}{names.HEADING_BREAK}"))


def _identifier(node: Worded) -> Tantivy:
    if isinstance(node, Prefix):
        return _unscored(_begun(names.IDENTIFIER, compact(node.text)))
    return _any_of([_code(names.IDENTIFIER, number) for number in equivalents(node.text)])


def _exact_words(tree: Node) -> Iterator[Tantivy]:
    """Yield a lift for each word typed with marks, where the record has it so spelt."""
    seen: set[tuple[str, str]] = set()
    for node in wanted(tree):
        if isinstance(node, Prefix) or node.field in CODED:
            continue
        name = names.marks(node.field)
        for form in forms_of(node.text):
            if form.marked and (name, form.marked) not in seen and len(seen) < _MOST_WORDS:
                seen.add((name, form.marked))
                spelt = Tantivy.term_query(schema(), name, form.marked, "basic")
                yield Tantivy.const_score_query(spelt, EXACT_TIER)


def _whole_title(tree: Node) -> Iterator[Tantivy]:
    """Yield a lift for the record whose title is just the words that were typed."""
    nodes = [*_typed(tree)]
    texts = [
        node.text
        for node in nodes
        if isinstance(node, Term | Phrase) and node.field in {Field.ANY, Field.TITLE}
    ]
    if texts and len(texts) == len(nodes) and (key := folded(" ".join(texts))):
        title = _begun(names.heading(Field.TITLE), f"{key}{names.HEADING_BREAK}")
        yield Tantivy.const_score_query(title, WHOLE_TITLE)


def _typed(tree: Node) -> Iterator[Node]:
    """Yield the parts of a question as typed: of a place's many spellings the first."""
    match tree:
        case And(parts):
            for part in parts:
                yield from _typed(part)
        case Or(parts) if parts:
            yield from _typed(parts[0])
        case _:
            yield tree


def _years(first: int | None, last: int | None) -> Tantivy:
    return Tantivy.range_query(
        schema(),
        names.YEAR,
        FieldType.Integer,
        lower_bound=EARLIEST_YEAR if first is None else first,
        upper_bound=LATEST_YEAR if last is None else last,
    )


def _code(field: str, value: str) -> Tantivy:
    return Tantivy.term_query(schema(), field, value, "basic")


def _unscored(query: Tantivy) -> Tantivy:
    return Tantivy.const_score_query(query, 0.0)


def literal(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _SIGNS_OF_PATTERNS else sign for sign in text)
