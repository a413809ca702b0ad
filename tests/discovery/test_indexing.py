"""Following the feed, and building anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from tangthu.catalogue.actions import RECORD_CHANGED
from tangthu.catalogue.models import ItemStatus, Record
from tangthu.core import changes
from tangthu.core.actor import Actor
from tangthu.core.changes import Position
from tangthu.discovery import indexer, language, search
from tangthu.discovery.embedded.shelf import REBUILD_LOCK, WRITER_LOCK, Place, Shelf, place_of
from tangthu.discovery.embedded.writer import ShelfWriter
from tangthu.discovery.engine import Facet, Query
from tangthu.discovery.errors import IndexFault, IndexUnavailable
from tangthu.discovery.rebuilding import rebuild
from tangthu.discovery.state import Readiness, state
from tangthu.formats.marc.storage import dumps
from tangthu.libraries.actions import LibraryData, change_library
from tangthu.libraries.policy import LibraryKind
from tests.factories import ItemFactory, LibraryFactory, RecordFactory, marc_of

# On PostgreSQL the feed shows a row only when its transaction is over.
COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings) -> Iterator[Shelf]:
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    yield search.shelf()


def found(text: str, **more: object) -> list[int]:
    query = Query(tree=language.parse(text).tree, **more)  # type: ignore[arg-type]
    return [hit.id for hit in search.search(query).hits]


def tell(*records: Record) -> None:
    changes.append(RECORD_CHANGED, [record.pk for record in records])


@pytest.mark.django_db
def test_the_first_time_everything_is_indexed(shelf: Shelf) -> None:
    record = RecordFactory(title="Mắt biếc", author="Nguyễn Nhật Ánh")

    indexer.catch_up(shelf)

    assert found("mat biec") == [record.pk]
    assert state().readiness is Readiness.READY


@COMMITTED
def test_a_library_with_another_code_is_found_under_it(shelf: Shelf) -> None:
    network = LibraryFactory(kind=LibraryKind.NETWORK)
    library = LibraryFactory(code="OLD", parent=network)
    record = ItemFactory(library=library).record
    indexer.catch_up(shelf)
    assert found("", filters={Facet.LIBRARY: ("OLD",)}) == [record.pk]

    data = LibraryData(
        code="NEW", name=library.name, kind=LibraryKind(library.kind), parent=library.parent
    )
    change_library(library, data, by=Actor.machine("test"))
    indexer.catch_up(shelf)

    assert found("", filters={Facet.LIBRARY: ("OLD",)}) == []
    assert found("", filters={Facet.LIBRARY: ("NEW",)}) == [record.pk]


@COMMITTED
def test_news_of_a_record_changes_what_is_found(shelf: Shelf) -> None:
    kept, gone = RecordFactory(title="Sách cũ"), RecordFactory(title="Sách bỏ")
    indexer.catch_up(shelf)
    kept.marc = dumps(marc_of("Sách mới"))
    kept.save()
    number = gone.pk
    tell(kept, gone)
    gone.delete()

    applied = indexer.catch_up(shelf)

    assert applied == 2
    assert found("sach cu") == []
    assert found("sach moi") == [kept.pk]
    assert number not in found("sach")
    assert indexer.catch_up(shelf) == 0


@pytest.mark.django_db
def test_news_of_other_things_is_passed_over(shelf: Shelf) -> None:
    indexer.catch_up(shelf)
    changes.append("patron", [1, 2, 3])

    assert indexer.catch_up(shelf) == 0


@pytest.mark.django_db
def test_items_tell_where_a_record_is(shelf: Shelf) -> None:
    library = LibraryFactory(code="DLK")
    item = ItemFactory(library=library, accession_number="VV.000123", barcode="DLK00001")
    ItemFactory(
        record=item.record, library=LibraryFactory(code="EAKAO"), status=ItemStatus.WITHDRAWN
    )

    indexer.catch_up(shelf)

    assert found("vv000123") == found("dlk00001") == [item.record_id]
    assert found("", filters={Facet.LIBRARY: ("DLK",)}) == [item.record_id]
    assert found("", filters={Facet.LOCATION: (str(item.location_id),)}) == [item.record_id]
    assert found("", filters={Facet.LIBRARY: ("EAKAO",)}) == []


@pytest.mark.django_db
def test_a_suppressed_record_is_found_by_staff_only(shelf: Shelf) -> None:
    record = RecordFactory(title="Mật", suppressed=True)

    indexer.catch_up(shelf)

    assert found("mật") == []
    assert found("mật", hidden=True) == [record.pk]


@pytest.mark.django_db
def test_a_record_that_cannot_be_read_stops_no_other(shelf: Shelf) -> None:
    RecordFactory(title="Hỏng", marc="{")
    sound = RecordFactory(title="Lành")

    indexer.catch_up(shelf)

    assert found("") == [sound.pk]


@pytest.mark.django_db
def test_a_damaged_index_is_built_anew(shelf: Shelf) -> None:
    record = RecordFactory(title="Mắt biếc")
    indexer.catch_up(shelf)
    for file in shelf.live().glob("*.term"):
        file.write_bytes(b"noise")
    with pytest.raises(IndexUnavailable):
        found("mat biec")
    assert state().fault is IndexFault.DAMAGED

    indexer.catch_up(shelf)

    assert found("mat biec") == [record.pk]
    assert state().readiness is Readiness.READY


@COMMITTED
def test_an_index_ahead_of_the_database_is_built_anew(shelf: Shelf) -> None:
    """The database was put back from an older copy; the index knows what never happened."""
    record = RecordFactory(title="Còn")
    tell(record)
    indexer.catch_up(shelf)
    with ShelfWriter(shelf.live()) as writer:
        writer.commit(Place(9_999_999, 9_999_999))
    before = shelf.live()

    indexer.catch_up(shelf)

    assert shelf.live() != before
    assert found("") == [record.pk]


@COMMITTED
def test_a_rebuild_leaves_one_index_and_goes_on_from_its_place(shelf: Shelf) -> None:
    records = [RecordFactory(title=f"Sách {number}") for number in range(5)]
    tell(*records)
    indexer.catch_up(shelf)
    before = shelf.live()
    place = place_of(before)

    call_command("rebuild_index", processes=0, verbosity=0)

    assert shelf.live() != before
    assert [path.name for path in shelf.root.glob("index-*")] == [shelf.live().name]
    assert place_of(shelf.live()) == place
    assert len(found("")) == 5


@COMMITTED
def test_the_database_too_knows_how_far_the_index_has_come(shelf: Shelf) -> None:
    tell(RecordFactory())

    indexer.catch_up(shelf)

    assert changes.position(indexer.CONSUMER) == changes.head() != Position()


@COMMITTED
def test_a_rebuild_misses_nothing_that_changes_meanwhile(shelf: Shelf) -> None:
    early = RecordFactory(title="Trước")
    indexer.catch_up(shelf)
    late: list[Record] = []

    def add_one(writer: ShelfWriter) -> int:
        if not late:
            late.append(RecordFactory(title="Trong khi đó"))
            tell(*late)
        return indexer.apply_all(writer)

    rebuild(shelf, catch_up=add_one)

    assert sorted(found("")) == [early.pk, late[0].pk]


@pytest.mark.django_db
def test_a_rebuild_in_other_processes_gives_the_same(shelf: Shelf) -> None:
    for number in range(30):
        RecordFactory(title=f"Sách {number}")

    rebuild(shelf, catch_up=indexer.apply_all, processes=2)

    assert search.engine().count() == 30


@pytest.mark.django_db
def test_a_rebuild_that_fails_leaves_the_live_index(shelf: Shelf) -> None:
    record = RecordFactory(title="Một")
    indexer.catch_up(shelf)
    before = shelf.live()

    def fail(writer: ShelfWriter) -> int:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        rebuild(shelf, catch_up=fail)

    assert shelf.live() == before
    assert found("") == [record.pk]
    assert len(list(shelf.root.glob("index-*"))) == 2
    rebuild(shelf, catch_up=indexer.apply_all)
    assert len(list(shelf.root.glob("index-*"))) == 1


@pytest.mark.django_db
def test_an_indexer_told_to_stop_gives_up_a_half_built_index(shelf: Shelf) -> None:
    RecordFactory()
    stop = threading.Event()
    stop.set()

    with pytest.raises(indexer.ToldToStop):
        indexer.ensure(shelf, stop=stop)

    assert state().readiness is Readiness.MISSING


@pytest.mark.django_db
def test_only_one_may_rebuild_and_only_one_may_index(shelf: Shelf) -> None:
    with shelf.locked(REBUILD_LOCK), pytest.raises(CommandError):
        call_command("rebuild_index", verbosity=0)
    with shelf.locked(WRITER_LOCK), pytest.raises(CommandError):
        call_command("indexer", once=True, verbosity=0)


@pytest.mark.django_db
def test_without_an_index_the_state_says_so(shelf: Shelf) -> None:
    assert state().readiness is Readiness.MISSING

    with shelf.locked(REBUILD_LOCK):
        assert state().readiness is Readiness.BUILDING


@COMMITTED
@pytest.mark.serial
def test_a_running_indexer_follows_within_two_seconds_and_through_a_swap(shelf: Shelf) -> None:
    stop = threading.Event()

    def run() -> None:
        indexer.run(shelf, stop=stop)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: state().is_ready)
        first = RecordFactory(title="Một")
        tell(first)
        took = until(lambda: found("một") == [first.pk])
        rebuild(shelf, catch_up=indexer.apply_all)
        second = RecordFactory(title="Hai")
        tell(second)
        took_after_swap = until(lambda: found("hai") == [second.pk])
    finally:
        stop.set()
        thread.join(10)

    assert took < 2
    assert took_after_swap < 2
    assert not thread.is_alive()


def until(wanted: object, *, seconds: float = 15) -> float:
    """Wait for something to become true; return how long it took."""
    assert callable(wanted)
    began = time.monotonic()
    while not wanted():
        assert time.monotonic() - began < seconds, "it never became true"
        time.sleep(0.02)
    return time.monotonic() - began
