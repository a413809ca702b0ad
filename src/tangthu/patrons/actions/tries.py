"""Counting the tries to log in, so that guessing a password or a code is slow."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from django.db.models import Count, Max
from django.utils import timezone

from tangthu.access.policy import (
    FAILURES_COUNT_FOR,
    Failures,
    LoginBarrier,
    LoginVerdict,
    judge_login,
    throttled_address,
)
from tangthu.patrons.errors import ReaderLoginLocked, ReaderMustWait
from tangthu.patrons.models import LoginTry, LoginTryQuerySet


def begin_try(name: str, *, address: str | None) -> LoginTry:
    """Write down a try, as failed, before anything is compared; `succeed` makes it good.

    Raises ReaderMustWait or ReaderLoginLocked after too many failures of the name or the address.
    Written before it is judged, of many tries in one moment each counts the others, without a
    lock; one that is turned away leaves no row, so that a flood does not prolong the wait.
    """
    now = timezone.now()
    attempt = LoginTry.objects.create(name=name[:64], address=throttled_address(address), at=now)
    verdict = _judge(attempt, now)
    if not verdict:
        attempt.delete()
        raise turned_away(verdict, now)
    return attempt


def succeed(attempt: LoginTry) -> None:
    """Say that the try was right: failures of the name before it are forgiven."""
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])
    forgive(attempt.name)


def forgive(name: str) -> None:
    """Let the failures of the name count no more."""
    LoginTry.objects.filter(name=name, succeeded=False, forgiven=False).update(forgiven=True)


def turned_away(verdict: LoginVerdict, now: datetime) -> ReaderMustWait:
    """Return the refusal that says how long to wait."""
    seconds = ceil((verdict.until - now).total_seconds()) if verdict.until else 0
    refusal = ReaderLoginLocked if verdict.barrier is LoginBarrier.LOCKED else ReaderMustWait
    return refusal(seconds=seconds, minutes=ceil(seconds / 60))


def _judge(attempt: LoginTry, now: datetime) -> LoginVerdict:
    recent = LoginTry.objects.failures(now - FAILURES_COUNT_FOR).exclude(pk=attempt.pk)
    of_address = Failures()
    if attempt.address is not None:
        of_address = _count(recent.filter(address=attempt.address))
    of_name = _count(recent.filter(name=attempt.name))
    return judge_login(now=now, of_name=of_name, of_address=of_address)


def _count(tries: LoginTryQuerySet) -> Failures:
    found = tries.aggregate(count=Count("pk"), last_at=Max("at"))
    return Failures(found["count"], found["last_at"])
