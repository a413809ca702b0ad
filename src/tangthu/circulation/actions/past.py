"""Loans of the past: brought from an earlier system, and in time without their readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation import policy
from tangthu.circulation.models import Helper, Loan, LoanEvent, LoanEventKind, LoanQuerySet
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.libraries.models import Library
from tangthu.libraries.reading import network
from tangthu.patrons.actions import stop_keeping_history
from tangthu.patrons.models import Patron

BATCH = 500
KEPT = "loans_forgotten_after"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLoan:
    """A loan as an earlier system knew it; open where it was not returned."""

    item: Item
    patron: Patron
    lent_at: datetime
    due_at: datetime
    returned_at: datetime | None = None
    renewals: int = 0


@transaction.atomic
def enter_past_loans(loans: Iterable[PastLoan], *, at: Library, by: Actor) -> int:
    """Bring in loans that were made at the library before it used this system.

    No rule is asked: they have happened. Each is counted for statistics on its own day. All or
    none are entered; a copy with two open loans breaks the constraint and stops them all.
    """
    by.require(CirculationPermission.LEND, at=at.pk)
    past = list(loans)
    rows = [_row(loan, at) for loan in past]
    Loan.objects.bulk_create(rows, batch_size=BATCH)
    events = [event for loan in past for event in _events(loan, at, by)]
    LoanEvent.objects.bulk_create(events, batch_size=BATCH)
    changes.append("loan", [row.pk for row in rows if row.returned_at is None], library=at.pk)
    audit.record(
        "loans.entered", by=by, kind="library", key=at.pk, library=at.pk, after={"count": len(rows)}
    )
    return len(rows)


@transaction.atomic
def forget_readers(*, by: Actor) -> int:
    """Cut the tie between returned loans and their readers, and return how many were cut.

    After so many days as the library that lent has chosen; what readers chose to keep stays, and
    so does what is lost or damaged and not settled. A deed of the machine alone, since it reaches
    every library.
    What statistics need was kept apart when the loan was made (Law 91/2025/QH15: personal data
    are not kept longer than their purpose).
    """
    if not by.everywhere:
        raise NotPermitted(permission="everywhere")
    kept = Loan.objects.kept_by_choice().values("pk")
    count = _forget_old(Loan.objects.filter(patron__isnull=False).exclude(pk__in=kept))
    if count:
        after = {"count": count}
        audit.record("loans.forgotten", by=by, kind="loan", key="", after=after)
    return count


@transaction.atomic
def forget_own_past(patron: Patron, *, by: Actor) -> int:
    """Keep the reader's past loans no more, as they asked; return how many were cut at once.

    Consent taken back, the purpose of keeping them for the reader is gone, and with it all that
    was kept for that alone. What came back within the days that the library keeps for a purpose
    of its own, damage found late, stays as it does for every reader, unseen by this one, and is
    forgotten when they are over (Law 91/2025/QH15: each purpose has its own time). What they lost
    or damaged stays until it is settled. By the reader alone.
    """
    stop_keeping_history(patron, by=by)
    return _forget_old(Loan.objects.filter(patron=patron))


@transaction.atomic
def forget_lending_of(patron: Patron) -> None:
    """Forget, as part of an erasure, what the reader borrowed, fetched, and who came for whom.

    What is on loan, lost or damaged and not settled stays: until then nobody is erased.
    """
    past = Loan.objects.filter(patron=patron, returned_at__isnull=False).forgettable()
    Loan.objects.filter(pk__in=past.values("pk")).update(patron=None)
    Loan.objects.filter(fetched_by=patron).update(fetched_by=None)
    Helper.objects.filter(Q(patron=patron) | Q(helper=patron)).delete()


def _forget_old(tied: LoanQuerySet) -> int:
    """Cut what came back longer ago than the library that lent it keeps the reader."""
    now, count = timezone.now(), 0
    for days, libraries in _days_kept().items():
        before = now - timedelta(days=days)
        past = tied.forgettable().filter(library__in=libraries, returned_at__lt=before)
        count += Loan.objects.filter(pk__in=past.values("pk")).update(patron=None)
    return count


def _days_kept() -> dict[int, list[int]]:
    """Return the ids of the libraries by the days that each keeps the readers of past loans."""
    tree = network()
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for library in tree.libraries.values():
        groups[int(tree.preference(library.chain, KEPT))].append(library.pk)
    return groups


def _row(loan: PastLoan, at: Library) -> Loan:
    return Loan(
        item=loan.item,
        patron=loan.patron,
        library=at,
        lent_at=loan.lent_at,
        due_at=loan.due_at,
        returned_at=loan.returned_at,
        renewals=loan.renewals,
    )


def _events(loan: PastLoan, at: Library, by: Actor) -> Iterator[LoanEvent]:
    moments = {LoanEventKind.CHECK_OUT: loan.lent_at, LoanEventKind.CHECK_IN: loan.returned_at}
    for kind, moment in moments.items():
        if moment is not None:
            yield LoanEvent(
                kind=kind,
                at=moment,
                library=at,
                face=by.face,
                item=loan.item,
                record_id=loan.item.record_id,
                location_id=loan.item.location_id,
                item_type_id=loan.item.item_type_id,
                patron_category_id=loan.patron.category_id,
                age_band=policy.age_band(loan.patron.age(policy.local_day(moment))),
            )
