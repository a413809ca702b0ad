"""An object as its viewer shows it: its pages in order, and the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.reading import addresses, citing
from tangthu.reading.keeping import pages_keeping_told, pages_keeping_words
from tangthu.reading.places import marking_words, places_told
from tangthu.reading.policy.keeping import WIDTH as KEPT_WIDTH
from tangthu.repository.models import DigitalObject, Page, Section
from tangthu.repository.policy.rights import Rights

# What the page is first seen in, on a phone and on a desk, until the deep zoom draws it sharp: a
# page full of print has 30 KB at this width, a sixth of a second on a phone's line.
SMALL, MIDDLE = 360, 720
# What who has no script reads: a phone's width, and a desk's or a sharp phone's.
NARROW, WIDE = 720, 1280


@dataclass(frozen=True, slots=True)
class Picture:
    """The page as plain pictures: for who has no script, and small until the script has drawn."""

    small: str
    middle: str
    address: str
    addresses: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An object, its pages that can be shown, and the place of the open one among them."""

    obj: DigitalObject
    pages: Sequence[Page]
    place: int
    ticket: str
    is_kept: bool = False
    """Whether it is the page that a browser keeps, which shows the pictures that it keeps too."""

    @property
    def page(self) -> Page:
        return self.pages[self.place]


def viewer(opened: Opened, *, actor: Actor, site: str, is_open: bool) -> dict[str, object]:
    """Return all that the viewer's page shows."""
    obj, page = opened.obj, opened.page
    record = record_of(obj, actor)
    lasting = citing.lasting(obj, site, page)
    return {
        "object": obj,
        "page": page,
        "pages": opened.pages,
        "number": opened.place + 1,
        "count": len(opened.pages),
        "before": _neighbour(opened, -1),
        "after": _neighbour(opened, 1),
        "picture": kept_picture(page) if opened.is_kept else picture(page, opened.ticket),
        "sections": _sections(opened),
        "record": record,
        "home": address_of(obj),
        "here": f"{site}{address_of(obj, page)}",
        "lasting": lasting,
        "citation": citing.sentence(obj, record, label=page.said_label, address=lasting),
        "cited_as": citing.forms(obj, page),
        "manifest": f"{site}{addresses.manifest(obj.identifier)}",
        "rights": Rights(obj.rights).uri if obj.rights else "",
        "is_open": is_open,
        "embedded": f"{site}{reverse('reading:embedded', args=[obj.identifier, page.identifier])}",
        "data": data(opened, record, site=site)
        | {
            "places": places_told(obj, actor),
            "offline": pages_keeping_told(obj, actor, is_open=is_open),
        },
    }


def data(opened: Opened, record: Record | None, *, site: str) -> dict[str, object]:
    """Return what the viewer's script needs to know: short, for a book has hundreds of pages."""
    obj = opened.obj
    # What is kept was fetched: it needs no ticket, and none would be good for so long.
    ticket = "" if opened.is_kept else opened.ticket
    return {
        "images": addresses.images(),
        "ticket": ticket,
        "renew": reverse("reading:ticket", args=[obj.identifier]) if ticket else "",
        "isKept": opened.is_kept,
        "home": address_of(obj),
        "site": site,
        "lasting": citing.lasting(obj, site),
        "citation": citing.sentence(obj, record, label="{label}", address="{address}"),
        "title": obj.title,
        "place": opened.place,
        "pages": [
            [page.identifier, page.shown_label, page.width, page.height] for page in opened.pages
        ],
        "words": {
            "page": _("Page"),
            "lost": _("The pictures do not come any more. Load the page again."),
            "goOnHere": _("Go on at {label}, where you were last?"),
            **marking_words(),
            **pages_keeping_words(),
        },
    }


def picture(page: Page, ticket: str) -> Picture:
    """Return the page as pictures of some widths, never wider than it is."""
    width, height = page.width or 1, page.height or 1
    address = addresses.image(page.identifier, ticket)
    widths = sorted({min(NARROW, width), min(WIDE, width)})
    drawn = [(f"{address}/full/{each},/0/default.jpg", each) for each in widths]
    small, middle = (f"{address}/full/{min(each, width)},/0/default" for each in (SMALL, MIDDLE))
    return Picture(
        small=f"{small}.webp",
        middle=f"{middle}.webp",
        address=drawn[0][0],
        addresses=", ".join(f"{url} {each}w" for url, each in drawn),
        width=width,
        height=height,
    )


def kept_picture(page: Page) -> Picture:
    """Return the one picture of a page that a browser keeps, by the address it is kept under."""
    width = page.width or 1
    address = addresses.image(page.identifier)
    kept = f"{address}/full/{min(KEPT_WIDTH, width)},/0/default.webp?kept="
    return Picture(
        small=kept,
        middle=kept,
        address=kept,
        addresses=f"{kept} {min(KEPT_WIDTH, width)}w",
        width=width,
        height=page.height or 1,
    )


def address_of(obj: DigitalObject, page: Page | None = None) -> str:
    """Return the lasting address of the object, or of one of its pages."""
    if page is None:
        return reverse("reading:object", args=[obj.identifier])
    return reverse("reading:page", args=[obj.identifier, page.identifier])


def record_of(obj: DigitalObject, actor: Actor) -> Record | None:
    """Return the record that the object is named by, if these eyes may see it."""
    found = Record.objects.visible_to(actor).without_marc().filter(digital_links__object=obj)
    return found.order_by("digital_links__position", "digital_links__id").first()


def _neighbour(opened: Opened, step: int) -> str:
    place = opened.place + step
    if not 0 <= place < len(opened.pages):
        return ""
    return address_of(opened.obj, opened.pages[place])


def _sections(opened: Opened) -> list[tuple[Section, str]]:
    shown = {page.pk: page for page in opened.pages}
    rows = [row for row in opened.obj.sections.all() if row.first_page_id in shown]
    return [(row, address_of(opened.obj, shown[row.first_page_id])) for row in rows]
