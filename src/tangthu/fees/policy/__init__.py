"""The rules of money: how entries are composed, shared out and offset. Pure: no database."""

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

__all__ = [
    "Account",
    "Allocation",
    "EntryKind",
    "Line",
    "OpenCharge",
    "allocate",
    "charge_lines",
    "credit_moves",
    "is_balanced",
    "mirrored",
    "move_lines",
    "settling_lines",
]
