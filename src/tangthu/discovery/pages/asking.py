"""A question to the catalogue as a question to the text of pages.

Text knows neither authors nor years: what asks for such goes to the description, the `rest`. Words
typed beside each other are first looked for side by side; only where no page has them so, anywhere
on a page. Without marks "dat do" would otherwise be on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tangthu.discovery.query import (
    And,
    Everything,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    YearRange,
    both,
    wanted,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for in the text, in stages until one finds; and what the description decides."""

    stages: tuple[Node, ...]
    rest: Node


def asked_of(tree: Node) -> Asked | None:
    """Return what the question asks of the text; None where it asks nothing of it."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    texts = [(part, _text(part)) for part in parts]
    text = both(*(found for _, found in texts if found is not None))
    if not any(True for _ in wanted(text)):
        return None
    rest = both(*(part for part, found in texts if found is None))
    return Asked(tuple(dict.fromkeys((_beside(text), text))), rest)


def _text(node: Node) -> Node | None:
    """Return the node if the words of a page can answer it."""
    match node:
        case Term(field=Field.ANY) | Phrase(field=Field.ANY) | Prefix(field=Field.ANY):
            return node
        case Not(part):
            inside = _text(part)
            return Not(inside) if inside is not None else None
        case Or(parts) if any(isinstance(part, YearRange) and not part.is_one for part in parts):
            return None
        case Or(parts):
            # Of `1945`, a year or a number in the text, the text.
            found = [inside for part in parts if (inside := _text(part)) is not None]
            return Or(tuple(found)) if found else None
        case And(parts):
            all_found = [_text(part) for part in parts]
            kept = tuple(part for part in all_found if part is not None)
            return And(kept) if len(kept) == len(parts) else None
    return None


def _beside(node: Node) -> Node:
    """Return the question with words that stand beside each other as phrases."""
    match node:
        case And(parts):
            return both(*_runs(map(_beside, parts)))
        case Or(parts):
            return Or(tuple(map(_beside, parts)))
    return node


def _runs(parts: Iterable[Node]) -> Iterator[Node]:
    run: list[str] = []
    for part in parts:
        if isinstance(part, Term):
            run.append(part.text)
        elif isinstance(part, Prefix):
            yield Prefix(" ".join([*run, part.text]))
            run = []
        else:
            yield _joined(run)
            yield part
            run = []
    yield _joined(run)


def _joined(run: list[str]) -> Node:
    match run:
        case []:
            return Everything()
        case [word]:
            return Term(word)
    return Phrase(" ".join(run))
