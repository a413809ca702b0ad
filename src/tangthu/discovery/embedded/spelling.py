"""A better spelling of a question that found little or nothing.

Words are compared folded: a reader who leaves out marks makes no mistake. A word that the index
does not know is replaced by the most frequent known word one letter away, else by one two letters
away that begins alike, else by two words written together. Nothing is proposed that finds no more.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import tantivy

from tangthu.discovery.embedded import facets, schema, translation
from tangthu.discovery.engine import Query
from tangthu.discovery.query import And, Field, Node, Phrase, Term
from tangthu.discovery.words import folded, forms_of

_MOST_WORDS = 8
_LETTERS = string.ascii_lowercase
_SHORTEST_FAR = 5
"""Two letters of a shorter word are most of it."""
_LONGEST = 40
"""Longer ones are no words, and have thousands of neighbours."""
_VOCABULARY = 20_000
_MOST_FAR = 2
"""Words of one question for which the vocabulary is read through: that takes some 0.05 s each."""
_SHOWN_TITLES = 20


def better(searcher: tantivy.Searcher, query: Query, *, total: int) -> str:
    """Return the words to search for instead; empty where there are none."""
    words = _plain_words(query.tree)
    if not words or len(words) > _MOST_WORDS:
        return ""
    instead = _all_instead(searcher, words)
    if instead == words:
        return ""
    proposal = " ".join(instead)
    tree = And(tuple(Term(word) for word in proposal.split()))
    found = translation.narrowed(translation.finding(tree), query.filters, hidden=query.hidden)
    if facets.total_of(searcher, found) <= total:
        return ""
    return _with_marks(searcher, found, proposal, typed=_marks_of(query.tree))


def _plain_words(tree: Node) -> list[str]:
    """Return the folded words of a question that is words alone; empty for any other."""
    words: list[str] = []
    for node in _nodes(tree):
        if not isinstance(node, Term | Phrase) or node.field is not Field.ANY:
            return []
        words += folded(node.text).split()
    return words


def _marks_of(tree: Node) -> dict[str, str]:
    """Return the words that the reader typed with marks, by what they are folded to."""
    texts = [node.text for node in _nodes(tree) if isinstance(node, Term | Phrase)]
    return {form.folded: form.marked for text in texts for form in forms_of(text) if form.marked}


def _nodes(tree: Node) -> Sequence[Node]:
    return tree.parts if isinstance(tree, And) else (tree,)


def _all_instead(searcher: tantivy.Searcher, words: list[str]) -> list[str]:
    far = 0
    instead: list[str] = []
    for word in words:
        if not _is_doubtful(searcher, word):
            instead.append(word)
            continue
        better = _most_frequent(searcher, _one_away(word))
        if not better and far < _MOST_FAR:
            far += 1
            better = _far(searcher, word)
        instead.append(better or _apart(searcher, word) or word)
    return instead


def _is_doubtful(searcher: tantivy.Searcher, word: str) -> bool:
    fits = 2 <= len(word) <= _LONGEST and word.isalpha()
    return fits and not _frequency(searcher, word)


def _frequency(searcher: tantivy.Searcher, word: str) -> int:
    return searcher.doc_freq(Field.ANY, word)


def _most_frequent(searcher: tantivy.Searcher, words: Iterator[str]) -> str:
    known = Counter({word: _frequency(searcher, word) for word in words})
    found = known.most_common(1)
    return found[0][0] if found and found[0][1] else ""


def _one_away(word: str) -> Iterator[str]:
    """Yield what one letter left out, added, changed or swapped with its neighbour makes."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _far(searcher: tantivy.Searcher, word: str) -> str:
    if len(word) < _SHORTEST_FAR:
        return ""
    # The list comes with the most frequent first.
    letters = set(word)
    for known, _ in searcher.terms_with_prefix(Field.ANY, word[0], limit=_VOCABULARY):
        # Two changes touch four letters at most; most words are told apart by that alone.
        if abs(len(known) - len(word)) > 2 or len(letters.symmetric_difference(known)) > 4:
            continue
        if _within_two(word, known):
            return known
    return ""


def _apart(searcher: tantivy.Searcher, word: str) -> str:
    """Return the word as two known words, as in `daklak`: the pair whose rarer one is commonest."""
    pairs = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
    ranked = [
        (min(_frequency(searcher, first), _frequency(searcher, second)), f"{first} {second}")
        for first, second in pairs
    ]
    frequency, pair = max(ranked, default=(0, ""))
    return pair if frequency else ""


def _within_two(one: str, other: str) -> bool:
    """Return whether at most two letters must be left out, added or changed."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row = row, [at]
        for place, sign in enumerate(other, 1):
            row.append(
                min(above[place] + 1, row[place - 1] + 1, above[place - 1] + (letter != sign))
            )
        if min(row) > 2:
            return False
    return row[-1] <= 2


def _with_marks(
    searcher: tantivy.Searcher, found: tantivy.Query, proposal: str, *, typed: Mapping[str, str]
) -> str:
    """Return the folded words as most of the first titles that have them spell them.

    A word that no title has stays as it was typed. Where one was typed without marks, all are left
    without: half a question with marks would look like a mistake of ours.
    """
    spellings: dict[str, Counter[str]] = {word: Counter() for word in proposal.split()}
    for _, address in searcher.search(found, _SHOWN_TITLES, count=False).hits:
        title = bytes(searcher.doc(address).get_first(schema.SHOWN) or b"").decode()
        for form in forms_of(title):
            if form.folded in spellings:
                spellings[form.folded][form.marked or form.folded] += 1
    spelt = [
        spellings[word].most_common(1)[0][0] if spellings[word] else typed.get(word, "")
        for word in proposal.split()
    ]
    return " ".join(spelt) if all(spelt) else proposal
