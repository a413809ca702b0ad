"""Sums for the cash desk and the end of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Sum
from django.utils import timezone

from tangthu.fees.models import (
    Account,
    CashSession,
    Entry,
    EntryKind,
    FeeKind,
    Posting,
    Receipt,
    ReceiptKind,
)
from tangthu.fees.policy import NOTES
from tangthu.fees.presenting import title_of
from tangthu.fees.wording import ENTRY_KINDS
from tangthu.libraries.models import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Cash that came into a drawer or went out of it."""

    entry: Entry
    title: str
    amount: int


def with_sums(sessions: Iterable[CashSession]) -> list[tuple[CashSession, int]]:
    """Return the sessions, each with what lies in its drawer by the books. Two queries."""
    found = list(sessions)
    sums = Posting.objects.filter(session__in=found).values("session").annotate(s=Sum("amount"))
    held = {row["session"]: row["s"] for row in sums.order_by()}
    return [(session, held.get(session.pk, 0)) for session in found]


def of_session(session: CashSession) -> dict[str, object]:
    """Return what the page and the report of a session show."""
    rows = Posting.objects.filter(session=session).exclude(entry__kind=EntryKind.COUNT)
    wanted = rows.select_related("entry__patron", "entry__receipt", "entry__library")
    moves = [
        Move(entry=row.entry, title=title_of(row.entry), amount=row.amount)
        for row in wanted.order_by("entry_id")
    ]
    sums: dict[str, int] = {}
    for move in moves:
        sums[move.title] = sums.get(move.title, 0) + move.amount
    counts = [(note, session.counts.get(str(note), 0)) for note in NOTES]
    return {
        "moves": moves,
        "sums": sums,
        "held": sum(move.amount for move in moves),
        "counts_of_notes": [(note, number, note * number) for note, number in counts if number],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """What happened to the money of a library on one day."""

    takings: list[tuple[str, int, int]]
    kinds: list[tuple[str, int]]
    charged: list[tuple[str, int]]
    waived: int
    receipts: list[tuple[str, str, str, int]]
    deposits: int
    owed: int

    @property
    def cash(self) -> int:
        """What the drawers gained by readers."""
        return sum(cash for _, cash, _ in self.takings)

    @property
    def bank(self) -> int:
        """What came and went by bank."""
        return sum(bank for _, _, bank in self.takings)


def of_day(library: Library, day: date) -> DayReport:
    """Return the report of a library's day. Seven queries, whatever the day brought."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    entries = Entry.objects.filter(library=library).between(start, start + timedelta(days=1))
    postings = Posting.objects.filter(entry__in=entries)
    return DayReport(
        takings=_takings(postings),
        kinds=_paid_by_kind(postings),
        charged=_by_kind(postings.filter(account=Account.INCOME), sign=-1),
        waived=postings.filter(account=Account.WRITTEN_OFF).total(),
        receipts=_receipts(library, start),
        deposits=-Posting.objects.filter(entry__library=library, account=Account.DEPOSIT).total(),
        owed=Posting.objects.filter(entry__library=library, account=Account.OWED).total(),
    )


_OF_READERS = (
    EntryKind.PAYMENT,
    EntryKind.REFUND,
    EntryKind.DEPOSIT_TAKEN,
    EntryKind.DEPOSIT_RETURNED,
    EntryKind.REVERSAL,
)


def _takings(postings: models.QuerySet[Posting]) -> list[tuple[str, int, int]]:
    """Return, for each deed with readers, what it brought in cash and by bank."""
    money = postings.filter(account__in=[Account.DRAWER, Account.BANK], entry__kind__in=_OF_READERS)
    sums = money.values_list("entry__kind", "account").annotate(total=Sum("amount")).order_by()
    found = {(kind, account): total for kind, account, total in sums}
    return [
        (
            str(ENTRY_KINDS[kind]),
            found.get((kind, Account.DRAWER), 0),
            found.get((kind, Account.BANK), 0),
        )
        for kind in _OF_READERS
        if (kind, Account.DRAWER) in found or (kind, Account.BANK) in found
    ]


def _paid_by_kind(postings: models.QuerySet[Posting]) -> list[tuple[str, int]]:
    """Return what was paid for each kind of fee, payments taken back left out."""
    paid = postings.filter(
        account=Account.OWED, entry__kind=EntryKind.PAYMENT, entry__reversal=None
    )
    sums = paid.values_list("charge__fee_kind").annotate(total=Sum("amount")).order_by()
    found = dict(sums)
    named = [(str(kind.label), -found[kind]) for kind in FeeKind if kind in found]
    return [*named, *([("—", -found[None])] if None in found else [])]


def _by_kind(postings: models.QuerySet[Posting], *, sign: int) -> list[tuple[str, int]]:
    sums = dict(postings.values_list("fee_kind").annotate(total=Sum("amount")).order_by())
    return [(str(kind.label), sign * sums[kind]) for kind in FeeKind if sums.get(kind)]


def _receipts(library: Library, start: datetime) -> list[tuple[str, str, str, int]]:
    """Return, for receipts and vouchers, the first and last number of the day and how many."""
    day = Receipt.objects.filter(
        library=library, issued_at__gte=start, issued_at__lt=start + timedelta(days=1)
    )
    found = []
    for kind in ReceiptKind:
        numbers = list(day.filter(kind=kind).order_by("year", "number"))
        if numbers:
            found.append((str(kind.label), numbers[0].label, numbers[-1].label, len(numbers)))
    return found
