"""What is forgotten on time, without anybody asking."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.patrons.actions.applying import forget
from tangthu.patrons.models import Application, ContactChange, Knock

KNOCKS_ARE_KEPT = timedelta(days=1)
CONTACT_CHANGES_ARE_KEPT = timedelta(days=365)
AUDIT_NAMES_ARE_KEPT = timedelta(days=730)
"""So long the log tells which values of a reader's file were changed, and to what."""

_BATCH = 500


def forget_applications() -> int:
    """Delete applications that were never sent, not corrected, refused, or are long since cards.

    Returns how many. For the nightly schedule; each is a transaction of its own.
    """
    now = timezone.now()
    Knock.objects.filter(at__lt=now - KNOCKS_ARE_KEPT).delete()
    over = list(Application.objects.to_forget(now).values_list("pk", flat=True)[:_BATCH])
    return sum(_forget_one(pk) for pk in over)


@transaction.atomic
def _forget_one(pk: int) -> bool:
    rows = Application.objects.to_forget(timezone.now()).select_for_update(of=("self",))
    row = rows.filter(pk=pk).first()
    if row is None:
        return False
    forget(row)
    return True


@transaction.atomic
def forget_old_traces() -> int:
    """Empty audit entries about readers after two years, and drop old wishes that are decided.

    Who did what and when stays in the log. Returns how many entries were emptied.
    """
    now = timezone.now()
    decided = ContactChange.objects.filter(decided_at__lt=now - CONTACT_CHANGES_ARE_KEPT)
    decided.delete()
    return audit.forget_old_values("patron", before=now - AUDIT_NAMES_ARE_KEPT)
