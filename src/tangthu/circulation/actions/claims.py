"""Readers who say that they have returned a copy that is still on loan to them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.circulation.actions.acts import (
    Act,
    leave_traces,
    locked_item,
    with_parties,
    write_down,
)
from tangthu.circulation.errors import ClaimedBefore, LoanClosed
from tangthu.circulation.models import Loan, LoanEventKind
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading import books
from tangthu.circulation.reading.claims import was_claimed
from tangthu.core import audit
from tangthu.core.actor import Actor


@transaction.atomic
def claim_returned(loan: Loan, *, by: Actor) -> Loan:
    """Note that the reader says the copy was returned; staff look for it on the shelves.

    Until that is settled the loan is not overdue, is not renewed, and costs nothing more. Found,
    the copy is taken back as any other; not found, it is reported lost. Readers may say so of
    their own loans, once for each (ClaimedBefore). Raises LoanClosed when the copy has come back.
    """
    own = by.patron_id is not None and by.patron_id == loan.patron_id
    if not own:
        by.require(CirculationPermission.LEND, at=by.library_id or loan.library_id)
    known = books()
    item = locked_item(loan.item_id, known)
    loan = with_parties(Loan.objects.get(pk=loan.pk), item, known)
    if loan.returned_at is not None:
        raise LoanClosed(loan=loan.pk)
    if loan.claimed_at is not None:
        return loan
    if own and was_claimed(loan):
        raise ClaimedBefore(loan=loan.pk)
    before, now = audit.snapshot(loan), timezone.now()
    loan.claimed_at = now
    loan.save(update_fields=["claimed_at"])
    act = Act(LoanEventKind.CLAIM, item=item, desk=loan.library, by=by, at=now)
    leave_traces(loan, act, before=before)
    return loan


@transaction.atomic
def drop_claim(loan: Loan, *, by: Actor) -> Loan:
    """Take back that the copy was said to be returned: the reader has found it at home."""
    by.require(CirculationPermission.LEND, at=by.library_id or loan.library_id)
    loan = (
        Loan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("library")
        .get(pk=loan.pk)
    )
    if loan.returned_at is not None:
        raise LoanClosed(loan=loan.pk)
    if loan.claimed_at is not None:
        before = audit.snapshot(loan)
        loan.claimed_at = None
        loan.save(update_fields=["claimed_at"])
        write_down("loan.claim_dropped", loan, desk=loan.library, by=by, before=before)
    return loan
