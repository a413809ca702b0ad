"""The outbox: what waits, what went, what did not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.notices.actions import outbox as deeds
from tangthu.notices.addresses import address_for, masked
from tangthu.notices.forms import OutboxForm
from tangthu.notices.kinds import CHANNEL_LABELS, KIND_LABELS
from tangthu.notices.models import WAITING, Notice, NoticeQuerySet, NoticeState
from tangthu.notices.policy import KINDS, Channel, NoticeKind
from tangthu.notices.rendering import Message, compose
from tangthu.notices.views import frame
from tangthu.notices.wording import ERRORS
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui.staff import staff_page

PAGE = 50
BADGES = {
    NoticeState.PENDING: ("info", "clock"),
    NoticeState.SENDING: ("info", "arrow-repeat"),
    NoticeState.SENT: ("in", "check-lg"),
    NoticeState.FAILED: ("due", "arrow-repeat"),
    NoticeState.GIVEN_UP: ("stop", "x-lg"),
    NoticeState.CANCELLED: ("info", "slash-circle"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A notice as the pages show it: the reader only to who may see readers.

    `stands_for` is the channel that did not take it first, `told_by` the one that followed it.
    """

    notice: Notice
    kind: str
    channel: str
    reader: str
    patron_id: int | None
    address: str
    badge: str
    icon: str
    why: str
    stands_for: str
    told_by: str
    may_retry: bool
    may_cancel: bool


@staff_page(frame.SEE)
@require_safe
def outbox(request: LibraryRequest) -> HttpResponse:
    form = OutboxForm(request.GET)
    rows = Notice.objects.visible_to(request.actor).for_outbox()
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data, request.actor)
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    asked = {name: value for name, value in request.GET.items() if name != "before" and value}
    context: dict[str, object] = {
        "form": form,
        "lines": [_line(notice, request.actor) for notice in found[:PAGE]],
        "older_url": f"?{urlencode({**asked, 'before': older})}" if older else "",
        "newest_url": f"?{urlencode(asked)}" if before is not None else "",
        "narrowed": bool(asked),
    }
    return frame.page(request, "notices/outbox.html", context, tab="outbox")


@staff_page(frame.SEE)
@never_cache
@require_safe
def notice(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    message = _message(row, request.actor)
    if message is not None:
        deeds.note_seen(row, by=request.actor)
    context: dict[str, object] = {
        "line": _line(row, request.actor),
        "notice": row,
        "message": message,
        "carries": row.carries.count(),
    }
    return frame.page(request, "notices/notice.html", context, tab="outbox")


@staff_page(frame.SEE)
@require_POST
def retry(request: LibraryRequest, pk: int) -> HttpResponse:
    try:
        deeds.retry(_visible(request, pk), by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("It goes out again."))
    return redirect("notices:notice", pk)


@staff_page(frame.SEE)
@require_POST
def cancel(request: LibraryRequest, pk: int) -> HttpResponse:
    try:
        deeds.cancel(_visible(request, pk), by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("It will not be sent."))
    return redirect("notices:notice", pk)


def may_read(notice: Notice, actor: Actor) -> bool:
    """Tell whether somebody may see who the reader is and what they are told."""
    at = notice.patron.library_id if notice.patron else notice.library_id
    return actor.may(PatronsPermission.SEE_PATRONS, at=at)


def _visible(request: LibraryRequest, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.actor).for_outbox(), pk=pk)


def _narrowed(rows: NoticeQuerySet, asked: dict[str, str], actor: Actor) -> NoticeQuerySet:
    wanted = {name: asked[name] for name in ("state", "kind", "channel") if asked[name]}
    rows = rows.filter(**wanted)
    if not asked["card"]:
        return rows
    seen = rows.filter(patron__card__iexact=asked["card"].strip())
    if actor.everywhere:
        return seen
    return seen.filter(patron__library__in=actor.libraries(PatronsPermission.SEE_PATRONS))


def _line(notice: Notice, actor: Actor) -> Line:
    state, readable = NoticeState(notice.state), may_read(notice, actor)
    badge, icon = BADGES[state]
    kind, channel = NoticeKind(notice.kind), Channel(notice.channel)
    name = notice.patron.name if notice.patron else notice.to_name
    return Line(
        notice=notice,
        kind=str(KIND_LABELS[kind]),
        channel=str(CHANNEL_LABELS[channel]),
        reader=name if readable else "",
        patron_id=notice.patron_id if readable else None,
        address=masked(address_for(notice), channel) if readable else "",
        badge=badge,
        icon=icon,
        why=str(ERRORS.get(notice.error, notice.error)),
        stands_for=_name(notice.instead_of) if notice.instead_of else "",
        told_by=", ".join(_name(each) for each in notice.followed_by.all()),
        may_retry=deeds.may_go_again(notice),
        may_cancel=state in WAITING,
    )


def _name(notice: Notice) -> str:
    return str(CHANNEL_LABELS[Channel(notice.channel)])


def _message(row: Notice, actor: Actor) -> Message | None:
    """Return what the notice says, for those who may see the reader; a code, never."""
    if not may_read(row, actor) or KINDS[NoticeKind(row.kind)].secret:
        return None
    if not row.values and row.kind != NoticeKind.TEST:
        return None
    together = [row, *row.carries.select_related("patron", "library").order_by("id")]
    return compose(together).message
