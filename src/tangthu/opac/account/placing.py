"""The page on which a reader places a hold on a title."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.catalogue.models import Record
from tangthu.circulation import actions
from tangthu.circulation.errors import HoldRefused
from tangthu.circulation.models import Hold
from tangthu.circulation.policy import Blocked
from tangthu.circulation.reading import Books, books
from tangthu.circulation.reading.placing import Wish, judged
from tangthu.circulation.reading.queues import copies_of
from tangthu.circulation.wishing import WishForm
from tangthu.circulation.wording import block_sentence
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.models import Patron
from tangthu.ui.readers import reader_page


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def place_hold(request: LibraryRequest, pk: int) -> HttpResponse:
    """Ask where to fetch it, place the hold, and say the place in the queue; or why not."""
    record = Record.objects.visible_to(request.actor).without_marc().filter(pk=pk).first()
    if record is None:
        raise Http404
    known = books()
    patron = known.patron(Patron.objects.get(pk=request.actor.patron_id or 0))
    copies = [each.item for each in copies_of([record.pk], known).get(record.pk, [])]
    form = WishForm(
        request.POST or None, today=timezone.localdate(), copies=copies, own=patron.library
    )
    if request.method == "POST" and form.is_valid():
        try:
            return placed(request, record, patron, form)
        except HoldRefused as refusal:
            blocks = refusal.blocks
    else:
        blocks = against(record, patron, known)
    status = 422 if form.errors else 409 if blocks and request.method == "POST" else 200
    context = {
        "record": record,
        "form": form,
        "reasons": [block_sentence(block) for block in blocks],
        "waiting": Hold.objects.waiting().filter(record=record).count(),
    }
    return render(request, "account/place_hold.html", context, status=status)


def placed(request: LibraryRequest, record: Record, patron: Patron, form: WishForm) -> HttpResponse:
    told = form.cleaned_data
    hold = actions.place_hold(
        record=None if told.get("item") else record,
        item=told.get("item"),
        for_=patron,
        pickup=told["pickup"],
        by=request.actor,
        starts_on=told["starts_on"],
        expires_on=told["expires_on"],
    )
    place = Hold.objects.with_place().get(pk=hold.pk).place
    words = _("On hold: you are number %(place)s in the queue, to fetch at %(library)s.")
    messages.success(request, words % {"place": place, "library": hold.pickup.name})
    return HttpResponseRedirect(f"{reverse('account:home')}#holds")


def against(record: Record, patron: Patron, known: Books) -> tuple[Blocked, ...]:
    """Return what stands against any hold of this reader on the title, fetched at home."""
    wish = Wish(record=record, item=None, patron=patron, pickup=patron.library, by_reader=True)
    return judged(wish, known, now=timezone.now()).verdict.blocks
