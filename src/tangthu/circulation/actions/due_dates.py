"""Another due date for one loan, by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.circulation.actions.acts import write_down
from tangthu.circulation.errors import DueDateRefused, LoanClosed
from tangthu.circulation.models import Loan
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit
from tangthu.core.actor import Actor


@transaction.atomic
def change_due_date(loan: Loan, due_at: datetime, *, by: Actor) -> Loan:
    """Give an open loan another due date, earlier or later. It is no renewal.

    Needs OVERRIDE where it was lent. Raises DueDateRefused for a moment that has passed,
    LoanClosed when the copy has come back.
    """
    by.require(CirculationPermission.OVERRIDE, at=loan.library_id)
    loan = (
        Loan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("library")
        .get(pk=loan.pk)
    )
    if loan.returned_at is not None:
        raise LoanClosed(loan=loan.pk)
    if due_at <= timezone.now():
        raise DueDateRefused("due_at")
    before = audit.snapshot(loan)
    loan.due_at = due_at
    loan.save(update_fields=["due_at"])
    write_down("loan.due_date", loan, desk=loan.library, by=by, before=before)
    return loan
