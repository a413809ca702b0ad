"""Limits of transports: from where to where copies are carried."""

from __future__ import annotations

from django.db import transaction

from tangthu.catalogue.models import ItemType
from tangthu.circulation.actions.rules import RULE_CHANGED
from tangthu.circulation.errors import LimitRefused
from tangthu.circulation.models import TransferLimit
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


@transaction.atomic
def set_transfer_limit(
    origin: Library,
    destination: Library,
    *,
    allowed: bool,
    by: Actor,
    item_type: ItemType | None = None,
) -> TransferLimit:
    """Say whether copies are carried from one library to another, and so below the two.

    The library that sends decides; no item type means any. What was said before of the same way
    is replaced. Raises LimitRefused for a way from a library to itself.
    """
    by.require(CirculationPermission.MANAGE_RULES, at=origin.pk)
    if origin.pk == destination.pk:
        raise LimitRefused("destination")
    Library.objects.select_for_update(no_key=True).get(pk=origin.pk)
    way = {"origin": origin, "destination": destination, "item_type": item_type}
    limit = TransferLimit.objects.filter(**way).first()
    before = audit.snapshot(limit) if limit else None
    limit = limit or TransferLimit(**way)
    limit.allowed = allowed
    limit.save()
    _leave_traces("transfer_limit.set", limit, by=by, before=before, after=audit.snapshot(limit))
    return limit


@transaction.atomic
def clear_transfer_limit(limit: TransferLimit, *, by: Actor) -> None:
    """Take back a limit: what a library above says of the way holds again, else the rules."""
    by.require(CirculationPermission.MANAGE_RULES, at=limit.origin_id)
    before = audit.snapshot(limit)
    _leave_traces("transfer_limit.clear", limit, by=by, before=before, after=None)
    limit.delete()


def _leave_traces(
    action: str,
    limit: TransferLimit,
    *,
    by: Actor,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(
        action,
        by=by,
        kind="transfer_limit",
        key=limit.pk,
        library=limit.origin_id,
        before=before,
        after=after,
    )
    changes.append(RULE_CHANGED, [f"limit:{limit.pk}"], library=limit.origin_id)
