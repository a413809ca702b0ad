"""The queue of what readers ask: other contacts, a copy of their data, erasure."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions import contacts, erasing, requests
from tangthu.patrons.errors import ErasureNotYet
from tangthu.patrons.forms_afar import DataRequestForm, WordsForm
from tangthu.patrons.models import ContactChange, DataRequest, Patron, RequestKind
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui.staff import staff_page

EDIT, ANSWER = PatronsPermission.EDIT_PATRONS, PatronsPermission.ANSWER_DATA_REQUESTS
MOST = 100


@staff_page(EDIT, ANSWER)
@never_cache
@require_safe
def queue(request: LibraryRequest) -> HttpResponse:
    """List what waits: contact changes the oldest first, other requests by the law's clock."""
    return _queue(request)


def _queue(request: LibraryRequest, *, status: int = 200, **others: object) -> HttpResponse:
    today = timezone.localdate()
    changes = ContactChange.objects.visible_to(request.actor).waiting().for_queue()[:MOST]
    asked = DataRequest.objects.visible_to(request.actor).for_queue()
    context = {
        "changes": changes,
        "open_requests": [
            {
                "request": row,
                "is_late": row.is_late(today),
                "against": _against(row),
            }
            for row in asked.open()[:MOST]
        ],
        "answered": asked.exclude(pk__in=asked.open().values("pk")).order_by("-answered_at")[:20],
        "words_form": WordsForm(),
        "today": today,
        **others,
    }
    return render(request, "patrons/requests.html", context, status=status)


def _against(row: DataRequest) -> list[str]:
    if row.kind != RequestKind.ERASE:
        return []
    return [wording.explain(refused) for refused in erasing.objections(row.patron)]


@staff_page(EDIT)
@require_POST
def accept_contact(request: LibraryRequest, pk: int) -> HttpResponse:
    change = _change(request, pk)
    contacts.accept_contact_change(change, by=request.actor)
    messages.success(request, _("Saved. The reader is told."))
    return redirect("patrons:requests")


@staff_page(EDIT)
@require_POST
def refuse_contact(request: LibraryRequest, pk: int) -> HttpResponse:
    change = _change(request, pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _queue(request, status=422, words_form=form, wrong_change=change.pk)
    reason = form.cleaned_data["words"]
    contacts.refuse_contact_change(change, reason=reason, by=request.actor)
    messages.success(request, _("Refused. The reader is told why."))
    return redirect("patrons:requests")


@staff_page(EDIT)
@require_POST
def enter(request: LibraryRequest, pk: int) -> HttpResponse:
    """Enter a request that came on paper or by word of mouth."""
    patron = get_object_or_404(Patron.objects.visible_to(request.actor).for_list(), pk=pk)
    form = DataRequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what is asked for."))
        return redirect("patrons:detail", pk=pk)
    told = form.cleaned_data
    try:
        asked = requests.request_data_right(
            patron, RequestKind(told["kind"]), text=told["text"], by=request.actor
        )
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
        return redirect("patrons:detail", pk=pk)
    day = asked.answer_by.strftime("%d/%m/%Y")
    messages.success(request, _("Entered. It must be answered by %(day)s.") % {"day": day})
    if request.actor.may(ANSWER):
        return redirect("patrons:requests")
    return redirect("patrons:detail", pk=pk)


@staff_page(ANSWER)
@require_POST
def complete(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _request(request, pk)
    requests.complete_data_request(row, answer=request.POST.get("words", ""), by=request.actor)
    messages.success(request, _("Answered."))
    return redirect("patrons:requests")


@staff_page(ANSWER)
@require_POST
def postpone(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("Postponed. The reader is told why.")
    return _with_reason(request, pk, requests.postpone_data_request, done)


@staff_page(ANSWER)
@require_POST
def refuse(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("Refused. The reader is told why.")
    return _with_reason(request, pk, requests.refuse_data_request, done)


@staff_page(ANSWER)
@require_POST
def erase(request: LibraryRequest, pk: int) -> HttpResponse:
    """Erase the reader, or say what stands against it."""
    row = _request(request, pk)
    try:
        erasing.erase_patron(row, by=request.actor)
    except ErasureNotYet as refused:
        messages.error(request, wording.explain(refused))
        return _queue(request, status=refused.status)
    messages.success(request, _("The reader is erased. Sums and counts stay, without a name."))
    return redirect("patrons:requests")


@staff_page(ANSWER)
@never_cache
@require_safe
def export(request: LibraryRequest, pk: int, form: str) -> HttpResponse:
    """Hand out everything that is kept on a reader: to read, or for programs."""
    if form not in {"html", "json"}:
        raise Http404
    patron = get_object_or_404(Patron.objects.visible_to(request.actor).for_list(), pk=pk)
    told = requests.export_data(patron, by=request.actor)
    if form == "json":
        response = HttpResponse(told.as_json(), content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="reader-{patron.pk}.json"'
        return response
    return render(request, "patrons/disclosure.html", {"told": told, "patron": patron})


def _with_reason(
    request: LibraryRequest, pk: int, deed: Callable[..., DataRequest], done: str
) -> HttpResponse:
    row = _request(request, pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _queue(request, status=422, words_form=form, wrong_request=row.pk)
    deed(row, reason=form.cleaned_data["words"], by=request.actor)
    messages.success(request, done)
    return redirect("patrons:requests")


def _change(request: LibraryRequest, pk: int) -> ContactChange:
    return get_object_or_404(ContactChange.objects.visible_to(request.actor).for_queue(), pk=pk)


def _request(request: LibraryRequest, pk: int) -> DataRequest:
    return get_object_or_404(DataRequest.objects.visible_to(request.actor).for_queue(), pk=pk)
