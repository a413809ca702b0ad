"""Digital objects as they are shown among others: a picture, a title, what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from tangthu.reading import addresses
from tangthu.reading.presenting import address_of
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.models.pages import PageQuerySet
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.reading import is_open_to_all

WIDTH = 360
COVERS = {
    ObjectKind.AUDIO: "audio",
    ObjectKind.VIDEO: "video",
    ObjectKind.PAGE_IMAGES: "image",
    ObjectKind.DATA: "computer",
}
"""The drawn covers of what has no picture of its own; all other kinds are books."""


@dataclass(frozen=True, slots=True)
class Card:
    """An object in a grid. `picture` is empty where nobody may see one without asking."""

    obj: DigitalObject
    address: str
    picture: str
    cover: str


def cards_of(objects: Iterable[DigitalObject], *, now: datetime) -> list[Card]:
    """Return the cards in the order of the objects. One query for the pictures of all."""
    found = list(objects)
    pictures = _first_pages([obj for obj in found if is_open_to_all(obj, now=now)])
    return [
        Card(
            obj=obj,
            address=address_of(obj),
            picture=pictures.get(obj.pk, ""),
            cover=COVERS.get(ObjectKind(obj.kind), "book"),
        )
        for obj in found
    ]


def first_pages(objects: Iterable[DigitalObject]) -> PageQuerySet:
    """Return the first page that can be shown of each object."""
    earlier = Page.objects.ready().filter(
        object=OuterRef("object"), position__lt=OuterRef("position")
    )
    return Page.objects.ready().filter(~Exists(earlier), object__in=list(objects))


def _first_pages(objects: Sequence[DigitalObject]) -> dict[int, str]:
    rows = first_pages(objects).values_list("object", "identifier", "width")
    return {
        object_id: f"{addresses.image(name)}/full/{min(WIDTH, width or WIDTH)},/0/default.jpg"
        for object_id, name, width in rows
    }
