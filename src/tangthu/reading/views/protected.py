"""What a borrower takes along, and what reading programs that know LCP ask of us."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core import wording
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.models import Patron
from tangthu.reading import counting
from tangthu.reading.actions import lending as deeds
from tangthu.reading.lcp_server import LICENCE, STATUS
from tangthu.reading.lending import loan_of
from tangthu.reading.lending_forms import PassphraseForm
from tangthu.reading.models import DigitalLoan, LcpLoan, Passphrase
from tangthu.reading.policy.counter import Use
from tangthu.reading.protection import Taken, file_to_take, protector_of
from tangthu.reading.refusals import (
    LendingRefused,
    PassphraseNeeded,
    PassphraseRefused,
)
from tangthu.reading.wording_lending import sentences_of
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.ui.readers import reader_page
from tangthu.ui.staff import public_page

PROBLEM = "http://readium.org/license-status-document/error/"


@reader_page
@never_cache
@require_safe
def take(request: LibraryRequest, name: str) -> HttpResponseBase:
    """Hand the borrower what is taken along: the file, the marked copy, or the licence."""
    objects = DigitalObject.objects.visible_to(request.actor).filter(access=Access.LENT)
    obj = get_object_or_404(objects.select_related("library"), identifier=name)
    loan = loan_of(obj, request.actor, now=timezone.now())
    if loan is None or not protector_of(loan).may_be_taken(loan):
        raise Http404
    loan.object = obj
    try:
        taken = protector_of(loan).taken(loan, file_to_take(obj), by=request.actor)
    except PassphraseNeeded:
        return redirect("reading:passphrase")
    except TangthuError as refused:
        messages.warning(request, wording.explain(refused))
        return redirect("reading:lend", name)
    if taken is None:
        raise Http404
    counting.note(request, obj, Use.REQUEST)
    return _handed(taken)


@reader_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passphrase(request: LibraryRequest) -> HttpResponse:
    """Let the reader choose the passphrase of protected books."""
    patron = get_object_or_404(Patron, pk=request.actor.patron_id)
    chosen = Passphrase.objects.filter(patron=patron).first()
    form = PassphraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            deeds.choose_passphrase(patron, said["passphrase"], said["hint"], by=request.actor)
        except PassphraseRefused as refused:
            form.add_error(refused.field, wording.sentence(str(refused.data["fault"])))
        else:
            messages.success(request, _("The passphrase is kept. Do not forget it."))
            return _back_to_book(request)
    context = {"form": form, "chosen": chosen}
    return render(request, "reading/passphrase.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@public_page
def fresh(request: LibraryRequest, key: UUID) -> HttpResponseBase:
    """Give a reading program the licence as it is now. Its name is secret, its book is locked."""
    loan = _loan(key)
    try:
        found = deeds.licence_document(loan, by=_borrower(loan))
    except TangthuError as refused:
        return _problem("license", refused)
    return _handed(
        Taken(name=f"{loan.object.identifier}.lcpl", media_type=LICENCE, content=found.content)
    )


@csrf_exempt
@never_cache
@require_http_methods(["PUT"])
@public_page
def renew(request: LibraryRequest, key: UUID) -> HttpResponse:
    """Renew the loan for the program that holds its licence, by our rules (LSD 1.0, 3.4)."""
    loan = _loan(key)
    try:
        deeds.renew_loan(loan, by=_borrower(loan))
        deeds.tell_server(now=timezone.now())
        found = deeds.status_document(loan)
    except TangthuError as refused:
        return _problem("renew", refused)
    return HttpResponse(found.content, content_type=STATUS)


@never_cache
@require_safe
@public_page
def hint(request: LibraryRequest, key: UUID) -> HttpResponse:
    """Say what to do who has forgotten the passphrase: where licences send their readers."""
    _loan(key)
    return render(request, "reading/passphrase_hint.html")


def _back_to_book(request: LibraryRequest) -> HttpResponse:
    """Go on where the reader was sent here from: to the first book that waits for it."""
    waiting = DigitalLoan.objects.live(timezone.now()).filter(
        patron=request.actor.patron_id, lcp__identifier=""
    )
    loan = waiting.select_related("object").order_by("-pk").first()
    if loan is None:
        return redirect("account:home")
    return redirect("reading:lend", loan.object.identifier)


def _loan(key: UUID) -> DigitalLoan:
    rows = LcpLoan.objects.filter(identifier=str(key)).exclude(loan__patron=None)
    kept = rows.select_related("loan__object__library", "loan__licence").first()
    if kept is None:
        raise Http404
    return kept.loan


def _borrower(loan: DigitalLoan) -> Actor:
    """Return the borrower, in whose place the program asks: nobody else knows the licence."""
    return Actor(face=Face.OPAC, patron_id=loan.patron_id, library_id=None)


def _handed(taken: Taken) -> HttpResponseBase:
    if taken.path is not None:
        return FileResponse(
            taken.path.open("rb"),
            as_attachment=True,
            filename=taken.name,
            content_type=taken.media_type,
            headers={"Cache-Control": "private, no-store"},
        )
    answer = HttpResponse(taken.content, content_type=taken.media_type)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=taken.name) or "attachment"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _problem(kind: str, refused: TangthuError) -> HttpResponse:
    """Say what is wrong as a problem document, with the words that the program shows."""
    words = (
        " ".join(sentences_of(refused.blocks))
        if isinstance(refused, LendingRefused)
        else wording.explain(refused)
    )
    status = refused.status if refused.status >= 500 else 403
    body = {"type": PROBLEM + kind, "title": words, "status": status, "detail": words}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/problem+json")
