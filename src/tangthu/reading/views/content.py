"""The files that readers show, streamed to them whole or in parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.reading import tickets
from tangthu.reading.actions import open_object
from tangthu.reading.addresses import parted
from tangthu.reading.copies import is_marked
from tangthu.reading.lending import loan_of
from tangthu.reading.protection import marked_loan, shown_path
from tangthu.reading.ranges import Span, Unsatisfiable, spans
from tangthu.reading.readers import is_only_taken_along, may_be_streamed
from tangthu.reading.refusals import CopyNotMade
from tangthu.repository import storage
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.repository.reading import is_open_to_all
from tangthu.ui.staff import public_page

AnyAnswer = TypeVar("AnyAnswer", bound=HttpResponseBase)

PIECE = 1 << 16
KEPT_BY_ALL = "public, max-age=3600"
NOT_KEPT = "private, no-store"
# What a browser shows in a tab of its own under the policy below. Its players and its PDF viewer
# stay black there: an address opened so is saved. Readers fetch their files, and play all the same.
SHOWN = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Sent:
    """What is streamed: how many bytes, what tells them from others, and how parts are read."""

    size: int
    tag: str
    part: Callable[[int, int], Iterator[bytes]]


@require_safe
@public_page
def file(request: LibraryRequest, name: str, file: str) -> HttpResponseBase:
    """Stream a file of an object to its reader.

    Who may is judged as for images: by a ticket for this very file, else by who asks, which is
    written down then. What is restricted opens in its reader alone, never as a page of its own.
    """
    identifier, ticket = parted(file)
    row = _row(request, name, identifier)
    is_open = is_open_to_all(row.object, now=timezone.now())
    if not is_open:
        if request.headers.get("Sec-Fetch-Mode") == "navigate" or is_only_taken_along(row):
            return _refused("object_reader_only")
        if not _opens(request, row, ticket):
            return _refused("object_closed")
    marked_for = 0 if is_open else _marked_for(request, row, ticket)
    try:
        answer = _answer(request, row, _sent(row, marked_for))
    except FileNotFoundError as gone:
        raise Http404 from gone
    except CopyNotMade as refused:
        return _refused(refused.code)
    answer["Cache-Control"] = KEPT_BY_ALL if is_open else NOT_KEPT
    return _shared(answer) if is_open else answer


def _shared(answer: HttpResponse | StreamingHttpResponse) -> HttpResponseBase:
    """Let viewers of other sites play what is open to all: they come by its IIIF manifest."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "Accept-Ranges, Content-Length, Content-Range"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _row(request: LibraryRequest, name: str, identifier: str) -> DigitalFile:
    """Return the file, if a reader of this object shows it to anybody. Raises Http404."""
    objects = DigitalObject.objects.visible_to(request.actor)
    rows = DigitalFile.objects.current().filter(object__in=objects, object__identifier=name)
    found = rows.select_related("object__library").filter(identifier=identifier).first()
    if found is None or not may_be_streamed(found):
        raise Http404
    return found


def _opens(request: LibraryRequest, row: DigitalFile, ticket: str) -> bool:
    if _is_good(request, row, ticket):
        return True
    try:
        open_object(row.object, by=request.actor, address=client_address(request))
    except ObjectClosed:
        return False
    return True


def _marked_for(request: LibraryRequest, row: DigitalFile, ticket: str) -> int:
    """Return the loan whose marked copy is streamed: a good ticket names it, else who asks."""
    if _is_good(request, row, ticket):
        return tickets.view_of(ticket)
    return marked_loan(row.object, request.actor)


def _is_good(request: LibraryRequest, row: DigitalFile, ticket: str) -> bool:
    """Tell whether the ticket opens the file: of what is lent, to no reader who has it no more."""
    obj, actor = row.object, request.actor
    is_lent = obj.access == Access.LENT and actor.patron_id is not None
    if not ticket or (is_lent and loan_of(obj, actor, now=timezone.now()) is None):
        return False
    return tickets.opens(
        ticket,
        obj.identifier,
        obj.terms,
        address=client_address(request),
        file=row.identifier,
    )


def _sent(row: DigitalFile, marked_for: int) -> Sent:
    """Return what is streamed to this reader. Raises FileNotFoundError, CopyNotMade."""
    if storage.is_far(row) and not (marked_for and is_marked(row)):
        return Sent(row.size, f'"{row.sha256}"', partial(storage.far_part, row))
    path = shown_path(row, marked_for)
    tag = _tag(path) if marked_for else f'"{row.sha256}"'
    return Sent(path.stat().st_size, tag, partial(_bytes, path))


def _tag(copy: Path) -> str:
    """Return what tells a loan's copy from the file and from every other copy."""
    return f'"{copy.parent.name}-{copy.name}"'


def _refused(reason: str) -> HttpResponse:
    answer = HttpResponse(reason, content_type="text/plain; charset=utf-8", status=403)
    answer["Cache-Control"] = NOT_KEPT
    return answer


def _answer(
    request: LibraryRequest, row: DigitalFile, sent: Sent
) -> HttpResponse | StreamingHttpResponse:
    size, tag = sent.size, sent.tag
    if tag in request.headers.get("If-None-Match", ""):
        return _labelled(HttpResponse(status=304), row, tag)
    try:
        wanted = _wanted(request, row, tag, size)
    except Unsatisfiable:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _labelled(refused, row, tag)
    if len(wanted) > 1:
        return _labelled(_several(row, sent, wanted), row, tag)
    span = wanted[0] if wanted else Span(0, size)
    body = sent.part(span.start, span.end) if request.method == "GET" else ()
    answer = StreamingHttpResponse(body, content_type=row.media_type)
    answer["Content-Length"] = str(span.length)
    if wanted:
        answer.status_code = 206
        answer["Content-Range"] = span.content_range(size)
    return _labelled(answer, row, tag)


def _wanted(request: LibraryRequest, row: DigitalFile, tag: str, size: int) -> list[Span]:
    """Return the parts that are to be sent; none for the whole. Of a HEAD, always the whole."""
    header = request.headers.get("Range", "")
    if request.method != "GET" or not header or not _is_same(request, row, tag):
        return []
    return spans(header, size)


def _is_same(request: LibraryRequest, row: DigitalFile, tag: str) -> bool:
    """Tell whether what the visitor has parts of is this file (If-Range, RFC 9110, 13.1.5)."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition or condition == tag:
        return True
    if condition.startswith(('"', "W/")):
        return False
    try:
        moment = parsedate_to_datetime(condition)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment == row.created_at.astimezone(UTC).replace(
        microsecond=0
    )


def _several(row: DigitalFile, sent: Sent, wanted: list[Span]) -> StreamingHttpResponse:
    """Return several parts in one answer (RFC 9110, 14.6)."""
    border = secrets.token_hex(16)
    heads = [
        f"--{border}\r\nContent-Type: {row.media_type}\r\n"
        f"Content-Range: {span.content_range(sent.size)}\r\n\r\n".encode()
        for span in wanted
    ]
    end = f"--{border}--\r\n".encode()

    def body() -> Iterator[bytes]:
        for head, span in zip(heads, wanted, strict=True):
            yield head
            yield from sent.part(span.start, span.end)
            yield b"\r\n"
        yield end

    answer = StreamingHttpResponse(
        body(), status=206, content_type=f"multipart/byteranges; boundary={border}"
    )
    told = sum(len(head) + span.length + 2 for head, span in zip(heads, wanted, strict=True))
    answer["Content-Length"] = str(told + len(end))
    return answer


def _bytes(path: Path, start: int, end: int) -> Iterator[bytes]:
    left = end - start
    with path.open("rb") as source:
        source.seek(start)
        while left and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def _labelled(answer: AnyAnswer, row: DigitalFile, tag: str) -> AnyAnswer:
    """Say what it is, so that no browser takes it for a page and runs what is in it."""
    as_file = not row.media_type.startswith(SHOWN)
    disposition = content_disposition_header(as_file, row.name)
    if disposition:
        answer["Content-Disposition"] = disposition
    answer["ETag"] = tag
    answer["Last-Modified"] = http_date(row.created_at.timestamp())
    answer["Accept-Ranges"] = "bytes"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
