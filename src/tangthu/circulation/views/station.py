"""The self-service station: full screen, for readers, with nothing of the desk in reach."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.access import actions as access
from tangthu.access.errors import LoginMustWait, LoginRefused
from tangthu.access.forms import LoginForm
from tangthu.access.grants import actor_for
from tangthu.catalogue.models import Item
from tangthu.circulation import actions, station
from tangthu.circulation.desk import MAX_INPUT, items, open_loans
from tangthu.circulation.errors import CheckoutRefused, LoanClosed, RenewalRefused
from tangthu.circulation.models import Loan
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import NextAction
from tangthu.circulation.station import Line, Place
from tangthu.circulation.wording.outcomes import Outcome, due, stopped
from tangthu.circulation.wording.stations import refusal_sentences
from tangthu.core import wording
from tangthu.core.actor import Face
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.patrons import actions as patrons
from tangthu.patrons.errors import ReaderLoginLocked, ReaderLoginRefused, ReaderMustWait
from tangthu.patrons.models import Patron
from tangthu.text.names import given_name
from tangthu.ui.staff import PUBLIC

P = ParamSpec("P")
Page = Callable[Concatenate[LibraryRequest, Place, P], HttpResponse]
Gate = Callable[Concatenate[HttpRequest, P], HttpResponse]

PENDING_KEY = "station_pending"
RETURN = "return"


def station_page(view: Page[P]) -> Gate[P]:
    """Open the page in the browser that holds a station's key; others learn that it is closed."""

    @wraps(view)
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        place = station.place_of(request)
        if place is not None:
            return view(cast(LibraryRequest, request), place, *args, **kwargs)
        if request.method == "POST":
            return redirect("station:home")
        return render(request, "circulation/station_closed.html")

    gate.opens_to = PUBLIC  # type: ignore[attr-defined]
    return never_cache(gate)


@require_safe
@station_page
def home(request: LibraryRequest, place: Place) -> HttpResponse:
    """Show the station as it stands: waiting, with a reader, or taking books back."""
    request.session.pop(PENDING_KEY, None)
    return screen(request, place, mode=request.GET.get("mode", ""))


@require_POST
@station_page
def scan(request: LibraryRequest, place: Place) -> HttpResponse:
    """Do what a scan means here: a card begins a visit, a book is lent or taken back."""
    text, mode = request.POST.get("q", "")[:MAX_INPUT].strip(), request.POST.get("mode", "")
    item = items().by_barcode(text).first() if text else None
    if item is not None:
        return book(request, place, item, mode=mode)
    if station.must_wait(request, now=timezone.now()):
        words = _("Too many unknown cards. Wait two minutes, or see the librarian.")
        return screen(request, place, mode=mode, outcome=stopped(_("One moment"), words))
    patron = Patron.objects.by_card(text).select_related("category", "library").first()
    if patron is not None and mode != RETURN:
        return card(request, place, patron)
    station.note_miss(request, now=timezone.now())
    words = _("This is no book and no card of the library. Scan it again, or see the librarian.")
    return screen(request, place, mode=mode, outcome=stopped(_("Not recognised"), words))


def card(request: LibraryRequest, place: Place, patron: Patron) -> HttpResponse:
    """Begin the visit of whoever holds the card, after the password where the library asks it."""
    station.forget_reader(request)
    if place.asks_password:
        request.session[PENDING_KEY] = patron.card
        return screen(request, place, pending=True)
    station.remember_reader(request, patron)
    return screen(request, place)


def book(request: LibraryRequest, place: Place, item: Item, *, mode: str) -> HttpResponse:
    """Lend the book to the reader who is here, or take it back where returns are taken."""
    if mode == RETURN:
        outcome = take_back(request, place, item)
        return screen(request, place, mode=mode, outcome=outcome)
    patron = station.reader_at(request, place, now=timezone.now())
    if patron is None:
        words = _("To borrow, scan your card first. To return, press “Return books”.")
        outcome = Outcome(kind="info", title=item.record.title, text=words)
        return screen(request, place, outcome=outcome)
    return screen(request, place, outcome=lend(request, place, item, patron))


def lend(request: LibraryRequest, place: Place, item: Item, patron: Patron) -> Outcome:
    try:
        loan = actions.check_out(item, to=patron, by=place.actor)
    except CheckoutRefused as refused:
        return refusal(_("Not lent: %(title)s"), item, refused)
    day = due(loan)
    station.note(request, _line("lent", item, day))
    return Outcome(
        kind="success",
        title=_("Lent. Please return it by %(day)s") % {"day": day},
        text=item.record.title,
        sound="done",
    )


def take_back(request: LibraryRequest, place: Place, item: Item) -> Outcome:
    """Take the book back from whoever brings it, and say nothing of who had it."""
    result = actions.check_in(item, by=place.actor)
    station.note(request, _line("returned", item))
    title = _("Returned. Thank you!") if result.loan else _("This book was not on loan")
    words = [item.record.title]
    is_for_staff = result.next_action is not NextAction.SHELVE or result.loan is None
    if is_for_staff:
        words.append(_("Please put it into the librarian's box."))
    return Outcome(
        kind="warn" if is_for_staff else "success",
        title=title,
        text=words[0],
        items=words[1:],
        sound="done",
    )


@require_POST
@station_page
def renew(request: LibraryRequest, place: Place) -> HttpResponse:
    """Renew one of the reader's own loans, or all of them."""
    patron = station.reader_at(request, place, now=timezone.now())
    if patron is None:
        return screen(request, place)
    wanted = request.POST.get("loan", "")
    loans = [loan for loan in open_loans(patron) if wanted in {"", str(loan.pk)}]
    done, refused = 0, list[str]()
    for loan in loans:
        why = renewed(request, place, loan)
        done += not why
        refused += why
    return screen(request, place, outcome=renewal(done, refused))


def renewed(request: LibraryRequest, place: Place, loan: Loan) -> list[str]:
    """Renew the loan; return the sentences that say why not."""
    try:
        fresh = actions.renew(loan, by=place.actor)
    except RenewalRefused as refused:
        words = refusal_sentences(refused.blocks)
        return [f"{loan.item.record.title}: {' '.join(words)}"]
    except LoanClosed as closed:
        return [wording.explain(closed)]
    station.note(request, _line("renewed", loan.item, due(fresh)))
    return []


def renewal(done: int, refused: list[str]) -> Outcome:
    title = _("Renewed: %(count)s") % {"count": done}
    if refused:
        title = title if done else _("Not renewed")
        kind = "warn" if done else "stop"
        return Outcome(kind=kind, title=title, items=refused, sound="stopped")
    return Outcome(kind="success", title=title, sound="done")


@sensitive_post_parameters("password")
@require_POST
@station_page
def password(request: LibraryRequest, place: Place) -> HttpResponse:
    """Let the reader in whose card was scanned, by the password of their account."""
    pending = request.session.get(PENDING_KEY, "")
    if not pending:
        return screen(request, place)
    typed = request.POST.get("password", "")
    try:
        patron = patrons.log_in(pending, typed, address=client_address(request))
    except (ReaderLoginRefused, ReaderMustWait, ReaderLoginLocked):
        words = _("The password is wrong, or none was set yet. Try again, or see the librarian.")
        return screen(request, place, pending=True, outcome=stopped(_("Not opened"), words))
    request.session.pop(PENDING_KEY, None)
    station.remember_reader(request, patron)
    return screen(request, place)


@require_POST
@station_page
def finish(request: LibraryRequest, place: Place) -> HttpResponse:
    """Forget the reader. What was done is shown or printed once more, without a name."""
    request.session.pop(PENDING_KEY, None)
    lines = station.forget_reader(request)
    wants = request.POST.get("slip", "")
    if not lines or wants not in {"show", "print"}:
        return screen(request, place)
    context = {"slip": lines, "prints": wants == "print", "now": timezone.now()}
    return screen(request, place, more=context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@station_page
def close(request: LibraryRequest, place: Place) -> HttpResponse:
    """Close the station: by the name and password of somebody who may open it."""
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = access.log_in(**form.cleaned_data, address=client_address(request))
        except (LoginRefused, LoginMustWait) as refused:
            form.add_error(None, wording.explain(refused))
        else:
            by = actor_for(user, face=Face.STAFF)
            if by.may(CirculationPermission.OPEN_STATIONS, at=place.station.library_id):
                actions.close_station(place.station, by=by)
                request.session.flush()
                return redirect("access:login")
            form.add_error(None, _("You may not close this station."))
    context = {"form": form, "place": place}
    status = 422 if form.errors else 200
    return render(request, "circulation/station_close.html", context, status=status)


def screen(
    request: LibraryRequest,
    place: Place,
    *,
    mode: str = "",
    outcome: Outcome | None = None,
    pending: bool = False,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    """Answer with what stands on the station now: the whole page, or the part that htmx swaps."""
    now = timezone.now()
    patron = station.reader_at(request, place, now=now)
    context: dict[str, object] = {
        "place": place,
        "mode": RETURN if mode == RETURN else "",
        "patron": patron,
        # The given name is enough to see that it is the right card.
        "greeted": given_name(patron.name) if patron else "",
        "loans": open_loans(patron) if patron else [],
        "lines": station.lines_of(request),
        "outcome": outcome,
        "pending": pending,
        "now": now,
        **(more or {}),
    }
    template = "circulation/station.html#board" if request.htmx else "circulation/station.html"
    return render(request, template, context)


def refusal(title: str, item: Item, refused: CheckoutRefused) -> Outcome:
    return Outcome(
        kind="stop",
        title=title % {"title": item.record.title},
        items=refusal_sentences(refused.blocks),
        sound="stopped",
    )


def _line(deed: str, item: Item, day: str = "") -> Line:
    return Line(deed=deed, title=item.record.title, barcode=item.barcode, due=day)
