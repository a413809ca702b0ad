"""Who asks: readers' programs prove it with every request.

Either by a token that the reader's card and password got them (`tokens`), or by card and password
themselves (Basic). Tries are counted and slowed down with those of the readers' log-in. Cookies
count for nothing here, so no page of another site can borrow in a reader's name with them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.core import problems
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.opds import model
from tangthu.formats.opds.authentication import Service, document
from tangthu.libraries.reading import network
from tangthu.patrons.actions import log_in
from tangthu.patrons.errors import ProgramLoggedOut, ReaderLoginRefused, ReaderMustWait
from tangthu.patrons.models import Patron, ReaderAccount
from tangthu.patrons.programs import reader_of_token
from tangthu.protocols.places import Site
from tangthu.ui.staff import Wrapped, public_page

P = ParamSpec("P")
View = Callable[Concatenate[LibraryRequest, Patron, P], HttpResponseBase]
LONGEST_HEADER = 2000
BASIC, BEARER = 'Basic realm="OPDS", charset="UTF-8"', 'Bearer realm="OPDS"'
TOKEN_BAD = f'{BEARER}, error="invalid_token"'
NOT_KEPT = "private, no-store"


def by_reader(view: View[P]) -> Wrapped[P]:
    """Let in who proves to be a reader; answer others with the document on how to (401)."""

    @wraps(view)
    def gate(request: LibraryRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            answer = _judged(view, request, *args, **kwargs)
        except TangthuError as refused:
            answer = problems.refusal(refused)
        answer["Cache-Control"] = NOT_KEPT
        return answer

    return public_page(gate)


def _judged(
    view: View[P], request: LibraryRequest, /, *args: P.args, **kwargs: P.kwargs
) -> HttpResponseBase:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return wanted(request)
    header = request.headers.get("Authorization", "")
    try:
        patron = _by_token(header) or _by_password(header, client_address(request))
    except ProgramLoggedOut:
        return wanted(request, is_token_bad=True)
    except ReaderLoginRefused:
        return wanted(request)
    except ReaderMustWait as refused:
        answer = problems.refusal(refused)
        answer["Retry-After"] = str(refused.data["seconds"])
        return answer
    if patron is None:
        return wanted(request)
    if ReaderAccount.objects.filter(patron=patron, must_change_password=True).exists():
        return problems.problem(
            403,
            "password_to_change",
            _("Choose a password of your own first, on the library's page."),
        )
    return view(request, patron, *args, **kwargs)


def _by_token(header: str) -> Patron | None:
    """Return whose token it is (RFC 6750, section 2.1); None where the header holds none.

    Raises ProgramLoggedOut for one that opens nothing.
    """
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    patron = reader_of_token(token.strip())
    if patron is None:
        raise ProgramLoggedOut
    return patron


def _by_password(header: str, address: str | None) -> Patron | None:
    given = _credentials(header)
    return log_in(*given, address=address) if given else None


def wanted(request: LibraryRequest, *, is_token_bad: bool = False) -> HttpResponse:
    """Return the refusal that carries the document (Authentication for OPDS 1.0, section 2.4).

    Whoever came with a token learns that it is over (RFC 6750, section 3), and renews it.
    """
    site = Site.of(request)
    answer = told(site)
    answer.status_code = 401
    answer["WWW-Authenticate"] = TOKEN_BAD if is_token_bad else f"{BASIC}, {BEARER}"
    address = site.at(reverse("sharing:opds_authentication"))
    answer["Link"] = (
        f'<{address}>; rel="http://opds-spec.org/auth/document"; type="{model.AUTHENTICATION}"'
    )
    return answer


def told(site: Site) -> HttpResponse:
    """Return the document itself, which anybody may read."""
    root = next((row for row in network().libraries.values() if row.parent_id is None), None)
    service = Service(
        identifier=site.at(reverse("sharing:opds_authentication")),
        title=root.name if root else site.domain,
        description=_("Log in with your library card number and your password."),
        login=_("Library card"),
        password=_("Password"),
        logo=site.at("/static/ui/mark.svg"),
        register=site.at(reverse("card:start")),
        help=site.at(reverse("account:login")),
        start=site.at(reverse("sharing:opds2_root")),
        shelf=site.at(reverse("sharing:opds2_shelf")),
        token=site.at(reverse("sharing:opds_token")),
    )
    return HttpResponse(orjson.dumps(document(service)), content_type=model.AUTHENTICATION)


def _credentials(header: str) -> tuple[str, str] | None:
    """Return card and password of a Basic header (RFC 7617); None for anything else."""
    scheme, _space, packed = header.partition(" ")
    if scheme.lower() != "basic" or len(packed) > LONGEST_HEADER:
        return None
    try:
        text = base64.b64decode(packed.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    card, colon, password = text.partition(":")
    if not colon or not card or "\x00" in text:
        return None
    return card, password
