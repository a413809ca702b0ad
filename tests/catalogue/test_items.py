from __future__ import annotations

from dataclasses import replace

import pytest

from tangthu.catalogue import guards
from tangthu.catalogue.actions import (
    ItemData,
    add_item,
    add_items,
    change_item,
    next_number,
    reinstate_item,
    withdraw_item,
)
from tangthu.catalogue.errors import (
    AccessionNumberTaken,
    BadAccessionNumber,
    BadBarcode,
    BarcodeTaken,
    ItemNotWithdrawn,
    ItemWithdrawn,
    LocationElsewhere,
    TooManyCopies,
)
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.core.errors import Conflict, NotPermitted, StaleVersion
from tangthu.core.models import AuditEntry, Change
from tests.factories import ItemFactory, ItemTypeFactory, LocationFactory, RecordFactory
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(province):
    return RecordFactory(library=province)


@pytest.fixture
def data(province):
    location = LocationFactory(library=province, code="M")
    return ItemData(library=province, item_type=ItemTypeFactory(), location=location)


def test_a_copy_gets_the_next_number_and_a_barcode_of_library_and_number(record, data, cataloguer):
    item = add_item(record, data, by=cataloguer)

    assert (item.accession_number, item.barcode) == ("DLK.000001", "DLK.000001")
    assert (item.library, item.location, item.status) == (
        data.library,
        data.location,
        ItemStatus.AVAILABLE,
    )


def test_numbers_of_a_prefix_go_on_where_they_stopped(record, data, cataloguer):
    first = add_items(record, replace(data, prefix="VV."), copies=2, by=cataloguer)
    second = add_items(record, replace(data, prefix="vv."), copies=1, by=cataloguer)

    assert [item.accession_number for item in first + second] == [
        "VV.000001",
        "VV.000002",
        "VV.000003",
    ]
    assert second[0].barcode == "DLKVV.000003"
    assert next_number(data.library, "VV.") == "VV.000004"
    assert next_number(data.library) == "DLK.000001"


def test_numbers_in_use_are_passed_over(record, data, cataloguer):
    add_item(record, replace(data, accession_number="VV.000001"), by=cataloguer)
    add_item(record, replace(data, accession_number="VV.000750"), by=cataloguer)

    item = add_item(record, replace(data, prefix="VV."), by=cataloguer)

    assert item.accession_number == "VV.000751"


def test_a_given_number_and_barcode_count_on_for_further_copies(record, data, cataloguer):
    given = replace(data, accession_number="vv14.00099", barcode="b 0009")

    items = add_items(record, given, copies=2, by=cataloguer)

    assert [(item.accession_number, item.barcode) for item in items] == [
        ("VV14.00099", "B0009"),
        ("VV14.00100", "B0010"),
    ]


def test_new_copies_are_news_of_their_record_and_audited(record, data, cataloguer):
    add_items(record, data, copies=2, by=cataloguer)

    assert [(c.kind, c.key) for c in Change.objects.all()] == [("record", str(record.pk))]
    assert AuditEntry.objects.filter(action="item.add").count() == 2


def test_a_barcode_is_on_one_copy_everywhere(record, data, commune, cataloguer):
    held = ItemFactory(library=commune, barcode="B1", record__title="Đất rừng phương Nam")

    with pytest.raises(BarcodeTaken) as refusal:
        add_item(record, replace(data, barcode=" b1 "), by=cataloguer)

    assert refusal.value.data["title"] == "Đất rừng phương Nam"
    assert refusal.value.data["accession_number"] == held.accession_number
    assert not Item.objects.filter(record=record).exists()


def test_an_accession_number_is_given_once_in_a_library(record, data, province, cataloguer):
    ItemFactory(library=province, accession_number="VV.1")

    with pytest.raises(AccessionNumberTaken):
        add_item(record, replace(data, accession_number="vv.1"), by=cataloguer)

    assert not Item.objects.filter(record=record).exists()


def test_two_libraries_may_use_the_same_accession_number(record, data, commune, cataloguer):
    ItemFactory(library=commune, accession_number="VV.1")

    item = add_item(record, replace(data, accession_number="VV.1"), by=cataloguer)

    assert item.accession_number == "VV.1"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"barcode": "Mã vạch"}, BadBarcode),
        ({"barcode": "B" * 61}, BadBarcode),
        ({"accession_number": "V" * 41}, BadAccessionNumber),
    ],
)
def test_numbers_that_no_label_can_bear_are_refused(record, data, cataloguer, change, refusal):
    with pytest.raises(refusal):
        add_item(record, replace(data, **change), by=cataloguer)

    assert not Item.objects.exists()


def test_copies_cannot_count_on_from_a_number_without_digits(record, data, cataloguer):
    with pytest.raises(BadAccessionNumber):
        add_items(record, replace(data, accession_number="ABC"), copies=2, by=cataloguer)


@pytest.mark.parametrize("copies", [0, -1, 501])
def test_no_copy_and_too_many_copies_are_refused(record, data, cataloguer, copies):
    with pytest.raises(TooManyCopies):
        add_items(record, data, copies=copies, by=cataloguer)

    assert not Item.objects.exists()


def test_a_copy_stands_in_a_location_of_its_own_library(record, data, commune, cataloguer):
    with pytest.raises(LocationElsewhere):
        add_item(record, replace(data, location=LocationFactory(library=commune)), by=cataloguer)


def test_staff_of_another_library_add_no_copies_here(record, data, neighbour):
    with pytest.raises(NotPermitted):
        add_item(record, data, by=neighbour)

    assert not Item.objects.exists()


def test_staff_of_another_library_add_copies_of_their_own(record, data, commune, neighbour):
    item = add_item(record, replace(data, library=commune, location=None), by=neighbour)

    assert (item.record, item.library) == (record, commune)


def test_a_copy_is_corrected(record, data, cataloguer):
    item = add_item(record, data, by=cataloguer)

    changed = change_item(item, by=cataloguer, version=1, price=25000, barcode="b 7")

    assert (changed.price, changed.barcode, changed.version) == (25000, "B7", 2)
    entry = AuditEntry.objects.newest()[0]
    assert (entry.action, entry.changes["price"]) == ("item.change", [None, 25000])


def test_a_correction_by_two_people_is_not_lost(record, data, cataloguer):
    item = add_item(record, data, by=cataloguer)
    change_item(item, by=cataloguer, version=1, price=25000)

    with pytest.raises(StaleVersion):
        change_item(item, by=cataloguer, version=1, price=1)

    item.refresh_from_db()
    assert item.price == 25000


def test_a_copy_is_not_given_the_barcode_of_another(record, data, cataloguer):
    first, second = add_items(record, data, copies=2, by=cataloguer)

    with pytest.raises(BarcodeTaken):
        change_item(second, by=cataloguer, barcode=first.barcode)

    second.refresh_from_db()
    assert second.barcode != first.barcode


def test_a_copy_moves_only_with_the_right_at_both_libraries(
    record, data, commune, cataloguer, administrator
):
    item = add_item(record, data, by=cataloguer)

    with pytest.raises(NotPermitted):
        change_item(item, by=cataloguer, library=commune)
    moved = change_item(item, by=administrator, library=commune)

    assert (moved.library, moved.location) == (commune, None)


def test_staff_of_another_library_change_and_withdraw_nothing_here(
    record, data, cataloguer, neighbour
):
    item = add_item(record, data, by=cataloguer)

    with pytest.raises(NotPermitted):
        change_item(item, by=neighbour, price=1)
    with pytest.raises(NotPermitted):
        withdraw_item(item, by=neighbour)

    item.refresh_from_db()
    assert (item.price, item.status) == (None, ItemStatus.AVAILABLE)


def test_a_withdrawn_copy_stays_in_the_register(record, data, cataloguer):
    item = add_item(record, data, by=cataloguer)

    withdraw_item(item, by=cataloguer, reason="Biên bản 12")

    item.refresh_from_db()
    assert (item.status, item.note) == (ItemStatus.WITHDRAWN, "Biên bản 12")
    assert list(Item.objects.in_stock()) == []
    assert next_number(data.library) == "DLK.000002"


def test_a_withdrawn_copy_is_neither_changed_nor_withdrawn_again(record, data, cataloguer):
    item = withdraw_item(add_item(record, data, by=cataloguer), by=cataloguer)

    with pytest.raises(ItemWithdrawn):
        change_item(item, by=cataloguer, price=1)
    with pytest.raises(ItemWithdrawn):
        withdraw_item(item, by=cataloguer)


def test_a_withdrawn_copy_is_taken_back(record, data, cataloguer):
    item = withdraw_item(add_item(record, data, by=cataloguer), by=cataloguer)

    assert reinstate_item(item, by=cataloguer).status == ItemStatus.AVAILABLE
    with pytest.raises(ItemNotWithdrawn):
        reinstate_item(item, by=cataloguer)


def test_an_app_above_may_keep_a_copy_from_being_withdrawn(record, data, cataloguer, monkeypatch):
    class OnLoan(Conflict):
        code = "on_loan"

    def refuse(item):
        raise OnLoan

    monkeypatch.setattr(guards, "_against_withdrawal", [])
    guards.register_against_withdrawal(refuse)
    item = add_item(record, data, by=cataloguer)

    with pytest.raises(OnLoan):
        withdraw_item(item, by=cataloguer)

    item.refresh_from_db()
    assert item.status == ItemStatus.AVAILABLE


@pytest.mark.parametrize("typed", ["DLK.000001", "dlk.000001", " dlk.000 001\n"])
def test_a_copy_is_found_by_its_barcode_however_typed(record, data, cataloguer, typed):
    item = add_item(record, data, by=cataloguer)

    assert Item.objects.by_barcode(typed).get() == item


@pytest.mark.django_db(transaction=True)
def test_two_desks_drawing_numbers_get_different_ones(record, data, cataloguer):
    results = at_once(*[lambda: add_items(record, data, copies=5, by=cataloguer)] * 4)

    numbers = [item.accession_number for items in results for item in items]
    assert sorted(numbers) == [f"DLK.{number:06}" for number in range(1, 21)]


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_with_one_barcode_the_second_hears_who_has_it(record, data, cataloguer):
    given = replace(data, barcode="B1")

    results = at_once(*[lambda: add_item(record, given, by=cataloguer)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["BarcodeTaken", "Item"]
    assert Item.objects.filter(barcode="B1").count() == 1
