"""The library in figures, as they are now: counts, and the loans of the last twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.models import Loan
from tangthu.repository.models import DigitalObject, Page

KEPT_SECONDS = 3600
"""A figure may be an hour old: counting a million rows for each visitor helps nobody."""

_KEY = "community.figures"
WIDTH, HEIGHT, GAP = 720, 220, 8


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it counts."""

    number: int
    label: Promise


@dataclass(frozen=True, slots=True)
class Bar:
    """A month's loans as a column of a drawing that is `WIDTH` by `HEIGHT`."""

    month: str
    number: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label_y(self) -> int:
        return self.y - 6

    @property
    def short(self) -> str:
        """The month as it stands below its column: 07/26."""
        return f"{self.month[:3]}{self.month[-2:]}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown: numbers, and columns from the oldest month to this one."""

    numbers: tuple[Figure, ...]
    bars: tuple[Bar, ...]


def figures(*, today: date) -> Figures:
    """Return the figures of the whole network, counted at most once an hour."""
    found: dict[str, object] | None = cache.get(_KEY)
    if found is None:
        found = _counted(today)
        cache.set(_KEY, found, KEPT_SECONDS)
    return _shown(found, today)


def _counted(today: date) -> dict[str, object]:
    since = _months(today)[0]
    by_month = (
        Loan.objects.filter(lent_at__date__gte=since)
        .annotate(month=TruncMonth("lent_at"))
        .values("month")
        .annotate(number=Count("pk"))
    )
    return {
        "records": Record.objects.public().count(),
        "items": Item.objects.public().count(),
        "objects": DigitalObject.objects.published().count(),
        "pages": Page.objects.ready().filter(object__state="published").count(),
        "loans": {f"{row['month']:%m/%Y}": row["number"] for row in by_month},
    }


def _shown(found: dict[str, object], today: date) -> Figures:
    labels = {
        "records": _("titles in the catalogue"),
        "items": _("copies on the shelves"),
        "objects": _("digital documents"),
        "pages": _("pages to be read on the screen"),
    }
    loans = found["loans"]
    counted = loans if isinstance(loans, dict) else {}
    months = [f"{each:%m/%Y}" for each in _months(today)]
    numbers = tuple(Figure(int(str(found[name])), label) for name, label in labels.items())
    return Figures(numbers, _bars(months, [int(counted.get(each, 0)) for each in months]))


def _bars(months: Sequence[str], numbers: Sequence[int]) -> tuple[Bar, ...]:
    highest = max([*numbers, 1])
    step = WIDTH // len(months)
    return tuple(
        Bar(
            month=month,
            number=number,
            x=place * step + GAP // 2,
            y=HEIGHT - round(number / highest * HEIGHT),
            width=step - GAP,
            height=round(number / highest * HEIGHT),
        )
        for place, (month, number) in enumerate(zip(months, numbers, strict=True))
    )


def _months(today: date) -> list[date]:
    """Return the first days of the last twelve months, the oldest first."""
    months = []
    year, month = today.year, today.month
    for _step in range(12):
        months.append(date(year, month, 1))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months[::-1]
