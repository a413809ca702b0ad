"""A reader's account over the REST API."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from ninja import Router, Schema

from tangthu.core.actor import Actor
from tangthu.fees import reading
from tangthu.patrons.actions import note_seen
from tangthu.patrons.errors import UnknownPatron
from tangthu.patrons.reading import patron_by_card

router = Router(tags=["fees"])


class EntryOut(Schema):
    """A change of what the reader owes; a charge has the kind of its fee beside its own."""

    at: datetime
    kind: str
    fee: str
    amount: int
    note: str


class AccountOut(Schema):
    """What a reader owes (below zero: has paid too much), in đồng. The entries sum to it."""

    balance: int
    deposits: int
    currency: str
    entries: list[EntryOut]


@router.get("/patrons/{card}/account", response=AccountOut)
def account(request: HttpRequest, card: str) -> dict[str, object]:
    """Return a reader's account: balance, deposits, and every change of the balance."""
    by = cast(Actor, request.auth)  # type: ignore[attr-defined]
    patron = patron_by_card(card, by=by)
    if patron is None:
        raise UnknownPatron(card=card)
    note_seen(patron, by=by)
    lines = reading.account_lines(patron.pk)
    return {
        # Summed from the lines, so that the answer agrees with itself whatever comes between.
        "balance": sum(line.amount for line in lines),
        "deposits": reading.deposit_of(patron.pk).amount,
        "currency": "VND",
        "entries": [
            {
                "at": line.at,
                "kind": line.kind,
                "fee": line.fee_kind,
                "amount": line.amount,
                "note": line.note,
            }
            for line in lines
        ],
    }
