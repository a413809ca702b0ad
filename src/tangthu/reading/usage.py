"""What was used how often: the sums of past months, and the events since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min
from django.utils import timezone

from tangthu.reading.actions.usage import span
from tangthu.reading.models import UsageEvent, UsageMonth
from tangthu.reading.policy.counter import Event, Metric, Use, months, tallies
from tangthu.repository.models import DigitalObject, ObjectRecord
from tangthu.repository.policy.kinds import ObjectKind

DATA_TYPES: Mapping[str, str] = {
    ObjectKind.AUDIO: "Sound",
    ObjectKind.VIDEO: "Audiovisual",
    ObjectKind.DATA: "Dataset",
}
"""COUNTER 5.1, table 3.n: what an object is; text is a book."""


@dataclass(frozen=True, slots=True)
class Row:
    """The use of one object on one type of access: by metric, then by month."""

    item: int
    access: str
    counts: Mapping[str, Mapping[date, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """What a report says of an object beside the numbers."""

    identifier: str
    title: str
    kind: str
    publisher: str = ""
    author: str = ""
    isbn: str = ""
    year: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is a title that is read, not a recording or data."""
        return self.kind not in DATA_TYPES

    @property
    def data_type(self) -> str:
        """What the object is, in COUNTER's words."""
        return DATA_TYPES.get(self.kind, "Book")


def rows_between(libraries: Iterable[int], *, first: date, last: date) -> list[Row]:
    """Return what readers of these libraries used from one month to another, both whole."""
    wanted = list(libraries)
    found: defaultdict[tuple[int, str], defaultdict[str, dict[date, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    summed = UsageMonth.objects.filter(library__in=wanted, month__gte=first, month__lte=last)
    columns = ("object_id", "access", "metric", "month", "count")
    for item, access, metric, month, count in summed.values_list(*columns):
        _add(found[item, access][metric], month, count)
    for month in months(first, last):
        for each in _tallied(wanted, month):
            _add(found[each[0], each[1]][each[2]], month, each[3])
    rows = [Row(item, access, dict(counts)) for (item, access), counts in found.items()]
    return sorted(rows, key=lambda row: (row.item, row.access))


def _tallied(libraries: Sequence[int], month: date) -> list[tuple[int, str, str, int]]:
    begin, end = span(month)
    told: list[tuple[int, str, str, int]] = []
    for library in libraries:
        rows = UsageEvent.objects.between(begin, end).filter(library=library)
        events = (
            Event(item, access, Use(use), session, at)
            for item, access, use, session, at in rows.values_list(
                "object_id", "access", "use", "session", "at"
            ).iterator()
        )
        told += [(t.item, t.access, str(t.metric), t.count) for t in tallies(events)]
    return told


def _add(months_of: dict[date, int], month: date, count: int) -> None:
    months_of[month] = months_of.get(month, 0) + count


def described(items: Iterable[int]) -> dict[int, Described]:
    """Return what reports say of these objects, each by its first record: two queries."""
    wanted = list(items)
    links = ObjectRecord.objects.filter(object__in=wanted).order_by("position", "id")
    named: dict[int, tuple[str, str, str, str]] = {}
    for key, *told, year in links.values_list(
        "object_id", "record__publisher", "record__author", "record__isbn", "record__year"
    ):
        publisher, author, isbn = told
        named.setdefault(key, (publisher, author, isbn, str(year or "")))
    objects = DigitalObject.objects.filter(pk__in=wanted)
    return {
        key: Described(identifier, title, kind, *named.get(key, ()))
        for key, identifier, title, kind in objects.values_list("pk", "identifier", "title", "kind")
    }


def counted_between(libraries: Iterable[int]) -> tuple[date, date]:
    """Return the first month of which something was counted in these libraries, and this one."""
    wanted, this = list(libraries), timezone.localdate().replace(day=1)
    summed = UsageMonth.objects.filter(library__in=wanted).aggregate(first=Min("month"))["first"]
    event = UsageEvent.objects.filter(library__in=wanted).aggregate(first=Min("at"))["first"]
    begun = timezone.localdate(event).replace(day=1) if event else this
    return min(summed or this, begun), this


def totals(rows: Iterable[Row], metric: Metric) -> int:
    """Return the sum of one metric over all rows and months."""
    return sum(sum(row.counts.get(metric, {}).values()) for row in rows)
