"""Units of text out of the repository, ready to become lines of the index.

What describes an object that no record describes is a unit too, so that it is found by its title:
its number is the object's, negative, as is the key of such an object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from zlib import crc32

from django.db.models import QuerySet

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
    told = _descriptions(undescribed().filter(pk__in=objects))
    return [*_units(list(rows.values_list(*_COLUMNS))), *(unit for unit, _text in told)]


def texts_of(ids: Collection[int]) -> dict[int, str]:
    """Return the texts of these units; those that are gone are missing."""
    texts = dict(PageText.objects.filter(pk__in=ids).order_by().values_list("pk", "plain"))
    told = _descriptions(undescribed().filter(pk__in=[-each for each in ids if each < 0]))
    return texts | {unit.id: text for unit, text in told}


def all_units(*, batch: int) -> Iterator[list[tuple[Unit, str]]]:
    """Yield every unit with its text in batches, by number, so that none is met twice."""
    found, last = PageText.objects.order_by("pk").values_list(*_COLUMNS), 0
    while rows := list(found.filter(pk__gt=last)[:batch]):
        texts = texts_of([row[0] for row in rows])
        yield [(unit, texts[unit.id]) for unit in _units(rows) if unit.id in texts]
        last = rows[-1][0]
    last = 0
    while told := _descriptions(undescribed().filter(pk__gt=last).order_by("pk")[:batch]):
        yield told
        last = -told[-1][0].id


def undescribed() -> QuerySet[DigitalObject]:
    """Return the objects that no record describes."""
    return DigitalObject.objects.filter(links=None)


def _descriptions(objects: QuerySet[DigitalObject]) -> list[tuple[Unit, str]]:
    rows = list(objects.values_list("id", "title", "description", "languages"))
    facts = _facts({row[0] for row in rows})
    told = [(obj, f"{title}\n{about}", languages) for obj, title, about, languages in rows]
    return [
        (Unit(-obj, facts[obj], 0, crc32(text.encode()), languages), text)
        for obj, text, languages in told
        if obj in facts
    ]


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
