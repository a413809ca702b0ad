"""The four services by which viewers of other sites open restricted images."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.iiif.authorising import (
    CONTEXT,
    TokenFault,
    free,
    opened,
    refused,
    token_error,
    token_message,
)
from tangthu.formats.iiif.info import PROFILE
from tangthu.formats.iiif.plan import plan
from tangthu.formats.iiif.request import parse
from tangthu.protocols.iiif import authorising, images
from tangthu.protocols.iiif.answering import answers_all, json_answer, plain, shared
from tangthu.protocols.iiif.authorising import Allowed
from tangthu.protocols.iiif.drawing import draw
from tangthu.reading import addresses, tickets
from tangthu.reading.actions import open_object
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.access import AccessRefusal, Viewer, judge
from tangthu.repository.reading import may_see
from tangthu.ui.staff import public_page

MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'
PREVIEW = 200
"""The longer side of the small picture for everybody: a page is known by it, and not read."""


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: LibraryRequest, name: str) -> HttpResponse:
    """Ask the reader whether a site may show the document to them, after logging in (section 3)."""
    origin = request.GET.get("origin", "")
    if not authorising.is_origin(origin):
        return plain(400, "origin")
    found = _found(name)
    verdict = may_see(found, request.actor, address=client_address(request), now=timezone.now())
    allows = request.method == "POST" and bool(verdict)
    context = {
        "object": found,
        "origin": origin,
        "opens": bool(verdict),
        "allowed": allows,
        "reason": str(verdict.refusal or ""),
        "words": wording.sentence(str(verdict.refusal), {}) if verdict.refusal else "",
        "here": request.get_full_path(),
    }
    answer = render(request, "iiif/access.html", context)
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    if allows:
        told = Allowed(origin, request.actor.patron_id, request.actor.user_id)
        answer.set_cookie(
            authorising.COOKIE,
            authorising.allow(name, told),
            max_age=authorising.LASTS,
            path=reverse("iiif:token", args=[name]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            # A frame within another site sends it only so; without HTTPS no browser takes it.
            samesite="None" if settings.SESSION_COOKIE_SECURE else "Lax",
        )
    return answer


@public_page
@require_safe
def token(request: LibraryRequest, name: str) -> HttpResponse:
    """Post a token to the viewer whose hidden frame this is (section 4)."""
    origin, message = request.GET.get("origin", ""), request.GET.get("messageId", "")
    if not authorising.is_origin(origin) or not message:
        return plain(400, "messageId, origin")
    given = _token(request, name, origin)
    if isinstance(given, TokenFault):
        words = authorising.words_of("object_closed")
        told = token_error(given, message=message, heading=words, note=words)
    else:
        told = token_message(given, message=message, seconds=int(tickets.LIFETIME.total_seconds()))
    answer = render(request, "iiif/token.html", {"told": {"message": told, "origin": origin}})
    answer.xframe_options_exempt = True
    answer._csp_replace = {"frame-ancestors": [origin]}  # type: ignore[attr-defined]
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Cache-Control"] = "no-store"
    return answer


@answers_all
def probe(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell a viewer whether its token opens the page, and where the images are (section 5)."""
    image, _ticket = images.find(name)
    if image is None:
        return plain(404, "not_found")
    address = client_address(request)
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if image.is_open(timezone.now()):
        told = free()
    elif scheme == "Bearer" and (
        ticket := authorising.ticket_of(given, image.object, image.terms, address=address)
    ):
        told = opened(request.build_absolute_uri(addresses.image(name, ticket)), profile=PROFILE)
    else:
        verdict = judge(image.terms, Viewer(), today=timezone.localdate())
        reason = verdict.refusal or AccessRefusal.STAFF_ONLY
        substitute = ""
        if reason == AccessRefusal.CARD_NEEDED:
            substitute = request.build_absolute_uri(reverse("iiif:preview", args=[name]))
        told = refused(
            authorising.words_of("object_closed"),
            authorising.words_of(reason),
            substitute=substitute,
        )
    answer = shared(json_answer(request, told, media_type=MEDIA_TYPE, by_all=False))
    answer["Cache-Control"] = "no-store"
    return answer


@answers_all
def preview(request: LibraryRequest, name: str) -> HttpResponse:
    """Show a page that needs a card so small that it is known by it, and not read."""
    image, _ticket = images.find(name)
    if image is None:
        return plain(404, "not_found")
    verdict = judge(image.terms, Viewer(), today=timezone.localdate())
    if verdict.refusal not in {None, AccessRefusal.CARD_NEEDED}:
        return plain(403, str(verdict.refusal))
    asked = parse("full", f"!{PREVIEW},{PREVIEW}", "0", "default", "jpg")
    try:
        measured = plan(asked, width=image.width, height=image.height, limits=images.LIMITS)
        pixels = draw(image.pyramid, measured)
    except OSError:
        return plain(404, "file_missing")
    return shared(HttpResponse(pixels, content_type="image/jpeg"))


@public_page
@require_safe
def leave(request: LibraryRequest, name: str) -> HttpResponse:
    """Take back what was allowed to a site (section 6)."""
    found = _found(name)
    answer = render(request, "iiif/access.html", {"object": found, "left": True})
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    answer.delete_cookie(authorising.COOKIE, path=reverse("iiif:token", args=[name]))
    return answer


def _token(request: LibraryRequest, name: str, origin: str) -> str | TokenFault:
    """Return a token for what the cookie allows, or why there is none; the opening is counted."""
    value = request.COOKIES.get(authorising.COOKIE, "")
    if not value:
        return TokenFault.MISSING
    try:
        allowed = authorising.allowed(name, value)
    except SignatureExpired:
        return TokenFault.EXPIRED
    except BadSignature:
        return TokenFault.INVALID
    if allowed is None or allowed.origin != origin:
        return TokenFault.INVALID_ORIGIN
    found, address = _found(name), client_address(request)
    try:
        ticket = open_object(found, by=allowed.actor, address=address)
    except ObjectClosed:
        return TokenFault.INVALID
    return authorising.token_of(ticket, name, found.terms, address=address)


def _found(name: str) -> DigitalObject:
    rows = DigitalObject.objects.published().select_related("library")
    found = rows.filter(identifier=name).first()
    if found is None:
        raise Http404
    return found
