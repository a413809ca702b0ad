"""Pages with words on them, for tests of what is done with text."""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.core.actor import Actor
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import Page, PageText
from tangthu.repository.policy.texts import TextOrigin

LETTER, HEIGHT = 12, 24


def line_of(text: str, *, top: int, left: int = 60) -> Line:
    """Lay words out on a line; one in [brackets] is doubtful."""
    words = []
    for each in text.split():
        doubtful = each.startswith("[")
        word = each.strip("[]") if doubtful else each
        box = (left, top, LETTER * len(word), HEIGHT)
        words.append(Word(word, box, 0.4 if doubtful else 0.96))
        left += LETTER * (len(word) + 1)
    return Line(tuple(words))


def layout_of(lines: Sequence[str], *, width: int = 700, height: int = 1000) -> Layout:
    rows = [line_of(text, top=80 + 40 * at) for at, text in enumerate(lines)]
    return Layout(width, height, (Block(tuple(rows)),) if rows else ())


def read_page(page: Page, *lines: str, languages: str = "vie") -> PageText:
    """Keep lines as what the machine read on a page."""
    return keep_text(
        page,
        layout_of(lines),
        origin=TextOrigin.MACHINE,
        engine="tesseract",
        languages=languages,
        by=Actor.machine("test"),
    )


def words_of(page: Page) -> str:
    return PageText.objects.get(page=page).plain
