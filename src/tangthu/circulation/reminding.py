"""How a reminder or a slip names its loan, and whether it still holds when its turn comes."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from tangthu.circulation.models import Loan
from tangthu.circulation.policy import local_day
from tangthu.circulation.policy.reminding import ReminderDays
from tangthu.libraries.reading import Chain, network
from tangthu.notices.kinds import NoticeKind

REMINDERS = (
    NoticeKind.DUE_SOON,
    NoticeKind.OVERDUE,
    NoticeKind.OVERDUE_AGAIN,
    NoticeKind.OVERDUE_LAST,
)
_SOURCE = re.compile(r"loan:([0-9]+):due:([0-9-]{10})")
_LENT = re.compile(r"loan:([0-9]+):lent")


def source_of(loan_id: int, due_on: date) -> str:
    """Return what a reminder is about. A renewed loan has another due date: another thing."""
    return f"loan:{loan_id}:due:{due_on.isoformat()}"


def outdated(sources: Collection[str]) -> frozenset[str]:
    """Return the sources whose loan has come back, is claimed to have, or is due another day."""
    named = {source: match for source in sources if (match := _SOURCE.fullmatch(source))}
    loans = Loan.objects.open().filter(
        pk__in=[int(match[1]) for match in named.values()], claimed_at=None
    )
    hold = {source_of(pk, local_day(due)) for pk, due in loans.values_list("pk", "due_at")}
    return frozenset(named.keys() - hold)


def lent_source(loan_id: int) -> str:
    """Return what a slip of a loan is about."""
    return f"loan:{loan_id}:lent"


def slips_outdated(sources: Collection[str]) -> frozenset[str]:
    """Return the slips whose loan came back within the visit: it was lent by mistake."""
    named = {source: int(match[1]) for source in sources if (match := _LENT.fullmatch(source))}
    still_out = set(Loan.objects.open().filter(pk__in=named.values()).values_list("pk", flat=True))
    return frozenset(source for source, pk in named.items() if pk not in still_out)


def days_of(chain: Chain) -> ReminderDays:
    """Return the days that hold at a library."""
    known = network()
    return ReminderDays(
        before=int(known.preference(chain, "remind_days_before")),
        first=int(known.preference(chain, "remind_overdue_first")),
        second=int(known.preference(chain, "remind_overdue_second")),
        last=int(known.preference(chain, "remind_overdue_last")),
    )
