"""How a page is quoted: a sentence and files for programs, with the address that lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.catalogue.models import Record
from tangthu.formats.citations import CITATIONS, Work
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.storage import loads
from tangthu.repository import naming
from tangthu.repository.models import DigitalObject, Page

Names = Callable[[DigitalObject], Sequence[tuple[str, str]]]
_elsewhere: list[Names] = []


def register(names: Names) -> None:
    """Let a face above tell the names (label, address) that objects have at others."""
    _elsewhere.append(names)


def other_names(obj: DigitalObject) -> list[tuple[str, str]]:
    """Return the names that the object has beside ours: a DOI, a handle."""
    return [name for names in _elsewhere for name in names(obj)]


def sentence(obj: DigitalObject, record: Record | None, *, label: str, address: str) -> str:
    """Return author, title, publisher and year, the page if any, who keeps it, and the address."""
    author = record.author if record else ""
    imprint = (record.publisher, str(record.year or "")) if record else ()
    page = _("p. %(label)s") % {"label": label} if label else ""
    published = ", ".join(part for part in imprint if part)
    *before, what = [part.rstrip(" .") for part in (author, obj.title, published) if part]
    # ISO 690 sets the page behind the imprint, after a comma: it is no sentence of its own.
    located = f"{what}, {page}" if page else what
    parts = [*before, located, obj.library.name, address]
    return ". ".join(part.rstrip(" .") for part in parts if part)


def lasting(obj: DigitalObject, site: str, page: Page | None = None) -> str:
    """Return the address by the lasting name (ARK) of the object, or of one of its pages."""
    name = naming.of_object(obj.identifier, page.identifier if page else "")
    return naming.address_of(name, site)


def forms(obj: DigitalObject, page: Page | None = None) -> list[tuple[str, str]]:
    """Return the forms in which programs take the citation, and where they are had."""
    asked = f"?page={page.identifier}" if page else ""
    return [
        (form.name, f"{reverse('reading:cite', args=[obj.identifier, ending])}{asked}")
        for ending, form in CITATIONS.items()
    ]


def work_of(obj: DigitalObject, record: Record | None, page: Page | None, *, site: str) -> Work:
    """Return what a citation needs; `record` comes with its MARC."""
    about = describe(loads(record.marc)) if record else None
    return Work(
        key=obj.identifier,
        title=obj.title,
        authors=tuple(author.name for author in about.authors) if about else (),
        kind=record.material_type if record else obj.kind,
        edition=about.edition if about else "",
        place=about.place if about else "",
        publisher=about.publisher if about else "",
        year=record.year if record else None,
        isbn=next(iter(about.isbns), "") if about else "",
        url=lasting(obj, site, page),
        language=next(iter(obj.language_codes), ""),
        holder=obj.library.name,
        page=page.said_label if page else "",
    )
