from __future__ import annotations

from itertools import islice

import pytest

from tangthu.catalogue import columns
from tangthu.catalogue.models import Record
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.reader import read
from tests.catalogue.marc import book, field, marc

DRAWN = [
    name
    for name in vars(Record())
    if name not in {"_state", "id", "marc", "version", "library_id", "suppressed"}
]


def drawn(described):
    record = Record()
    columns.draw_from(record, described)
    return {name: getattr(record, name) for name in DRAWN}


@pytest.mark.parametrize("name", ["marc/gpo_10k.mrc", "vietnam/library_49733.mrc"])
def test_the_short_description_draws_the_same_as_the_whole_one(shared_data, name):
    with (shared_data / name).open("rb") as file:
        records = [outcome.record for outcome in islice(read(file), 400)]

    for record in records:
        short, whole = columns.description_of(record), describe(record)
        assert drawn(short) == drawn(whole)
        assert columns.keys_of(short) == columns.keys_of(whole)


def test_texts_that_no_database_keeps_are_made_storable():
    record = Record()

    columns.draw(record, book("Truyện\x00 Kiều \udc80", author="A\udcff"))

    row = "".join([record.title, record.author, record.marc])
    assert "\x00" not in row
    row.encode("utf-8")


def test_long_columns_are_cut_and_long_keys_stay_apart():
    record = Record()
    long = marc(field("001", "9" * 500), field("090", "a", "K" * 500), field("245", "a", "T"))

    columns.draw(record, long)

    assert (len(record.control_number), len(record.call_number)) == (60, 100)
    one, other = (
        dict(columns.keys_of(columns.description_of(book("từ " * 200 + end)))) for end in "ab"
    )
    assert len(one["title"]) == 200
    assert one["title"] != other["title"]


def test_an_article_is_not_sorted_by():
    first, second = Record(), Record()

    columns.draw(first, marc(field("245", "a", "The zoo", ind2="4")))
    columns.draw(second, marc(field("245", "a", "Yak")))

    assert bytes(first.title_key) > bytes(second.title_key)
