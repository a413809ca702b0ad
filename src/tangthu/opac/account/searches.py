"""The searches that a reader keeps, and whether they want news of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.notices.kinds import Channel, Topic
from tangthu.notices.reading import ChannelChoice, choices_of
from tangthu.opac import actions, searching
from tangthu.opac.account.forms import SearchForm
from tangthu.opac.account.notices import agree
from tangthu.opac.account.reader import patron_of
from tangthu.opac.models import SavedSearch, SavedSearchQuerySet
from tangthu.patrons.models import Patron
from tangthu.ui import refusals
from tangthu.ui.readers import reader_page


@reader_page
@require_safe
def searches(request: LibraryRequest) -> HttpResponse:
    """Show the searches that are kept."""
    rows = _own(request).order_by("-created_at", "-pk")
    told = [box.label for box in ways(patron_of(request)) if box.is_on]
    return render(request, "account/searches.html", {"searches": rows, "told": told})


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: LibraryRequest) -> HttpResponse:
    """Keep the search whose results are before the reader, perhaps with news of it."""
    asked = request.POST if request.method == "POST" else request.GET
    address = asked.get("address", "")
    patron = patron_of(request)
    boxes = [box for box in ways(patron) if box.is_reachable]
    suggested = searching.asked(QueryDict(address.removeprefix("?"))).q[:200]
    form = SearchForm(request.POST or None, initial={"name": suggested})
    if request.method == "POST" and form.is_valid() and _saved(request, form, patron, boxes):
        messages.success(request, _("The search is kept."))
        return redirect("account:searches")
    context = {"form": form, "address": address, "boxes": boxes}
    status = 422 if form.errors else 200
    return render(request, "account/save_search.html", context, status=status)


@reader_page
@require_POST
def alert(request: LibraryRequest, pk: int) -> HttpResponse:
    """Switch the news of a search on or off."""
    search = get_object_or_404(_own(request), pk=pk)
    actions.set_alert(search, is_alerting="on" in request.POST, by=request.actor)
    return redirect("account:searches")


@reader_page
@require_POST
def remove(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.remove_search(get_object_or_404(_own(request), pk=pk), by=request.actor)
    messages.success(request, _("The search is forgotten."))
    return redirect("account:searches")


def ways(patron: Patron) -> tuple[ChannelChoice, ...]:
    """Return the channels by which news of searches may go, with the words to agree to."""
    topics = choices_of(patron, language=get_language() or "vi")
    return next((each.channels for each in topics if each.topic is Topic.SEARCHES), ())


def _saved(
    request: LibraryRequest, form: SearchForm, patron: Patron, boxes: list[ChannelChoice]
) -> bool:
    ticked = {Channel(code) for code in request.POST.getlist("channel") if code in set(Channel)}
    try:
        agree(request, patron, [box for box in boxes if box.channel in ticked])
        actions.save_search(
            form.cleaned_data["name"],
            request.POST.get("address", ""),
            is_alerting=bool(ticked),
            by=request.actor,
        )
    except TangthuError as refused:
        refusals.show(form, refused)
        return False
    return True


def _own(request: LibraryRequest) -> SavedSearchQuerySet:
    return SavedSearch.objects.visible_to(request.actor)
