"""Readers' logging in and out, and the browsers in which they are logged in."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tangthu.access.policy import LONGEST_PASSWORD, plain_address
from tangthu.core import audit
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.patrons.actions.tries import begin_try, forgive, succeed
from tangthu.patrons.errors import ReaderLoginRefused
from tangthu.patrons.models import (
    CardStatus,
    LoginCode,
    LoginTry,
    Patron,
    PatronQuerySet,
    ReaderAccount,
    ReaderProgram,
    ReaderSession,
)
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import logins as policy
from tangthu.text.normal import normalise


def who_log_in() -> PatronQuerySet:
    """Return the patrons who may log in: all but those whose card was withdrawn."""
    return Patron.objects.exclude(card_status=CardStatus.WITHDRAWN)


def actor_for(patron: Patron) -> Actor:
    """Return the actor that a logged-in reader is: with no permission but to their own."""
    return Actor(face=Face.OPAC, name=patron.card, patron_id=patron.pk)


def log_in(typed: str, password: str, *, address: str | None) -> Patron:
    """Prove who a reader is by card or phone and password; the face then begins the session.

    Raises ReaderMustWait or ReaderLoginLocked after too many failures, for what is known and for
    what is not; ReaderLoginRefused, in the same words and after the same time, for an unknown
    card, a wrong password, one that was never set and a withdrawn card. Not one transaction: a
    failure must stay written.
    """
    named = policy.named(typed)
    attempt = begin_try(named.key, address=address)
    account = _matching(named, password)
    if account is None:
        raise ReaderLoginRefused
    succeed(attempt)
    return account.patron


def _matching(named: policy.Named, password: str) -> ReaderAccount | None:
    """Compare the password as often for somebody unknown as for somebody known."""
    typed = password[: LONGEST_PASSWORD + 1]
    called = Q(patron__card=named.card)
    if named.phone:
        called |= Q(patron__phone=named.phone)
    known = ReaderAccount.objects.filter(called, patron__in=who_log_in()).exclude(password="")
    compared = policy.TRIED_AT_ONE_PHONE if named.phone else 1
    accounts = list(known.select_related("patron").order_by("-logged_in_at", "pk")[:compared])
    fitting = [account for account in accounts if check_password(typed, account.password)]
    for _ in range(compared - len(accounts)):
        make_password(typed)
    now = timezone.now()
    usable = (
        account
        for account in fitting
        if account.start_password_until is None or account.start_password_until > now
    )
    return next(usable, None)


@transaction.atomic
def begin_session(
    patron: Patron, *, session_key: str, address: str | None, browser: str, is_kept: bool
) -> ReaderSession:
    """Remember the browser in which the reader now is, so that they can see and end it."""
    now = timezone.now()
    ReaderAccount.objects.update_or_create(patron=patron, defaults={"logged_in_at": now})
    return ReaderSession.objects.create(
        patron=patron,
        session_key=session_key,
        address=plain_address(address),
        browser=normalise(browser)[:200],
        is_kept=is_kept,
        began_at=now,
        seen_at=now,
    )


@transaction.atomic
def note_session_seen(session: ReaderSession) -> None:
    """Remember that the session is in use."""
    ReaderSession.objects.filter(pk=session.pk).update(seen_at=timezone.now())


@transaction.atomic
def log_out(session_key: str) -> None:
    """Forget the browser from which a reader logs out."""
    ReaderSession.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_session(session: ReaderSession, *, by: Actor) -> None:
    """Log the reader out of one of their own browsers."""
    _require_self(session.patron_id, by)
    _forget([session])


@transaction.atomic
def end_all_sessions(patron: Patron, *, by: Actor, keep: str = "") -> int:
    """Log the reader out of all programs, and browsers but that of `keep`; return of how many.

    By themselves, or by staff of their library: a telephone was lost.
    """
    if by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    ended = forget_sessions(patron, keep=keep)
    if ended:
        audit.record(
            "patron.sessions_ended",
            by=by,
            kind="patron",
            key=patron.pk,
            library=patron.library_id,
        )
    return ended


def forget_sessions(patron: Patron, *, keep: str = "") -> int:
    """End the patron's sessions and programs. Part of a new password and of erasure."""
    programs, _ = patron.reader_programs.all().delete()
    return programs + _forget(list(patron.reader_sessions.exclude(session_key=keep)))


@transaction.atomic
def unlock_reader(patron: Patron, *, by: Actor) -> None:
    """Forgive the failures that lock the reader's card and phone."""
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    for name in filter(None, (patron.card, patron.phone)):
        forgive(name)
    audit.record("patron.unlocked", by=by, kind="patron", key=patron.pk, library=patron.library_id)


@transaction.atomic
def forget_account(patron: Patron) -> None:
    """Take away all by which a reader logs in. Part of erasure and of withdrawing the card."""
    forget_sessions(patron)
    names = [name for name in (patron.card, patron.phone) if name]
    LoginTry.objects.filter(name__in=names).delete()
    LoginCode.objects.filter(name__in=names).delete()
    patron.identities.all().delete()
    ReaderAccount.objects.filter(patron=patron).delete()


@transaction.atomic
def prune_reader_logins() -> int:
    """Remove tries and codes older than a week, and sessions and programs that are over.

    Returns how many rows went. For the nightly schedule.
    """
    now = timezone.now()
    old = now - policy.TRIES_ARE_KEPT
    tries, _ = LoginTry.objects.filter(at__lt=old).delete()
    codes, _ = LoginCode.objects.filter(asked_at__lt=old).delete()
    over = Q(seen_at__lt=now - policy.KEPT_FOR) | Q(
        seen_at__lt=now - max(policy.IDLE_FOR, timedelta(days=1)), is_kept=False
    )
    sessions, _ = ReaderSession.objects.filter(over).delete()
    programs, _ = ReaderProgram.objects.filter(renewable_until__lt=now).delete()
    return tries + codes + sessions + programs


def _require_self(patron_id: int, by: Actor) -> None:
    if by.patron_id != patron_id:
        raise NotPermitted(patron=patron_id)


def _forget(sessions: list[ReaderSession]) -> int:
    for session in sessions:
        _store(session.session_key).delete()
    ReaderSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()
    return len(sessions)


def _store(session_key: str) -> SessionBase:
    engine = import_module(settings.SESSION_ENGINE)
    store: SessionBase = engine.SessionStore(session_key)
    return store
