"""What changed in a span of time, in pieces: records, then digital objects.

The list is a row of *stages*, each read along an index by the moment of change: all records, or
those of one library after the other; then the objects. A page that ends one stage goes on in the
next. What changes while it is harvested moves to the end, and is told again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tangthu.catalogue.models import Record
from tangthu.protocols.oai.sets import Scope
from tangthu.protocols.oai.tokens import refused
from tangthu.repository.models import DigitalObject

Item = Record | DigitalObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which items: those of the scope that changed since the one moment and before the other."""

    scope: Scope
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The last item told: its stage, when it changed, its key."""

    stage: str
    at: datetime
    pk: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some items in their order, and the mark behind them where there are more."""

    items: list[Item]
    mark: Mark | None


def stretch(wanted: Wanted, *, after: Mark | None, size: int, headers_only: bool) -> Stretch:
    """Return the next items behind the mark. Raises OaiError where its stage is no more."""
    stages = _stages(wanted)
    begin = 0 if after is None else _place(stages, after.stage)
    found: list[tuple[str, Item]] = []
    for number, stage in enumerate(stages[begin:]):
        room = size + 1 - len(found)
        rows = _rows(stage, wanted, headers_only=headers_only)
        if number == 0 and after is not None:
            rows = rows.filter(_behind(after))
        found += [(stage, row) for row in rows[:room]]
        if len(found) > size:
            break
    if len(found) <= size:
        return Stretch([item for _, item in found], None)
    kept = found[:size]
    stage, last = kept[-1]
    return Stretch([item for _, item in kept], Mark(stage, last.updated_at, last.pk))


def earliest() -> datetime | None:
    """Return when the oldest of what we tell changed last. Two queries along an index."""
    firsts = [
        rows.order_by("updated_at").values_list("updated_at", flat=True).first()
        for rows in (Record.objects.all(), told_objects())
    ]
    return min((moment for moment in firsts if moment), default=None)


def told_objects() -> QuerySet[DigitalObject]:
    """Return the objects that were published once: what never was, nobody is told of."""
    return DigitalObject.objects.exclude(published_at=None)


def described_objects() -> QuerySet[DigitalObject]:
    """Return them with all that their descriptions tell, in a fixed number of queries."""
    rows = told_objects().select_related("library")
    return rows.prefetch_related("collections", "links__record", "outside_names")


def _stages(wanted: Wanted) -> list[str]:
    return list(_each_stage(wanted.scope))


def _each_stage(scope: Scope) -> Iterator[str]:
    if scope.records and scope.libraries is None:
        yield "records"
    elif scope.records and scope.libraries is not None:
        yield from (f"records/{pk}" for pk in scope.libraries)
    if scope.objects:
        yield "objects"


def _place(stages: list[str], name: str) -> int:
    if name not in stages:
        raise refused()
    return stages.index(name)


def _rows(stage: str, wanted: Wanted, *, headers_only: bool) -> QuerySet[Item]:
    rows: QuerySet[Item] = (
        _objects(wanted.scope) if stage == "objects" else _records(stage, headers_only=headers_only)
    )
    if wanted.since is not None:
        rows = rows.filter(updated_at__gte=wanted.since)
    if wanted.before is not None:
        rows = rows.filter(updated_at__lt=wanted.before)
    return rows.order_by("updated_at", "pk")


def _records(stage: str, *, headers_only: bool) -> QuerySet[Record]:
    rows = Record.objects.all()
    library = stage.partition("/")[2]
    if library:
        rows = rows.filter(library=int(library))
    return rows.without_marc() if headers_only else rows


def _objects(scope: Scope) -> QuerySet[DigitalObject]:
    rows = described_objects()
    if scope.libraries is not None:
        rows = rows.filter(library__in=scope.libraries)
    if scope.collection:
        # As a list of keys: an object in several collections below is told once.
        inside = DigitalObject.objects.filter(collections__path__startswith=scope.collection)
        rows = rows.filter(pk__in=inside.values("pk"))
    return rows


def _behind(mark: Mark) -> Q:
    # The first condition is the range that the index reads; the others trim its first rows.
    return Q(updated_at__gte=mark.at) & (Q(updated_at__gt=mark.at) | Q(pk__gt=mark.pk))
