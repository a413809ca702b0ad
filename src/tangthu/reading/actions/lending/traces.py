"""The locks of electronic lending, and the traces that its deeds leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from tangthu.catalogue.actions.scans import stand_down, stand_in
from tangthu.catalogue.models import Item
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.models import DigitalHold, DigitalLoan, LcpLoan, Licence, StandIn
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.protection import Wanted
from tangthu.repository.models import DigitalObject

_UNTOLD = frozenset({"patron"})


def require(by: Actor, patron_id: int | None, *, at: int) -> None:
    """Let readers deal with what is their own; anybody else needs to lend there."""
    if by.patron_id is None or by.patron_id != patron_id:
        by.require(ReadingPermission.LOANS, at=at)


def locked_object(pk: int) -> DigitalObject:
    """Lock the object, before which no two of its loans and holds are judged at once."""
    rows = DigitalObject.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("library").get(pk=pk)


def locked_patron(pk: int) -> Patron:
    """Lock the reader, so that the limits count what another request lends at this moment."""
    rows = Patron.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("category", "library").get(pk=pk)


def tie(item: Item, licence: Licence, *, now: datetime) -> None:
    """Let the locked copy stand in for a loan of its scan."""
    state = stand_in(item, now=now)
    StandIn.objects.create(item=item, licence=licence, state_before=state, since=now)


def untie(item_id: int | None, *, now: datetime) -> None:
    """Put the copy to use again that stood in for a scan, if there is one. Locks it."""
    if item_id is None:
        return
    item = Item.objects.select_for_update(no_key=True).get(pk=item_id)
    bond = StandIn.objects.filter(item=item).first()
    if bond is not None:
        stand_down(item, to=bond.state_before, now=now)
        bond.delete()


def use_up(licence: Licence) -> None:
    """Count one loan less on a licence whose loans are counted."""
    if licence.loans_left is not None:
        Licence.objects.filter(pk=licence.pk).update(loans_left=F("loans_left") - 1)


def tell_later(loan: DigitalLoan, wanted: Wanted, *, now: datetime) -> None:
    """Note what a licence server is to be told of the loan, if one keeps a licence of it."""
    LcpLoan.objects.filter(loan=loan).update(wanted=wanted, next_at=now, attempts=0)


def write_down(
    action: str,
    row: DigitalLoan | DigitalHold,
    *,
    by: Actor,
    before: Mapping[str, object] | None = None,
) -> None:
    """Write the deed in the audit log. It outlives the tie to readers, so it names none."""
    is_own = by.patron_id is not None
    audit.record(
        action,
        by=Actor(face=by.face, library_id=by.library_id) if is_own else by,
        kind="digital_loan" if isinstance(row, DigitalLoan) else "digital_hold",
        key=row.pk,
        library=row.library_id,
        before=_told(before or {}),
        after=_told(audit.snapshot(row)),
    )


def _told(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in _UNTOLD}
