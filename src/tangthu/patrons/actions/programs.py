"""Programs in which readers are logged in: begun, renewed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.access.policy import plain_address
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.patrons.actions.logins import actor_for
from tangthu.patrons.actions.tries import begin_try, succeed
from tangthu.patrons.errors import ProgramLoggedOut
from tangthu.patrons.models import CardStatus, Patron, ReaderProgram
from tangthu.patrons.policy import logins as policy
from tangthu.patrons.programs import (
    OPENING,
    RENEWING,
    Token,
    digest_of,
    is_secret_of,
    new_key,
    new_token,
    read_token,
)
from tangthu.text.normal import normalise


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program is given: shown only now, kept as digests."""

    opening: str
    renewing: str


@transaction.atomic
def begin_program(patron: Patron, *, address: str | None, program: str) -> Tokens:
    """Log a reader who has just proved who they are in to a program; return its first tokens."""
    now, key = timezone.now(), new_key()
    row = ReaderProgram(
        patron=patron,
        digest=digest_of(key),
        address=plain_address(address),
        program=normalise(program)[:200],
        began_at=now,
    )
    tokens = _give(row, key, now)
    kept = patron.reader_programs.order_by("-renewed_at", "-pk")[: policy.PROGRAMS_AT_ONCE]
    patron.reader_programs.exclude(pk__in=[each.pk for each in kept]).delete()
    return tokens


def renew_program(text: str, *, address: str | None) -> Tokens:
    """Take the token back and give the program its next pair; the pair of before holds no more.

    Raises ProgramLoggedOut; ReaderMustWait after too many failures, as at the log-in. Not one
    transaction: a failure must stay written, and so must the end of what somebody stole.
    """
    token = read_token(text, RENEWING)
    attempt = begin_try(f"#{digest_of(token.key if token else text)[:32]}", address=address)
    tokens = _renewed(token) if token else None
    if tokens is None:
        raise ProgramLoggedOut
    succeed(attempt)
    return tokens


@transaction.atomic
def end_program(row: ReaderProgram, *, by: Actor) -> None:
    """Log the reader out of one of their own programs."""
    if by.patron_id != row.patron_id:
        raise NotPermitted(patron=row.patron_id)
    row.delete()
    _note("patron.program_ended", row.patron, by=by)


@transaction.atomic
def _renewed(token: Token) -> Tokens | None:
    now = timezone.now()
    rows = ReaderProgram.objects.select_for_update(of=("self",)).select_related("patron")
    row = rows.filter(digest=digest_of(token.key), renewable_until__gt=now).first()
    if row is None or row.patron.card_status == CardStatus.WITHDRAWN:
        return None
    if not is_secret_of(token, row.renewing_digest):
        _end_if_stolen(row, now)
        return None
    return _give(row, token.key, now)


def _end_if_stolen(row: ReaderProgram, now: datetime) -> None:
    """End a program of which a spent token comes back: two have it, and one of them took it."""
    if now - row.renewed_at <= policy.RENEWED_TWICE_WITHIN:
        return
    row.delete()
    _note("patron.program_stolen", row.patron, by=actor_for(row.patron))


def _give(row: ReaderProgram, key: str, now: datetime) -> Tokens:
    opening, renewing = new_token(key), new_token(key)
    row.opening_digest = digest_of(opening.secret)
    row.opens_until = now + policy.PROGRAM_OPENS_FOR
    row.renewing_digest = digest_of(renewing.secret)
    row.renewable_until = now + policy.PROGRAM_KEPT_FOR
    row.renewed_at = now
    row.save()
    return Tokens(opening.written(OPENING), renewing.written(RENEWING))


def _note(action: str, patron: Patron, *, by: Actor) -> None:
    audit.record(action, by=by, kind="patron", key=patron.pk, library=patron.library_id)
