"""Composing exhibitions: their blocks, their order, and showing them to readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tangthu.community.errors import BlockRefused, BlockTakenOut, ExhibitionTaken, TooManyBlocks
from tangthu.community.models import Block, Exhibition
from tangthu.community.permissions import CommunityPermission
from tangthu.community.policy.blocks import (
    LONGEST_TEXT,
    MOST_BLOCKS,
    WITH_ADDRESS,
    BadLine,
    BlockKind,
    Place,
    happenings_of,
    pins_of,
    place_of,
    places_of,
)
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, StaleVersion
from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject
from tangthu.repository.reading import is_open_to_all
from tangthu.text import clean, normalise

PUT_BACK_WITHIN = timedelta(days=30)
"""How long a block that was taken out is kept."""

_READ_AS: Mapping[str, Callable[[str], object]] = {
    BlockKind.GALLERY: places_of,
    BlockKind.MAP: pins_of,
    BlockKind.TIMELINE: happenings_of,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitionData:
    """An exhibition as it is announced."""

    slug: str
    title: str
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockData:
    """A block as it is typed."""

    heading: str = ""
    text: str = ""
    address: str = ""
    lines: str = ""


@transaction.atomic
def make_exhibition(data: ExhibitionData, *, library: Library, by: Actor) -> Exhibition:
    """Make an exhibition that readers do not see yet. Raises ExhibitionTaken, Invalid."""
    by.require(CommunityPermission.SHOW, at=library.pk)
    exhibition = Exhibition(library=library, created_at=timezone.now())
    return _save(exhibition, data, "exhibition.made", by=by)


@transaction.atomic
def change_exhibition(
    exhibition: Exhibition, data: ExhibitionData, *, revision: int, by: Actor
) -> Exhibition:
    """Announce it anew. Raises ExhibitionTaken, Invalid, StaleVersion where somebody did."""
    locked = _locked(exhibition, by=by)
    if locked.revision != revision:
        raise StaleVersion(exhibition=locked.pk)
    locked.revision += 1
    return _save(locked, data, "exhibition.changed", by=by)


@transaction.atomic
def show_exhibition(exhibition: Exhibition, *, shown: bool, by: Actor) -> Exhibition:
    """Let readers see it, or take it back from them."""
    locked = _locked(exhibition, by=by)
    if (locked.published_at is not None) != shown:
        locked.published_at = timezone.now() if shown else None
        locked.save(update_fields=["published_at"])
        _told("exhibition.shown" if shown else "exhibition.hidden", locked, by=by)
    return locked


@transaction.atomic
def add_block(exhibition: Exhibition, kind: BlockKind, data: BlockData, *, by: Actor) -> Block:
    """Put a block behind the last one. Raises BlockRefused, TooManyBlocks."""
    locked = _locked(exhibition, by=by)
    found = locked.blocks.aggregate(last=Max("position"))["last"] or 0
    if locked.blocks.count() >= MOST_BLOCKS:
        raise TooManyBlocks(limit=MOST_BLOCKS)
    block = Block(exhibition=locked, position=found + 1, kind=kind)
    _fill(block, data)
    block.save()
    _touched(locked, by=by)
    return block


@transaction.atomic
def change_block(block: Block, data: BlockData, *, revision: int, by: Actor) -> Block:
    """Type a block anew.

    Raises BlockRefused; StaleVersion or BlockTakenOut where somebody did that meanwhile.
    """
    exhibition = _locked(block.exhibition, by=by)
    locked = Block.objects.select_for_update().filter(pk=block.pk).first()
    if locked is None:
        raise BlockTakenOut(block=block.pk)
    if locked.revision != revision:
        raise StaleVersion(block=locked.pk)
    _fill(locked, data)
    locked.revision += 1
    locked.save()
    _touched(exhibition, by=by)
    return locked


@transaction.atomic
def move_block(block: Block, *, step: int, by: Actor) -> None:
    """Let the block change places with the one before it (-1) or after it (1), if there is one."""
    exhibition = _locked(block.exhibition, by=by)
    blocks = list(exhibition.blocks.all())
    place = next((n for n, each in enumerate(blocks) if each.pk == block.pk), None)
    if place is None or not 0 <= place + step < len(blocks):
        return
    blocks.insert(place + step, blocks.pop(place))
    for position, each in enumerate(blocks, start=1):
        each.position = position
    Block.objects.bulk_update(blocks, ["position"])
    _touched(exhibition, by=by)


@transaction.atomic
def remove_block(block: Block, *, by: Actor) -> None:
    """Take the block out; it can be put back for a while."""
    exhibition, now = _locked(block.exhibition, by=by), timezone.now()
    if Block.objects.filter(pk=block.pk).update(removed_at=now):
        _touched(exhibition, by=by)
    removed = Block.with_removed.filter(exhibition=exhibition)
    removed.filter(removed_at__lt=now - PUT_BACK_WITHIN).delete()


@transaction.atomic
def put_block_back(block: Block, *, by: Actor) -> None:
    """Put a block that was taken out back to where it stood. Raises TooManyBlocks."""
    exhibition = _locked(block.exhibition, by=by)
    if exhibition.blocks.count() >= MOST_BLOCKS:
        raise TooManyBlocks(limit=MOST_BLOCKS)
    removed = Block.with_removed.filter(pk=block.pk, removed_at__isnull=False)
    if removed.update(removed_at=None):
        _touched(exhibition, by=by)


def _locked(exhibition: Exhibition, *, by: Actor) -> Exhibition:
    by.require(CommunityPermission.SHOW, at=exhibition.library_id)
    return Exhibition.objects.select_for_update(no_key=True).get(pk=exhibition.pk)


def _save(exhibition: Exhibition, data: ExhibitionData, action: str, *, by: Actor) -> Exhibition:
    exhibition.slug, exhibition.title = data.slug, normalise(data.title)[:200]
    exhibition.lead = clean(data.lead)[:LONGEST_TEXT]
    for field in ("title", "slug"):
        if not getattr(exhibition, field):
            raise Invalid(field)
    if Exhibition.objects.filter(slug=data.slug).exclude(pk=exhibition.pk).exists():
        raise ExhibitionTaken(field="slug", slug=data.slug)
    exhibition.changed_at = timezone.now()
    exhibition.save()
    _told(action, exhibition, by=by)
    return exhibition


def _touched(exhibition: Exhibition, *, by: Actor) -> None:
    exhibition.changed_at = timezone.now()
    exhibition.save(update_fields=["changed_at"])
    _told("exhibition.composed", exhibition, by=by)


def _fill(block: Block, data: BlockData) -> None:
    block.heading = normalise(data.heading)[:200]
    block.text = clean(data.text)[:LONGEST_TEXT]
    block.address, block.lines = data.address.strip()[:500], clean(data.lines)[:LONGEST_TEXT]
    kind = BlockKind(block.kind)
    if kind in {BlockKind.TEXT, BlockKind.QUOTE} and not block.text:
        raise BlockRefused("text", "nothing_typed")
    if kind in WITH_ADDRESS:
        _require_open(place_of(block.address), "address")
    read = _READ_AS.get(kind)
    if read is None:
        return
    if not block.lines:
        raise BlockRefused("lines", "nothing_typed")
    try:
        found = read(block.lines)
    except BadLine as bad:
        raise BlockRefused("lines", "bad_line", line=bad.line) from bad
    if kind == BlockKind.GALLERY and isinstance(found, tuple):
        for number, place in enumerate(found, start=1):
            _require_open(place, "lines", line=number)


def _require_open(place: Place | None, field: str, *, line: int = 0) -> None:
    """Refuse what readers could not open: an exhibition shows what is open to all."""
    if place is None:
        raise BlockRefused(field, "no_address_of_ours", line=line)
    obj = DigitalObject.objects.filter(identifier=place.object).first()
    if obj is None or not is_open_to_all(obj, now=timezone.now()):
        raise BlockRefused(field, "not_open_to_all", line=line)
    if place.page and not obj.pages.ready().filter(identifier=place.page).exists():
        raise BlockRefused(field, "no_such_page", line=line)


def _told(action: str, exhibition: Exhibition, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="exhibition",
        key=exhibition.pk,
        library=exhibition.library_id,
        after={"title": exhibition.title, "blocks": exhibition.blocks.count()},
    )
