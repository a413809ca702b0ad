"""The rules of money: how entries are composed, shared out and offset. Pure: no database."""

from tangthu.fees.policy.bankfile import (
    Cell,
    Incoming,
    NoTable,
    Row,
    Unreadable,
    WrongRow,
    amount_of,
    date_of,
    transfers,
)
from tangthu.fees.policy.cardfees import CardFee, CardFeeRow, CardHolder, card_fee
from tangthu.fees.policy.cash import NOTES, counted
from tangthu.fees.policy.ledger import (
    Account,
    Allocation,
    EntryKind,
    Line,
    OpenCharge,
    allocate,
    charge_lines,
    credit_moves,
    is_balanced,
    mirrored,
    move_lines,
    settling_lines,
)
from tangthu.fees.policy.matching import Asked, Doubt, Match, match
from tangthu.fees.policy.references import POSSIBLE as POSSIBLE_REFERENCES
from tangthu.fees.policy.references import reference, references_in
from tangthu.fees.policy.vietqr import BankAccount, checksum, vietqr

__all__ = [
    "NOTES",
    "POSSIBLE_REFERENCES",
    "Account",
    "Allocation",
    "Asked",
    "BankAccount",
    "CardFee",
    "CardFeeRow",
    "CardHolder",
    "Cell",
    "Doubt",
    "EntryKind",
    "Incoming",
    "Line",
    "Match",
    "NoTable",
    "OpenCharge",
    "Row",
    "Unreadable",
    "WrongRow",
    "allocate",
    "amount_of",
    "card_fee",
    "charge_lines",
    "checksum",
    "counted",
    "credit_moves",
    "date_of",
    "is_balanced",
    "match",
    "mirrored",
    "move_lines",
    "reference",
    "references_in",
    "settling_lines",
    "transfers",
    "vietqr",
]
