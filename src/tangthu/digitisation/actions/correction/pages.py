"""Typing a page's text anew, line by line or as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.digitisation.actions.correction.keeping import Held, hold, keep
from tangthu.digitisation.errors import EditsMeet
from tangthu.digitisation.models import How
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.aligning import aligned_lines, aligned_text
from tangthu.digitisation.policy.merging import EditsClash, merged
from tangthu.formats.alto import Layout, Word
from tangthu.repository.models import Page, PageText
from tangthu.text import clean

LONGEST = 100_000
MOST_WORDS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed for a page.

    `lines` are as many as the page has, or the whole text is in `text`. `base` is the text as they
    were given it, at `revision`. `is_read`: they looked at every word, so none is doubtful.
    """

    text: str = ""
    lines: tuple[str, ...] | None = None
    base: str = ""
    revision: int
    is_read: bool = False

    @property
    def words(self) -> list[str]:
        """Return the words in their order."""
        return clean(self.text if self.lines is None else "\n".join(self.lines)).split()


@transaction.atomic
def save_page(page: Page, typed: Typed, *, by: Actor) -> PageText | None:
    """Keep what was typed; every word gets the box of the one that it came from.

    Locks the object and the text. Where somebody saved in between, both edits are brought together
    word by word; EditsMeet, with the words of both, where they touch. A page without any text gets
    its first one so. Raises Invalid, PictureChanged, ObjectWithdrawn.
    """
    by.require(DigitisationPermission.CORRECT, at=page.object.library_id)
    words = typed.words
    if len(words) > MOST_WORDS or sum(map(len, words)) > LONGEST:
        raise Invalid("text")
    held = hold(page)
    after = _new_layout(held, typed, words)
    if typed.is_read:
        after = after.each_word(_seen)
    return keep(held, after, how=How.PAGE, by=by)


def _new_layout(held: Held, typed: Typed, words: list[str]) -> Layout:
    if typed.revision != held.revision:
        words = _brought_together(held, typed, words)
        return aligned_text(held.layout, " ".join(words))
    if typed.lines is None:
        return aligned_text(held.layout, clean(typed.text))
    try:
        return aligned_lines(held.layout, [clean(line) for line in typed.lines])
    except ValueError:
        return aligned_text(held.layout, clean("\n".join(typed.lines)))


def _brought_together(held: Held, typed: Typed, words: list[str]) -> list[str]:
    theirs = [word.text for word in held.layout.words()]
    try:
        return merged(clean(typed.base).split(), words, theirs)
    except EditsClash as clash:
        raise EditsMeet(mine=clash.mine, theirs=clash.theirs) from clash


def _seen(word: Word) -> Word:
    return replace(word, corrected=True)
