"""Setting what a reader paid too much against what they owe."""

from __future__ import annotations

from tangthu.core.actor import Actor
from tangthu.fees import policy
from tangthu.fees.actions.posting import Draft, post
from tangthu.fees.models import Account, Entry, EntryKind
from tangthu.fees.policy import Line
from tangthu.fees.reading import outstanding
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


def offset_credit(patron: Patron, *, library: Library, by: Actor) -> Entry | None:
    """Let the reader's credit settle their open charges, oldest first; None where nothing is.

    To be called with the patron locked, after every deed that may leave both credit and debt.
    """
    moves = policy.credit_moves(outstanding(patron.pk))
    if not moves:
        return None
    lines = [
        Line(account=Account.OWED, amount=amount, patron=patron.pk, charge=charge)
        for charge, amount in moves
    ]
    return post(
        Draft(kind=EntryKind.OFFSET, library=library, patron=patron), lambda _: lines, by=by
    )
