"""Logging in and out, passwords, and the browsers in which somebody is logged in."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from math import ceil

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from tangthu.access import policy
from tangthu.access.authority import require_over
from tangthu.access.errors import (
    LoginLocked,
    LoginMustWait,
    LoginRefused,
    SamePassword,
    WeakPassword,
    WrongPassword,
)
from tangthu.access.grants import actor_for
from tangthu.access.models import (
    LoginAttempt,
    LoginAttemptQuerySet,
    StaffSession,
    User,
)
from tangthu.core import audit
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.text.normal import normalise

ATTEMPTS_ARE_KEPT = timedelta(days=90)


def log_in(username: str, password: str, *, address: str | None) -> User:
    """Prove who somebody is by name and password; the face then begins their session.

    Raises LoginMustWait or LoginLocked after too many failures, for a name that exists and for
    one that does not; LoginRefused, in the same words and after the same time, for a wrong name,
    a wrong password and a barred user. Not one transaction: a failure must stay written.
    """
    name = policy.login_name(username)
    user = User.objects.filter(username=name).select_related("library").first()
    _prove(name, user, password, address=address)
    if user is None or not user.is_active:
        raise LoginRefused
    with transaction.atomic():
        user.last_login = timezone.now()
        user.save(update_fields=["last_login"])
        by = actor_for(user, face=Face.STAFF)
        audit.record("user.logged_in", by=by, kind="user", key=user.pk)
    return user


@transaction.atomic
def begin_session(
    user: User, *, session_key: str, address: str | None, browser: str
) -> StaffSession:
    """Remember the browser in which the user now is, so that they can see and end it."""
    now = timezone.now()
    return StaffSession.objects.create(
        user=user,
        session_key=session_key,
        address=policy.plain_address(address),
        browser=normalise(browser)[:200],
        began_at=now,
        seen_at=now,
    )


@transaction.atomic
def note_session_seen(session_key: str) -> None:
    """Remember that the session is in use."""
    StaffSession.objects.filter(session_key=session_key).update(seen_at=timezone.now())


@transaction.atomic
def log_out(user: User, *, session_key: str) -> None:
    """Forget the browser from which somebody logs out."""
    StaffSession.objects.filter(session_key=session_key).delete()
    by = actor_for(user, face=Face.STAFF)
    audit.record("user.logged_out", by=by, kind="user", key=user.pk)


@transaction.atomic
def end_session(session: StaffSession, *, by: Actor) -> None:
    """Log the user out of that browser: their own, or that of a user whom the actor administers."""
    if session.user_id != by.user_id:
        require_over(session.user, by=by)
    _forget([session])
    audit.record("user.session_ended", by=by, kind="user", key=session.user_id)


@transaction.atomic
def end_other_sessions(user: User, *, keep: str, by: Actor) -> int:
    """Log the user out everywhere but in the session `keep`; return from how many browsers."""
    if user.pk != by.user_id:
        raise NotPermitted(user=user.pk)
    ended = _forget(list(user.staff_sessions.exclude(session_key=keep)))
    if ended:
        audit.record("user.session_ended", by=by, kind="user", key=user.pk)
    return ended


def end_all_sessions(user: User) -> None:
    """Log the user out everywhere. Part of barring them and of a new password."""
    _forget(list(user.staff_sessions.all()))


def change_password(user: User, *, present: str, new: str, address: str | None) -> None:
    """Change one's own password; all other browsers are logged out.

    Raises WrongPassword (counted like a failed log-in), WeakPassword, SamePassword.
    """
    try:
        _prove(user.username, user, present, address=address)
    except LoginRefused:
        raise WrongPassword(field="present") from None
    if present == new:
        raise SamePassword(field="new")
    with transaction.atomic():
        set_password(user, new, must_change=False)
        end_all_sessions(user)
        by = actor_for(user, face=Face.STAFF)
        audit.record("user.password_changed", by=by, kind="user", key=user.pk)


def set_password(user: User, new: str, *, must_change: bool) -> None:
    """Store a password. Raises WeakPassword with the reasons; part of several actions."""
    if len(new) > policy.LONGEST_PASSWORD:
        raise WeakPassword(field="new", reasons=["password_too_long"])
    try:
        validate_password(new, user)
    except ValidationError as weak:
        reasons = [fault.code or "weak_password" for fault in weak.error_list]
        raise WeakPassword(field="new", reasons=reasons) from None
    user.set_password(new)
    user.must_change_password = must_change
    if user.pk is not None:
        user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def unlock_user(user: User, *, by: Actor) -> None:
    """Forgive the failures that lock the user's name."""
    require_over(user, by=by)
    _forgive(user.username)
    audit.record("user.unlocked", by=by, kind="user", key=user.pk, library=user.library_id)


@transaction.atomic
def prune_logins() -> int:
    """Remove tries to log in that are older than 90 days, and sessions that are over.

    Returns how many rows went. For the nightly schedule.
    """
    now = timezone.now()
    tries, _ = LoginAttempt.objects.filter(at__lt=now - ATTEMPTS_ARE_KEPT).delete()
    over = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    sessions, _ = StaffSession.objects.filter(seen_at__lt=over).delete()
    return tries + sessions


def _prove(name: str, user: User | None, password: str, *, address: str | None) -> None:
    """Check the password, unless too many failures stand before it. Raises LoginRefused.

    The try is written down as failed *before* its turn is judged and its password checked. So of
    many tries in the same moment each counts those that were written before it, and no more of
    them pass than the limit allows, without a lock. One that is turned away leaves no row, so
    that a flood of them neither prolongs the wait nor fills the table.
    """
    now = timezone.now()
    attempt = LoginAttempt.objects.create(
        username=policy.counted_name(name),
        address=policy.throttled_address(address),
        at=now,
    )
    verdict = _judge(attempt, now)
    if not verdict:
        attempt.delete()
        raise _turned_away(verdict, now)
    if not _password_fits(user, password):
        raise LoginRefused
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])
    _forgive(attempt.username)


def _judge(attempt: LoginAttempt, now: datetime) -> policy.LoginVerdict:
    recent = LoginAttempt.objects.failures(now - policy.FAILURES_COUNT_FOR).exclude(pk=attempt.pk)
    of_address = policy.Failures()
    if attempt.address is not None:
        of_address = _count(recent.filter(address=attempt.address))
    of_name = _count(recent.filter(username=attempt.username))
    return policy.judge_login(now=now, of_name=of_name, of_address=of_address)


def _count(attempts: LoginAttemptQuerySet) -> policy.Failures:
    found = attempts.aggregate(count=Count("pk"), last_at=Max("at"))
    return policy.Failures(found["count"], found["last_at"])


def _turned_away(verdict: policy.LoginVerdict, now: datetime) -> LoginMustWait:
    seconds = ceil((verdict.until - now).total_seconds()) if verdict.until else 0
    refusal = LoginLocked if verdict.barrier is policy.LoginBarrier.LOCKED else LoginMustWait
    return refusal(seconds=seconds, minutes=ceil(seconds / 60))


def _password_fits(user: User | None, password: str) -> bool:
    """Compare the password, in the same time whether or not there is such a user."""
    typed = password[: policy.LONGEST_PASSWORD + 1]
    if user is None:
        User().set_password(typed)
        return False
    return user.check_password(typed) and user.is_active


def _forgive(username: str) -> None:
    failed = LoginAttempt.objects.filter(username=username, succeeded=False, forgiven=False)
    failed.update(forgiven=True)


def _forget(sessions: list[StaffSession]) -> int:
    for session in sessions:
        _store(session.session_key).delete()
    StaffSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()
    return len(sessions)


def _store(session_key: str) -> SessionBase:
    engine = import_module(settings.SESSION_ENGINE)
    store: SessionBase = engine.SessionStore(session_key)
    return store
