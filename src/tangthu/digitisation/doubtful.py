"""The doubtful words of an object, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from tangthu.core.actor import Actor
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.formats.alto import Layout, Line, Word
from tangthu.repository.beside import Link
from tangthu.repository.models import DigitalObject, Page, PageText
from tangthu.repository.policy.texts import DOUBTFUL_BELOW


@dataclass(frozen=True, slots=True)
class Cursor:
    """From which word on to look: of the page in this place, and of those behind it."""

    position: int = 0
    word: int = 0

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return what an address says; the beginning where it says nothing that can be read."""
        position, _, word = text.partition(".")
        if position.isdecimal() and word.isdecimal() and len(text) < 20:
            return cls(int(position), int(word))
        return cls()

    def __str__(self) -> str:
        return f"{self.position}.{self.word}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful word: its page, the line that it is on, and where to go on."""

    page: Page
    text: PageText
    layout: Layout
    line: Line
    word: Word
    here: Cursor
    later: Cursor


def next_doubt(obj: DigitalObject, cursor: Cursor) -> Doubt | None:
    """Return the first doubtful word from there on; None where there is none any more."""
    return next(_doubts(obj, cursor), None)


def left_of(obj: DigitalObject) -> int:
    """Return how many words of the object are doubtful."""
    found = PageText.objects.filter(object=obj, page__isnull=False).aggregate(all=Sum("doubtful"))
    return found["all"] or 0


def beside(obj: DigitalObject, actor: Actor) -> Link | None:
    """Offer to correct an object's text, where it has pages that can be shown."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    if not actor.may(DigitisationPermission.CORRECT, at=obj.library_id):
        return None
    if not PageText.objects.filter(object=obj, page__isnull=False).exists():
        return None
    note = _("%(count)s words to look at") % {"count": left_of(obj)}
    url = reverse("digitisation:correct", args=[obj.identifier])
    return Link(url=url, label=_("Correct the text"), icon="spellcheck", note=note)


def _doubts(obj: DigitalObject, cursor: Cursor) -> Iterator[Doubt]:
    texts = PageText.objects.of_object(obj).filter(
        page__position__gte=cursor.position, page__delivery__isnull=False, doubtful__gt=0
    )
    for text in texts.select_related("page__delivery"):
        page = text.page
        if page is None or not text.fits(page):
            continue
        layout, number = text.layout(), 0
        first = cursor.word if page.position == cursor.position else 0
        for line in layout.lines():
            for word in line.words:
                if number >= first and word.is_doubtful(DOUBTFUL_BELOW):
                    here = Cursor(page.position, number)
                    later = Cursor(page.position, number + 1)
                    yield Doubt(page, text, layout, line, word, here, later)
                number += 1
