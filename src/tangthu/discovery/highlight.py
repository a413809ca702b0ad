"""Which words of a text the question asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tangthu.discovery.query import Node, Phrase, Prefix, Whole, wanted
from tangthu.discovery.words import Forms, forms, forms_of
from tangthu.text import Word, prefix_forms, tokens, word_spans

Segment = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words side by side; where there are `beginnings`, the last need only begin with one."""

    words: tuple[Forms, ...]
    beginnings: tuple[str, ...] = ()


class Highlighter:
    """Marks in texts what one question asked for."""

    def __init__(self, tree: Node) -> None:
        self._wanted = tuple(_wanted(tree))

    def segments(self, text: str) -> list[Segment]:
        """Cut a text into segments, true where it answers the question; joined they are the text.

        Whole words only, with or without marks: "dak lak" marks Đắk Lắk. Where a word typed with
        marks stands so in the text, its look-alikes (mạ for má) are left alone.
        """
        words = list(word_spans(text))
        spelt = [forms(word.text) for word in words]
        marked = {at for first, last in self.runs(spelt) for at in range(first, last)}
        return _segments(text, words, marked)

    def runs(self, words: Sequence[Forms]) -> list[tuple[int, int]]:
        """Return where the words have what was asked, each time as the first and one past the last.

        In their order; of two that overlap, the one that begins sooner.
        """
        runs: list[tuple[int, int]] = []
        found = (run for asked in self._wanted for run in _runs(words, asked))
        for first, last in sorted(set(found), key=lambda run: (run[0], -run[1])):
            if not runs or first >= runs[-1][1]:
                runs.append((first, last))
        return runs


def _wanted(tree: Node) -> Iterable[_Wanted]:
    for node in wanted(tree):
        spelt = tuple(forms_of(node.text))
        if isinstance(node, Phrase | Prefix | Whole):
            if spelt:
                last = tokens(node.text)[-1]
                yield _Wanted(spelt, prefix_forms(last) if isinstance(node, Prefix) else ())
        else:
            yield from (_Wanted((word,)) for word in spelt)


def _runs(text: Sequence[Forms], asked: _Wanted) -> Iterable[tuple[int, int]]:
    length = len(asked.words)
    starts = [start for start in _begun(text, asked) if _fits(text, start, asked)]
    exact = [
        start
        for start in starts
        if all(not word.marked or text[start + at] == word for at, word in enumerate(asked.words))
    ]
    return ((start, start + length) for start in exact or starts)


def _begun(text: Sequence[Forms], asked: _Wanted) -> Iterable[int]:
    """Return where the first word stands; all else is only looked at there."""
    length = len(asked.words)
    room = range(len(text) - length + 1)
    if length == 1 and asked.beginnings:
        return room
    first = asked.words[0].folded
    return [start for start in room if text[start].folded == first]


def _fits(text: Sequence[Forms], start: int, asked: _Wanted) -> bool:
    last = len(asked.words) - 1
    return all(
        _agrees(text[start + at], word, asked.beginnings if at == last else ())
        for at, word in enumerate(asked.words)
    )


def _agrees(word: Forms, asked: Forms, beginnings: tuple[str, ...]) -> bool:
    return word.folded.startswith(beginnings) if beginnings else word.folded == asked.folded


def _segments(text: str, words: list[Word], marked: set[int]) -> list[Segment]:
    segments: list[Segment] = []
    at = 0
    for number in sorted(marked):
        start, end = words[number].start, words[number].end
        between = text[at:start]
        if segments and not between.strip():
            # Neighbours are one highlight, with the space between them.
            segments[-1] = (segments[-1][0] + between + text[start:end], True)
        else:
            segments += [(between, False), (text[start:end], True)]
        at = end
    segments.append((text[at:], False))
    return [segment for segment in segments if segment[0]]
