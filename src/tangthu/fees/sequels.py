"""What follows when a reader has paid, done by apps that stand beside or above this one.

Letters are none of its business. Whoever sends receipts registers a sequel; without one nothing
is sent, and the paper at the till is the receipt.
"""

from __future__ import annotations

from collections.abc import Callable

from tangthu.fees.models import Receipt

Sequel = Callable[[Receipt], None]

_sequels: list[Sequel] = []


def register_receipt_issued(sequel: Sequel) -> None:
    """Let the sequel follow each receipt of money from a reader, within its transaction."""
    if sequel not in _sequels:
        _sequels.append(sequel)


def receipt_issued(receipt: Receipt) -> None:
    """Do what follows a receipt."""
    for sequel in _sequels:
        sequel(receipt)
