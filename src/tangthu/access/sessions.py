"""The session of a logged-in member of staff: which keys it holds, and the actor behind it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tangthu.access import actions
from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import NOBODY, Actor, Face
from tangthu.core.requests import client_address

LIBRARY_KEY = "library"
SEEN_KEY = "seen"
_SEEN_EVERY = timedelta(minutes=5)


def begin(request: HttpRequest, user: User) -> None:
    """Log the user in, in a session of a new name: one that was planted here opens nothing."""
    request.session.flush()
    request.session.create()
    request.session[SESSION_KEY] = str(user.pk)
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request.session[SEEN_KEY] = int(timezone.now().timestamp())
    rotate_token(request)
    actions.begin_session(
        user,
        session_key=request.session.session_key or "",
        address=client_address(request),
        browser=request.headers.get("User-Agent", ""),
    )


def user_of(request: HttpRequest) -> User | None:
    """Return the user logged in by this session, unless gone, barred, or with a new password."""
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).select_related("library").first()
    if user is None:
        return None
    proof = request.session.get(HASH_SESSION_KEY, "")
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None


def actor_of(request: HttpRequest) -> Actor:
    """Return who is asking: the member of staff of this session, or nobody."""
    user = user_of(request)
    if user is None or user.must_change_password:
        return NOBODY
    _note_seen(request)
    return actor_for(user, face=Face.STAFF, library_id=request.session.get(LIBRARY_KEY))


def _note_seen(request: HttpRequest) -> None:
    """Keep the list of browsers true, without writing at each request."""
    seen, now = request.session.get(SEEN_KEY), timezone.now().timestamp()
    if seen is not None and now - seen > _SEEN_EVERY.total_seconds():
        request.session[SEEN_KEY] = int(now)
        actions.note_session_seen(request.session.session_key or "")
