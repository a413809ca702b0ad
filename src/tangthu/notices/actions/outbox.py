"""The outbox: taken by one worker, handed over, tried again, given up, cancelled, forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.notices import checks
from tangthu.notices.actions.instead import tell_instead
from tangthu.notices.errors import NoticeGone
from tangthu.notices.models import WAITING, Notice, NoticeQuerySet, NoticeState
from tangthu.notices.permissions import NoticesPermission
from tangthu.notices.policy import KINDS, LEASE, Channel, NoticeKind, next_try

MOST_TOGETHER = 100
"""Of notices in one message. A school class may return two hundred books in a minute."""
FELL = (NoticeState.GIVEN_UP, NoticeState.CANCELLED)
FINISHED = (NoticeState.SENT, NoticeState.GIVEN_UP, NoticeState.CANCELLED)
WORDS_ARE_KEPT = timedelta(days=90)
ROWS_ARE_KEPT = timedelta(days=400)


@transaction.atomic
def take(notice: Notice, *, now: datetime) -> list[Notice]:
    """Take a notice to send, with those that go in the same message; nothing if another has it.

    A conditional change of state under a lock, so that of two workers one takes it. What is too
    late, or holds no longer, is cancelled instead. Whoever takes must say what became of it
    before the lease ends.
    """
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("patron", "library")
    head = rows.waiting().filter(pk=notice.pk, next_at__lte=now).first()
    if head is None:
        return []
    bundle = [head, *rows.filter(_together(head, now)).order_by("id")[: MOST_TOGETHER - 1]]
    bundle = _still_worth(bundle, now=now)
    taken = Notice.objects.waiting().filter(pk__in=[each.pk for each in bundle])
    taken.update(state=NoticeState.SENDING, leased_until=now + LEASE, attempts=F("attempts") + 1)
    for each in bundle:
        each.attempts += 1
    return bundle


@transaction.atomic
def mark_sent(notices: Sequence[Notice], *, receipt: str, now: datetime) -> None:
    """Note that the notices went out in one message. A sealed code is forgotten."""
    if len(notices) > 1:
        _ours(notices[1:]).update(sent_with=notices[0])
    _ours(notices).update(
        state=NoticeState.SENT,
        sent_at=now,
        next_at=None,
        leased_until=None,
        error="",
        error_detail="",
        receipt=receipt[:200],
        sealed=None,
    )
    _forget_fleeting(notices)


@transaction.atomic
def put_back(notices: Sequence[Notice], *, next_at: datetime | None = None) -> None:
    """Let the notices wait again as if nobody had tried: their channel was down."""
    if next_at is not None:
        _ours(notices).update(next_at=next_at)
    _ours(notices).update(state=NoticeState.PENDING, leased_until=None, attempts=F("attempts") - 1)


@transaction.atomic
def mark_failed(
    notices: Sequence[Notice],
    *,
    error: str,
    detail: str = "",
    for_good: bool,
    certain: bool = True,
    now: datetime,
) -> None:
    """Note why the notices did not go; try them again later, or give them up.

    What is given up goes by another channel instead, where the reader agreed to one; not while it
    may have arrived all the same (`certain` is false).
    """
    wait = None if for_good else next_try(max(each.attempts for each in notices))
    values: dict[str, object] = {
        "state": NoticeState.GIVEN_UP if wait is None else NoticeState.FAILED,
        "leased_until": None,
        "error": error,
        "error_detail": detail[:300],
    }
    values["next_at"] = None if wait is None else now + wait
    if wait is None:
        values["sealed"] = None
    given_up = bool(_ours(notices).update(**values)) and wait is None
    if given_up and certain:
        tell_instead(notices, now=now)
    if given_up:
        _forget_fleeting(notices)


@transaction.atomic
def divert(notices: Sequence[Notice], *, error: str, until: datetime, now: datetime) -> int:
    """Tell by another channel what this one has no room for; return how many went that way.

    What may go by no other way waits until there is room again.
    """
    told = tell_instead(notices, now=now)
    diverted = [each for each in notices if each.pk in told]
    put_back([each for each in notices if each.pk not in told], next_at=until)
    _ours(diverted).update(
        state=NoticeState.GIVEN_UP, leased_until=None, next_at=None, error=error, sealed=None
    )
    _forget_fleeting(diverted)
    return len(diverted)


@transaction.atomic
def release_abandoned(*, now: datetime) -> int:
    """Give up what a worker took and died with, and return how many.

    Nobody knows whether it went, and the same notice must not go twice. Staff see it as
    interrupted, and may send it again.
    """
    abandoned = list(Notice.objects.abandoned(now))
    if not abandoned:
        return 0
    released = _ours(abandoned).update(
        state=NoticeState.GIVEN_UP,
        leased_until=None,
        next_at=None,
        error="interrupted",
        sealed=None,
    )
    _forget_fleeting(abandoned)
    return released


@transaction.atomic
def retry(notice: Notice, *, by: Actor) -> Notice:
    """Let a notice that failed, was given up or cancelled go again now, as often as a new one.

    Raises NoticeGone when it is waiting already, being sent, or sent, be it by another channel; a
    code to log in is never sent again, for it has been forgotten.
    """
    notice = _locked(notice, by=by)
    if not may_go_again(notice):
        raise NoticeGone(notice=notice.pk)
    now = timezone.now()
    notice.state, notice.attempts, notice.next_at = NoticeState.PENDING, 0, now
    notice.error, notice.error_detail = "", ""
    notice.expires_at = now + KINDS[NoticeKind(notice.kind)].life
    notice.save()
    _leave_trace("notices.retried", notice, by=by)
    return notice


def may_go_again(notice: Notice) -> bool:
    """Tell whether staff may send a finished notice again."""
    ended = {NoticeState.FAILED, NoticeState.GIVEN_UP, NoticeState.CANCELLED}
    if notice.state not in ended or notice.fleeting or KINDS[NoticeKind(notice.kind)].secret:
        return False
    return all(each.state in FELL for each in notice.followed_by.all())


@transaction.atomic
def cancel(notice: Notice, *, by: Actor) -> Notice:
    """Keep a notice from going out. Raises NoticeGone when it is being sent, or was."""
    notice = _locked(notice, by=by)
    if notice.state not in WAITING:
        raise NoticeGone(notice=notice.pk)
    notice.state, notice.sealed, notice.next_at = NoticeState.CANCELLED, None, None
    notice.error = "cancelled"
    notice.save(update_fields=["state", "sealed", "next_at", "error"])
    _leave_trace("notices.cancelled", notice, by=by)
    _forget_fleeting([notice])
    return notice


@transaction.atomic
def note_seen(notice: Notice, *, by: Actor) -> None:
    """Write down who read what a reader was told."""
    if notice.patron_id is not None:
        audit.record(
            "notices.seen", by=by, kind="patron", key=notice.patron_id, library=notice.library_id
        )


@transaction.atomic
def withdraw_source(source: str, *, kinds: Collection[NoticeKind] = ()) -> int:
    """Cancel what waits to be told about a source that is no more; return how many notices.

    For other apps, in their own transaction: a hold that was cancelled, a loan that came back.
    """
    rows = Notice.objects.waiting().filter(source=source, kind__in=list(kinds or NoticeKind))
    return rows.update(
        state=NoticeState.CANCELLED, error="no_longer_true", sealed=None, next_at=None
    )


@transaction.atomic
def mark_printed(notices: Collection[Notice], *, by: Actor) -> int:
    """Note that these letters were printed; return how many had not been."""
    for library in {each.library_id for each in notices}:
        by.require(NoticesPermission.SEE_NOTICES, at=library)
    rows = Notice.objects.waiting().filter(
        pk__in=[each.pk for each in notices], channel=Channel.LETTER
    )
    printed = list(rows.select_for_update().order_by("id"))
    rows.update(state=NoticeState.SENT, sent_at=timezone.now(), receipt=by.name[:200], next_at=None)
    if printed:
        audit.record(
            "notices.printed",
            by=by,
            kind="library",
            key=printed[0].library_id,
            library=printed[0].library_id,
            after={"count": len(printed)},
        )
    return len(printed)


@transaction.atomic
def forget_notices(*, now: datetime) -> int:
    """Remove what is no longer needed (Law 91/2025/QH15), and return how many rows were changed.

    The words and addresses of finished notices after 90 days; the rows after some more than a
    year, when nothing they speak of can be announced again.
    """
    finished = Notice.objects.filter(state__in=FINISHED)
    old = finished.filter(created_at__lt=now - WORDS_ARE_KEPT).exclude(values={}, to_address="")
    forgotten = old.update(values={}, to_name="", to_address="", error_detail="")
    removed, _ = finished.filter(created_at__lt=now - ROWS_ARE_KEPT).delete()
    return forgotten + removed


def _together(head: Notice, now: datetime) -> Q:
    """Return the condition of what goes in one message with this notice."""
    same = Q(
        reader=head.reader,
        channel=head.channel,
        library=head.library_id,
        state__in=WAITING,
        digest=head.digest,
    )
    same &= ~Q(pk=head.pk)
    if head.digest:
        return same & Q(next_at__lte=now)
    definition = KINDS[NoticeKind(head.kind)]
    if definition.gathers:
        # What still waits for more of its visit goes now, with the first of them.
        return same & Q(kind=head.kind, next_at__lte=now + definition.waits)
    return Q(pk=None)


def _still_worth(bundle: list[Notice], *, now: datetime) -> list[Notice]:
    late = [each for each in bundle if each.expires_at < now]
    _cancel_as(late, "too_late")
    timely = [each for each in bundle if each.expires_at >= now]
    untrue = list[Notice]()
    for kind in {each.kind for each in timely}:
        of_kind = [each for each in timely if each.kind == kind]
        gone = checks.outdated(NoticeKind(kind), {each.source for each in of_kind})
        untrue += [each for each in of_kind if each.source in gone]
    _cancel_as(untrue, "no_longer_true")
    return [each for each in timely if each not in untrue]


def _cancel_as(notices: Sequence[Notice], why: str) -> None:
    if notices:
        rows = Notice.objects.filter(pk__in=[each.pk for each in notices])
        rows.update(state=NoticeState.CANCELLED, error=why, sealed=None, next_at=None)
        _forget_fleeting(notices)


def _forget_fleeting(notices: Sequence[Notice]) -> None:
    """Leave nothing of whom a fleeting notice was for: it is finished, and they are forgotten."""
    for notice in notices:
        if notice.fleeting:
            Notice.objects.filter(pk=notice.pk).update(
                reader=f"forgotten:{notice.pk}",
                values={},
                to_name="",
                to_address="",
                error_detail="",
                receipt="",
            )


def _ours(notices: Sequence[Notice]) -> NoticeQuerySet:
    return Notice.objects.filter(pk__in=[each.pk for each in notices], state=NoticeState.SENDING)


def _locked(notice: Notice, *, by: Actor) -> Notice:
    by.require(NoticesPermission.SEE_NOTICES, at=notice.library_id)
    return Notice.objects.select_for_update().get(pk=notice.pk)


def _leave_trace(action: str, notice: Notice, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="notice",
        key=notice.pk,
        library=notice.library_id,
        after={"kind": notice.kind, "channel": notice.channel},
    )
