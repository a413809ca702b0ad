"""The tables of money: ledger, drawers, receipts, card fees, transfers and bank files."""

from tangthu.fees.models.cardfees import CardFeeRule, Exemption, PatronExemption
from tangthu.fees.models.cash import CashDrawer, CashSession, CashSessionQuerySet
from tangthu.fees.models.ledger import Entry, EntryQuerySet, FeeKind, Posting, PostingQuerySet
from tangthu.fees.models.receipts import Means, Receipt, ReceiptKind, ReceiptSeries
from tangthu.fees.models.transfers import (
    BankFile,
    BankLine,
    BankLineState,
    BankTransfer,
    TransferPurpose,
    TransferState,
)
from tangthu.fees.policy import Account, EntryKind

__all__ = [
    "Account",
    "BankFile",
    "BankLine",
    "BankLineState",
    "BankTransfer",
    "CardFeeRule",
    "CashDrawer",
    "CashSession",
    "CashSessionQuerySet",
    "Entry",
    "EntryKind",
    "EntryQuerySet",
    "Exemption",
    "FeeKind",
    "Means",
    "PatronExemption",
    "Posting",
    "PostingQuerySet",
    "Receipt",
    "ReceiptKind",
    "ReceiptSeries",
    "TransferPurpose",
    "TransferState",
]
