"""Lost, damaged, without a part: reported, charged by the rules, settled, undone.

Rows are locked in one order, the item before the patron.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue.actions import ItemData, add_item
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.actions.acts import (
    Act,
    count_act,
    leave_traces,
    locked_item,
    locked_patron,
    set_item_status,
    with_parties,
    write_down,
)
from tangthu.circulation.actions.lateness import charge_at, settle_lateness
from tangthu.circulation.errors import (
    AmountNeeded,
    CopyLost,
    HarmClosed,
    LoanClosed,
    LoanForgotten,
)
from tangthu.circulation.models import (
    HarmKind,
    HarmReport,
    HarmSettlement,
    Loan,
    LoanEnding,
    LoanEventKind,
)
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy.lost import (
    Compensation,
    Harm,
    compensation,
    on_return_of_lost,
)
from tangthu.circulation.policy.names import LostReturn
from tangthu.circulation.reading import Books, books
from tangthu.circulation.reading.lateness import book_of
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees.actions import reverse_source
from tangthu.fees.models import FeeKind
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

_EVENTS = {
    HarmKind.LOST: LoanEventKind.LOST,
    HarmKind.DAMAGED: LoanEventKind.DAMAGED,
    HarmKind.PARTS_MISSING: LoanEventKind.PARTS,
}
_FEES = {
    HarmKind.LOST: FeeKind.LOST,
    HarmKind.DAMAGED: FeeKind.DAMAGE,
    HarmKind.PARTS_MISSING: FeeKind.DAMAGE,
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A loan whose copy came to harm, its parties locked, at the desk that deals with it."""

    loan: Loan
    patron: Patron
    desk: Library
    known: Books
    by: Actor
    at: datetime


@transaction.atomic
def report_lost(
    loan: Loan, *, by: Actor, amount: Money | None = None, note: str = ""
) -> HarmReport:
    """Report the copy of an open loan lost: the loan ends, the copy leaves the shelf for good.

    The reader is charged the multiple of its price that the rules say, and the processing fee,
    or the `amount` that the desk names instead. Readers may report their own loans; where no
    price is known theirs is charged later, while the desk must name one (AmountNeeded). Raises
    LoanClosed when the copy has come back.
    """
    case = _case(loan, by=by, amount=amount)
    if case.loan.returned_at is not None:
        raise LoanClosed(loan=loan.pk)
    owed = _owed(Harm.LOST, case, amount=amount)
    before = audit.snapshot(case.loan)
    case.loan.returned_at, case.loan.ending = case.at, LoanEnding.LOST
    case.loan.fetched_by = None
    case.loan.save(update_fields=["returned_at", "ending", "fetched_by"])
    act = Act(LoanEventKind.LOST, item=case.loan.item, desk=case.desk, by=by, at=case.at)
    leave_traces(case.loan, act, before=before)
    set_item_status(case.loan.item, ItemStatus.LOST, action="item.harmed", by=by, at=case.at)
    return _report(HarmKind.LOST, case, owed, note=note)


@transaction.atomic
def report_damage(
    loan: Loan,
    *,
    by: Actor,
    kind: HarmKind = HarmKind.DAMAGED,
    amount: Money | None = None,
    note: str = "",
    out_of_use: bool = True,
) -> HarmReport:
    """Report that a copy came back damaged, or without a part, and charge it by the rules.

    `amount` is what the desk names instead; it must where the rules leave it to the desk
    (AmountNeeded). The copy stays in use with `out_of_use` false. Raises LoanForgotten when
    nobody knows any more who had it, HarmClosed when it was reported already, CopyLost while it
    is lost: taking it in settles the loss.
    """
    by.require(CirculationPermission.LEND, at=by.library_id or loan.library_id)
    case = _case(loan, by=by, amount=amount)
    if case.loan.item.status == ItemStatus.LOST:
        raise CopyLost(barcode=case.loan.item.barcode)
    harm = Harm.DAMAGED if kind == HarmKind.DAMAGED else Harm.PARTS_MISSING
    owed = _owed(harm, case, amount=amount)
    act = Act(_EVENTS[kind], item=case.loan.item, desk=case.desk, by=by, at=case.at)
    count_act(act, patron=case.patron)
    write_down(f"loan.{act.kind}", case.loan, desk=case.desk, by=by)
    if out_of_use:
        damaged = ItemStatus.DAMAGED
        set_item_status(case.loan.item, damaged, action="item.harmed", by=by, at=case.at)
    return _report(kind, case, owed, note=note)


@transaction.atomic
def price_harm(report: HarmReport, *, amount: Money, by: Actor) -> HarmReport:
    """Charge what a reader reported lost from afar, once the desk has found the price."""
    by.require(CirculationPermission.LEND, at=by.library_id or report.library_id)
    report = _open_report(report)
    if report.amount or report.loan.patron is None:
        raise HarmClosed(report=report.pk)
    report.amount = amount.amount
    report.save(update_fields=["amount"])
    _charge(report, report.loan.patron, by=by)
    return report


@transaction.atomic
def take_replacement(
    report: HarmReport, *, by: Actor, enter: ItemData | None = None
) -> Item | None:
    """Take a copy that the reader brought for the lost or damaged one, and charge no price.

    The processing fee stays: the new copy must be entered too. With `enter` it is put in the
    register at once, under a number of its own, and returned; the lost one keeps its line.
    """
    by.require(CirculationPermission.LEND, at=by.library_id or report.library_id)
    report = _open_report(report)
    loan, now = report.loan, timezone.now()
    reverse_source(_source(report), reason=str(HarmSettlement.REPLACED.label), by=by)
    if report.kind == HarmKind.LOST:
        loan.ending = LoanEnding.REPLACED
        loan.save(update_fields=["ending"])
    _close(report, HarmSettlement.REPLACED, by=by, at=now)
    known = books()
    item = known.item(loan.item)
    with_parties(loan, item, known)
    act = Act(LoanEventKind.REPLACED, item=item, desk=report.library, by=by, at=now)
    leave_traces(loan, act)
    return add_item(item.record, enter, by=by) if enter is not None else None


@transaction.atomic
def settle_harm(report: HarmReport, *, by: Actor) -> HarmReport:
    """Put a report aside: the reader paid, or it was settled otherwise. The charge stays."""
    by.require(CirculationPermission.LEND, at=by.library_id or report.library_id)
    report = _open_report(report)
    _close(report, HarmSettlement.SETTLED, by=by, at=timezone.now())
    return report


@transaction.atomic
def forgive_harm(report: HarmReport, *, reason: str, by: Actor) -> HarmReport:
    """Take back what was charged for the harm, fee and all. Needs OVERRIDE_DEBT and a reason."""
    by.require(CirculationPermission.OVERRIDE_DEBT, at=report.library_id)
    report = _open_report(report)
    for source in (_source(report), _processing_source(report)):
        reverse_source(source, reason=reason, by=by)
    _close(report, HarmSettlement.FORGIVEN, by=by, at=timezone.now())
    return report


def undo_loss(item: Item, known: Books, *, by: Actor, now: datetime) -> HarmReport | None:
    """Undo what the loss of a locked copy brought, now that it is there again.

    By the rules the charge is taken back, or taken back and the lateness charged instead, or it
    stays. What was paid becomes the reader's credit. Returns the report, None without one.
    """
    reports = HarmReport.objects.open().filter(loan__item=item, kind=HarmKind.LOST)
    report = reports.select_related("loan", "library").order_by("-pk").first()
    if report is None:
        return None
    loan = with_parties(report.loan, item, known)
    policy = _return_policy(loan, known)
    if policy is not LostReturn.KEEP:
        for source in (_source(report), _processing_source(report)):
            reverse_source(source, reason=str(HarmSettlement.CAME_BACK.label), by=by)
    if policy is LostReturn.REFUND_CHARGE_OVERDUE:
        settle_lateness(loan, known, by=by, now=now)
    _close(report, HarmSettlement.CAME_BACK, by=by, at=now)
    return report


def expected_charge(loan: Loan, harm: Harm) -> Compensation:
    """Say what harm to the loan's copy would cost by the rules, before anything is done."""
    known = books()
    item = known.item(Item.objects.get(pk=loan.item_id))
    loan = with_parties(loan, item, known)
    if loan.patron is None:
        return Compensation(amount=None)
    return compensation(harm, book_of(loan, item, loan.patron, known), price=item.price)


def _case(loan: Loan, *, by: Actor, amount: Money | None) -> _Case:
    own = by.patron_id is not None and by.patron_id == loan.patron_id and amount is None
    if not own:
        by.require(CirculationPermission.LEND, at=by.library_id or loan.library_id)
    known = books()
    item = locked_item(loan.item_id, known)
    loan = Loan.objects.select_for_update(no_key=True).get(pk=loan.pk)
    if loan.patron_id is None:
        raise LoanForgotten(loan=loan.pk)
    patron = locked_patron(loan.patron_id, known)
    loan.item, loan.library, loan.patron = item, known.network.libraries[loan.library_id], patron
    desk = loan.library if own else known.desk(by.library_id, owner=item.library)
    return _Case(loan, patron, desk, known, by, timezone.now())


def _owed(harm: Harm, case: _Case, *, amount: Money | None) -> Compensation:
    book = book_of(case.loan, case.loan.item, case.patron, case.known)
    owed = compensation(harm, book, price=case.loan.item.price)
    if amount is not None:
        return Compensation(amount=amount.amount, processing=owed.processing)
    if owed.amount is None and case.by.patron_id != case.patron.pk:
        raise AmountNeeded("amount")
    return owed


def _report(kind: HarmKind, case: _Case, owed: Compensation, *, note: str) -> HarmReport:
    report = HarmReport(
        loan=case.loan,
        library=case.desk,
        kind=kind,
        at=case.at,
        reported_by=case.by.name if case.by.is_staff else "",
        note=note,
        amount=owed.amount or 0,
        processing=owed.processing,
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        raise HarmClosed(loan=case.loan.pk) from None
    _charge(report, case.patron, by=case.by)
    return report


def _charge(report: HarmReport, patron: Patron, *, by: Actor) -> None:
    loan, library = report.loan, report.library
    sums = (
        (_FEES[HarmKind(report.kind)], report.amount, report.kind),
        (FeeKind.PROCESSING, report.processing, f"{report.kind}:processing"),
    )
    for kind, amount, source in sums:
        charge_at(
            loan, patron, kind, amount, source=f"{source}:{report.pk}", by=by, library=library
        )


def _source(report: HarmReport) -> str:
    return f"loan:{report.loan_id}:{report.kind}:{report.pk}"


def _processing_source(report: HarmReport) -> str:
    return f"loan:{report.loan_id}:{report.kind}:processing:{report.pk}"


def _open_report(report: HarmReport) -> HarmReport:
    # The copy first, as in every deed: whoever finds it in the same moment settles the report.
    Item.objects.select_for_update(no_key=True).get(pk=report.loan.item_id)
    rows = HarmReport.objects.select_related("loan__item__record", "loan__patron", "library")
    report = rows.select_for_update(no_key=True, of=("self",)).get(pk=report.pk)
    if report.settled_at is not None:
        raise HarmClosed(report=report.pk)
    return report


def _close(report: HarmReport, settlement: HarmSettlement, *, by: Actor, at: datetime) -> None:
    before = audit.snapshot(report)
    report.settled_at, report.settlement = at, settlement
    report.save(update_fields=["settled_at", "settlement"])
    audit.record(
        "harm.settled",
        by=by,
        kind="loan",
        key=report.loan_id,
        library=report.library_id,
        before=before,
        after=audit.snapshot(report),
    )


def _return_policy(loan: Loan, known: Books) -> LostReturn:
    if loan.patron is None:
        return LostReturn.REFUND
    return on_return_of_lost(book_of(loan, loan.item, loan.patron, known))
