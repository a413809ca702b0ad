"""What is remembered from tables that seldom change is never older than they are."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tangthu.circulation.reading import books
from tangthu.core.stamps import stamp
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.libraries.reading import network, preference
from tests.factories import LibraryFactory, lending_rules

STAMPED = {
    "access_apitoken",
    "access_role",
    "access_rolegrant",
    "access_user",
    "catalogue_itemtype",
    "circulation_lendingrule",
    "circulation_transferlimit",
    "libraries_calendarentry",
    "libraries_library",
    "libraries_location",
    "libraries_preferencevalue",
    "patrons_patroncategory",
}


def test_what_is_remembered_is_read_once(province, django_assert_num_queries):
    first = network()

    with django_assert_num_queries(1):
        again = network()

    assert again is first


@pytest.mark.parametrize(
    "change",
    [
        lambda: LibraryFactory(),
        lambda: Library.objects.filter(code="DLK").update(name="Thư viện Đắk Lắk"),
        lambda: lending_rules(Library.objects.get(code="DLK"), max_loans=9),
        lambda: Library.objects.get(code="DLK").lending_rules.all().delete(),
    ],
    ids=["insert", "update", "of another table", "delete"],
)
def test_a_change_by_any_way_is_seen_at_once(province, change):
    before, known = stamp(), books()

    change()

    assert stamp() != before
    assert books() is not known


def test_what_was_rolled_back_is_not_remembered(province, administrator):
    with transaction.atomic():
        set_preference(province, "opening_hour", "7", by=administrator)
        assert preference(province, "opening_hour") == 7
        transaction.set_rollback(True)

    assert preference(province, "opening_hour") == 8


def test_without_a_stamp_nothing_is_remembered(province):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_stamp")

    assert network() is not network()


@pytest.mark.django_db
def test_every_stamped_table_has_its_triggers_after_all_migrations():
    catalog = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalog)
        found = {name for (name,) in cursor.fetchall() if name.endswith("_stamp")}

    assert found == {
        f"{table}_{event}_stamp" for table in STAMPED for event in ("insert", "update", "delete")
    }
