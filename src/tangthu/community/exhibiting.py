"""Exhibitions as they are shown: what was typed becomes pictures, places, moments and sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.urls import reverse
from django.utils import timezone

from tangthu.community.cards import Card, cards_of, first_pages
from tangthu.community.figures import Figures, figures
from tangthu.community.models import Block, Exhibition
from tangthu.community.policy.blocks import (
    WITH_ADDRESS,
    BadLine,
    BlockKind,
    Happening,
    Pin,
    Place,
    happenings_of,
    pins_of,
    place_of,
    places_of,
)
from tangthu.reading import addresses
from tangthu.repository.models import DigitalObject, Page, Recording
from tangthu.repository.reading import is_open_to_all

WIDTH = 1600
PICTURED = (BlockKind.IMAGE, BlockKind.MAP)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page, or a part of one. Width and height are those of what is sent."""

    address: str
    link: str
    width: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A pin on a picture, in the picture's pixels."""

    number: int
    x: int
    y: int
    pin: Pin


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that is played within the exhibition, from a moment of it."""

    address: str
    link: str
    media_type: str
    title: str
    is_film: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A block and what it shows; what readers may not open any more is left out."""

    block: Block
    picture: Picture | None = None
    spots: Sequence[Spot] = ()
    happenings: Sequence[Happening] = ()
    cards: Sequence[Card] = ()
    sound: Sound | None = None
    figures: Figures | None = None


def cover_of(blocks: Iterable[Shown]) -> Picture | None:
    """Return the picture that stands for an exhibition: the first that it shows."""
    return next((each.picture for each in blocks if each.picture), None)


def covers(exhibitions: Iterable[Exhibition], *, now: datetime) -> dict[int, Picture]:
    """Return the covers of exhibitions by their keys. Five queries, however many there are."""
    pictured = Block.objects.filter(exhibition__in=list(exhibitions), kind__in=PICTURED)
    found: dict[int, Picture] = {}
    for each in shown(pictured.order_by("exhibition", "position", "id"), now=now):
        if each.picture:
            found.setdefault(each.block.exhibition_id, each.picture)
    return found


def shown(blocks: Iterable[Block], *, now: datetime) -> list[Shown]:
    """Return the blocks in order, as readers see them. Four queries, however many blocks."""
    rows = list(blocks)
    objects = _open_objects(rows, now=now)
    pages = _pages(rows, objects)
    return [_shown(block, objects, pages, now=now) for block in rows]


def _open_objects(blocks: Sequence[Block], *, now: datetime) -> dict[str, DigitalObject]:
    names = {place.object for block in blocks for place in _places(block)}
    found = DigitalObject.objects.filter(identifier__in=names).select_related("library")
    return {obj.identifier: obj for obj in found if is_open_to_all(obj, now=now)}


def _pages(
    blocks: Sequence[Block], objects: Mapping[str, DigitalObject]
) -> dict[tuple[str, str], Page]:
    """Return the pages that are named, and the first page of each object under an empty name."""
    places = [place for block in blocks if block.kind in WITH_ADDRESS for place in _places(block)]
    named = {place.page for place in places if place.page}
    whole = [objects[place.object] for place in places if place.object in objects]
    by_first = list(first_pages(whole).select_related("object"))
    rows = Page.objects.ready().filter(identifier__in=named).select_related("object")
    found = {(page.object.identifier, page.identifier): page for page in rows}
    return found | {(page.object.identifier, ""): page for page in by_first}


def _shown(
    block: Block,
    objects: Mapping[str, DigitalObject],
    pages: Mapping[tuple[str, str], Page],
    *,
    now: datetime,
) -> Shown:
    places = [place for place in _places(block) if place.object in objects]
    match block.kind:
        case BlockKind.IMAGE | BlockKind.MAP:
            picture = _picture(places[0], objects, pages) if places else None
            return Shown(block=block, picture=picture, spots=_spots(block, picture))
        case BlockKind.GALLERY:
            cards = cards_of([objects[place.object] for place in places], now=now)
            return Shown(block=block, cards=cards)
        case BlockKind.TIMELINE:
            return Shown(block=block, happenings=_happenings(block))
        case BlockKind.SOUND:
            return Shown(block=block, sound=_sound(places[0], objects) if places else None)
        case BlockKind.FIGURES:
            return Shown(block=block, figures=figures(today=timezone.localdate(now)))
        case _:
            return Shown(block=block)


def _picture(
    place: Place,
    objects: Mapping[str, DigitalObject],
    pages: Mapping[tuple[str, str], Page],
) -> Picture | None:
    page = pages.get((place.object, place.page))
    if page is None:
        return None
    left, top, width, height = place.region or (0, 0, page.width or 1, page.height or 1)
    sent = min(WIDTH, width)
    region = f"{left},{top},{width},{height}" if place.region else "full"
    link = reverse("reading:page", args=[place.object, page.identifier])
    return Picture(
        address=f"{addresses.image(page.identifier)}/{region}/{sent},/0/default.jpg",
        link=f"{link}#xywh={left},{top},{width},{height}" if place.region else link,
        width=sent,
        height=max(1, round(height * sent / width)),
        title=objects[place.object].title,
    )


def _spots(block: Block, picture: Picture | None) -> list[Spot]:
    if picture is None or block.kind != BlockKind.MAP:
        return []
    return [
        Spot(number, round(pin.x * picture.width / 100), round(pin.y * picture.height / 100), pin)
        for number, pin in enumerate(_read(pins_of, block), start=1)
    ]


def _happenings(block: Block) -> Sequence[Happening]:
    return _read(happenings_of, block)


def _sound(place: Place, objects: Mapping[str, DigitalObject]) -> Sound | None:
    found = Recording.objects.ready().filter(object=objects[place.object]).in_order()
    rows = list(found)
    row = next((each for each in rows if each.position == place.part), rows[0] if rows else None)
    if row is None or row.delivery is None:
        return None
    link = reverse("reading:object", args=[place.object])
    moment = f"#t={place.seconds}" if place.seconds else ""
    return Sound(
        address=addresses.file(place.object, row.delivery.identifier) + moment,
        link=f"{link}?part={row.position}&t={place.seconds}",
        media_type=row.delivery.media_type,
        title=row.title or objects[place.object].title,
        is_film=bool(row.width),
    )


def _places(block: Block) -> Sequence[Place]:
    if block.kind == BlockKind.GALLERY:
        return _read(places_of, block)
    place = place_of(block.address) if block.kind in WITH_ADDRESS else None
    return [place] if place else []


def _read(read: Callable[[str], Sequence[Found]], block: Block) -> Sequence[Found]:
    try:
        return read(block.lines)
    except BadLine:
        return ()
