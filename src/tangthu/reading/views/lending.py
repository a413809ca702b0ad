"""The page on which a reader borrows a document, waits for it, and gives it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.models import Patron
from tangthu.reading import counting
from tangthu.reading.actions import lending as deeds
from tangthu.reading.lending_offers import LendingOffer, lending_offers
from tangthu.reading.models import DigitalHold, DigitalLoan, Licence, Passphrase
from tangthu.reading.policy.counter import Use
from tangthu.reading.policy.lending import Block
from tangthu.reading.policy.licences import Protection
from tangthu.reading.protection import protector_of
from tangthu.reading.refusals import DigitalHoldClosed, DigitalLoanOver, LendingRefused
from tangthu.reading.wording_lending import sentences_of
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.ui.readers import to_login
from tangthu.ui.staff import public_page
from tangthu.ui.templatetags.ui import gio, ngay


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def lend(request: LibraryRequest, name: str) -> HttpResponse:
    """Show how the document is lent; do what the reader pressed."""
    found = _found(request, name)
    if request.method != "POST":
        counting.note(request, found, Use.INVESTIGATION)
        return show(request, found)
    if request.actor.patron_id is None:
        return to_login(request)
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    patron = Patron.objects.select_related("library").get(pk=request.actor.patron_id)
    try:
        return deed(request, found, patron)
    except LendingRefused as refused:
        _count_turned_away(request, found, refused)
        return show(request, found, reasons=sentences_of(refused.blocks), status=409)
    except (DigitalLoanOver, DigitalHoldClosed) as refused:
        messages.warning(request, wording.explain(refused))
        return _back(request, found)


def show(
    request: LibraryRequest,
    found: DigitalObject,
    *,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show how the document is lent, and what this visitor can do with it."""
    offer = lending_offers([found], request.actor, now=timezone.now())[found.pk]
    context = {
        "object": found,
        "offer": offer,
        "reasons": reasons or [],
        "is_protected": _is_protected(found),
        "has_passphrase": Passphrase.objects.filter(patron=request.actor.patron_id).exists(),
    }
    answer = render(request, "reading/lending.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _is_protected(found: DigitalObject) -> bool:
    """Tell whether it is lent with LCP alone, and so is not read on our pages."""
    ways = Licence.objects.of_objects([found.pk]).in_force(timezone.now())
    return set(ways.values_list("protection", flat=True)) == {Protection.LCP}


Deed = Callable[[LibraryRequest, DigitalObject, Patron], HttpResponse]


def _borrow(request: LibraryRequest, found: DigitalObject, patron: Patron) -> HttpResponse:
    """Lend it, and open it. Pressed twice it opens what the first press lent."""
    if _offer(request, found).loan is None:
        loan = deeds.borrow(found, for_=patron, by=request.actor)
        words = _("Yours until %(moment)s. It comes back by itself then.")
        messages.success(request, words % {"moment": gio(loan.due_at)})
        if not protector_of(loan).reads_here:
            return _back(request, found)
    return redirect("reading:object", found.identifier)


def _hold(request: LibraryRequest, found: DigitalObject, patron: Patron) -> HttpResponse:
    hold = deeds.place_digital_hold(found, for_=patron, by=request.actor)
    place = DigitalHold.objects.with_place().get(pk=hold.pk).place
    words = _("You are number %(place)s in the queue. We tell you when it is your turn.")
    messages.success(request, words % {"place": place})
    return _back(request, found)


def _cancel(request: LibraryRequest, found: DigitalObject, patron: Patron) -> HttpResponse:
    hold = _offer(request, found).hold
    if hold is not None:
        deeds.cancel_digital_hold(hold, by=request.actor)
        messages.success(request, _("The hold is cancelled."))
    return _back(request, found)


def _return(request: LibraryRequest, found: DigitalObject, patron: Patron) -> HttpResponse:
    deeds.give_back(_loan(request, found), by=request.actor)
    messages.success(request, _("Given back. Thank you: somebody else can read it now."))
    return _back(request, found)


def _renew(request: LibraryRequest, found: DigitalObject, patron: Patron) -> HttpResponse:
    loan = deeds.renew_loan(_loan(request, found), by=request.actor)
    messages.success(request, _("Renewed until %(day)s.") % {"day": ngay(loan.due_at)})
    return _back(request, found)


_DEEDS: Mapping[str, Deed] = {
    "borrow": _borrow,
    "hold": _hold,
    "cancel": _cancel,
    "return": _return,
    "renew": _renew,
}


def _count_turned_away(
    request: LibraryRequest, found: DigitalObject, refused: LendingRefused
) -> None:
    codes = {each.code for each in refused.blocks}
    if Block.NO_COPY_FREE in codes:
        counting.note(request, found, Use.LIMIT_EXCEEDED)
    elif codes & {Block.NOT_LENT, Block.NOT_FOR_YOUR_LIBRARY}:
        counting.note(request, found, Use.NO_LICENSE)


def _loan(request: LibraryRequest, found: DigitalObject) -> DigitalLoan:
    loan = _offer(request, found).loan
    if loan is None:
        raise DigitalLoanOver(object=found.identifier)
    return loan


def _offer(request: LibraryRequest, found: DigitalObject) -> LendingOffer:
    return lending_offers([found], request.actor, now=timezone.now())[found.pk]


def _back(request: LibraryRequest, found: DigitalObject) -> HttpResponse:
    """Go back to the page of this site from which the button was pressed."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = reverse("reading:lend", args=[found.identifier])
    return HttpResponseRedirect(wanted)


def _found(request: LibraryRequest, name: str) -> DigitalObject:
    rows = DigitalObject.objects.visible_to(request.actor).select_related("library")
    found = rows.filter(identifier=name, access=Access.LENT).first()
    if found is None:
        raise Http404
    return found
