"""Where readers are in their documents: whether it is kept, and what is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.patrons.holders import Section
from tangthu.patrons.models import Patron, ReaderAccount
from tangthu.reading.models import MARK_LABELS, Mark, Place, ReadingChoice
from tangthu.repository.models import DigitalObject

_MOST = 2000


def keeps_places(patron: Patron) -> bool:
    """Tell whether places are kept: as the reader chose, else as they chose for past loans."""
    choice = ReadingChoice.objects.filter(patron=patron).first()
    if choice is not None:
        return choice.keeps
    return ReaderAccount.objects.filter(patron=patron, keeps_history_since__isnull=False).exists()


def places_told(obj: DigitalObject, actor: Actor) -> dict[str, str]:
    """Return what a reader's script needs to keep a place; a guest's stays in the browser."""
    place = reverse("reading:place", args=[obj.identifier])
    known = salted_hmac("tangthu.reading.places", str(actor.patron_id)).hexdigest()[:16]
    return {
        "object": obj.identifier,
        "place": place,
        "marks": reverse("reading:marks", args=[obj.identifier]),
        "reader": known if actor.is_reader else "",
        "phone": gettext("phone"),
        "computer": gettext("computer"),
    }


def marking_words() -> dict[str, str]:
    """Return the sentences of the panel of marks."""
    return {
        "bookmark": gettext("Bookmark"),
        "highlight": gettext("Highlight"),
        "note": gettext("Note"),
        "writeNote": gettext("Write a note…"),
        "remove": gettext("Remove"),
        "colour": gettext("Colour of the highlight"),
        "yellow": gettext("Yellow"),
        "green": gettext("Green"),
        "blue": gettext("Blue"),
        "red": gettext("Red"),
        "goOn": gettext("Go on at {label}, where you were on another device ({device})?"),
    }


def told_place(place: Place) -> dict[str, object]:
    """Return a place as the readers' scripts know it."""
    return {
        "locator": place.locator,
        "progress": place.progress,
        "label": place.label,
        "device": place.device,
        "at": _milliseconds(place.at),
    }


def told_mark(mark: Mark) -> dict[str, object]:
    """Return a mark as the readers' scripts know it."""
    return {
        "uid": str(mark.uid),
        "kind": mark.kind,
        "locator": mark.locator,
        "label": mark.label,
        "quote": mark.quote,
        "note": mark.note,
        "colour": mark.colour,
        "at": _milliseconds(mark.changed_at),
    }


def tells(patron: Patron) -> Iterator[Section]:
    """Yield what is kept of the reader's reading, for when they ask for their data."""
    yield Section(
        key="places",
        title=_("Places in documents read online"),
        columns={"title": _("Title"), "label": _("Place in the text"), "at": _("When")},
        rows=[
            {"title": place.object.title, "label": place.label, "at": place.at}
            for place in Place.objects.of(patron)[:_MOST]
        ],
    )
    marks = Mark.objects.filter(patron=patron).select_related("object")[:_MOST]
    yield Section(
        key="reading_marks",
        title=_("Bookmarks, highlights and notes"),
        columns={
            "title": _("Title"),
            "kind": _("Kind"),
            "label": _("Place in the text"),
            "quote": _("Quoted"),
            "note": _("Note"),
            "at": _("When"),
        },
        rows=[
            {
                "title": mark.object.title,
                "kind": MARK_LABELS[mark.kind],
                "label": mark.label,
                "quote": mark.quote,
                "note": mark.note,
                "at": mark.made_at,
            }
            for mark in marks
        ],
    )


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
