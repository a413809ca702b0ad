"""An update's new columns reach the records stored before it, little by little."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from tangthu.catalogue.actions import add_record, redrawing, save_record
from tangthu.catalogue.models import ColumnToDraw, Record
from tests.catalogue.marc import book, field


def update():
    migration = import_module("tangthu.catalogue.migrations.0004_ages_of_old_records")
    migration.note_old_records(apps, None)


@pytest.fixture
def stored(province, cataloguer):
    """Return records as an earlier release stored them: for adults, from 16 on, for all."""
    notes = ("18+", "Cấm trẻ em dưới 16 tuổi", None)
    records = [
        add_record(
            book(f"Sách {number}", *([field("521", "a", note)] if note else [])),
            library=province,
            by=cataloguer,
        )
        for number, note in enumerate(notes)
    ]
    Record.objects.update(minimum_age=None)
    return records


def ages(records):
    known = Record.objects.in_bulk([record.pk for record in records])
    return [known[record.pk].minimum_age for record in records]


def test_the_ages_of_old_records_are_read_from_their_notes(stored):
    update()

    drawn = redrawing.redraw_columns()

    assert drawn == 2
    assert ages(stored) == [18, 16, None]
    assert not ColumnToDraw.objects.exists()


def test_the_work_goes_on_where_it_was_left(stored, monkeypatch):
    monkeypatch.setattr(redrawing, "WINDOW", 1)
    update()
    ColumnToDraw.objects.update(position=stored[0].pk - 1)

    drawn = redrawing.redraw_columns(windows=1)

    assert drawn == 1
    assert ages(stored) == [18, None, None]
    assert redrawing.redraw_columns() == 1
    assert ages(stored) == [18, 16, None]


def test_a_record_saved_in_the_meantime_keeps_what_it_says_now(stored, cataloguer):
    update()
    save_record(stored[0], book("Sách 0", field("521", "a", "13+")), version=1, by=cataloguer)

    redrawing.redraw_columns()

    assert ages(stored) == [13, 16, None]


def test_nothing_is_noted_in_an_empty_catalogue(db):
    update()

    assert not ColumnToDraw.objects.exists()
    assert redrawing.redraw_columns() == 0
