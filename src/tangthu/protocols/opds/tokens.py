"""Where a reader's program gets its tokens: OAuth 2.0 (RFC 6749), sections 4.3, 5 and 6.

Authentication for OPDS registers no clients: any program may ask, and whoever it says it is counts
for nothing. The tokens open the readers' part of this catalogue and nothing else.
"""

from __future__ import annotations

from typing import Literal

import orjson
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpResponse, QueryDict, UnreadablePostError
from django.utils.translation import gettext as _

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.patrons.actions import begin_program, log_in, renew_program
from tangthu.patrons.actions.programs import Tokens
from tangthu.patrons.errors import ProgramLoggedOut, ReaderLoginRefused, ReaderMustWait
from tangthu.patrons.models import ReaderAccount
from tangthu.patrons.policy.logins import PROGRAM_OPENS_FOR

FORM = "application/x-www-form-urlencoded"
SCOPE = "opds"
LARGEST = 10_000
Fault = Literal["invalid_request", "invalid_grant", "unsupported_grant_type", "slow_down"]
"""What clients understand (section 5.2; `slow_down` is from RFC 8628)."""


def given(request: LibraryRequest) -> HttpResponse:
    """Answer a program's question for tokens: by the reader's password, or by a token of before."""
    form = _form(request)
    if form is None:
        return _fault("invalid_request", _("Send a form, with every field once."))
    grant = form.get("grant_type", "")
    try:
        if grant == "password" and form.get("username") and form.get("password"):
            return _by_password(request, form["username"], form["password"])
        if grant == "refresh_token" and form.get("refresh_token"):
            return _told(renew_program(form["refresh_token"], address=client_address(request)))
    except (ReaderLoginRefused, ProgramLoggedOut) as refused:
        return _fault("invalid_grant", wording.explain(refused))
    except ReaderMustWait as refused:
        answer = _fault("slow_down", wording.explain(refused), status=429)
        answer["Retry-After"] = str(refused.data["seconds"])
        return answer
    if grant in {"password", "refresh_token", ""}:
        return _fault("invalid_request", _("Something is missing in the form."))
    return _fault("unsupported_grant_type", _("Log in by card number and password."))


def _by_password(request: LibraryRequest, username: str, password: str) -> HttpResponse:
    address = client_address(request)
    patron = log_in(username, password, address=address)
    if ReaderAccount.objects.filter(patron=patron, must_change_password=True).exists():
        return _fault(
            "invalid_grant", _("Choose a password of your own first, on the library's page.")
        )
    program = request.headers.get("User-Agent", "")
    return _told(begin_program(patron, address=address, program=program))


def _form(request: LibraryRequest) -> dict[str, str] | None:
    """Return the fields of a form that was sent as one, each once and with a value; else None."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    if request.content_type != FORM or not told.isdecimal() or int(told) > LARGEST:
        return None
    try:
        form: QueryDict = request.POST
    except (BadRequest, SuspiciousOperation, UnreadablePostError):
        return None
    fields = dict(form.lists())
    if any(len(values) > 1 or "\x00" in values[0] for values in fields.values()):
        return None
    return {name: values[0] for name, values in fields.items() if values[0]}


def _told(tokens: Tokens) -> HttpResponse:
    return _answer(
        {
            "access_token": tokens.opening,
            "token_type": "Bearer",
            "expires_in": int(PROGRAM_OPENS_FOR.total_seconds()),
            "refresh_token": tokens.renewing,
            "scope": SCOPE,
        }
    )


def _fault(code: Fault, detail: str, *, status: int = 400) -> HttpResponse:
    """Return a refusal. `error_description` may hold ASCII alone, so our sentence is `detail`."""
    return _answer({"error": code, "detail": detail}, status=status)


def _answer(body: dict[str, object], *, status: int = 200) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(body), content_type="application/json", status=status)
    answer["Cache-Control"] = "no-store"
    answer["Pragma"] = "no-cache"
    return answer
