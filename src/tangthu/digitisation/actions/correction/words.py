"""Correcting one word."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.digitisation.actions.correction.keeping import Held, hold, keep
from tangthu.digitisation.errors import WordChanged
from tangthu.digitisation.models import How, WordTask
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.aligning import shared
from tangthu.formats.alto import Block, Box, Layout, Line, Word
from tangthu.repository.models import Page, PageText
from tangthu.text import normalise

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A word as somebody saw it: where it stands, and what it read."""

    box: Box
    read: str


@transaction.atomic
def correct_word(page: Page, spot: Spot, typed: str, *, by: Actor) -> PageText | None:
    """Put what was typed in the place of a word; the same word again accepts it as right.

    Nothing typed takes the word out. Locks the object and the text. A word that somebody changed
    in between raises WordChanged with what it is now, unless it was changed to just that; other
    words of the page do not matter. Raises Invalid, PictureChanged, ObjectWithdrawn.
    """
    by.require(DigitisationPermission.CORRECT, at=page.object.library_id)
    return put_word(hold(page), spot, typed, how=How.WORD, by=by)


def put_word(
    held: Held, spot: Spot, typed: str, *, how: How, by: Actor, task: WordTask | None = None
) -> PageText | None:
    """Do what `correct_word` says, within another deed that holds the page."""
    words = normalise(typed)
    if len(words) > LONGEST:
        raise Invalid("word")
    found = word_at(held.layout, spot.box)
    if found is None or found.text != spot.read:
        if found is not None and found.text == words:
            return held.text
        raise WordChanged(now=found.text if found else "")
    return keep(held, _with_word(held.layout, found, words), how=how, by=by, task=task)


def word_at(layout: Layout, box: Box) -> Word | None:
    """Return the word with this very box."""
    return next((word for word in layout.words() if word.box == box), None)


def _with_word(layout: Layout, old: Word, typed: str) -> Layout:
    texts = typed.split()
    put = [replace(old, corrected=True)] if texts == [old.text] else _instead(old, texts)
    blocks = tuple(
        Block(tuple(filter(_has_words, (_in_line(line, old, put) for line in block.lines))))
        for block in layout.blocks
    )
    return replace(layout, blocks=tuple(block for block in blocks if block.lines))


def _instead(old: Word, texts: list[str]) -> list[Word]:
    return shared([old.box], texts) if texts else []


def _in_line(line: Line, old: Word, put: list[Word]) -> Line:
    if old not in line.words:
        return line
    at = line.words.index(old)
    return Line((*line.words[:at], *put, *line.words[at + 1 :]))


def _has_words(line: Line) -> bool:
    return bool(line.words)
