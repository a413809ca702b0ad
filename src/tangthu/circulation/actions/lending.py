"""Lending copies: to take home, or to read on site.

Rows are locked in one order, the item before the patron, and read after locking.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue import scans
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation import policy
from tangthu.circulation.actions import keeping
from tangthu.circulation.actions.acts import (
    Act,
    leave_traces,
    locked_item,
    locked_patron,
    open_loan,
    write_down,
)
from tangthu.circulation.actions.keeping import Stop
from tangthu.circulation.actions.returning import find
from tangthu.circulation.actions.slips import send_loan_slip
from tangthu.circulation.actions.waiving import decided, waive, waived
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Loan, LoanEnding, LoanEventKind
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Block, Blocked, Borrower, Verdict, local_day
from tangthu.circulation.reading import (
    Books,
    Decision,
    Standing,
    books,
    item_facts,
    patron_facts,
    standing_of,
)
from tangthu.circulation.reading.asked import may_borrow_for, with_what_rules_ask
from tangthu.circulation.reading.queues import Claims, claims_on
from tangthu.circulation.reading.rivals import against_loan, wanted_later
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.prepared import insert
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


def check_out(
    item: Item,
    *,
    to: Patron,
    by: Actor,
    override: Collection[str] = (),
    due_at: datetime | None = None,
    at: datetime | None = None,
    on_site: bool = False,
    fetched_by: Patron | None = None,
) -> Loan:
    """Lend the item to the patron, until the day that the rules give or the desk asks for.

    `on_site` is a loan within the house, until tonight at the latest; taking home what one
    reads on site ends the first loan. `fetched_by` came for the patron and must be allowed to;
    who it was is kept while the copy is out. `override` names the blocks to waive, each for who
    has the permission it asks for. Raises CheckoutRefused with every block that is left. A copy
    that was missing is found by being lent. The act is counted for statistics without the
    reader's name. `at` is when it happened, where it is only written down now: the rules are
    asked for that moment.
    """
    wish = _Wish(to, by, at or timezone.now(), due_at, on_site, fetched_by)
    try:
        return _check_out(item, wish, override)
    except IntegrityError:
        # The constraint is the last word on two desks that lend one copy at once.
        if not Loan.objects.open().filter(item=item).exists():
            raise
        taken = Blocked(code=Block.ON_LOAN_TO_ANOTHER)
        raise CheckoutRefused(Verdict(blocks=(taken,))) from None


@dataclass(frozen=True, slots=True)
class _Wish:
    """To whom a copy is to be lent, by whom, and how."""

    to: Patron
    by: Actor
    now: datetime
    due_at: datetime | None
    on_site: bool
    fetched_by: Patron | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a loan is judged by, read after the locks."""

    item: Item
    patron: Patron
    desk: Library
    standing: Standing
    claims: Claims
    known: Books


@transaction.atomic
def _check_out(item: Item, wish: _Wish, override: Collection[str]) -> Loan:
    by = wish.by
    by.require(CirculationPermission.LEND, at=by.library_id or item.library_id)
    scene = _scene(item, wish)
    facts, decision = _facts(scene, wish)
    verdict = policy.judge_checkout(facts, decision.rules)
    verdict = waive(verdict, override, by=by, at=scene.desk.pk)
    if not verdict or verdict.due_at is None:
        raise CheckoutRefused(verdict)
    loan = insert(
        Loan(
            item=scene.item,
            patron=scene.patron,
            library=scene.desk,
            lent_at=wish.now,
            due_at=verdict.due_at,
            overridden=waived(verdict),
            on_site=wish.on_site,
            fetched_by=wish.fetched_by,
            decided=decided(verdict),
        )
    )
    later = wanted_later(scene.item, scene.patron, scene.claims, loan=loan, known=scene.known)
    loan.remarks = (*verdict.remarks, *later)
    _follow_up(loan, scene, wish)
    return loan


def _scene(item: Item, wish: _Wish) -> _Scene:
    known = books()
    item = locked_item(item.pk, known)
    scans.settle(item, now=wish.now)
    patron = locked_patron(wish.to.pk, known)
    desk = known.desk(wish.by.library_id, owner=item.library)
    standing = standing_of(item, patron)
    if standing.is_on_site and not wish.on_site and standing.borrower is Borrower.THIS_PATRON:
        _end_on_site(item, known, wish)
        standing = replace(standing, borrower=Borrower.NOBODY)
    return _Scene(item, patron, desk, standing, claims_on(item, known), known)


def _facts(scene: _Scene, wish: _Wish) -> tuple[policy.CheckoutFacts, Decision]:
    item, patron, known, now = scene.item, scene.patron, scene.known, wish.now
    decision = known.decision(item, patron=patron, desk=scene.desk)
    tallies, overdue = known.tallies(patron, decision, at=now)
    copy = item_facts(
        item,
        now=now,
        standing=scene.standing,
        desk_may_lend=wish.by.may(CirculationPermission.LEND, at=item.library_id),
    )
    facts = policy.CheckoutFacts(
        now=now,
        patron=_with_age(patron_facts(patron, now=now, overdue=overdue), wish),
        item=replace(copy, waiting=scene.claims.others(patron.pk)),
        open_loans=tallies,
        due_at=wish.due_at,
        on_site=wish.on_site,
        helper_allowed=_may_fetch(patron, wish),
        rivals=against_loan(item, patron, scene.claims, desk=scene.desk, known=known, now=now),
    )
    book = decision.rules.book(patron.category.code, item.item_type.code)
    return with_what_rules_ask(facts, book, item=item, patron=patron), decision


def _follow_up(loan: Loan, scene: _Scene, wish: _Wish) -> None:
    """Leave the traces of a loan, fill the reader's hold, and find what was missing."""
    item, by, now = scene.item, wish.by, wish.now
    kind = LoanEventKind.ON_SITE if wish.on_site else LoanEventKind.CHECK_OUT
    leave_traces(loan, Act(kind, item=item, desk=scene.desk, by=by, at=now))
    if scene.standing.wants_slip:
        send_loan_slip(loan, item, scene.patron, desk=scene.desk, at=now)
    stop = Stop(item=item, desk=scene.desk, by=by, at=now, known=scene.known)
    keeping.settle(scene.claims, scene.patron, stop, transfer=scene.standing.transfer)
    if item.status == ItemStatus.LOST:
        find(item, scene.known, by=by, now=now)


def _end_on_site(item: Item, known: Books, wish: _Wish) -> None:
    loan = open_loan(item, known)
    if loan is None:
        return
    before = audit.snapshot(loan)
    loan.returned_at, loan.ending, loan.fetched_by = wish.now, LoanEnding.TAKEN_HOME, None
    loan.save(update_fields=["returned_at", "ending", "fetched_by"])
    write_down("loan.check_in", loan, desk=loan.library, by=wish.by, before=before)


def _with_age(facts: policy.PatronFacts, wish: _Wish) -> policy.PatronFacts:
    """Judge a card of a class or a family, which has no age, by that of who came for it."""
    if facts.age is not None or wish.fetched_by is None:
        return facts
    return replace(facts, age=wish.fetched_by.age(local_day(wish.now)))


def _may_fetch(patron: Patron, wish: _Wish) -> bool:
    if wish.fetched_by is None:
        return True
    return may_borrow_for(wish.fetched_by, patron, on=local_day(wish.now))
