from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from tangthu.core import changes
from tangthu.core.changes import Position
from tangthu.core.models import Change


@pytest.mark.django_db(transaction=True)
def test_a_consumer_reads_on_from_where_it_stopped():
    changes.append("record", [1, 2, 3])

    first = changes.read(changes.position("indexer"), limit=2)
    changes.acknowledge("indexer", changes.position_of(first[-1]))
    rest = changes.read(changes.position("indexer"))

    assert [row.key for row in first] == ["1", "2"]
    assert [row.key for row in rest] == ["3"]


@pytest.mark.django_db(transaction=True)
def test_a_consumer_may_ask_for_one_kind_of_news():
    changes.append("record", [1])
    changes.append("patron", [7])

    assert [row.key for row in changes.read(Position(), kinds=["patron"])] == ["7"]


@pytest.mark.django_db(transaction=True)
def test_news_of_a_deed_that_failed_is_never_read():
    with pytest.raises(RuntimeError), transaction.atomic():
        changes.append("record", [1])
        raise RuntimeError

    assert changes.read(Position()) == []


@pytest.mark.django_db(transaction=True)
def test_the_head_of_an_empty_feed_is_the_beginning():
    assert changes.head() == Position()


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_transaction_commits_late_is_not_lost():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so no row can be late")
    began, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            changes.append("record", ["late"])
            began.set()
            may_commit.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert began.wait(10)
    changes.append("record", ["early"])

    seen_before = [row.key for row in changes.read(changes.position("indexer"))]
    may_commit.set()
    writer.join(10)
    seen_after = [row.key for row in changes.read(changes.position("indexer"))]

    assert seen_before == []
    assert sorted(seen_after) == ["early", "late"]


@pytest.mark.django_db(transaction=True)
def test_a_position_of_another_database_is_ahead_of_this_one():
    changes.append("record", [1, 2])
    here = changes.head()

    assert not changes.is_ahead(Position())
    assert not changes.is_ahead(here)
    assert changes.is_ahead(Position(here.transaction, here.change + 1))
    assert changes.is_ahead(Position(here.transaction + 1_000_000, 1))


@pytest.mark.django_db(transaction=True)
def test_a_database_put_into_a_new_postgresql_knows_that_positions_are_ahead():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite does not count transactions")
    changes.append("record", [1])
    far = changes.head().transaction + 1_000_000
    Change.objects.update(transaction=far)

    assert changes.read(Position()) == []
    assert changes.is_ahead(Position(far, 1))
