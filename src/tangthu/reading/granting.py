"""Documents shown on request: whether staff let this reader in, and what they answered last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.reading.models import AccessRequest, RequestState
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access


def is_granted(obj: DigitalObject, actor: Actor, now: datetime) -> bool:
    """Tell whether the reader has an approval with a view left, or goes on with one. One query."""
    if obj.access != Access.ON_REQUEST or actor.patron_id is None:
        return False
    found = AccessRequest.objects.granting(obj, actor.patron_id, now=now)
    return any(row.grant is not None and row.grant.opens(now) for row in found)


@dataclass(frozen=True, slots=True)
class LastRequest:
    """How the reader's newest request for a closed document stands, in a sentence."""

    words: str
    waits: bool


def last_request(obj: DigitalObject, actor: Actor) -> LastRequest | None:
    """Return how the reader's newest request stands; nothing where none was made, or taken back.

    Call it where the document did not open: an approval that is left is then used up or over.
    """
    if actor.patron_id is None:
        return None
    row = AccessRequest.objects.standing(obj, actor.patron_id).first()
    if row is None:
        return None
    return LastRequest(_sentence(row), row.state == RequestState.WAITING)


def _sentence(row: AccessRequest) -> str:
    code = f"access_request_{row.state}"
    if row.state == RequestState.APPROVED:
        code = "access_request_used_up" if row.views_left == 0 else "access_request_over"
    data = {
        "asked": f"{timezone.localdate(row.asked_at):%d/%m/%Y}",
        "day": f"{row.last_day:%d/%m/%Y}" if row.last_day else "",
        "count": row.views_limit,
        "reason": row.answer,
    }
    return wording.sentence(code, data)
