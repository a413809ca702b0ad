"""Digital objects with text on their pages, without files to be shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.libraries.models import Library
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import DigitalObject, ObjectRecord, Page, PageText
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.policy.texts import TextOrigin

WIDTH, HEIGHT = 1000, 1400
_LETTER, _LINE = 10, 40


def document(
    library: Library, *texts: str, records: Iterable[Record] = (), **values: object
) -> DigitalObject:
    """Keep a published object, a page for each text; texts of several lines keep their lines."""
    now = timezone.now()
    told: dict[str, object] = {
        "title": "Địa chí Đắk Lắk",
        "title_key": b"dia chi",
        "kind": ObjectKind.PAGE_IMAGES,
        "languages": "vie",
        "rights": "PDM",
        "access": "public",
        "state": "published",
        "created_at": now,
        "updated_at": now,
    }
    obj = DigitalObject.objects.create(library=library, **(told | values))
    for position, record in enumerate(records):
        ObjectRecord.objects.create(object=obj, record=record, position=position)
    for position, text in enumerate(texts, 1):
        page = Page.objects.create(object=obj, position=position, width=WIDTH, height=HEIGHT)
        write_on(page, text)
    return obj


def write_on(page: Page, text: str, *, scale: float = 1) -> PageText:
    """Give a page its text, read from a picture so many times as large as the one shown."""
    return keep_text(
        page,
        layout_of(text, scale=scale),
        origin=TextOrigin.MACHINE,
        engine="test",
        by=Actor.machine("test"),
    )


def layout_of(text: str, *, scale: float = 1) -> Layout:
    """Return the text as words on lines: ten pixels a letter, lines forty apart."""
    lines = []
    for row, line in enumerate(text.splitlines()):
        words, left = [], 100
        for word in line.split():
            box = (left, 100 + _LINE * row, _LETTER * len(word), 30)
            words.append(Word(word, tuple(round(side * scale) for side in box), 0.9))  # type: ignore[arg-type]
            left += _LETTER * (len(word) + 1)
        lines.append(Line(tuple(words)))
    return Layout(round(WIDTH * scale), round(HEIGHT * scale), (Block(tuple(lines)),))
