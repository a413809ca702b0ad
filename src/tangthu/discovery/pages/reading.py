"""Units of text out of the repository, ready to become lines of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from tangthu.discovery.pages.units import Audience, Facts, Unit
from tangthu.repository.models import DigitalObject, ObjectRecord, PageText
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.kinds import Access, Restriction, State

_COLUMNS = ("id", "object_id", "page__position", "number", "revision", "languages")
_OBJECT_COLUMNS = ("id", "state", "access", "restriction", "embargo_until")

_Row = tuple[int, int, int | None, int | None, int, str]


def units_of(objects: Collection[int]) -> list[Unit]:
    """Return the units of these objects, without their texts."""
    rows = PageText.objects.filter(object__in=objects).order_by()
    return list(_units(list(rows.values_list(*_COLUMNS))))


def texts_of(ids: Collection[int]) -> dict[int, str]:
    """Return the texts of these units; those that are gone are missing."""
    return dict(PageText.objects.filter(pk__in=ids).order_by().values_list("pk", "plain"))


def all_units(*, batch: int) -> Iterator[list[tuple[Unit, str]]]:
    """Yield every unit with its text in batches, by number, so that none is met twice."""
    found, last = PageText.objects.order_by("pk").values_list(*_COLUMNS), 0
    while rows := list(found.filter(pk__gt=last)[:batch]):
        texts = texts_of([row[0] for row in rows])
        yield [(unit, texts[unit.id]) for unit in _units(rows) if unit.id in texts]
        last = rows[-1][0]


def _units(rows: Sequence[_Row]) -> Iterator[Unit]:
    facts = _facts({row[1] for row in rows})
    for number, obj, position, part, revision, languages in rows:
        if obj in facts:
            place = position if position is not None else part or 0
            yield Unit(number, facts[obj], place, revision, languages)


def _facts(objects: Collection[int]) -> Mapping[int, Facts]:
    keys: defaultdict[int, list[int]] = defaultdict(list)
    links = ObjectRecord.objects.filter(object__in=objects).order_by("position", "id")
    for obj, record in links.values_list("object_id", "record_id"):
        keys[obj].append(record)
    rows = DigitalObject.objects.filter(pk__in=objects).order_by()
    return {
        obj: Facts(
            object=obj,
            keys=tuple(keys.get(obj, [-obj])),
            audience=_audience(state, access, restriction),
            closed_until=embargo,
        )
        for obj, state, access, restriction, embargo in rows.values_list(*_OBJECT_COLUMNS)
    }


def _audience(state: str, access: str, restriction: str) -> str:
    if state != State.PUBLISHED or restriction != Restriction.NONE:
        return Audience.NOBODY
    if access in LISTED:
        return ""
    return Audience.STAFF if access == Access.STAFF else Audience.NOBODY
