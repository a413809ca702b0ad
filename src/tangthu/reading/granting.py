"""The opener of approved requests: whether staff let this reader open this document."""

from __future__ import annotations

from datetime import datetime

from tangthu.core.actor import Actor
from tangthu.reading.models import AccessRequest
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access


def is_granted(obj: DigitalObject, actor: Actor, now: datetime) -> bool:
    """Tell whether the reader has an approval with a view left, or goes on with one. One query."""
    if obj.access != Access.ON_REQUEST or actor.patron_id is None:
        return False
    found = AccessRequest.objects.granting(obj, actor.patron_id, now=now)
    return any(row.grant is not None and row.grant.opens(now) for row in found)
