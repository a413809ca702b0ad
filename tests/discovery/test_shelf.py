"""The folder of indexes: what is missing, damaged, outdated or swapped, and who may write."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tangthu.discovery.embedded.engine import TantivyEngine
from tangthu.discovery.embedded.rows import row
from tangthu.discovery.embedded.shelf import REBUILD_LOCK, Place, Progress, Shelf, place_of
from tangthu.discovery.embedded.writer import ShelfWriter
from tangthu.discovery.engine import Facet, Query
from tangthu.discovery.errors import IndexFault, IndexUnavailable, WriterBusy
from tests.discovery.conftest import book


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "index")


def built(shelf: Shelf, *titles: str, live: bool = True) -> Path:
    folder = shelf.new()
    with ShelfWriter(folder) as writer:
        writer.add_rows(row(book(number, title)) for number, title in enumerate(titles, 1))
        writer.commit(Place(0, len(titles)))
    if live:
        shelf.go_live(folder)
    return folder


def fault_of(engine: TantivyEngine) -> IndexFault:
    with pytest.raises(IndexUnavailable) as refusal:
        engine.search(Query(facets=tuple(Facet)))
    return refusal.value.fault


def test_no_index_is_said_so(shelf: Shelf) -> None:
    assert fault_of(TantivyEngine.at(shelf.root)) is IndexFault.MISSING


def test_an_index_that_vanishes_is_missing(shelf: Shelf) -> None:
    folder = built(shelf, "Một")
    engine = TantivyEngine.at(shelf.root)
    assert engine.count() == 1

    folder.rename(shelf.root / "elsewhere")

    assert fault_of(engine) is IndexFault.MISSING


def test_an_index_of_another_schema_is_outdated(shelf: Shelf) -> None:
    folder = built(shelf, "Một")

    (folder / "tangthu.json").write_text(json.dumps({"version": 0}))

    assert fault_of(TantivyEngine.at(shelf.root)) is IndexFault.OUTDATED


@pytest.mark.parametrize("victim", ["meta.json", "*.term", "*.fast", "*.idx", "*.store"])
@pytest.mark.parametrize("harm", ["empty", "cut", "noise"])
def test_a_damaged_index_is_a_refusal_never_a_crash(shelf: Shelf, victim: str, harm: str) -> None:
    folder = built(shelf, *(f"Sách {number}" for number in range(50)))
    for file in folder.glob(victim):
        size = file.stat().st_size
        body = {"empty": b"", "cut": file.read_bytes()[: size // 2], "noise": os.urandom(size)}
        file.write_bytes(body[harm])
    engine = TantivyEngine.at(shelf.root)

    try:
        engine.search(Query(facets=tuple(Facet)))
    except IndexUnavailable as refusal:
        assert refusal.fault is IndexFault.DAMAGED
        assert shelf.is_damaged()


def test_damage_is_forgotten_with_the_index_that_had_it(shelf: Shelf) -> None:
    shelf.report_damage(built(shelf, "Một"))
    assert shelf.is_damaged()

    built(shelf, "Hai")

    assert not shelf.is_damaged()


def test_readers_see_each_commit_and_each_swap(shelf: Shelf) -> None:
    folder = built(shelf, "Một")
    engine = TantivyEngine.at(shelf.root)
    counts = [engine.count()]

    with ShelfWriter(folder) as writer:
        writer.put([book(2, "Hai")])
        counts.append(engine.count())
        writer.commit(Place(0, 2))
        counts.append(engine.count())
    built(shelf, "Một", "Hai", "Ba")
    counts.append(engine.count())

    assert counts == [1, 1, 2, 3]


def test_putting_again_replaces_and_removing_removes(shelf: Shelf) -> None:
    folder = built(shelf, "Một", "Hai")
    engine = TantivyEngine.at(shelf.root)

    with ShelfWriter(folder) as writer:
        writer.put([book(1, "Một mới"), book(1, "Một mới nữa")])
        writer.remove([2, 99])
        writer.commit(Place(0, 9))

    assert engine.count() == 1
    assert place_of(folder) == Place(0, 9)


def test_what_was_not_committed_is_gone(shelf: Shelf) -> None:
    folder = built(shelf, "Một")

    with ShelfWriter(folder) as writer:
        writer.put([book(2, "Hai")])

    assert TantivyEngine.at(shelf.root).count() == 1
    assert place_of(folder) == Place(0, 1)


def test_two_may_not_write_one_index(shelf: Shelf) -> None:
    folder = built(shelf, "Một")

    with ShelfWriter(folder), pytest.raises(WriterBusy):
        ShelfWriter(folder)


def test_two_may_not_hold_one_lock(shelf: Shelf) -> None:
    with shelf.locked(REBUILD_LOCK):
        assert shelf.is_locked(REBUILD_LOCK)
        with pytest.raises(WriterBusy), shelf.locked(REBUILD_LOCK):
            pass

    assert not shelf.is_locked(REBUILD_LOCK)


def test_progress_is_told_only_while_somebody_builds(shelf: Shelf) -> None:
    with shelf.locked(REBUILD_LOCK):
        shelf.set_progress(Progress(3, 7))
        assert shelf.progress() == Progress(3, 7)

    assert shelf.progress() is None


def test_sweeping_leaves_the_live_index(shelf: Shelf) -> None:
    folder = built(shelf, "Một")
    built(shelf, "Nửa chừng", live=False)

    shelf.sweep()

    assert [path.name for path in shelf.root.glob("index-*")] == [folder.name]


_WRITES_FOR_EVER = """
import sys
from pathlib import Path
from tangthu.discovery.document import Document
from tangthu.discovery.embedded.shelf import Place
from tangthu.discovery.embedded.writer import ShelfWriter

with ShelfWriter(Path(sys.argv[1])) as writer:
    number = writer.place.change
    while True:
        number += 1
        writer.put([Document(id=number, title=f"Sách {number}"), Document(id=1, title="Một")])
        writer.commit(Place(0, number))
"""


def test_killed_at_any_point_nothing_is_lost_and_nothing_half(shelf: Shelf) -> None:
    folder = built(shelf, "Một")
    for delay in (0.05, 0.12, 0.2):
        before = place_of(folder).change
        process = subprocess.Popen([sys.executable, "-c", _WRITES_FOR_EVER, str(folder)])
        while place_of(folder).change == before:
            time.sleep(0.01)
        time.sleep(delay)

        process.send_signal(signal.SIGKILL)
        process.wait()

        # The commit comes before the place: at most one change is applied and not remembered.
        remembered = place_of(folder).change
        assert TantivyEngine.at(shelf.root).count() in {remembered, remembered + 1}
    with ShelfWriter(folder) as writer:
        writer.put([book(remembered + 1, "Sách")])
        writer.commit(Place(0, remembered + 1))
    assert TantivyEngine.at(shelf.root).count() == remembered + 1
