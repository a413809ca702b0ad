"""How the channels fare, and trying them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.fields import libraries_for
from tangthu.notices import setup
from tangthu.notices.actions.testing import send_test
from tangthu.notices.forms import AddressForm
from tangthu.notices.kinds import CHANNEL_LABELS
from tangthu.notices.models import ChannelState, Notice
from tangthu.notices.policy import Channel
from tangthu.notices.views import frame
from tangthu.notices.wording import ERRORS
from tangthu.ui.staff import staff_page

TRIED = (Channel.EMAIL, Channel.SMS, Channel.ZALO)
LOOKS = {
    Channel.EMAIL: {"icon": "envelope"},
    Channel.SMS: {"icon": "chat-dots"},
    Channel.ZALO: {"icon": "chat-square-text"},
    Channel.PUSH: {"icon": "bell"},
    Channel.LETTER: {"icon": "printer"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """How one channel fares."""

    channel: Channel
    label: str
    icon: str
    is_set_up: bool
    may_test: bool
    waiting: int
    succeeded_at: datetime | None
    resting_until: datetime | None
    failing_since: datetime | None
    why: str
    detail: str
    used_today: int
    per_day: int


@staff_page(frame.MANAGE)
@require_safe
def channels(request: LibraryRequest) -> HttpResponse:
    states = {row.channel: row for row in ChannelState.objects.all()}
    waiting = dict(
        Notice.objects.waiting().values_list("channel").annotate(count=Count("id")).order_by()
    )
    context: dict[str, object] = {
        "fares": [
            _fare(each, states.get(str(each)), waiting.get(str(each), 0)) for each in Channel
        ],
        "address": AddressForm(),
        "site": setup.site_address(),
    }
    return frame.page(request, "notices/channels.html", context, tab="channels")


@staff_page(frame.MANAGE)
@require_POST
def test(request: LibraryRequest, channel: str) -> HttpResponse:
    if channel not in TRIED:
        raise Http404
    form = AddressForm(request.POST)
    allowed = libraries_for(request.actor, frame.MANAGE)
    library = allowed.filter(pk=request.actor.library_id or 0).first() or allowed.first()
    if library is None:
        raise Http404
    address = form.cleaned_data["address"] if form.is_valid() else ""
    try:
        send_test(library, Channel(channel), address, by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("The test is on its way. The outbox shows what becomes of it."))
    return redirect("notices:channels")


def _fare(channel: Channel, state: ChannelState | None, waiting: int) -> Fare:
    now = timezone.now()
    is_set_up = channel in setup.configured()
    resting = state.resting_until if state and state.is_resting(now) else None
    today = timezone.localdate()
    return Fare(
        channel=channel,
        label=str(CHANNEL_LABELS[channel]),
        icon=LOOKS[channel]["icon"],
        is_set_up=is_set_up,
        may_test=is_set_up and channel in TRIED,
        waiting=waiting,
        succeeded_at=state.succeeded_at if state else None,
        resting_until=resting,
        failing_since=state.failing_since if state else None,
        why=str(ERRORS.get(state.error, state.error)) if state else "",
        detail=state.error_detail if state else "",
        used_today=state.day_used if state and state.day == today else 0,
        per_day=setup.limits(channel).per_day,
    )
