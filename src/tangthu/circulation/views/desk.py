from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.catalogue.models import Item
from tangthu.circulation import actions
from tangthu.circulation.desk import (
    Mode,
    Understood,
    loan_of,
    open_holds,
    open_loans,
    patrons,
    understand,
)
from tangthu.circulation.errors import CheckoutRefused, LoanClosed, RenewalRefused
from tangthu.circulation.forms.desk import ScanForm
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.wording import outcomes
from tangthu.circulation.wording.lending import reasons
from tangthu.circulation.wording.outcomes import Outcome
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions import note_seen
from tangthu.patrons.models import Patron
from tangthu.patrons.reading import patron_by_card
from tangthu.ui.navigation import menu
from tangthu.ui.staff import staff_page

LEND = CirculationPermission.LEND


@require_safe
@staff_page()
def desk(request: LibraryRequest) -> HttpResponse:
    """Show the desk, with the patron named in the address if there is one.

    It is also where everybody arrives after logging in: those who do not lend go on to the
    first page of their menu.
    """
    if not request.actor.may(LEND):
        return elsewhere(request)
    patron = patron_of(request, request.GET.get("patron", ""))
    if patron is not None:
        note_seen(patron, by=request.actor)
    mode = request.GET.get("mode", Mode.LEND)
    return board(request, patron=patron, mode=Mode(mode) if mode in set(Mode) else Mode.LEND)


def elsewhere(request: LibraryRequest) -> HttpResponse:
    """Send those who have no desk to what they may open; to their account if that is all."""
    mine = menu(request.actor)
    return HttpResponseRedirect(mine[0].url if mine else reverse("access:account"))


@require_POST
@staff_page(LEND)
def scan(request: LibraryRequest) -> HttpResponse:
    """Do what the one input asks for: find a reader, lend, take back, renew, or offer choices."""
    form = ScanForm(request.POST)
    patron = patron_of(request, request.POST.get("patron", ""))
    if not form.is_valid():
        return board(request, patron=patron, outcome=outcomes.stopped(_("Scan or type first.")))
    mode: Mode = form.cleaned_data["mode"]
    found = understand(form.cleaned_data["q"], by=request.actor)
    if found.item is None:
        return answer_without_item(request, found, patron=patron, mode=mode)
    outcome, patron = DEEDS[mode](request, found.item, patron, form.cleaned_data["override"])
    return board(request, patron=patron, mode=mode, outcome=outcome, item=found.item)


@require_POST
@staff_page(LEND)
def renew_all(request: LibraryRequest) -> HttpResponse:
    """Renew every loan of the patron that the rules let be renewed."""
    patron = patron_of(request, request.POST.get("patron", ""))
    if patron is None:
        return board(request)
    done, refused = 0, []
    for loan in open_loans(patron):
        try:
            actions.renew(loan, by=request.actor)
            done += 1
        except RenewalRefused as error:
            why = " ".join(reasons(error.verdict.blocks))
            refused.append(f"{loan.item.record.title}: {why}")
        except LoanClosed:
            continue  # It came back at another desk in this moment.
    return board(request, patron=patron, outcome=outcomes.renewed_all(done, refused))


def lend(
    request: LibraryRequest, item: Item, patron: Patron | None, override: tuple[str, ...]
) -> tuple[Outcome, Patron | None]:
    """Lend the copy to the patron at the desk; without one, say who is needed."""
    if patron is None:
        return about(item, holder_of(request, item)), None
    try:
        loan = actions.check_out(
            item, to=patron, by=request.actor, override=override, fetched_by=helper_of(request)
        )
    except CheckoutRefused as error:
        title = _("Not lent: %(title)s") % {"title": item.record.title}
        return outcomes.refused(
            error.verdict, title=title, barcode=item.barcode, by=request.actor
        ), patron
    return outcomes.lent(loan), patron


def give_on_site(
    request: LibraryRequest, item: Item, patron: Patron | None, override: tuple[str, ...]
) -> tuple[Outcome, Patron | None]:
    """Give the copy out to read here; without a reader, count that it was used in the room."""
    if patron is None:
        actions.note_used(item, by=request.actor)
        return outcomes.used(item), None
    try:
        loan = actions.check_out(item, to=patron, by=request.actor, override=override, on_site=True)
    except CheckoutRefused as error:
        title = _("Not given out: %(title)s") % {"title": item.record.title}
        return outcomes.refused(
            error.verdict, title=title, barcode=item.barcode, by=request.actor
        ), patron
    return outcomes.given_on_site(loan), patron


def take_back(
    request: LibraryRequest, item: Item, patron: Patron | None, override: tuple[str, ...]
) -> tuple[Outcome, Patron | None]:
    """Take the copy back; the patron who had it is the one shown afterwards."""
    holder = holder_of(request, item)
    result = actions.check_in(item, by=request.actor)
    return outcomes.returned(result, item, holder), holder or patron


def renew(
    request: LibraryRequest, item: Item, patron: Patron | None, override: tuple[str, ...]
) -> tuple[Outcome, Patron | None]:
    """Renew the open loan of the copy."""
    loan = loan_of(item)
    if loan is None:
        return outcomes.stopped(_("It is not on loan, so it cannot be renewed.")), patron
    holder = holder_of(request, item)
    try:
        loan = actions.renew(loan, by=request.actor, override=override)
    except RenewalRefused as error:
        title = _("Not renewed: %(title)s") % {"title": item.record.title}
        return outcomes.refused(
            error.verdict, title=title, barcode=item.barcode, by=request.actor
        ), holder or patron
    return outcomes.renewed(loan), holder or patron


DEEDS = {
    Mode.LEND: lend,
    Mode.RETURN: take_back,
    Mode.RENEW: renew,
    Mode.ON_SITE: give_on_site,
}


def answer_without_item(
    request: LibraryRequest, found: Understood, *, patron: Patron | None, mode: Mode
) -> HttpResponse:
    """Show the reader whose card it was, the choices, or say that nothing fits."""
    if found.patron is not None:
        note_seen(found.patron, by=request.actor)
        return board(request, patron=found.patron, mode=mode)
    if found.nothing:
        text = _("No card, barcode, name or title here is like this. Check it and try again.")
        outcome = outcomes.stopped(_("Nothing found"), text)
        return board(request, patron=patron, mode=mode, outcome=outcome)
    return board(request, patron=patron, mode=mode, choices=found)


def about(item: Item, holder: Patron | None) -> Outcome:
    """Say what a copy is and who has it, when it is scanned before any card."""
    if holder is not None:
        text = _("On loan to %(name)s, card %(card)s.") % {
            "name": holder.name,
            "card": holder.card,
        }
        return Outcome(kind="warn", title=item.record.title, text=text, sound="stopped")
    text = _("To lend it, scan the reader's card first; then scan the book again.")
    return Outcome(kind="info", title=item.record.title, text=text)


def holder_of(request: LibraryRequest, item: Item) -> Patron | None:
    """Return who has the copy, if the actor may know."""
    loan = loan_of(item)
    if loan is None or loan.patron_id is None:
        return None
    return patrons(request.actor).filter(pk=loan.patron_id).first()


def patron_of(request: LibraryRequest, card: str) -> Patron | None:
    """Return the patron with this card, if the actor may see them."""
    return patron_by_card(card, by=request.actor, whole=True) if card else None


def helper_of(request: LibraryRequest) -> Patron | None:
    """Return who is there for the reader, if somebody is."""
    told = request.POST if request.method == "POST" else request.GET
    return patron_of(request, told.get("helper", ""))


def board(
    request: LibraryRequest,
    *,
    patron: Patron | None = None,
    mode: Mode = Mode.LEND,
    outcome: Outcome | None = None,
    item: Item | None = None,
    choices: Understood | None = None,
) -> HttpResponse:
    """Answer with the desk: whole, or the part that htmx swaps; without script, by redirect."""
    now = timezone.now()
    context = {
        "patron": patron,
        "loans": open_loans(patron) if patron else [],
        "holds": open_holds(patron) if patron else [],
        "helper": helper_of(request) if patron else None,
        "mode": mode,
        "prompt": outcomes.prompt_for(mode, patron),
        "outcome": outcome,
        "item": item,
        "choices": choices,
        "now": now,
        "restrictions": restrictions_of(patron),
        "expired": bool(patron and patron.expires_on < timezone.localdate(now)),
    }
    if request.htmx:
        return render(request, "circulation/desk.html#board", context)
    if request.method == "POST" and choices is None and not (outcome and outcome.waivable):
        return without_script(request, patron, mode, outcome)
    return render(request, "circulation/desk.html", context)


def without_script(
    request: LibraryRequest, patron: Patron | None, mode: Mode, outcome: Outcome | None
) -> HttpResponse:
    """Redirect to the desk, so that loading it again does nothing twice."""
    if outcome is not None:
        level = messages.ERROR if outcome.kind == "stop" else messages.SUCCESS
        words = " ".join([f"{outcome.title}.", outcome.text, *outcome.items]).strip()
        messages.add_message(request, level, words)
    query = {"mode": mode, **({"patron": patron.card} if patron else {})}
    if patron and (helper := helper_of(request)):
        query["helper"] = helper.card
    return HttpResponseRedirect(f"{reverse('circulation:desk')}?{urlencode(query)}")


def restrictions_of(patron: Patron | None) -> list[object]:
    if patron is None:
        return []
    return list(patron.restrictions.in_force(timezone.localdate()))
