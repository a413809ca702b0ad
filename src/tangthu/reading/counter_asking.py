"""Asking for a COUNTER report: of which library, over which months, of which metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library, LibraryQuerySet
from tangthu.libraries.reading import network
from tangthu.reading.counter_report import Asked, Report, ReportId
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.counter import Metric
from tangthu.reading.usage import described, rows_between

LONGEST = timedelta(days=366 * 5)

NO_USAGE = (3030, "No Usage Available for Requested Dates")
INVALID_FILTER = (3060, "Invalid ReportFilter Value")
INVALID_ATTRIBUTE = (3062, "Invalid ReportAttribute Value")
"""What a report says of itself (appendix D of the Code of Practice)."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whole months, from one to another, and the metrics; all where none is named."""

    first: date
    last: date
    metrics: tuple[Metric, ...] = ()
    by_month: bool = True
    misunderstood: tuple[tuple[int, str], ...] = ()

    @classmethod
    def read(
        cls, begin: str, end: str, metrics: str = "", granularity: str = "Month"
    ) -> Self | None:
        """Return the question of the API's arguments; nothing where they cannot be read.

        Days may stand as `2026-01` or `2026-01-15`: a month is always reported whole. Metrics that
        are none are left out, and the report says so; so it does of a granularity but the month's.
        """
        first, last = _month(begin), _month(end)
        if first is None or last is None or last < first or last - first > LONGEST:
            return None
        known = {str(metric): metric for metric in Metric}
        named = [word for word in metrics.split("|") if word]
        wanted = tuple(known[word] for word in named if word in known)
        wrong = [*([INVALID_FILTER] if len(wanted) < len(named) else [])]
        wrong += [*([] if granularity == "Month" else [INVALID_ATTRIBUTE])]
        return cls(first, last, wanted, misunderstood=tuple(wrong))


def customers(actor: Actor) -> LibraryQuerySet:
    """Return the libraries of which the actor may see the usage."""
    actor.require(ReadingPermission.USAGE)
    libraries = Library.objects.all()
    if actor.everywhere:
        return libraries
    return libraries.filter(pk__in=actor.libraries(ReadingPermission.USAGE))


def ask(report: ReportId, customer: Library, question: Question, *, site: str = "") -> Report:
    """Return the report of a library and of those below it."""
    below = [pk for pk, each in network().libraries.items() if customer.pk in each.chain]
    rows = rows_between(below, first=question.first, last=question.last)
    asked = Asked(
        report=report,
        customer=customer.code,
        institution=customer.name,
        first=question.first,
        last=question.last,
        made_at=timezone.now(),
        metrics=question.metrics,
        by_month=question.by_month,
    )
    told = [*question.misunderstood, *([] if rows else [NO_USAGE])]
    exceptions = [{"Code": code, "Message": words} for code, words in told]
    return Report(asked, rows, described(row.item for row in rows), site, exceptions)


def _month(text: str) -> date | None:
    try:
        found = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return None
    # Far from the ends of the calendar, so that no month falls off it.
    return found.replace(day=1) if 2000 <= found.year <= 2100 else None


def last_year() -> Question:
    """Return the question that a page asks first: this month and the eleven before it."""
    this = timezone.localdate().replace(day=1)
    return Question((this - timedelta(days=334)).replace(day=1), this)
