"""Forgetting a reader's account: a part of their erasure."""

from __future__ import annotations

from django.db import transaction

from tangthu.patrons.actions import forget_account
from tangthu.patrons.models import Patron


@transaction.atomic
def forget_reader(patron: Patron) -> None:
    """Remove the reader's lists and searches, and all by which they log in."""
    patron.reading_lists.all().delete()
    patron.saved_searches.all().delete()
    forget_account(patron)
