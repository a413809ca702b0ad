from __future__ import annotations

import pytest

from tangthu.catalogue.actions import (
    add_record,
    restore_version,
    save_record,
    suppress,
    suppress_many,
    unsuppress,
)
from tangthu.catalogue.errors import NoSuchVersion, NoTitle
from tangthu.catalogue.models import MatchKey, Record, RecordVersion
from tangthu.core.errors import NotPermitted, StaleVersion
from tangthu.core.models import AuditEntry, Change
from tangthu.formats.marc import storage
from tests.catalogue.marc import book, field, marc
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

KIEU = book("Truyện Kiều", field("020", "a", "9786042088183"), field("082", "a", "895.922"))


def test_a_record_is_entered_with_its_columns_and_keys(province, cataloguer):
    record = add_record(KIEU, library=province, by=cataloguer)

    record.refresh_from_db()
    assert storage.loads(record.marc) == KIEU
    assert (record.title, record.author, record.year) == ("Truyện Kiều", "Nguyễn Du", 2020)
    assert (record.isbn, record.call_number, record.language) == ("9786042088183", "895.922", "vie")
    assert (record.publisher, record.material_type) == ("Văn học", "book")
    assert (record.version, record.suppressed, record.library) == (1, False, province)
    assert sorted(record.match_keys.values_list("kind", flat=True)) == ["isbn", "title"]


def test_an_entered_record_is_news_and_audited(province, cataloguer):
    record = add_record(KIEU, library=province, by=cataloguer)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_key, entry.library_id) == (
        "record.add",
        str(record.pk),
        province.pk,
    )
    assert entry.changes["title"] == [None, "Truyện Kiều"]
    change = Change.objects.get()
    assert (change.kind, change.key, change.library_id) == ("record", str(record.pk), province.pk)


def test_a_record_needs_a_title(province, cataloguer):
    with pytest.raises(NoTitle):
        add_record(marc(field("100", "a", "Nguyễn Du")), library=province, by=cataloguer)

    assert not Record.objects.exists()


def test_a_record_is_entered_only_for_a_library_of_ones_own(province, neighbour):
    with pytest.raises(NotPermitted):
        add_record(KIEU, library=province, by=neighbour)

    assert not Record.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.fixture
def record(province, cataloguer):
    return add_record(KIEU, library=province, by=cataloguer)


NEWER = book("Kim Vân Kiều", field("020", "a", "9786042088183"))


def test_saving_keeps_the_earlier_version(record, cataloguer):
    saved = save_record(record, NEWER, version=1, by=cataloguer)

    assert (saved.version, saved.title) == (2, "Kim Vân Kiều")
    kept = RecordVersion.objects.get()
    assert (kept.record, kept.number, kept.saved_by) == (record, 1, cataloguer.name)
    assert storage.loads(kept.marc) == KIEU


def test_saving_redraws_the_match_keys(record, cataloguer):
    before = set(record.match_keys.values_list("kind", "key"))

    save_record(record, NEWER, version=1, by=cataloguer)

    after = set(MatchKey.objects.values_list("kind", "key"))
    assert {kind for kind, _ in after} == {"isbn", "title"}
    assert len(before & after) == 1


def test_saving_tells_what_changed(record, cataloguer):
    save_record(record, NEWER, version=1, by=cataloguer)

    entry = AuditEntry.objects.newest()[0]
    assert entry.action == "record.save"
    assert entry.changes["title"] == ["Truyện Kiều", "Kim Vân Kiều"]
    assert entry.changes["call_number"] == ["895.922", ""]


def test_saving_without_a_change_makes_no_version(record, cataloguer):
    saved = save_record(record, KIEU, version=1, by=cataloguer)

    assert saved.version == 1
    assert not RecordVersion.objects.exists()
    assert AuditEntry.objects.count() == 1


def test_what_somebody_else_saved_is_not_overwritten(record, cataloguer):
    save_record(record, NEWER, version=1, by=cataloguer)

    with pytest.raises(StaleVersion):
        save_record(record, book("Đoạn trường tân thanh"), version=1, by=cataloguer)

    record.refresh_from_db()
    assert (record.title, record.version) == ("Kim Vân Kiều", 2)
    assert RecordVersion.objects.count() == 1


def test_staff_of_another_library_do_not_save(record, neighbour):
    with pytest.raises(NotPermitted):
        save_record(record, NEWER, version=1, by=neighbour)

    record.refresh_from_db()
    assert (record.title, record.version) == ("Truyện Kiều", 1)


def test_an_earlier_version_comes_back_as_a_new_one(record, cataloguer):
    save_record(record, NEWER, version=1, by=cataloguer)

    restored = restore_version(record, 1, version=2, by=cataloguer)

    assert (restored.version, restored.title) == (3, "Truyện Kiều")
    assert list(record.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_version_that_never_was_does_not_come_back(record, cataloguer):
    with pytest.raises(NoSuchVersion):
        restore_version(record, 7, version=1, by=cataloguer)


def test_a_record_is_hidden_and_shown_again(record, cataloguer):
    suppress(record, by=cataloguer)
    assert list(Record.objects.public()) == []

    unsuppress(record, by=cataloguer)

    assert list(Record.objects.public()) == [record]
    actions = list(AuditEntry.objects.newest().values_list("action", flat=True)[:2])
    assert actions == ["record.unsuppress", "record.suppress"]


def test_several_records_are_hidden_all_or_none(record, commune, cataloguer, machine):
    foreign = add_record(NEWER, library=commune, by=machine)

    with pytest.raises(NotPermitted):
        suppress_many([record.pk, foreign.pk], hidden=True, by=cataloguer)

    assert Record.objects.filter(suppressed=True).count() == 0
    assert suppress_many([record.pk], hidden=True, by=cataloguer) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_told(record, cataloguer):
    results = at_once(
        lambda: save_record(record, NEWER, version=1, by=cataloguer),
        lambda: save_record(record, book("Đoạn trường"), version=1, by=cataloguer),
    )

    assert sorted(type(result).__name__ for result in results) == ["Record", "StaleVersion"]
    record.refresh_from_db()
    assert record.version == 2
    assert RecordVersion.objects.count() == 1
