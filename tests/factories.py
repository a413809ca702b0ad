"""Rows for tests, made directly; what they need beyond a default is said by the test."""

from __future__ import annotations

from datetime import date
from itertools import count

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tangthu.access.models import Role, RoleGrant, User
from tangthu.catalogue.models import Item, ItemType, Record
from tangthu.circulation.models import LendingRule
from tangthu.core.permissions import every_permission
from tangthu.formats.marc.record import ControlField, DataField, MarcRecord, Subfield
from tangthu.formats.marc.storage import dumps
from tangthu.libraries.models import Library, LibraryKind, Location
from tangthu.patrons.models import Patron, PatronCategory
from tangthu.text.folding import fold
from tangthu.text.names import sort_name
from tangthu.text.sorting import sort_key

_numbers = count(1)


class LibraryFactory(DjangoModelFactory[Library]):
    class Meta:
        model = Library

    code = factory.Sequence(lambda n: f"L{n}")
    name = factory.LazyAttribute(lambda library: f"Thư viện {library.code}")
    kind = LibraryKind.WARD
    parent = None
    path = ""

    @classmethod
    def _create(cls, model_class: type[Library], *args: object, **values: object) -> Library:
        library = super()._create(model_class, *args, **values)
        above = library.parent.path if library.parent else "/"
        library.path = f"{above}{library.pk}/"
        library.save(update_fields=["path"])
        return library


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    library = factory.SubFactory(LibraryFactory)
    code = factory.Sequence(lambda n: f"K{n}")
    name = "Kho mượn"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = "Nguyễn Thị Thủ Thư"
    library = factory.SubFactory(LibraryFactory)


def grant(user: User, library: Library, *permissions: str) -> User:
    """Give the user a role of its own with these permissions at the library."""
    role = Role.objects.create(
        code=f"role-{next(_numbers)}",
        name="Vai trò",
        permissions=[str(permission) for permission in permissions or every_permission()],
    )
    RoleGrant.objects.create(user=user, role=role, library=library)
    return user


class PatronCategoryFactory(DjangoModelFactory[PatronCategory]):
    class Meta:
        model = PatronCategory
        django_get_or_create = ("code",)

    code = "adult"
    name = "Người lớn"


class PatronFactory(DjangoModelFactory[Patron]):
    class Meta:
        model = Patron

    card = factory.Sequence(lambda n: f"TV{n:06}")
    name = "Nguyễn Văn An"
    sort_name = factory.LazyAttribute(lambda patron: sort_name(patron.name))
    sort_key = factory.LazyAttribute(lambda patron: sort_key(patron.sort_name))
    folded_name = factory.LazyAttribute(lambda patron: fold(patron.name))
    category = factory.SubFactory(PatronCategoryFactory)
    library = factory.SubFactory(LibraryFactory)
    registered_on = date(2026, 1, 5)
    expires_on = date(2099, 12, 31)


def marc_of(title: str = "Truyện Kiều", *, author: str = "Nguyễn Du") -> MarcRecord:
    """Return a small MARC record of a book."""
    return MarcRecord(
        leader="00000nam a2200000 a 4500",
        fields=(
            ControlField("001", f"t{next(_numbers):07}"),
            ControlField("003", "DLK"),
            ControlField("008", "260101s2020    vm            000 1 vie d"),
            DataField("100", "0", " ", (Subfield("a", author),)),
            DataField("245", "1", "0", (Subfield("a", f"{title} /"), Subfield("c", author))),
        ),
    )


class RecordFactory(DjangoModelFactory[Record]):
    class Meta:
        model = Record

    title = "Truyện Kiều"
    author = "Nguyễn Du"
    marc = factory.LazyAttribute(lambda record: dumps(marc_of(record.title, author=record.author)))
    library = factory.SubFactory(LibraryFactory)
    title_key = factory.LazyAttribute(lambda record: sort_key(record.title))
    author_key = factory.LazyAttribute(lambda record: sort_key(record.author))
    year = 2020
    language = "vie"
    material_type = "book"
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)


class ItemTypeFactory(DjangoModelFactory[ItemType]):
    class Meta:
        model = ItemType
        django_get_or_create = ("code",)

    code = "book"
    name = "Sách"


class ItemFactory(DjangoModelFactory[Item]):
    class Meta:
        model = Item

    library = factory.SubFactory(LibraryFactory)
    record = factory.SubFactory(RecordFactory, library=factory.SelfAttribute("..library"))
    location = factory.SubFactory(LocationFactory, library=factory.SelfAttribute("..library"))
    accession_number = factory.Sequence(lambda n: f"M.{n:06}")
    barcode = factory.Sequence(lambda n: f"DLK{n:08}")
    item_type = factory.SubFactory(ItemTypeFactory)
    accessioned_on = date(2026, 1, 5)
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)


def lending_rules(library: Library, **values: object) -> None:
    """Set the library's rules for every category and item type."""
    for name, value in values.items():
        LendingRule.objects.update_or_create(
            library=library,
            name=name,
            category=None,
            item_type=None,
            defaults={"value": "" if value is None else str(value)},
        )
