"""How a lent file is kept from being passed on: three ways, behind one seam.

none        the file as it is, on the page and taken along where the licence allows it
watermark   the loan's own copy, with the reader's name and a hidden mark
lcp         a licence document of the external server; nothing of the file leaves us
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.reading import lcp_server, tickets
from tangthu.reading.actions.lending import licence_document
from tangthu.reading.copies import is_marked, marked_copy
from tangthu.reading.lending import loan_of
from tangthu.reading.models import DigitalLoan
from tangthu.reading.policy.licences import Protection
from tangthu.reading.readers import SHOWN_ROLES, may_be_streamed
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a reader takes along: a file of ours, or bytes that were made for the reader."""

    name: str
    media_type: str
    path: Path | None = None
    content: bytes = b""


class Protector(Protocol):
    """One way of protecting. `reads_here` tells whether our own pages show what it protects."""

    reads_here: bool

    def shown(self, file: DigitalFile, loan_id: int) -> Path:
        """Return the path of what our pages stream to the borrower. Raises CopyNotMade."""

    def may_be_taken(self, loan: DigitalLoan) -> bool:
        """Tell whether the borrower may take it along at all."""

    def taken(self, loan: DigitalLoan, file: DigitalFile | None, *, by: Actor) -> Taken | None:
        """Return what the borrower takes along; nothing where there is no such file."""


class Plain:
    """Nothing stands in the way but the licence."""

    reads_here = True

    def shown(self, file: DigitalFile, loan_id: int) -> Path:
        return storage.path_of(file)

    def may_be_taken(self, loan: DigitalLoan) -> bool:
        return loan.licence.downloads

    def taken(self, loan: DigitalLoan, file: DigitalFile | None, *, by: Actor) -> Taken | None:
        if file is None:
            return None
        return Taken(name=file.name, media_type=file.media_type, path=self.shown(file, loan.pk))


class Marked(Plain):
    """The loan's own copy; of what cannot be marked nothing is taken along."""

    def shown(self, file: DigitalFile, loan_id: int) -> Path:
        return marked_copy(file, loan_id) if is_marked(file) else storage.path_of(file)

    def taken(self, loan: DigitalLoan, file: DigitalFile | None, *, by: Actor) -> Taken | None:
        return super().taken(loan, file, by=by) if file and is_marked(file) else None


class Licensed:
    """A licence document, by which a reading program fetches and opens the book."""

    reads_here = False

    def shown(self, file: DigitalFile, loan_id: int) -> Path:
        raise FileNotFoundError(file.identifier)

    def may_be_taken(self, loan: DigitalLoan) -> bool:
        return True

    def taken(self, loan: DigitalLoan, file: DigitalFile | None, *, by: Actor) -> Taken | None:
        found = licence_document(loan, by=by)
        return Taken(
            name=f"{loan.object.identifier}.lcpl",
            media_type=lcp_server.LICENCE,
            content=found.content,
        )


_WAYS: Mapping[str, Protector] = {
    Protection.NONE: Plain(),
    Protection.WATERMARK: Marked(),
    Protection.LCP: Licensed(),
}


def protector_of(loan: DigitalLoan) -> Protector:
    """Return the way in which this loan's licence protects."""
    return _WAYS[loan.licence.protection]


def file_to_take(obj: DigitalObject) -> DigitalFile | None:
    """Return the file that a borrower of the object would take along, the newest that is shown."""
    rows = obj.files.current().filter(role__in=SHOWN_ROLES, page_shown=None)
    for row in rows.order_by("role", "-id"):
        row.object = obj
        if may_be_streamed(row):
            return row
    return None


def marked_loan(obj: DigitalObject, actor: Actor) -> int:
    """Return the loan whose own copies this visitor reads; 0 for who reads the files."""
    if obj.access != Access.LENT:
        return 0
    loan = loan_of(obj, actor, now=timezone.now())
    return loan.pk if loan and loan.licence.protection == Protection.WATERMARK else 0


def shown_path(file: DigitalFile, marked_for: int) -> Path:
    """Return what is streamed: the file, or the copy that bears the mark of this loan."""
    way = _WAYS[Protection.WATERMARK if marked_for else Protection.NONE]
    return way.shown(file, marked_for)


def may_be_fetched(loan: DigitalLoan, file: DigitalFile) -> bool:
    """Tell whether a reading program of the borrower's may fetch the file itself, or its copy."""
    way = loan.licence.protection
    if way == Protection.WATERMARK:
        return loan.licence.downloads and is_marked(file)
    return way == Protection.NONE


def file_ticket(obj: DigitalObject, file: str, *, actor: Actor, address: str | None) -> str:
    """Return a ticket for a file, which knows for which loan its copy is marked."""
    marked_for = marked_loan(obj, actor)
    return tickets.give(obj.identifier, obj.terms, address=address, file=file, view=marked_for)
