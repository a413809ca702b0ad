"""Taking corrections back: one, a page's since a moment, or all of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.digitisation.actions.correction.keeping import hold, keep
from tangthu.digitisation.actions.correction.overtaken import give_out_again
from tangthu.digitisation.errors import NothingUndone
from tangthu.digitisation.models import Correction, CorrectionQuerySet, How
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.changes import undone
from tangthu.repository.models import DigitalObject, Page, PageText


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many corrections were taken back, and how many stay: what was changed again since."""

    done: int = 0
    left: int = 0

    def __add__(self, other: TakenBack) -> TakenBack:
        return TakenBack(self.done + other.done, self.left + other.left)


@transaction.atomic
def undo(correction: Correction, *, by: Actor) -> TakenBack:
    """Take one correction back. Raises NothingUndone where its words were changed again since.

    What was taken back already is left as it is.
    """
    page = _page_of(correction.text)
    by.require(DigitisationPermission.CORRECT, at=page.object.library_id)
    found = _take_back(page, Correction.objects.filter(pk=correction.pk), by=by)
    if found.left:
        raise NothingUndone(page=page.identifier)
    return found


@transaction.atomic
def undo_page(page: Page, *, since: int, by: Actor) -> TakenBack:
    """Take back what was corrected on a page from that revision on, the last one first."""
    by.require(DigitisationPermission.CORRECT, at=page.object.library_id)
    rows = Correction.objects.filter(text__page=page, revision__gte=since)
    return _take_back(page, rows, by=by)


def undo_all_of_staff(user_id: int, *, by: Actor, obj: DigitalObject | None = None) -> TakenBack:
    """Take back what one member of staff corrected, page by page, of one object or of all.

    Only of libraries where the actor may correct. May be begun again.
    """
    return _undo_all(Correction.objects.of_staff(user_id), by=by, obj=obj)


def undo_all_of_volunteer(patron_id: int, *, by: Actor) -> TakenBack:
    """Take back what a reader's answers led to, page by page. May be begun again.

    The words are given out again. Their answers count as wrong; what others read stays and waits
    for somebody else who reads the same.
    """
    return _undo_all(Correction.objects.of_volunteer(patron_id), by=by, patron_id=patron_id)


def _undo_all(
    rows: CorrectionQuerySet,
    *,
    by: Actor,
    obj: DigitalObject | None = None,
    patron_id: int | None = None,
) -> TakenBack:
    rows = rows.standing()
    if obj is not None:
        rows = rows.of_object(obj)
    total = TakenBack()
    pages = Page.objects.filter(text__in=rows.values("text")).select_related("object")
    for page in pages.order_by("object_id", "position"):
        if not by.may(DigitisationPermission.CORRECT, at=page.object.library_id):
            continue
        of_page = rows.filter(text__page=page)
        try:
            with transaction.atomic():
                total += _take_back(page, of_page, by=by, patron_id=patron_id)
        except TangthuError:
            # Withdrawn, or another picture by now: its history stays.
            total += TakenBack(left=of_page.count())
    return total


def _take_back(
    page: Page, rows: CorrectionQuerySet, *, by: Actor, patron_id: int | None = None
) -> TakenBack:
    held = hold(page)
    ids = list(rows.values_list("pk", flat=True))
    standing = Correction.objects.filter(pk__in=ids).standing()
    layout, done, left = held.layout, [], 0
    for row in standing.order_by("-id"):
        found = undone(layout, row.change)
        if found is None:
            left += 1
        else:
            layout = found
            done.append(row)
    keep(held, layout, how=How.UNDONE, by=by)
    _mark(done, by=by)
    give_out_again([row.pk for row in done], patron_id=patron_id)
    return TakenBack(len(done), left)


def _mark(rows: Sequence[Correction], *, by: Actor) -> None:
    ids = [row.pk for row in rows]
    Correction.objects.filter(pk__in=ids).update(undone_at=timezone.now(), undone_by=by.name[:150])


def _page_of(text: PageText) -> Page:
    return Page.objects.select_related("object").get(text=text)
