"""What a browser may keep of a document for reading without a line, and what is said of it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from tangthu.core.actor import Actor
from tangthu.reading.lending import loan_of
from tangthu.reading.policy.keeping import MOST_BYTES, MOST_PAGES, WIDTH
from tangthu.repository.models import DigitalObject


def keeping_told(obj: DigitalObject, actor: Actor, *, is_open: bool) -> dict[str, object]:
    """Return whether the browser may keep the document, and until when (in milliseconds).

    What is open to all may be kept; what is lent, by its borrower until it is due; nothing else.
    """
    if is_open:
        return {"allowed": True, "due": None}
    loan = loan_of(obj, actor, now=timezone.now())
    if loan is None:
        return {"allowed": False, "due": None}
    return {"allowed": True, "due": round(loan.due_at.timestamp() * 1000)}


def pages_keeping_told(obj: DigitalObject, actor: Actor, *, is_open: bool) -> dict[str, object]:
    """Return the same of a scan, with how much of it may be kept, and in which width."""
    limits = {"pages": MOST_PAGES, "bytes": MOST_BYTES, "width": WIDTH}
    return keeping_told(obj, actor, is_open=is_open) | limits


def keeping_words() -> dict[str, str]:
    """Return the sentences of keeping the document in the browser, and of reading it aloud."""
    return {
        "kept": _("Kept: it opens without a line now."),
        "keptUntil": _("Kept on this device. It opens without a line until {due}."),
        "keptForGood": _("Kept on this device. It opens without a line."),
        "notKept": _("It is kept in this browser no more."),
        "cannotKeep": _("It could not be kept: perhaps the browser has no room left."),
        "noVoice": _("This device has no Vietnamese voice; another one reads."),
        "mute": _("This device cannot read aloud: it has no voice."),
    }


def pages_keeping_words() -> dict[str, str]:
    """Return the same of a scan, whose pages come one by one and may be too many."""
    too_many = _("It has more than %(most)s pages, too many to be kept in a browser.")
    too_large = _("It is larger than %(most)s MB, too large to be kept in a browser.")
    return keeping_words() | {
        "keptInPart": _("The line broke. Press again: only the pages still missing will come."),
        "needsLine": _("Search inside needs a line; turn the pages without one."),
        "foundAlone": _("No line: {count} of the pages kept on this device have these words."),
        "tooMany": too_many % {"most": MOST_PAGES},
        "tooLarge": too_large % {"most": MOST_BYTES // 1_000_000},
    }
