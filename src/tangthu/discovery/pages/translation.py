"""The question to the pages in Tantivy's terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tantivy import FieldType, Occur
from tantivy import Query as Tantivy

from tangthu.discovery.embedded.translation import EXACT_TIER, literal
from tangthu.discovery.engine import MOST_NODES
from tangthu.discovery.errors import QueryTooLarge
from tangthu.discovery.pages import schema as names
from tangthu.discovery.pages.schema import schema
from tangthu.discovery.pages.units import Audience
from tangthu.discovery.query import And, Node, Not, Or, Phrase, Prefix, Term, walk, wanted
from tangthu.discovery.words import forms_of
from tangthu.text import prefix_forms, tokens

_MOST_WORDS = 60
_LONGEST_BEGINNING = 120
_FAR = date.max.toordinal()


def finding(tree: Node) -> Tantivy:
    """Return the query that finds. Refuses a tree of more than `MOST_NODES` parts."""
    if sum(1 for _ in walk(tree)) > MOST_NODES:
        raise QueryTooLarge(limit=MOST_NODES)
    return _translate(tree)


def ranking(tree: Node, found: Tantivy) -> Tantivy:
    """Return the query that finds the same, pages with the words as spelt before all others."""
    spelt = {form.marked for node in wanted(tree) for form in forms_of(node.text) if form.marked}
    lifts = [
        Tantivy.const_score_query(_word(names.MARKS, word, "basic"), EXACT_TIER)
        for word in sorted(spelt)[:_MOST_WORDS]
    ]
    if not lifts:
        return found
    return Tantivy.boolean_query([(Occur.Must, found), *((Occur.Should, lift) for lift in lifts)])


def shown(found: Tantivy, *, today: date, staff: bool) -> Tantivy:
    """Return the query within what these eyes may find by its text on this day."""
    closed = Tantivy.range_query(
        schema(),
        names.CLOSED_UNTIL,
        FieldType.Integer,
        lower_bound=today.toordinal(),
        upper_bound=_FAR,
    )
    barred = [Audience.NOBODY] if staff else [Audience.NOBODY, Audience.STAFF]
    return Tantivy.boolean_query(
        [
            (Occur.Must, found),
            (Occur.MustNot, closed),
            *((Occur.MustNot, _word(names.AUDIENCE, word, "basic")) for word in barred),
        ]
    )


def among(found: Tantivy, field: str, values: tuple[int, ...]) -> Tantivy:
    """Return the query within the pages with one of these values."""
    these = Tantivy.term_set_query(schema(), field, list(values))
    return Tantivy.boolean_query(
        [(Occur.Must, found), (Occur.Must, Tantivy.const_score_query(these, 0.0))]
    )


def inside(found: Tantivy, obj: int) -> Tantivy:
    """Return the query within the texts of one object, without what describes it."""
    described = Tantivy.term_set_query(schema(), names.ID, [-obj])
    within = among(found, names.OBJECT, (obj,))
    return Tantivy.boolean_query([(Occur.Must, within), (Occur.MustNot, described)])


def _translate(node: Node) -> Tantivy:
    match node:
        case And(parts):
            return _all_of(parts)
        case Or(parts):
            return _any_of([_translate(part) for part in parts])
        case Not():
            return _all_of((node,))
        case Prefix(text):
            words = _folded(text)
            return _any_of(list(_beginnings(words[:-1], text))) if words else Tantivy.all_query()
        case Term(text) | Phrase(text):
            return _side_by_side(_folded(text))
    return Tantivy.all_query()


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
    return Tantivy.boolean_query([(Occur.Should, query) for query in queries])


def _folded(text: str) -> list[str]:
    return [form.folded for form in forms_of(text)][:_MOST_WORDS]


def _side_by_side(words: list[str]) -> Tantivy:
    match words:
        case []:
            return Tantivy.all_query()
        case [word]:
            return _word(names.TEXT, word, "freq")
    return Tantivy.phrase_query(schema(), names.TEXT, list(words))


def _beginnings(before: list[str], text: str) -> Iterator[Tantivy]:
    for form in prefix_forms(tokens(text)[-1]):
        if before:
            yield Tantivy.phrase_prefix_query(schema(), names.TEXT, [*before, form])
        else:
            pattern = f"{literal(form[:_LONGEST_BEGINNING])}.*"
            begun = Tantivy.regex_query(schema(), names.TEXT, pattern)
            yield Tantivy.const_score_query(begun, 0.0)


def _word(field: str, word: str, option: str) -> Tantivy:
    return Tantivy.term_query(schema(), field, word, option)
