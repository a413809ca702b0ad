"""The nightly reminders: loans due soon, overdue in steps, and cards that end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from tangthu.circulation.models import Loan
from tangthu.circulation.policy import local_day
from tangthu.circulation.policy.reminding import ReminderDays, reach, reminder
from tangthu.circulation.reminding import REMINDERS, days_of, source_of
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.libraries.models import Library
from tangthu.libraries.reading import Network, network
from tangthu.notices.actions import Announcement, announce_many
from tangthu.notices.kinds import Channel, NoticeKind
from tangthu.notices.models import Notice
from tangthu.patrons.models import CardStatus, Patron

BATCH = 200
"""Loans at a time. Their notices are written in one transaction of some 20 ms on SQLite, so that a
desk never waits noticeably."""


@dataclass(slots=True)
class Reminded:
    """What a run looked at, and how many notices it put into the outbox."""

    loans: int = 0
    cards: int = 0
    notices: int = 0


def remind(*, by: Actor, now: datetime | None = None) -> Reminded:
    """Put today's reminders into the outbox. A deed of the machine alone.

    Reads without locks and writes in short batches, so that desks go on working. May be run
    again, or be killed and run again: what was announced is not announced twice, for its source
    names the loan and its due date.
    """
    if not by.everywhere:
        raise NotPermitted(permission="everywhere")
    now = now or timezone.now()
    done = Reminded()
    _remind_of_loans(done, now)
    _remind_of_cards(done, local_day(now))
    audit.record(
        "reminders.announced",
        by=by,
        kind="notice",
        key="",
        after={"loans": done.loans, "cards": done.cards, "notices": done.notices},
    )
    return done


def _remind_of_loans(done: Reminded, now: datetime) -> None:
    today = local_day(now)
    by_library = {pk: days_of(row.chain) for pk, row in network().libraries.items()}
    before = max((reach(days)[0] for days in by_library.values()), default=0)
    after = max((reach(days)[1] for days in by_library.values()), default=0)
    # One day more on both sides: a moment's day is that of the library's clock.
    due = (now - timedelta(days=after + 1), now + timedelta(days=before + 1))
    open_loans = Loan.objects.open().filter(due_at__range=due, claimed_at=None)
    # All keys at once (a megabyte): no page of a list shifts while desks lend and take back.
    for keys in _batches(list(open_loans.order_by("due_at", "id").values_list("pk", flat=True))):
        done.loans += len(keys)
        done.notices += announce_many(_fresh(list(_announcements(keys, by_library, today))))


def _announcements(
    keys: Sequence[int], by_library: dict[int, ReminderDays], today: date
) -> Iterator[Announcement]:
    loans = Loan.objects.open().filter(pk__in=keys).select_related("patron", "item__record")
    slim = loans.only(
        "due_at",
        "lent_at",
        "on_site",
        "library_id",
        "item__barcode",
        "item__record__title",
        "patron__name",
        "patron__email",
        "patron__phone",
        "patron__guardian_phone",
        "patron__address",
        "patron__library_id",
    )
    known = network()
    for loan in slim.order_by("due_at", "id"):
        due_on, days = local_day(loan.due_at), by_library[loan.library_id]
        step = reminder(lent_on=local_day(loan.lent_at), due_on=due_on, today=today, days=days)
        if step is None or loan.patron is None or (loan.on_site and due_on >= today):
            continue
        late = (today - due_on).days
        library = known.libraries[loan.library_id]
        yield Announcement(
            kind=NoticeKind(step),
            to=loan.patron,
            library=library,
            values={
                "title": loan.item.record.title,
                "barcode": loan.item.barcode,
                "due": due_on,
                **({"days": late} if late > 0 else {}),
            },
            source=source_of(loan.pk, due_on),
            fallback=_letter(NoticeKind(step), loan.patron, library, known),
        )


def _letter(kind: NoticeKind, patron: Patron, library: Library, known: Network) -> Channel | None:
    wanted = known.preference(library.chain, "letter_for_last_reminder")
    if kind is NoticeKind.OVERDUE_LAST and wanted and patron.address:
        return Channel.LETTER
    return None


def _remind_of_cards(done: Reminded, today: date) -> None:
    known = network()
    days = {
        pk: int(known.preference(row.chain, "remind_card_days"))
        for pk, row in known.libraries.items()
    }
    until = today + timedelta(days=max(days.values(), default=0))
    ending = Patron.objects.filter(
        expires_on__gt=today, expires_on__lte=until, card_status=CardStatus.ACTIVE
    )
    for keys in _batches(list(ending.order_by("expires_on", "id").values_list("pk", flat=True))):
        done.cards += len(keys)
        announcements = [
            Announcement(
                kind=NoticeKind.CARD_ENDING,
                to=patron,
                library=known.libraries[patron.library_id],
                values={"expires": patron.expires_on},
                source=f"card:{patron.pk}:ends:{patron.expires_on.isoformat()}",
            )
            for patron in Patron.objects.filter(pk__in=keys).order_by("expires_on", "id")
            if patron.expires_on <= today + timedelta(days=days[patron.library_id])
        ]
        done.notices += announce_many(_fresh(announcements))


def _fresh(announcements: list[Announcement]) -> list[Announcement]:
    """Return what was not announced yet. The constraint would refuse the rest, one by one."""
    if not announcements:
        return []
    told = Notice.objects.filter(
        kind__in=[*REMINDERS, NoticeKind.CARD_ENDING],
        source__in=[each.source for each in announcements],
    )
    known = set(told.values_list("kind", "source"))
    return [each for each in announcements if (str(each.kind), each.source) not in known]


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
