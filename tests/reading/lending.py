"""What tests of electronic lending share: licences, readers, and a clock that goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from tangthu.catalogue.models import Item, Record
from tangthu.core.actor import Actor, Face
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.models import DigitalLoan, Licence
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access, ObjectKind, State
from tests.factories import ItemFactory, PatronFactory, RecordFactory

_numbers = count(1)


def as_reader(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, name=patron.name, patron_id=patron.pk, library_id=None)


def ebook(library: Library, *, title: str = "Sách điện tử", **values: object) -> DigitalObject:
    """A published object that is on loan alone."""
    now = timezone.now()
    found = {
        "kind": ObjectKind.EPUB,
        "state": State.PUBLISHED,
        "access": Access.LENT,
        "rights": "InC",
        "title": title,
        "title_key": b"sach",
        "created_at": now,
        "updated_at": now,
        **values,
    }
    return DigitalObject.objects.create(library=library, **found)


def licensed(obj: DigitalObject, library: Library | None = None, **terms: object) -> Licence:
    values = {"at_once": 1, "created_at": timezone.now(), **terms}
    if "loans_bought" in values:
        values.setdefault("loans_left", values["loans_bought"])
    return Licence.objects.create(object=obj, library=library or obj.library, **values)


def scan_of(library: Library, *, copies: int) -> tuple[DigitalObject, list[Item]]:
    """A scan that is lent within the number of its printed copies."""
    record: Record = RecordFactory(library=library)
    items = [ItemFactory(library=library, record=record) for _ in range(copies)]
    obj = ebook(library, title="Bản số hóa", kind=ObjectKind.PDF)
    obj.links.create(record=record)
    licensed(obj, library, at_once=None, by_copies=True)
    return obj, items


def readers(library: Library, *, number: int) -> list[Patron]:
    return [PatronFactory(library=library, name=f"Bạn đọc {n}") for n in range(number)]


def lent(obj: DigitalObject, patron: Patron, *, ago: timedelta, due: datetime) -> DigitalLoan:
    """A loan made earlier, as the table holds it."""
    licence = obj.licences.first()
    assert licence
    now = timezone.now()
    return DigitalLoan.objects.create(
        object=obj,
        licence=licence,
        patron=patron,
        library=patron.library,
        slot=next(_numbers) if licence.at_once else None,
        borrowed_at=now - ago,
        due_at=due,
    )
