"""Writing an entry: its postings first, then itself, which the database lets in if they balance.

Locks are taken in this order: the patron, the session of the drawer, the series of the receipts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees.errors import BadAmount
from tangthu.fees.models import Entry, EntryKind, Posting
from tangthu.fees.policy import Line
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

ACCOUNT_CHANGED = "account"
"""The kind of the feed's rows about readers' accounts; the key is the patron's id."""

LARGEST = 10_000_000_000
"""Đồng. No reader of a public library pays ten thousand million; a slip of the keyboard does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an entry says, before it has its lines."""

    kind: EntryKind
    library: Library
    patron: Patron | None = None
    fee_kind: str = ""
    source: str = ""
    note: str = ""
    reverses: Entry | None = None


Compose = Callable[[int], Sequence[Line]]
"""Gives the lines of the entry that will have this key."""


def post(draft: Draft, compose: Compose, *, by: Actor) -> Entry:
    """Write an entry with its lines, its audit entry and its news.

    Raises IntegrityError for lines that do not balance, a source that is there already, or an
    entry reversed before: call it in an atomic block of its own where that may be.
    """
    key = _next_key()
    lines = compose(key)
    Posting.objects.bulk_create(
        [
            Posting(
                entry_id=key,
                account=line.account,
                amount=line.amount,
                patron_id=line.patron,
                session_id=line.session,
                fee_kind=line.fee_kind,
                charge_id=line.charge,
            )
            for line in lines
        ]
    )
    entry = Entry(
        id=key,
        at=timezone.now(),
        kind=draft.kind,
        fee_kind=draft.fee_kind,
        library=draft.library,
        patron=draft.patron,
        source=draft.source,
        note=draft.note.strip()[:300],
        reverses=draft.reverses,
        entered_by=by.name,
        user_id=by.user_id,
    )
    entry.save(force_insert=True)
    _leave_traces(entry, lines, by=by)
    return entry


def lock(patron: Patron) -> None:
    """Lock the reader, so that what is read of their account holds until the commit."""
    rows = Patron.objects.select_for_update(no_key=True).filter(pk=patron.pk)
    rows.values_list("pk", flat=True).get()


def whole(amount: Money, *, field: str = "amount") -> int:
    """Return the đồng of an amount. Raises BadAmount for none, a negative or an absurd one."""
    if amount.currency != "VND" or not 0 < amount.amount <= LARGEST:
        raise BadAmount(field, amount=amount.amount)
    return amount.amount


def _next_key() -> int:
    """Return the key of the next entry. On SQLite writers are serial, so the next is free."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence('fees_entry', 'id'))")
        else:
            cursor.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM fees_entry")
        (key,) = cursor.fetchone()
    return int(key)


def _leave_traces(entry: Entry, lines: Sequence[Line], *, by: Actor) -> None:
    after: dict[str, object] = {
        "patron": entry.patron_id,
        "fee_kind": entry.fee_kind,
        "note": entry.note,
        "source": entry.source,
        "reverses": entry.reverses_id,
        "lines": [[str(line.account), line.amount] for line in lines],
    }
    audit.record(
        f"fees.{entry.kind}",
        by=by,
        kind="fee_entry",
        key=entry.pk,
        library=entry.library_id,
        after={name: value for name, value in after.items() if value},
    )
    if entry.patron_id is not None:
        changes.append(ACCOUNT_CHANGED, [entry.patron_id], library=entry.library_id)
