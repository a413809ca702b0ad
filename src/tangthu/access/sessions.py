"""The session of a logged-in member of staff: which keys it holds, and the actor behind it."""

from __future__ import annotations

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import NOBODY, Actor, Face

LIBRARY_KEY = "library"


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
    return actor_for(user, face=Face.STAFF, library_id=request.session.get(LIBRARY_KEY))
