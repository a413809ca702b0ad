"""Making a reader owe, and taking entries back."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees import policy
from tangthu.fees.actions.offsets import offset_credit
from tangthu.fees.actions.posting import Draft, lock, post, whole
from tangthu.fees.actions.sessions import session_for
from tangthu.fees.errors import AlreadyReversed, CannotReverse, DepositTooSmall, ReasonMissing
from tangthu.fees.models import Account, Entry, EntryKind, FeeKind, Posting
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.policy import Line
from tangthu.fees.reading import deposit_of
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

NEVER_REVERSED = frozenset({EntryKind.REVERSAL, EntryKind.FLOAT, EntryKind.COUNT, EntryKind.OFFSET})
"""Kinds of entries that are corrected by another deed."""


@transaction.atomic
def charge(
    patron: Patron,
    *,
    kind: FeeKind,
    amount: Money,
    library: Library,
    by: Actor,
    source: str = "",
    note: str = "",
) -> Entry:
    """Make the reader owe an amount to the library; credit they have is set against it at once.

    A charge with a `source` (`loan:12:overdue`) comes with another deed, which has asked for its
    own permission; the same source never charges twice, not even after a reversal: the first
    entry is returned. A charge by hand, without one, needs TAKE_MONEY. Locks the patron.
    """
    if not source:
        by.require(FeesPermission.TAKE_MONEY, at=library.pk)
    whole_dong = whole(amount)
    lock(patron)
    if first := _of_source(source):
        return first
    draft = Draft(
        kind=EntryKind.CHARGE,
        library=library,
        patron=patron,
        fee_kind=FeeKind(kind),
        source=source,
        note=note,
    )

    def lines(entry: int) -> tuple[Line, ...]:
        return policy.charge_lines(whole_dong, patron=patron.pk, fee_kind=kind, entry=entry)

    try:
        with transaction.atomic():
            entry = post(draft, lines, by=by)
    except IntegrityError:
        # Charged in the same moment to another reader: the patron's lock did not hold it off.
        if first := _of_source(source):
            return first
        raise
    offset_credit(patron, library=library, by=by)
    return entry


@transaction.atomic
def reverse(entry: Entry, *, reason: str, by: Actor) -> Entry:
    """Take an entry back by its mirror image. Needs REVERSE and a reason.

    Money taken in cash goes back out of the open drawer of whoever reverses. Raises
    AlreadyReversed, CannotReverse for what is corrected otherwise, DepositTooSmall when the
    deposit that was taken is used already, NoOpenSession.
    """
    by.require(FeesPermission.REVERSE, at=entry.library_id)
    return _reverse(entry, reason=reason, by=by)


@transaction.atomic
def reverse_source(source: str, *, reason: str, by: Actor) -> Entry | None:
    """Take back the charge that this cause made; None when it made none or it is taken back.

    It comes with another deed (a lost book returned), which has asked for its own permission.
    What the reader paid becomes their credit.
    """
    entry = _of_source(source)
    if entry is None:
        return None
    try:
        return _reverse(entry, reason=reason, by=by)
    except AlreadyReversed:
        return None


def _of_source(source: str) -> Entry | None:
    return Entry.objects.filter(source=source).first() if source else None


def _reverse(entry: Entry, *, reason: str, by: Actor) -> Entry:
    if not reason.strip():
        raise ReasonMissing("reason")
    if entry.kind in NEVER_REVERSED:
        raise CannotReverse(kind=entry.kind)
    if entry.patron is not None:
        lock(entry.patron)
    if Entry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed(entry=entry.pk)
    lines = [_line(posting) for posting in entry.postings.order_by("id")]
    cash = -sum(line.amount for line in lines if line.account is Account.DRAWER)
    session = session_for(entry.library, by=by, change=cash) if cash else None
    draft = Draft(
        kind=EntryKind.REVERSAL,
        library=entry.library,
        patron=entry.patron,
        note=reason,
        reverses=entry,
    )
    mirror = policy.mirrored(lines, session=session.pk if session else None)
    try:
        with transaction.atomic():
            reversal = post(draft, lambda _: mirror, by=by)
    except IntegrityError:
        raise AlreadyReversed(entry=entry.pk) from None
    if entry.patron is not None:
        _require_deposit(entry.patron)
        offset_credit(entry.patron, library=entry.library, by=by)
    return reversal


def _require_deposit(patron: Patron) -> None:
    """Raise DepositTooSmall when more was given back or used than is held."""
    held = deposit_of(patron.pk)
    if held.amount < 0:
        raise DepositTooSmall(missing=-held.amount)


def _line(posting: Posting) -> Line:
    return Line(
        account=Account(posting.account),
        amount=posting.amount,
        patron=posting.patron_id,
        session=posting.session_id,
        fee_kind=posting.fee_kind,
        charge=posting.charge_id,
    )
