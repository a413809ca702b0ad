"""Counting what readers used in the room without asking for it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation.actions.acts import Act, count_act
from tangthu.circulation.models import LoanEventKind
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading import books
from tangthu.core.actor import Actor


@transaction.atomic
def note_used(item: Item, *, by: Actor) -> None:
    """Count a copy that was left on a table: it was used in the room, nobody knows by whom."""
    by.require(CirculationPermission.LEND, at=by.library_id or item.library_id)
    known = books()
    item = known.item(Item.objects.get(pk=item.pk))
    desk = known.desk(by.library_id, owner=item.library)
    act = Act(LoanEventKind.USED, item=item, desk=desk, by=by, at=timezone.now())
    count_act(act, patron=None)
