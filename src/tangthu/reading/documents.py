"""A document that is one file, as its reader shows it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.reading import addresses, citing, tickets
from tangthu.reading.keeping import keeping_told, keeping_words
from tangthu.reading.places import marking_words, places_told
from tangthu.reading.presenting import address_of, record_of
from tangthu.reading.protection import marked_loan, shown_path
from tangthu.reading.readers import Opening
from tangthu.repository.models import DigitalFile, PageText
from tangthu.repository.policy.content import PDF
from tangthu.repository.policy.rights import Rights


def document(
    opening: Opening, *, actor: Actor, site: str, address: str | None
) -> dict[str, object]:
    """Return all that the page of a document's reader shows."""
    obj = opening.obj
    marked_for = 0 if opening.is_open else marked_loan(obj, actor)
    record = record_of(obj, actor)
    here, lasting = address_of(obj), citing.lasting(obj, site)
    return {
        "object": obj,
        "record": record,
        "home": here,
        "here": f"{site}{here}",
        "citation": citing.sentence(obj, record, label="", address=lasting),
        "lasting": lasting,
        "cited_as": citing.forms(obj),
        "rights": Rights(obj.rights).uri if obj.rights else "",
        "is_open": opening.is_open,
        "file": opening.file,
        "data": data(opening, record, address=address, site=site)
        | _of_copy(opening, marked_for, address)
        | {
            "places": places_told(obj, actor),
            "offline": keeping_told(obj, actor, is_open=opening.is_open),
            "words": words() | marking_words() | keeping_words(),
        },
    }


def data(
    opening: Opening, record: Record | None, *, address: str | None, site: str
) -> dict[str, object]:
    """Return what the reader's script needs to know."""
    obj, file = opening.obj, opening.file
    here = address_of(obj)
    return {
        "file": file_address(opening, file),
        "ticket": _ticket(opening, file, address),
        "renew": renewal(opening, file),
        "size": file.size,
        "version": file.sha256[:16],
        "name": file.name,
        "home": here,
        "site": site,
        "title": obj.title,
        "language": next(iter(obj.language_codes), ""),
        "citation": citing.sentence(obj, record, label="{label}", address="{address}"),
        "isOpen": opening.is_open,
        "texts": _texts(opening),
    }


def _texts(opening: Opening) -> str:
    """Return where the words of pages are fetched that only pictures show; empty where unread."""
    obj = opening.obj
    if opening.file.media_type != PDF or not PageText.objects.of_units(obj).exists():
        return ""
    return reverse("reading:unit", args=[obj.identifier, 0])[:-1]


def _of_copy(opening: Opening, marked_for: int, address: str | None) -> dict[str, object]:
    """Return what differs where the reader is shown the loan's own copy. Raises CopyNotMade."""
    if not marked_for:
        return {}
    obj, file = opening.obj, opening.file
    return {
        "size": shown_path(file, marked_for).stat().st_size,
        "version": f"{file.sha256[:16]}-{marked_for}",
        "ticket": tickets.give(
            obj.identifier, obj.terms, address=address, file=file.identifier, view=marked_for
        ),
    }


def file_address(opening: Opening, file: DigitalFile) -> str:
    """Return where the file is fetched, without its ticket."""
    return addresses.file(opening.obj.identifier, file.identifier)


def _ticket(opening: Opening, file: DigitalFile, address: str | None) -> str:
    """Return the ticket for the file; empty where it is open to all."""
    if opening.is_open:
        return ""
    obj = opening.obj
    return tickets.give(obj.identifier, obj.terms, address=address, file=file.identifier)


def renewal(opening: Opening, file: DigitalFile) -> str:
    """Return where a fresh ticket for the file is had; empty where none is needed."""
    if opening.is_open:
        return ""
    return f"{reverse('reading:ticket', args=[opening.obj.identifier])}?file={file.identifier}"


def words() -> dict[str, str]:
    """Return the sentences that the readers' scripts say."""
    return {
        "page": _("Page"),
        "lost": _("The document does not come any more. Load the page again."),
        "damaged": _("This document cannot be opened: its file is damaged."),
        "locked": _("This document is locked with a password and cannot be shown."),
        "found": _("{place} of {count}"),
        "searching": _("Searching…"),
        "nothing": _("Nothing found."),
        "without": _("Without a title"),
    }
