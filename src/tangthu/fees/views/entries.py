"""One entry of the ledger: its postings, waiving what is open of it, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions, presenting, reading
from tangthu.fees.forms import ReasonForm, WaiverForm
from tangthu.fees.models import Entry, EntryKind
from tangthu.fees.views.frame import REVERSE, SEE, WAIVE, page
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page


@staff_page(SEE)
@require_safe
def entry(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show an entry as a bookkeeper reads it."""
    return _page(request, _entry(request, pk))


@staff_page(WAIVE)
@require_POST
def waive(request: LibraryRequest, pk: int) -> HttpResponse:
    """Forgive a charge or a part of it."""
    charge, form = _entry(request, pk), WaiverForm(request.POST, prefix="waive")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.waive(charge, reason=told["reason"], amount=told["amount"], by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Waived."))
            return _back(charge)
    return _page(request, charge, status=422, waiver_form=form)


@staff_page(REVERSE)
@require_POST
def reverse_entry(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take an entry back."""
    wrong, form = _entry(request, pk), ReasonForm(request.POST, prefix="reverse")
    if form.is_valid():
        try:
            actions.reverse(wrong, reason=form.cleaned_data["reason"], by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("The entry is reversed. Both stay in the books."))
            return _back(wrong)
    return _page(request, wrong, status=422, reversal_form=form)


def _back(entry: Entry) -> HttpResponse:
    if entry.patron_id is not None:
        return redirect("fees:account", pk=entry.patron_id)
    return redirect("fees:entry", pk=entry.pk)


def _entry(request: LibraryRequest, pk: int) -> Entry:
    seen = Entry.objects.visible_to(request.actor)
    wanted = seen.select_related("library", "patron", "reverses", "reversal", "receipt")
    return get_object_or_404(wanted, pk=pk)


def _page(
    request: LibraryRequest, entry: Entry, *, status: int = 200, **others: object
) -> HttpResponse:
    left = reading.open_amount(entry).amount if entry.kind == EntryKind.CHARGE else 0
    actor, at = request.actor, entry.library_id
    reversible = entry.kind not in actions.NEVER_REVERSED and not hasattr(entry, "reversal")
    context: dict[str, object] = {
        "entry": entry,
        "title": presenting.title_of(entry),
        "rows": presenting.posting_rows(entry),
        "left": left,
        "waives": left > 0 and actor.may(WAIVE, at=at),
        "reverses": reversible and actor.may(REVERSE, at=at),
        "waiver_form": WaiverForm(prefix="waive"),
        "reversal_form": ReasonForm(prefix="reverse"),
        **others,
    }
    return page(request, "fees/entry.html", context, tab="home", status=status)
