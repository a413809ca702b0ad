"""Borrowing a digital object, giving it back before its time, and having it for longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending.lcp import begin_licence
from tangthu.reading.actions.lending.settling import end_loan, settle, take_copy
from tangthu.reading.actions.lending.traces import (
    locked_object,
    locked_patron,
    require,
    tell_later,
    use_up,
    write_down,
)
from tangthu.reading.models import DigitalHold, DigitalLoan, Ending, HoldState, Licence
from tangthu.reading.policy.lending import (
    Block,
    Blocked,
    RenewalFacts,
    Rules,
    Verdict,
    due_at,
    judge_loan,
    judge_renewal,
)
from tangthu.reading.policy.licences import Protection, best, latest_due
from tangthu.reading.policy.protection import Wanted
from tangthu.reading.refusals import BorrowRefused, DigitalLoanOver, DigitalRenewalRefused
from tangthu.reading.standing import (
    Places,
    end_of,
    local_day,
    object_facts,
    reader_facts,
    rules_of,
)
from tangthu.repository.models import DigitalObject


@transaction.atomic
def borrow(obj: DigitalObject, *, for_: Patron, by: Actor) -> DigitalLoan:
    """Lend the object to the reader, on the licence whose use costs least, until the rules end it.

    Readers borrow for themselves; staff with the permission for any reader. What was kept for the
    reader is taken first. A scan that is bound by its printed copies takes one of them from the
    desk. Raises BorrowRefused with every reason. Never lends above a licence's limit or after its
    end; the loan itself ends with the licence and with the card at the latest.
    """
    require(by, for_.pk, at=for_.library_id)
    now = timezone.now()
    obj = locked_object(obj.pk)
    places = settle(obj, now=now)
    own = _kept_for(for_, obj, now)
    licence, item = _taken(own, places, for_, now)
    patron = locked_patron(for_.pk)
    rules = rules_of(patron)
    _judge(obj, patron, rules, places, now=now)
    if licence is None or (licence.by_copies and item is None):
        raise BorrowRefused(Verdict((Blocked(Block.NO_COPY_FREE, {"waiting": places.waiting}),)))
    loan = DigitalLoan.objects.create(
        object=obj,
        licence=licence,
        item=item,
        patron=patron,
        library=patron.library,
        slot=_slot(licence),
        borrowed_at=now,
        due_at=_due(licence, patron, rules, now),
    )
    use_up(licence)
    if licence.protection == Protection.LCP:
        begin_licence(loan)
    if own is not None:
        _fill(own, now, by)
    write_down("digital_loan.begin", loan, by=by)
    return loan


@transaction.atomic
def give_back(loan: DigitalLoan, *, by: Actor) -> DigitalLoan:
    """End a loan before its time; what it frees passes on to whoever waits.

    Raises DigitalLoanOver when it has ended already.
    """
    require(by, loan.patron_id, at=loan.library_id)
    now = timezone.now()
    obj = locked_object(loan.object_id)
    loan = DigitalLoan.objects.get(pk=loan.pk)
    if not loan.is_live(now):
        raise DigitalLoanOver(loan=loan.pk)
    is_own = by.patron_id is not None and by.patron_id == loan.patron_id
    end_loan(loan, Ending.EARLY if is_own else Ending.BY_STAFF, at=now, by=by)
    settle(obj, now=now)
    return loan


@transaction.atomic
def renew_loan(loan: DigitalLoan, *, by: Actor) -> DigitalLoan:
    """Extend the loan from now by the rule that now applies.

    Refused while another reader waits, even if the limit of renewals is not reached. Raises
    DigitalRenewalRefused with every reason, DigitalLoanOver when it has ended.
    """
    require(by, loan.patron_id, at=loan.library_id)
    now = timezone.now()
    obj = locked_object(loan.object_id)
    places = settle(obj, now=now)
    loan = DigitalLoan.objects.select_related("licence").get(pk=loan.pk)
    if not loan.is_live(now) or loan.patron_id is None:
        raise DigitalLoanOver(loan=loan.pk)
    patron = locked_patron(loan.patron_id)
    rules = rules_of(patron)
    facts = RenewalFacts(
        renewals=loan.renewals,
        due_at=loan.due_at,
        new_due_at=_due(loan.licence, patron, rules, now),
    )
    verdict = judge_renewal(
        facts,
        reader_facts(patron, obj, rules, now=now),
        object_facts(obj, places, patron.library, now=now),
        rules,
        today=local_day(now),
    )
    if not verdict:
        raise DigitalRenewalRefused(verdict)
    before = audit.snapshot(loan)
    loan.due_at, loan.renewals = facts.new_due_at, loan.renewals + 1
    loan.save(update_fields=["due_at", "renewals"])
    tell_later(loan, Wanted.EXTEND, now=now)
    write_down("digital_loan.renew", loan, by=by, before=before)
    return loan


def _kept_for(patron: Patron, obj: DigitalObject, now: datetime) -> DigitalHold | None:
    kept = DigitalHold.objects.ready(now).filter(patron=patron, object=obj)
    return kept.select_related("licence", "item").first()


def _taken(
    own: DigitalHold | None, places: Places, patron: Patron, now: datetime
) -> tuple[Licence | None, Item | None]:
    """Return what was kept for the reader; else the best licence, with a copy where it needs one.

    Copies are locked before the reader, as the desk does. A refusal rolls this back.
    """
    if own is not None:
        return own.licence, own.item
    if places.free(patron.library, now=now) == 0:
        return None, None
    chosen = best(places.facts(patron.library), now=now)
    if chosen is None:
        return None, None
    licence = next(each for each in places.licences if each.pk == chosen.key)
    return licence, take_copy(licence, now=now)


def _judge(
    obj: DigitalObject, patron: Patron, rules: Rules, places: Places, *, now: datetime
) -> None:
    verdict = judge_loan(
        reader_facts(patron, obj, rules, now=now),
        object_facts(obj, places, patron.library, now=now),
        rules,
        today=local_day(now),
    )
    if not verdict:
        raise BorrowRefused(verdict)


def _due(licence: Licence, patron: Patron, rules: Rules, now: datetime) -> datetime:
    wanted = due_at(now, rules, card_ends=end_of(patron.expires_on))
    return latest_due(licence.facts(out=0), due_at=wanted)


def _slot(licence: Licence) -> int | None:
    """Return the lowest free place of a licence that has so many: the constraint counts them."""
    if licence.at_once is None:
        return None
    taken = DigitalLoan.objects.filter(licence=licence, returned_at=None)
    used: Sequence[int | None] = list(taken.values_list("slot", flat=True))
    return next(n for n in range(1, len(used) + 2) if n not in used)


def _fill(hold: DigitalHold, now: datetime, by: Actor) -> None:
    """End the hold with the loan: what was kept for it is not freed, but lent."""
    before = audit.snapshot(hold)
    hold.state, hold.closed_at = HoldState.FILLED, now
    hold.save(update_fields=["state", "closed_at"])
    write_down("digital_hold.filled", hold, by=by, before=before)
