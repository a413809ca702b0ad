from __future__ import annotations

import hashlib

import orjson
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.opds import atom, json2, model
from tangthu.formats.opds.model import Entry, Feed
from tangthu.patrons.actions import actor_for
from tangthu.patrons.models import Patron
from tangthu.protocols.opds import feeds, finding, login, tokens
from tangthu.protocols.opds.entries import entries_of
from tangthu.protocols.opds.places import ONE, Catalogue
from tangthu.protocols.places import Site
from tangthu.reading import addresses
from tangthu.reading.actions import lending, open_object
from tangthu.reading.lcp_server import LICENCE
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.reading.policy.lending import Block
from tangthu.reading.policy.licences import Protection
from tangthu.reading.protection import file_ticket, may_be_fetched
from tangthu.reading.readers import may_be_streamed
from tangthu.reading.refusals import BorrowRefused
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.repository.reading import is_open_to_all
from tangthu.ui.staff import public_page

KEPT = "public, max-age=300"
SMALLEST, WIDEST = 64, 2000


@require_safe
@public_page
def root(request: LibraryRequest, version: int) -> HttpResponse:
    """Answer the page of the catalogue where a client begins."""
    catalogue = Catalogue.of(request, version)
    return _feed(request, catalogue, feeds.root(catalogue, now=timezone.now()))


@require_safe
@public_page
def browse(request: LibraryRequest, version: int, by: str) -> HttpResponse:
    """Answer the ways into the catalogue by collection, language, library or subject."""
    if by not in feeds.BROWSED:
        raise Http404
    catalogue = Catalogue.of(request, version)
    return _feed(request, catalogue, feeds.browse(catalogue, by, now=timezone.now()))


@require_safe
@public_page
def publications(request: LibraryRequest, version: int) -> HttpResponse:
    """Answer a list of publications, or what a search finds."""
    catalogue, question = Catalogue.of(request, version), finding.asked(request.GET)
    return _feed(request, catalogue, feeds.publications(catalogue, question, now=timezone.now()))


@require_safe
@public_page
def publication(request: LibraryRequest, version: int, name: str) -> HttpResponse:
    """Answer one publication, complete."""
    catalogue = Catalogue.of(request, version)
    found = get_object_or_404(finding.offered(), identifier=name)
    (entry,) = entries_of([found], catalogue, now=timezone.now())
    return _kept(request, _entry(catalogue, entry))


@require_safe
@public_page
def opensearch(request: LibraryRequest) -> HttpResponse:
    """Tell clients how to search."""
    catalogue = Catalogue.of(request, ONE)
    name = feeds.root(catalogue, now=timezone.now()).title
    written = atom.opensearch(
        name="Tàng Thư",
        description=name,
        template=catalogue.address("publications"),
        suggestions=catalogue.site.at(reverse("opac:search")),
        language=translation.get_language() or "vi",
    )
    return _kept(request, HttpResponse(written, content_type=model.OPENSEARCH))


@require_safe
@public_page
def authentication(request: LibraryRequest) -> HttpResponse:
    """Tell clients how readers log in."""
    return _kept(request, login.told(Site.of(request)))


# No cookie is looked at: whoever asks sends the password, or the token of before.
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@public_page
def token(request: LibraryRequest) -> HttpResponse:
    """Give a reader's program its tokens, for card and password or for the token of before."""
    return tokens.given(request)


@require_safe
@public_page
def page(request: LibraryRequest, name: str) -> HttpResponse:
    """Lead a client that streams pages to the image of one; the first page is number 0."""
    obj = get_object_or_404(DigitalObject.objects.published(), identifier=name)
    if not is_open_to_all(obj, now=timezone.now()):
        raise Http404
    number = whole_number(request.GET.get("n", "")) or 0
    rows = obj.pages.ready().order_by("position").values_list("identifier", flat=True)
    found = rows[number : number + 1].first() if number < 100_000 else None
    if found is None:
        raise Http404
    width = whole_number(request.GET.get("width", "")) or WIDEST
    size = f"!{min(max(width, SMALLEST), WIDEST)},{WIDEST * 2}"
    return HttpResponseRedirect(f"{addresses.image(found)}/full/{size}/0/default.jpg")


@require_safe
@login.by_reader
def shelf(request: LibraryRequest, patron: Patron, version: int) -> HttpResponse:
    """Answer what the reader has borrowed and waits for."""
    catalogue = Catalogue.of(request, version)
    return _written(catalogue, feeds.shelf(catalogue, patron, now=timezone.now()))


# Clients follow a borrow link by GET. It asks for a password each time, and never for a cookie.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@login.by_reader
def borrow(request: LibraryRequest, patron: Patron, version: int, name: str) -> HttpResponse:
    """Lend the object to the reader, or let them wait where none is free; answer how it stands.

    Whoever has it already has it.
    """
    obj = get_object_or_404(finding.offered(), identifier=name)
    now, by = timezone.now(), actor_for(patron)
    mine = DigitalLoan.objects.live(now).filter(patron=patron, object=obj)
    if not mine.exists():
        try:
            lending.borrow(obj, for_=patron, by=by)
        except BorrowRefused as refused:
            if not _is_only_out(refused):
                raise
            if not DigitalHold.objects.open(now).filter(patron=patron, object=obj).exists():
                lending.place_digital_hold(obj, for_=patron, by=by)
    return _standing(request, patron, version, obj, status=201)


@csrf_exempt
@require_http_methods(["GET", "POST", "PUT", "DELETE"])
@login.by_reader
def give_back(request: LibraryRequest, patron: Patron, version: int, pk: int) -> HttpResponse:
    """End the reader's loan before its time."""
    mine = DigitalLoan.objects.live(timezone.now()).filter(patron=patron)
    loan = get_object_or_404(mine.select_related("object"), pk=pk)
    lending.give_back(loan, by=actor_for(patron))
    return _standing(request, patron, version, loan.object)


@csrf_exempt
@require_http_methods(["GET", "POST", "PUT", "DELETE"])
@login.by_reader
def unhold(request: LibraryRequest, patron: Patron, version: int, pk: int) -> HttpResponse:
    """Let the reader wait no more."""
    mine = DigitalHold.objects.open(timezone.now()).filter(patron=patron)
    hold = get_object_or_404(mine.select_related("object"), pk=pk)
    lending.cancel_digital_hold(hold, by=actor_for(patron))
    return _standing(request, patron, version, hold.object)


@require_safe
@login.by_reader
def file(request: LibraryRequest, patron: Patron, name: str, file: str) -> HttpResponse:
    """Lead the reader's program to a file that opens for the reader, by a ticket for it alone.

    Raises ObjectClosed where it does not. What is lent with a mark comes as the reader's own copy.
    """
    rows = DigitalFile.objects.current().select_related("object__library")
    objects = DigitalObject.objects.visible_to(actor_for(patron)).filter(identifier=name)
    row = get_object_or_404(rows.filter(object__in=objects), identifier=file)
    if not may_be_streamed(row) or not _may_be_taken_along(row, patron):
        raise Http404
    address = client_address(request)
    open_object(row.object, by=actor_for(patron), address=address)
    ticket = file_ticket(row.object, row.identifier, actor=actor_for(patron), address=address)
    named = addresses.ticketed(row.identifier, ticket)
    return HttpResponseRedirect(reverse("reading:file", args=[name, named]))


def _may_be_taken_along(row: DigitalFile, patron: Patron) -> bool:
    obj = row.object
    if obj.access != Access.LENT:
        return True
    mine = DigitalLoan.objects.live(timezone.now()).filter(patron=patron, object=obj)
    loan = mine.select_related("licence").first()
    return loan is not None and may_be_fetched(loan, row)


@require_safe
@login.by_reader
def licence(request: LibraryRequest, patron: Patron, name: str) -> HttpResponse:
    """Give the reader's program the LCP licence of what the reader has on loan."""
    mine = DigitalLoan.objects.live(timezone.now()).filter(patron=patron, object__identifier=name)
    lent = mine.filter(licence__protection=Protection.LCP).select_related("licence")
    loan = get_object_or_404(lent)
    found = lending.licence_document(loan, by=actor_for(patron))
    answer = HttpResponse(found.content, content_type=LICENCE)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _is_only_out(refused: BorrowRefused) -> bool:
    blocks = [block.code for block in refused.verdict.blocks]
    return blocks == [Block.NO_COPY_FREE]


def _standing(
    request: LibraryRequest, patron: Patron, version: int, obj: DigitalObject, *, status: int = 200
) -> HttpResponse:
    """Answer how the object now stands for the reader."""
    catalogue, now = Catalogue.of(request, version), timezone.now()
    mine = feeds.shelved_of(patron, now=now)
    (entry,) = entries_of([obj], catalogue, now=now, shelved=mine)
    answer = _entry(catalogue, entry)
    answer.status_code = status
    return answer


def _feed(request: LibraryRequest, catalogue: Catalogue, feed: Feed) -> HttpResponse:
    return _kept(request, _written(catalogue, feed))


def _written(catalogue: Catalogue, feed: Feed) -> HttpResponse:
    if catalogue.version == ONE:
        kind = model.NAVIGATION_FEED if feed.is_navigation else model.ACQUISITION_FEED
        return HttpResponse(atom.feed(feed), content_type=kind)
    return HttpResponse(orjson.dumps(json2.feed(feed)), content_type=model.OPDS2)


def _entry(catalogue: Catalogue, entry: Entry) -> HttpResponse:
    if catalogue.version == ONE:
        return HttpResponse(atom.document(entry), content_type=model.ATOM_ENTRY)
    told = json2.publication(entry, catalogue.authentication)
    return HttpResponse(orjson.dumps(told), content_type=model.PUBLICATION)


def _kept(request: LibraryRequest, answer: HttpResponse) -> HttpResponse:
    """Say how long it may be kept, and answer 304 to who has it already."""
    tag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponseNotModified()
    answer["ETag"] = tag
    answer["Cache-Control"] = KEPT
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
