"""From the lines of a page to running text: paragraphs, words parted at a line's end, what is left.

What a page bears beside its text (its number, a head that runs over many pages) is left out only
where it is sure: the number is that of the page's label, the head stands on many pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tangthu.formats.alto import Box, Layout, Line
from tangthu.text import fold, normalise
from tangthu.text.syllables import syllable

_HYPHENS = "-\u2010\u00ad¬"
_END = tuple(".!?:;…»”\"'’)]")
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_AROUND_NUMBER = " -–—.·•[]()~_|"
_LONGEST_HEAD = 80
_MARGIN = 0.15
_FEWEST_PAGES, _SHARE = 3, 0.2
_HIGHLAND = frozenset("ƀčĕĭŏŭñ\u0306")
_HIGHLAND_SHARE = 0.15
HIGHLAND_LANGUAGES = frozenset({"rad", "jra", "bdq", "cmo", "mnn", "sed"})


@dataclass(frozen=True, slots=True)
class Flow:
    """The paragraphs of a page. `continues`: the first goes on from the page before."""

    paragraphs: tuple[str, ...]
    continues: bool = False


def running_heads(layouts: Iterable[Layout]) -> frozenset[str]:
    """Return the heads and feet that stand on many pages, as `flow` wants them."""
    found: Counter[str] = Counter()
    pages = 0
    for layout in layouts:
        pages += 1
        found.update({_head_key(line) for line in _edges(layout) if _head_key(line)})
    needed = max(_FEWEST_PAGES, pages * _SHARE)
    return frozenset(key for key, count in found.items() if count >= needed)


def flow(
    layout: Layout,
    *,
    label: str = "",
    heads: frozenset[str] = frozenset(),
    before: str = "",
) -> Flow:
    """Return the running text of a page; `before` is the last paragraph of the page before."""
    left_out = {
        id(line) for line in _edges(layout) if _is_number(line, label) or _head_key(line) in heads
    }
    found: list[str] = []
    for block in layout.blocks:
        kept = [line for line in block.lines if line.words and id(line) not in left_out]
        for lines in _parted(kept, block.box):
            words = joined([line.text for line in lines])
            if found and goes_on(found[-1], words):
                found[-1] = joined([found[-1], words])
            else:
                found.append(words)
    return Flow(tuple(found), continues=bool(found) and goes_on(before, found[0]))


def plain(layout: Layout) -> str:
    """Return the running text of one page, a paragraph a line."""
    return "\n".join(flow(layout).paragraphs)


def joined(lines: Sequence[str]) -> str:
    """Join lines; a word that was parted at a line's end becomes one again.

    Vietnamese syllables keep the hyphen that parts them in old prints (độc-lập): none is ever
    broken itself. Other words lose the hyphen when they go on in small letters (gouverne-ment).
    """
    text = ""
    for line in filter(None, (line.strip() for line in lines)):
        text = _with(text, line) if text else line
    return text.replace("\u00ad", "")


def goes_on(before: str, after: str) -> bool:
    """Tell whether `after` is the same sentence: it begins small, and `before` has no end."""
    if not before or not after or before.endswith(_END):
        return False
    return after[0].islower()


def language_of(text: str, languages: Sequence[str]) -> str:
    """Return which of the languages (ISO 639) a paragraph is in; the first where unsure.

    A highland language is told by its letters (ƀ č ĕ ĭ ŏ ŭ ñ and the breve), which Vietnamese
    lacks; where several are named, it is the first of them.
    """
    first = languages[0] if languages else ""
    highland = next((each for each in languages if each in HIGHLAND_LANGUAGES), "")
    others = next((each for each in languages if each not in HIGHLAND_LANGUAGES), "")
    if not highland or not others:
        return first
    words = text.lower().split()
    marked = sum(1 for word in words if not _HIGHLAND.isdisjoint(word))
    return highland if marked and marked >= len(words) * _HIGHLAND_SHARE else others


def _with(text: str, line: str) -> str:
    if text[-1] not in _HYPHENS or not text[-2:-1].isalpha():
        return f"{text} {line}"
    left = _LAST_LETTERS.search(text[:-1])
    right = _FIRST_LETTERS.match(line)
    if left is None or right is None or text[-1] == "\u00ad":
        return f"{text}{line}"
    both = [normalise(found[0]).lower() for found in (left, right)]
    if not right[0][0].islower() or all(syllable(part) for part in both):
        return f"{text[:-1]}-{line}"
    return f"{text[:-1]}{line}"


def _edges(layout: Layout) -> Iterator[Line]:
    """Give the lines that stand in the upper and lower margin: the first two and the last two."""
    lines = sorted((line for line in layout.lines() if line.words), key=lambda line: line.box[1])
    height = layout.height or 1
    for line in lines[:2]:
        if line.box[1] + line.box[3] <= height * _MARGIN:
            yield line
    for line in lines[2:][-2:]:
        if line.box[1] >= height * (1 - _MARGIN):
            yield line


def _head_key(line: Line) -> str:
    """Return a line without its numbers, folded: what is alike on page after page."""
    if len(line.text) > _LONGEST_HEAD:
        return ""
    key = _DIGITS.sub("", fold(line.text)).strip(_AROUND_NUMBER)
    return key if len(key) > 2 else ""


def _is_number(line: Line, label: str) -> bool:
    bare = line.text.strip(_AROUND_NUMBER).lower()
    return bool(label) and bare == label.strip(_AROUND_NUMBER).lower()


def _parted(lines: Sequence[Line], box: Box) -> Iterator[list[Line]]:
    """Part a block where a line is indented after a line that ended short, or with a full stop."""
    part: list[Line] = []
    for line in lines:
        if part and _begins(line, part[-1], box):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _begins(line: Line, before: Line, block: Box) -> bool:
    left, _, width, _ = block
    height = max(line.box[3], 1)
    indented = left + height < line.box[0] < left + width / 2
    straight_before = before.box[0] <= left + height
    ended = before.text.endswith(_END) or before.box[0] + before.box[2] < left + width - 3 * height
    return indented and straight_before and ended
