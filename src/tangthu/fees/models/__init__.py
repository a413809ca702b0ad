"""The tables of money: the ledger, and the drawers in which cash lies."""

from tangthu.fees.models.cash import CashDrawer, CashSession, CashSessionQuerySet
from tangthu.fees.models.ledger import Entry, EntryQuerySet, FeeKind, Posting, PostingQuerySet
from tangthu.fees.policy import Account, EntryKind

__all__ = [
    "Account",
    "CashDrawer",
    "CashSession",
    "CashSessionQuerySet",
    "Entry",
    "EntryKind",
    "EntryQuerySet",
    "FeeKind",
    "Posting",
    "PostingQuerySet",
]
