"""Many copies for one card at once: a class set, a box for a reading group."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tangthu.catalogue.models import Item
from tangthu.circulation.actions.lending import check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Loan
from tangthu.circulation.policy import Verdict
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron

MOST_COPIES = 500


@dataclass(frozen=True, slots=True)
class SetResult:
    """What of a set was lent, and what was not, each with every reason."""

    lent: list[Loan] = field(default_factory=list)
    refused: list[tuple[Item, Verdict]] = field(default_factory=list)


def lend_set(
    items: Iterable[Item],
    *,
    to: Patron,
    by: Actor,
    due_at: datetime | None = None,
    override: Collection[str] = (),
    fetched_by: Patron | None = None,
) -> SetResult:
    """Lend copies to one card, all until the same moment, that of the first where none is named.

    Each copy is lent by itself, by the same rules as any other: one that is refused keeps no
    other back, and desks that wait for the reader's row wait for one copy only. At most 500.
    """
    result = SetResult()
    for item in list(items)[:MOST_COPIES]:
        try:
            loan = check_out(
                item, to=to, by=by, override=override, due_at=due_at, fetched_by=fetched_by
            )
        except CheckoutRefused as refused:
            result.refused.append((item, refused.verdict))
            continue
        loan.item = item
        due_at = due_at or loan.due_at
        result.lent.append(loan)
    return result
