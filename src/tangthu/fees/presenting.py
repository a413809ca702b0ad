"""Entries, charges and receipts in the words of a page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tangthu.fees.models import Account, Entry, EntryKind, FeeKind, Posting, Receipt
from tangthu.fees.reading import open_charges
from tangthu.fees.wording import ACCOUNTS, ENTRY_KINDS
from tangthu.text.amounts import format_dong


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """A charge of which something is open."""

    entry: Entry
    open: int
    full: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry as the reader's account shows it: by how much debt and deposit changed."""

    entry: Entry
    title: str
    owed: int
    deposit: int
    receipt: Receipt | None
    is_reversed: bool


def open_lines(patron_id: int) -> list[ChargeLine]:
    """Return the open charges with their words, oldest first. Three queries."""
    left = {each.entry: each.open for each in open_charges(patron_id)}
    entries = Entry.objects.filter(pk__in=left).select_related("library").order_by("id")
    full = dict(
        Posting.objects.filter(entry__in=left, account=Account.OWED).values_list(
            "entry_id", "amount"
        )
    )
    return [
        ChargeLine(entry=each, open=left[each.pk], full=full[each.pk], title=title_of(each))
        for each in entries
    ]


def entry_line(entry: Entry) -> EntryLine:
    """Return the line of an entry whose postings, receipt and reversal are at hand."""
    sums: defaultdict[str, int] = defaultdict(int)
    for posting in entry.postings.all():
        sums[posting.account] += posting.amount
    return EntryLine(
        entry=entry,
        title=title_of(entry),
        owed=sums[Account.OWED],
        deposit=-sums[Account.DEPOSIT],
        receipt=getattr(entry, "receipt", None),
        is_reversed=hasattr(entry, "reversal"),
    )


def title_of(entry: Entry) -> str:
    """Return what an entry is: its kind of fee, or what happened."""
    if entry.kind == EntryKind.CHARGE:
        return str(FeeKind(entry.fee_kind).label)
    return str(ENTRY_KINDS[entry.kind])


def posting_rows(entry: Entry) -> list[tuple[str, int, int]]:
    """Return an entry's postings as a bookkeeper reads them: account, debit, credit."""
    return [
        (
            _account_words(posting),
            max(posting.amount, 0),
            max(-posting.amount, 0),
        )
        for posting in entry.postings.order_by("id")
    ]


def purpose_of(receipt: Receipt) -> str:
    """Return what a receipt is for: the kinds of fees it settled, or what happened."""
    entry = receipt.entry
    if entry.kind != EntryKind.PAYMENT:
        return " – ".join(filter(None, (title_of(entry), entry.note)))
    sums: defaultdict[str, int] = defaultdict(int)
    owed = entry.postings.filter(account=Account.OWED).select_related("charge")
    for posting in owed:
        name = title_of(posting.charge) if posting.charge else _("Paid in advance")
        sums[name] -= posting.amount
    if len(sums) == 1:
        return next(iter(sums))
    return "; ".join(f"{name} {format_dong(amount)}" for name, amount in sums.items())


def _account_words(posting: Posting) -> str:
    words = str(ACCOUNTS[posting.account])
    if posting.fee_kind:
        words = f"{words}: {FeeKind(posting.fee_kind).label}"
    return words
