"""Prepared questions answer as the querysets they were made of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count, Q
from django.utils import timezone

from tangthu.circulation.actions import check_out
from tangthu.circulation.models import Loan, LoanEvent, LoanEventKind
from tangthu.core.prepared import PAGE_OF_KEYS, Prepared, PreparedForKeys, insert
from tangthu.libraries.models import Library
from tests.factories import ItemFactory, LibraryFactory, PatronFactory

BY_CODE = Prepared(lambda code: Library.objects.filter(code=code), slots=1)
NAMES = Prepared(lambda code: Library.objects.filter(code=code).only("name", "valid_from"), slots=1)
OF_KEYS = PreparedForKeys(
    lambda keys: Library.objects.filter(pk__in=keys).order_by().values_list("pk", flat=True)
)
LATE = Prepared(
    lambda patron, at: (
        Loan.objects.filter(patron=patron)
        .values("library")
        .annotate(late=Count("id", filter=Q(due_at__lt=at)))
        .values_list("library", "late")
    ),
    slots=2,
)


def test_a_row_comes_as_a_model(province):
    found = BY_CODE.first("DLK")

    assert found == province
    assert (found.name, found.path, found.valid_from) == (province.name, province.path, None)


def test_what_was_not_asked_for_is_read_when_it_is_wanted(province, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = NAMES.first("DLK")
        assert found.name == province.name

    assert found.code == "DLK"


def test_every_call_fills_the_slots_anew(province, commune):
    assert [BY_CODE.first(code) for code in ("EAKAO", "DLK", "NONE")] == [commune, province, None]


@pytest.mark.parametrize("asked", [0, 1, PAGE_OF_KEYS, PAGE_OF_KEYS + 1])
def test_the_rows_of_some_keys_come_once_each(asked, province, django_assert_num_queries):
    keys = [LibraryFactory(parent=province).pk for _ in range(asked)]

    with django_assert_num_queries(-(-asked // PAGE_OF_KEYS)):
        found = OF_KEYS.all(keys)

    assert sorted(key for (key,) in found) == keys


def test_moments_are_compared_as_the_database_keeps_them(province, desk):
    patron, item = PatronFactory(library=province), ItemFactory(library=province)
    loan = check_out(item, to=patron, by=desk)

    assert LATE.all(patron.pk, loan.due_at) == [(province.pk, 0)]
    assert LATE.all(patron.pk, loan.due_at + timedelta(seconds=1)) == [(province.pk, 1)]


def test_a_stored_row_has_its_key_and_reads_back_whole(province):
    item = ItemFactory(library=province)
    event = insert(
        LoanEvent(
            kind=LoanEventKind.CHECK_OUT,
            at=timezone.now(),
            library=province,
            face="staff",
            item=item,
            record=item.record,
            item_type=item.item_type,
        )
    )

    kept = LoanEvent.objects.get(pk=event.pk)

    assert (kept.at, kept.item, kept.location, kept.age_band) == (event.at, item, None, "")


@pytest.mark.parametrize("code", ["Đắk 'Lắk'", '"; DROP TABLE x; --', "100%s"])
def test_a_value_is_never_taken_for_sql(db, code):
    library = LibraryFactory(code=code)

    assert BY_CODE.first(code) == library
