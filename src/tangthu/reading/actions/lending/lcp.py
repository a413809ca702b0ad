"""Loans protected by LCP: the licence that a reader takes along, and what the server is told of it.

The library's own loan is what counts. The server is asked outside of every transaction; what it
has not heard yet stays written down and is told again, and what a reader does on a device is seen
when the licence's state is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.patrons.errors import CannotUnseal
from tangthu.patrons.models import Patron
from tangthu.patrons.sealing import seal, unseal
from tangthu.reading.actions.lending.settling import MACHINE, end_loan, settle
from tangthu.reading.actions.lending.traces import locked_object, require
from tangthu.reading.lcp_server import Borrower, LcpServer, LicenceDocument, StatusDocument
from tangthu.reading.models import DigitalLoan, Ending, LcpLoan, Passphrase
from tangthu.reading.policy.protection import (
    LONGEST_HINT,
    LONGEST_PASSPHRASE,
    SHORTEST_PASSPHRASE,
    LcpStatus,
    Wanted,
    passphrase_digest,
)
from tangthu.reading.refusals import (
    DigitalLoanOver,
    LcpAsked,
    LcpDown,
    LcpRefused,
    PassphraseNeeded,
    PassphraseRefused,
)

logger = logging.getLogger("tangthu.reading.lcp")

ANSWERED = timedelta(seconds=60)
"""A request for a licence that has not come to an end by then never will."""

LOOKED_AT = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
AT_ONCE = 200


@transaction.atomic
def choose_passphrase(patron: Patron, passphrase: str, hint: str, *, by: Actor) -> None:
    """Keep the digest of what the reader will open protected books by, and a hint for later.

    The passphrase itself is kept nowhere. Licences fetched before keep the one they were made with
    until they are fetched anew. Raises PassphraseRefused.
    """
    require(by, patron.pk, at=patron.library_id)
    said, told = passphrase.strip(), hint.strip()
    if not SHORTEST_PASSPHRASE <= len(said) <= LONGEST_PASSPHRASE:
        raise PassphraseRefused("passphrase", fault="passphrase_length")
    if not told or len(told) > LONGEST_HINT:
        raise PassphraseRefused("hint", fault="hint_needed")
    if said.casefold() in told.casefold():
        raise PassphraseRefused("hint", fault="hint_tells_it")
    sealed = seal(passphrase_digest(said), row=_row(patron.pk))
    Passphrase.objects.update_or_create(
        patron=patron, defaults={"sealed": sealed, "hint": told, "changed_at": timezone.now()}
    )


def licence_document(loan: DigitalLoan, *, by: Actor) -> LicenceDocument:
    """Return the licence of a live loan as it is now, made at the server if it was not yet.

    However often it is asked for, the server makes one licence a loan: an earlier request that
    broke off is looked for first. Raises DigitalLoanOver, PassphraseNeeded, LcpAsked while another
    request waits for the server, LcpDown and LcpRefused as the server does.
    """
    require(by, loan.patron_id, at=loan.library_id)
    borrower, kept, is_first = _claimed(loan, now=timezone.now())
    try:
        with LcpServer.of_settings() as server:
            known = kept.identifier or ("" if is_first else server.issued_to(borrower.user))
            if known:
                found = server.fresh(known, borrower)
            else:
                found = server.issue(
                    loan.licence.content_id, borrower, start=loan.borrowed_at, end=loan.due_at
                )
    except (LcpDown, LcpRefused):
        LcpLoan.objects.filter(pk=kept.pk).update(asked_at=timezone.now() - ANSWERED)
        raise
    # Given back meanwhile, its row says so already: the server is told as soon as this is written.
    LcpLoan.objects.filter(pk=kept.pk).update(identifier=found.identifier)
    return found


@transaction.atomic
def _claimed(loan: DigitalLoan, *, now: datetime) -> tuple[Borrower, LcpLoan, bool]:
    """Return for whom the licence is made, and whether the server was never asked for it."""
    loan = DigitalLoan.objects.select_for_update(no_key=True, of=("self",)).get(pk=loan.pk)
    kept = LcpLoan.objects.filter(loan=loan).first()
    if kept is None or not loan.is_live(now) or loan.patron_id is None:
        raise DigitalLoanOver(loan=loan.pk)
    borrower = _borrower(loan.patron_id, kept)
    is_first = kept.asked_at is None
    if not kept.identifier:
        quiet = Q(asked_at=None) | Q(asked_at__lte=now - ANSWERED)
        if not LcpLoan.objects.filter(quiet, pk=kept.pk).update(asked_at=now):
            raise LcpAsked
    return borrower, kept, is_first


def _borrower(patron_id: int, kept: LcpLoan) -> Borrower:
    chosen = Passphrase.objects.filter(patron=patron_id).first()
    if chosen is None:
        raise PassphraseNeeded
    try:
        digest = unseal(bytes(chosen.sealed), row=_row(patron_id))
    except CannotUnseal as error:
        raise PassphraseNeeded from error
    return Borrower(user=str(kept.user), digest=digest, hint=chosen.hint)


def tell_server(*, now: datetime) -> int:
    """Tell the licence server what it has not heard yet; return how much it was told.

    While it is down everything waits, a little longer after every try.
    """
    waiting = LcpLoan.objects.pending(now).select_related("loan").order_by("next_at", "pk")
    count = 0
    rows = list(waiting[:AT_ONCE])
    if not rows:
        return 0
    with LcpServer.of_settings() as server:
        for row in rows:
            try:
                _tell(server, row)
            except LcpRefused as refused:
                _put_off(row, refused, now=now)
            except LcpDown as down:
                _put_off(row, down, now=now)
                break
            else:
                count += 1
    return count


def _tell(server: LcpServer, row: LcpLoan) -> None:
    if row.wanted == Wanted.EXTEND:
        told = server.extend(row.identifier, end=row.loan.due_at)
    else:
        told = server.end(row.identifier)
    done = LcpLoan.objects.filter(pk=row.pk, wanted=row.wanted, next_at=row.next_at)
    done.update(wanted=Wanted.NOTHING, status=told.status, attempts=0, failure="", next_at=None)


def _put_off(row: LcpLoan, error: LcpDown | LcpRefused, *, now: datetime) -> None:
    pause = min(timedelta(minutes=2 ** min(row.attempts, 6)), LONGEST_PAUSE)
    seen = str(error.data.get("seen", ""))[:200]
    logger.warning("licence server not told", extra={"loan": row.loan_id, "seen": seen})
    LcpLoan.objects.filter(pk=row.pk, next_at=row.next_at).update(
        attempts=row.attempts + 1, failure=seen or error.code, next_at=now + pause
    )


def look_at_licences(*, now: datetime) -> int:
    """Ask for the state of the licences of open loans; return how many loans ended by it.

    What was given back on a device, or revoked at the server, is a loan that has ended.
    """
    due = LcpLoan.objects.to_look_at(now - LOOKED_AT).order_by("checked_at", "pk")
    rows: Iterable[LcpLoan] = list(due.select_related("loan")[:AT_ONCE])
    if not rows:
        return 0
    count = 0
    with LcpServer.of_settings() as server:
        for row in rows:
            try:
                told = server.status(row.identifier)
            except LcpRefused:
                LcpLoan.objects.filter(pk=row.pk).update(checked_at=now)
                continue
            count += _follow(row, told.status, now=now)
    return count


@transaction.atomic
def _follow(row: LcpLoan, status: LcpStatus, *, now: datetime) -> bool:
    """Let the loan end that ended at the server; return whether it did."""
    obj = locked_object(row.loan.object_id)
    loan = DigitalLoan.objects.get(pk=row.loan_id)
    kept = LcpLoan.objects.filter(pk=row.pk)
    kept.update(status=status, checked_at=now)
    if status.is_open or not loan.is_live(now):
        return False
    if status is LcpStatus.EXPIRED:
        # Its clock or its end is before ours: the loan counts.
        kept.update(status=LcpStatus.READY, wanted=Wanted.EXTEND, next_at=now)
        return False
    ending = Ending.EARLY if status is LcpStatus.RETURNED else Ending.BY_STAFF
    end_loan(loan, ending, at=now, by=MACHINE)
    kept.update(wanted=Wanted.NOTHING, next_at=None)
    settle(obj, now=now)
    return True


def status_document(loan: DigitalLoan) -> StatusDocument:
    """Return the status document of the loan's licence. Raises DigitalLoanOver without one."""
    kept = LcpLoan.objects.filter(loan=loan).exclude(identifier="").first()
    if kept is None:
        raise DigitalLoanOver(loan=loan.pk)
    with LcpServer.of_settings() as server:
        return server.status(kept.identifier)


def begin_licence(loan: DigitalLoan) -> None:
    """Note, as part of a loan, that it will have a licence at the server."""
    LcpLoan.objects.create(loan=loan, user=uuid4())


def _row(patron_id: int) -> str:
    return f"passphrase:{patron_id}"
