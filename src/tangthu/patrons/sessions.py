"""The session of a logged-in reader, and the actor behind it.

One browser is somebody of the staff or a reader, never both: whoever logs in begins a session of
a new name, and what was in the old one is gone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from tangthu.core.actor import NOBODY, Actor
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.patrons import actions
from tangthu.patrons.models import CardStatus, Patron, ReaderSession
from tangthu.patrons.policy import logins as policy

READER_KEY = "reader"
CODE_KEY = "by_code_at"
"""When the reader proved who they are by a code: then a password may be set without the old."""

_SEEN_EVERY = timedelta(minutes=5)


def begin(
    request: HttpRequest, patron: Patron, *, is_kept: bool = False, by_code: bool = False
) -> ReaderSession:
    """Log the reader in, in a session of a new name: one that was planted here opens nothing."""
    request.session.flush()
    request.session.create()
    request.session[READER_KEY] = patron.pk
    if by_code:
        request.session[CODE_KEY] = int(timezone.now().timestamp())
    if is_kept:
        request.session.set_expiry(int(policy.KEPT_FOR.total_seconds()))
    rotate_token(request)
    return actions.begin_session(
        patron,
        session_key=request.session.session_key or "",
        address=client_address(request),
        browser=request.headers.get("User-Agent", ""),
        is_kept=is_kept,
    )


def session_of(request: HttpRequest) -> ReaderSession | None:
    """Return the reader's session behind the request, with its patron and account. One query.

    None for one that was ended elsewhere, stood idle on a device that may be shared, or whose
    card has been withdrawn.
    """
    patron_id = request.session.get(READER_KEY)
    if patron_id is None:
        return None
    found = ReaderSession.objects.select_related("patron__library", "patron__account")
    row = found.filter(session_key=request.session.session_key or "", patron=patron_id).first()
    if row is None or row.patron.card_status == CardStatus.WITHDRAWN:
        return None
    lasts = policy.KEPT_FOR if row.is_kept else policy.IDLE_FOR
    return row if timezone.now() - row.seen_at <= lasts else None


def actor_of(request: HttpRequest) -> Actor:
    """Return the reader of this session; nobody before a start password has been changed."""
    row = session_of(request)
    if row is None or row.patron.account.must_change_password:
        return NOBODY
    if timezone.now() - row.seen_at > _SEEN_EVERY:
        actions.note_session_seen(row)
        request.session.modified = True
    cast(LibraryRequest, request).reader_name = row.patron.name
    return actions.actor_for(row.patron)


def came_by_code(request: HttpRequest) -> bool:
    """Tell whether the reader proved who they are by a code in the last minutes."""
    moment = request.session.get(CODE_KEY, 0)
    return bool(timezone.now().timestamp() - moment <= policy.PENDING_LASTS.total_seconds())
