"""What the reader wants to be told, and how: each box with the words that they agree to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.notices import actions, setup
from tangthu.notices.actions.subscriptions import Subscription, subscribe, unsubscribe
from tangthu.notices.channels.push import public_key
from tangthu.notices.errors import SubscriptionRefused
from tangthu.notices.kinds import Channel
from tangthu.notices.models import ChoiceMode
from tangthu.notices.reading import ChannelChoice, choices_of
from tangthu.opac.account.reader import patron_of
from tangthu.patrons.models import Patron
from tangthu.ui.readers import reader_page

LONGEST_SUBSCRIPTION = 4000


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: LibraryRequest) -> HttpResponse:
    """Show the table of topics and channels, and keep what was ticked and unticked."""
    patron = patron_of(request)
    topics = choices_of(patron, language=_language())
    if request.method == "POST":
        try:
            _keep(request, patron, [box for topic in topics for box in topic.channels])
        except TangthuError as refused:
            messages.error(request, wording.explain(refused))
        else:
            messages.success(request, _("Your choices are kept."))
        return redirect("account:notices")
    has_push = Channel.PUSH in setup.configured()
    context = {
        "topics": topics,
        "patron": patron,
        "push_key": public_key() if has_push else "",
        "digest": ChoiceMode.DIGEST,
    }
    return render(request, "account/notices.html", context)


@reader_page
@require_POST
def push(request: LibraryRequest) -> HttpResponse:
    """Take what a browser says of itself when notifications were allowed or ended."""
    told = _told(request)
    patron, endpoint = patron_of(request), str(told.get("endpoint", ""))
    if told.get("ended"):
        unsubscribe(patron, endpoint, by=request.actor)
        return HttpResponse(status=204)
    keys = told.get("keys")
    if not isinstance(keys, Mapping):
        raise SubscriptionRefused("keys")
    known = Subscription(
        endpoint=endpoint, p256dh=str(keys.get("p256dh", "")), auth=str(keys.get("auth", ""))
    )
    subscribe(patron, known, by=request.actor)
    return HttpResponse(status=204)


def agree(request: LibraryRequest, patron: Patron, boxes: Iterable[ChannelChoice]) -> None:
    """Store that the reader agreed to the words beside each of these boxes."""
    for box in boxes:
        mode = request.POST.get(f"mode-{box.topic}", "")
        actions.choose(
            patron,
            topic=box.topic,
            channel=box.channel,
            mode=ChoiceMode.DIGEST if mode == ChoiceMode.DIGEST else ChoiceMode.NOW,
            text=box.text,
            language=_language(),
            by=request.actor,
        )


def _keep(request: LibraryRequest, patron: Patron, boxes: list[ChannelChoice]) -> None:
    ticked = set(request.POST.getlist("on"))
    shown = set(request.POST.getlist("shown"))
    asked = [box for box in boxes if _name(box) in shown]
    agree(request, patron, [box for box in asked if _name(box) in ticked])
    for box in asked:
        if box.is_on and _name(box) not in ticked:
            actions.withdraw(patron, topic=box.topic, channel=box.channel, by=request.actor)


def _name(box: ChannelChoice) -> str:
    return f"{box.topic}-{box.channel}"


def _language() -> str:
    return (get_language() or "vi")[:2]


def _told(request: LibraryRequest) -> Mapping[str, object]:
    try:
        told = json.loads(request.body[:LONGEST_SUBSCRIPTION])
    except ValueError:
        raise SubscriptionRefused("endpoint") from None
    return told if isinstance(told, dict) else {}
