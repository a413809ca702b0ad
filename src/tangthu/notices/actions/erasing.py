"""Forgetting what was told to a reader who is erased."""

from __future__ import annotations

from tangthu.notices.models import Choice, Notice, PushSubscription
from tangthu.patrons.models import Patron


def forget_reader(patron: Patron) -> None:
    """Delete the reader's notices, choices and subscriptions. Part of their erasure."""
    Notice.objects.filter(patron=patron).delete()
    Choice.objects.filter(patron=patron).delete()
    PushSubscription.objects.filter(patron=patron).delete()
