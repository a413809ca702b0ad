"""Which reader shows which kind of object, and which of its files that reader may fetch.

Each kind has one reader. It registers here; who asks for an object's page is sent to it, and only
files that it names are ever streamed: never a master, never a page's pyramid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse

from tangthu.core.requests import LibraryRequest
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.content import EPUB, PDF
from tangthu.repository.policy.kinds import FileRole, ObjectKind


@dataclass(frozen=True, slots=True)
class Opening:
    """An object that was opened for a visitor: the ticket of its images is empty where it is open.

    `file` is what the reader shows.
    """

    obj: DigitalObject
    ticket: str
    file: DigitalFile

    @property
    def is_open(self) -> bool:
        return not self.ticket


Show = Callable[[LibraryRequest, Opening], HttpResponse]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind is shown: by `show`, with the files of these types, and these beside it."""

    show: Show
    media_types: frozenset[str]
    beside: frozenset[str] = frozenset()


SHOWN_ROLES = (FileRole.DELIVERY, FileRole.ORIGINAL)
PLAIN = "text/plain"
DERIVED = frozenset({EPUB, PDF, PLAIN})
"""What may be made of page images; only copies for reading of it are shown."""

_readers: dict[str, Reader] = {}


def register(kind: ObjectKind, reader: Reader) -> None:
    """Let this reader show the objects of the kind."""
    _readers[kind] = reader


def reader_of(kind: str) -> Reader | None:
    return _readers.get(kind)


def file_of(obj: DigitalObject, media_types: frozenset[str]) -> DigitalFile | None:
    """Return the file that is read: the newest copy for reading, else what was taken in."""
    found = obj.files.current().filter(role__in=SHOWN_ROLES, media_type__in=sorted(media_types))
    # "delivery" stands before "original".
    return found.filter(page_shown=None).order_by("role", "-id").first()


def derived_of(obj: DigitalObject, media_type: str) -> DigitalFile | None:
    """Return what was made of the object's page images in this form, if it was."""
    found = obj.files.current().filter(role=FileRole.DELIVERY, media_type=media_type)
    return found.order_by("-id").first()


def all_derived_of(obj: DigitalObject) -> list[DigitalFile]:
    """Return what was made of the object's page images for readers to take along. One query."""
    found = obj.files.current().filter(role=FileRole.DELIVERY, media_type__in=sorted(DERIVED))
    return list(found.order_by("media_type", "-id"))


def may_be_streamed(file: DigitalFile) -> bool:
    """Tell whether a reader shows this file of its object; `file.object` is known."""
    if file.object.kind == ObjectKind.PAGE_IMAGES:
        return file.role == FileRole.DELIVERY and file.media_type in DERIVED
    reader = _readers.get(file.object.kind)
    if reader is None:
        return False
    if file.media_type in reader.beside:
        return file.role != FileRole.MASTER
    return file.role in SHOWN_ROLES and file.media_type in reader.media_types


def is_only_taken_along(file: DigitalFile) -> bool:
    """Tell whether no reader of ours shows the file: it leaves us where its object is open to all.

    A PDF or a text of page images is made to be taken along; the pages and the e-book are read.
    """
    return file.object.kind == ObjectKind.PAGE_IMAGES and file.media_type != EPUB


def readable() -> Q:
    """Return the condition on objects that there is something to read: pages, or a shown file."""
    found = Q(Exists(Page.objects.filter(object=OuterRef("pk"), delivery__isnull=False)))
    for kind, reader in _readers.items():
        shown = DigitalFile.objects.current().filter(
            object=OuterRef("pk"),
            role__in=SHOWN_ROLES,
            media_type__in=sorted(reader.media_types),
        )
        found |= Q(kind=kind) & Q(Exists(shown))
    return found
