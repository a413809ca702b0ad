"""Forgetting in time who borrowed and waited for what (Law 91/2025/QH15: no longer than needed)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.libraries.reading import network
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending.settling import MACHINE, close_hold, end_loan
from tangthu.reading.models import DigitalHold, DigitalLoan, Ending, HoldState, Passphrase
from tangthu.reading.models.loans import OPEN

KEPT = "loans_forgotten_after"
"""The preference that says so of printed loans says it of electronic ones too."""


@transaction.atomic
def forget_digital_readers(*, now: datetime) -> int:
    """Cut ended loans and holds from their readers after the days that each library has chosen.

    What readers chose to keep stays theirs. Returns how many were cut.
    """
    kept = DigitalLoan.objects.kept_by_choice().values("pk")
    count = 0
    for library in network().libraries.values():
        days = int(network().preference(library.chain, KEPT))
        before = now - timedelta(days=days)
        loans = DigitalLoan.objects.filter(
            patron__isnull=False, library=library, returned_at__lt=before
        ).exclude(pk__in=kept)
        count += DigitalLoan.objects.filter(pk__in=loans.values("pk")).update(patron=None)
        holds = DigitalHold.objects.filter(
            patron__isnull=False, library=library, closed_at__lt=before
        )
        count += holds.update(patron=None)
    return count


@transaction.atomic
def forget_digital_lending_of(patron: Patron) -> None:
    """Forget, as part of an erasure, what the reader borrowed and waited for.

    What is still out comes back by it: it costs nobody anything, and needs no reader.
    """
    now = timezone.now()
    for loan in DigitalLoan.objects.filter(patron=patron, returned_at=None).order_by("item_id"):
        end_loan(loan, Ending.EARLY, at=now, by=MACHINE)
    for hold in DigitalHold.objects.filter(patron=patron, state__in=OPEN).order_by("item_id"):
        close_hold(hold, HoldState.CANCELLED, now=now, by=MACHINE)
    DigitalLoan.objects.filter(patron=patron).update(patron=None)
    DigitalHold.objects.filter(patron=patron).update(patron=None)
    Passphrase.objects.filter(patron=patron).delete()
