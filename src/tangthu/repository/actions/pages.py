"""The order of pages, their labels, how they are turned, and what takes their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.files import Incoming, taken_page
from tangthu.repository.actions.objects import lock
from tangthu.repository.errors import BadOrder, TooManyPages
from tangthu.repository.models import DigitalFile, DigitalObject, Page, Section
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import EventKind
from tangthu.repository.policy.limits import MOST_PAGES
from tangthu.repository.policy.outlines import Box, Outline, halves, outline_of, part_of, plain
from tangthu.text import normalise


@dataclass(frozen=True, slots=True)
class SectionData:
    """A line of the table of contents: title, the page it begins on, how deep it stands."""

    title: str
    page: Page
    level: int = 1


@transaction.atomic
def reorder_pages(obj: DigitalObject, order: Sequence[int], *, by: Actor) -> None:
    """Put the pages in this order of their keys. Raises BadOrder unless it names each once."""
    locked = _to_change(obj, by)
    known = set(locked.pages.values_list("pk", flat=True))
    if len(order) != len(known) or set(order) != known:
        raise BadOrder("order")
    # Below nothing first: no two pages may stand in one place even for a moment.
    locked.pages.update(position=-F("position") - 1)
    for position, pk in enumerate(order, 1):
        Page.objects.filter(pk=pk).update(position=position)
    _told("object.pages_reordered", locked, by=by)


@transaction.atomic
def label_pages(obj: DigitalObject, labels: Mapping[int, str], *, by: Actor) -> None:
    """Write what is printed on pages, by their keys: `iv`, `12`, `Bìa trước`. Empty: its number."""
    locked = _to_change(obj, by)
    pages = {page.pk: page for page in locked.pages.filter(pk__in=labels)}
    if len(pages) != len(labels):
        raise Invalid("labels")
    before = {str(page.position): page.label for page in pages.values()}
    for pk, label in labels.items():
        pages[pk].label = normalise(label)[:40]
    Page.objects.bulk_update(pages.values(), ["label"])
    after = {str(page.position): page.label for page in pages.values()}
    _told("object.page_labelled", locked, by=by, before=before, after=after)


@transaction.atomic
def turn_page(page: Page, *, quarters: int, by: Actor) -> Page:
    """Turn a page clockwise by quarters; it is drawn anew. The master stays as it is."""
    locked = _to_change(page.object, by)
    row = locked.pages.select_for_update().get(pk=page.pk)
    before = {"rotation": row.rotation}
    row.rotation = (row.rotation + 90 * quarters) % 360
    draw_anew(row, ["rotation"])
    _told("object.page_turned", locked, by=by, before=before, after={"rotation": row.rotation})
    return row


@transaction.atomic
def shape_page(page: Page, outline: Outline | None, *, by: Actor) -> Page:
    """Let the page show what lies within these corners of its master; None: all of it.

    It is drawn anew, straightened; the master stays as it is. Raises Invalid.
    """
    locked = _to_change(page.object, by)
    row = locked.pages.select_for_update().get(pk=page.pk)
    before = {"outline": row.outline}
    try:
        row.outline = plain(outline_of(outline)) if outline is not None else None
    except ValueError:
        raise Invalid("outline") from None
    draw_anew(row, ["outline"])
    _told("object.page_shaped", locked, by=by, before=before, after={"outline": row.outline})
    return row


@transaction.atomic
def crop_page(page: Page, box: Box, *, by: Actor) -> Page:
    """Let the page show this box of what it shows now. Raises Invalid for one that leads out."""
    locked = _to_change(page.object, by)
    row = locked.pages.select_for_update().get(pk=page.pk)
    try:
        outline = part_of(row.corners, box, rotation=row.rotation)
    except ValueError:
        raise Invalid("box") from None
    return shape_page(row, outline, by=by)


@transaction.atomic
def split_page(page: Page, *, at: float, by: Actor) -> tuple[Page, Page]:
    """Part a double page, as it is shown, at that part of its width; the right half comes next.

    Both show their half of the same master. The left keeps the address; its label goes, for it
    was that of two pages. Raises Invalid, TooManyPages.
    """
    locked = _to_change(page.object, by)
    left = locked.pages.select_for_update().get(pk=page.pk)
    try:
        outlines = halves(left.corners, at, rotation=left.rotation)
    except ValueError:
        raise Invalid("at") from None
    if locked.pages.count() >= MOST_PAGES:
        raise TooManyPages(limit=MOST_PAGES)
    behind = locked.pages.filter(position__gt=left.position)
    behind.update(position=-F("position") - 1)
    locked.pages.filter(position__lt=0).update(position=-F("position"))
    left.outline, left.label = plain(outlines[0]), ""
    draw_anew(left, ["outline", "label"])
    right = Page.objects.create(
        object=locked,
        position=left.position + 1,
        rotation=left.rotation,
        frame=left.frame,
        outline=plain(outlines[1]),
        master=left.master,
    )
    _told("object.page_split", locked, by=by, after={"position": left.position, "at": at})
    return left, right


def replace_page(page: Page, file: Incoming, *, by: Actor) -> Page:
    """Let another scan take the place of a page; the old master stays in the archive.

    The page keeps its place, label and address. Raises FileRefused; one file is one page.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=page.object.library_id)
    with taken_page(page.object, file, by=by) as master:
        return _put_in_place(page, master, by=by)


@transaction.atomic
def remove_page(page: Page, *, by: Actor) -> None:
    """Take a page out; those behind it move up. Its master stays in the archive's versions."""
    locked = _to_change(page.object, by)
    row = locked.pages.select_for_update(of=("self",)).select_related("master").get(pk=page.pk)
    position, master = row.position, row.master
    DigitalFile.objects.filter(page=row, replaced_at=None).update(replaced_at=timezone.now())
    row.delete()
    _retire(locked, master, EventKind.DELETION, by=by)
    behind = locked.pages.filter(position__gt=position)
    behind.update(position=-F("position"))
    locked.pages.filter(position__lt=0).update(position=-F("position") - 1)
    _told("object.page_removed", locked, by=by, before={"position": position})


@transaction.atomic
def set_sections(obj: DigitalObject, sections: Sequence[SectionData], *, by: Actor) -> None:
    """Write the table of contents anew. Raises Invalid for a page of another object."""
    locked = _to_change(obj, by)
    if any(each.page.object_id != locked.pk or not 1 <= each.level <= 6 for each in sections):
        raise Invalid("sections")
    locked.sections.all().delete()
    Section.objects.bulk_create(
        Section(
            object=locked,
            title=normalise(each.title)[:300],
            first_page=each.page,
            level=each.level,
            position=position,
        )
        for position, each in enumerate(sections, 1)
    )
    _told("object.sections_set", locked, by=by, after={"count": len(sections)})


@transaction.atomic
def _put_in_place(page: Page, master: DigitalFile, *, by: Actor) -> Page:
    locked = _to_change(page.object, by)
    row = locked.pages.select_for_update(of=("self",)).select_related("master").get(pk=page.pk)
    old = row.master
    row.master, row.frame, row.rotation, row.outline = master, 0, 0, None
    draw_anew(row, ["master", "frame", "rotation", "outline"])
    _retire(locked, old, EventKind.REPLACEMENT, by=by)
    _told("object.page_replaced", locked, by=by, after={"position": row.position})
    return row


def draw_anew(row: Page, changed: list[str]) -> None:
    """Let the page wait for a reading copy; the old one is forgotten by the nightly sweep."""
    if row.delivery_id:
        DigitalFile.objects.filter(pk=row.delivery_id).update(replaced_at=timezone.now())
    row.delivery, row.width, row.height, row.fault = None, None, None, ""
    row.save(update_fields=[*changed, "delivery", "width", "height", "fault"])


def _retire(obj: DigitalObject, master: DigitalFile | None, kind: EventKind, *, by: Actor) -> None:
    """Mark a master that no page is made of any more."""
    if master is None or Page.objects.filter(master=master).exists():
        return
    DigitalFile.objects.filter(pk=master.pk).update(replaced_at=timezone.now())
    note_event(obj, kind, by=by.name, file=master, detail=master.name)


def _to_change(obj: DigitalObject, by: Actor) -> DigitalObject:
    by.require(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
    return lock(obj)


def _told(
    action: str,
    obj: DigitalObject,
    *,
    by: Actor,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.record(
        action,
        by=by,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
        before=before,
        after=after,
    )
    tell(obj)
