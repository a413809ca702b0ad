"""The to-do list: what the offline desk did and the library could not simply do after it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.offline.actions.deeds import Doing, perform
from tangthu.offline.actions.replaying import keep
from tangthu.offline.errors import AlreadySettled, NotWithoutReason
from tangthu.offline.models import OPEN_STATES, EventState, OfflineEvent
from tangthu.offline.permissions import OfflinePermission
from tangthu.offline.policy import EventKind, read_event
from tangthu.text.normal import normalise


@transaction.atomic
def do_after_all(
    event: OfflineEvent,
    *,
    by: Actor,
    override: bool = False,
    take_back: bool = False,
    new_card: bool = False,
) -> OfflineEvent:
    """Do what was refused, by the word of a person and with that person's rights.

    `override` waives every block that may be waived; `take_back` first ends the loan of the
    reader who is still written down with the copy; `new_card` registers under the next number.
    Raises AlreadySettled, and what the deed raises if it is still refused.
    """
    row = _locked(event, by=by, states=(EventState.REFUSED,))
    doing = Doing(
        device=row.device,
        event=read_event(row.body),
        at=row.at,
        by=by,
        is_doubtful=bool(row.doubts),
        insist=override,
        take_back=take_back,
        new_card=new_card,
    )
    done = perform(doing)
    keep(row, done, state=EventState.SETTLED)
    _close(row, EventState.SETTLED, by=by)
    return row


@transaction.atomic
def dismiss(event: OfflineEvent, *, reason: str, by: Actor) -> OfflineEvent:
    """Put the event aside: it is not done, and this is why. Raises NotWithoutReason."""
    row = _locked(event, by=by, states=OPEN_STATES)
    row.reason = normalise(reason)[:300]
    if not row.reason:
        raise NotWithoutReason("reason")
    _close(row, EventState.DISMISSED, by=by)
    return row


@transaction.atomic
def note_seen(event: OfflineEvent, *, by: Actor) -> OfflineEvent:
    """Say that somebody has looked at what was done, and did what had to be done about it."""
    row = _locked(event, by=by, states=(EventState.NOTED,))
    _close(row, EventState.SETTLED, by=by)
    return row


def _locked(event: OfflineEvent, *, by: Actor, states: tuple[EventState, ...]) -> OfflineEvent:
    rows = OfflineEvent.objects.select_for_update(of=("self",)).select_related("device__library")
    row = rows.get(pk=event.pk)
    by.require(OfflinePermission.USE, at=row.device.library_id)
    if row.state not in states:
        raise AlreadySettled
    return row


def _close(row: OfflineEvent, state: EventState, *, by: Actor) -> None:
    row.state, row.settled_at, row.settled_by = state, timezone.now(), by.name
    if row.kind == EventKind.REGISTER:
        row.body = {name: value for name, value in row.body.items() if name != "newcomer"}
    row.save(update_fields=["state", "settled_at", "settled_by", "reason", "body"])
    audit.record(
        f"offline.{state}",
        by=by,
        kind="offline_event",
        key=row.pk,
        library=row.device.library_id,
        after={"kind": row.kind, "reason": row.reason},
    )
