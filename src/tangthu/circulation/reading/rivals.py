"""What others who wait have against a loan or a renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Loan
from tangthu.circulation.policy import (
    Block,
    Blocked,
    Remark,
    Remarked,
    RenewalWhileHeld,
    RuleName,
    Waiting,
    is_ready,
    is_wanted,
    local_day,
    others_fill,
    renewal_block,
    wanted_from,
)
from tangthu.circulation.reading.parties import Books
from tangthu.circulation.reading.queues import (
    Claims,
    claims_on,
    copy_at,
    other_free_copies,
    rule_book,
)
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


def against_loan(
    item: Item, patron: Patron, claims: Claims, *, desk: Library, known: Books, now: datetime
) -> tuple[Blocked, ...]:
    """Say who else should have the copy: the one it is kept for, or one whose turn it is.

    No query where nobody waits; else one, for the other copies that are in.
    """
    kept = claims.kept
    if kept is not None and kept.patron == patron.pk:
        return ()
    if kept is not None:
        pickup = known.network.libraries[kept.pickup].name
        return (Blocked(code=Block.HELD_FOR_ANOTHER, data={"pickup": pickup}),)
    if not any(hold.patron != patron.pk for hold in claims.queue):
        return ()
    wanted = is_wanted(
        copy_at(item, desk.pk, known),
        claims.queue,
        other_free_copies(item, known),
        patron=patron.pk,
        today=local_day(now),
    )
    return (Blocked(code=Block.WAITED_FOR),) if wanted else ()


def wanted_later(
    item: Item, patron: Patron, claims: Claims, *, loan: Loan, known: Books
) -> tuple[Remarked, ...]:
    """Say from when another waits for the copy of a loan just made, if that is before it is due.

    No query where nobody does; else one, for the other copies that are in.
    """
    copy, today = copy_at(item, loan.library_id, known), local_day(loan.lent_at)
    until = local_day(loan.due_at)
    first = wanted_from(copy, claims.queue, patron=patron.pk, today=today, until=until)
    if first is None:
        return ()
    others = other_free_copies(item, known)
    rivals = [
        hold for hold in claims.queue if hold.patron != patron.pk and is_ready(copy, hold, first)
    ]
    if others_fill(others, rivals):
        return ()
    data = {"starts_on": first, "due_at": loan.due_at}
    return (Remarked(code=Remark.WANTED_FROM, data=data),)


def against_renewal(
    loan: Loan, item: Item, patron: Patron, *, known: Books, now: datetime
) -> tuple[Blocked, ...]:
    """Say who else waits for the copy of a loan. One query where nobody does, else two."""
    queue = claims_on(item, known).queue
    return tuple(_against_renewal(loan, item, patron, queue, known, now)) if queue else ()


def _against_renewal(
    loan: Loan,
    item: Item,
    patron: Patron,
    queue: tuple[Waiting, ...],
    known: Books,
    now: datetime,
) -> Iterator[Blocked]:
    if any(hold.recalled == loan.pk for hold in queue):
        yield Blocked(code=Block.RECALLED)
        return
    book = rule_book(
        known, item.library, category=patron.category.code, item_type=item.item_type.code
    )
    rule = book[RuleName.RENEWAL_WHILE_HELD]
    block = renewal_block(
        copy_at(item, loan.library_id, known),
        [hold for hold in queue if hold.patron != patron.pk],
        other_free_copies(item, known),
        mode=RenewalWhileHeld(str(rule.value)),
        today=local_day(now),
    )
    if block is not None:
        yield Blocked(code=block, rule=rule.source)
