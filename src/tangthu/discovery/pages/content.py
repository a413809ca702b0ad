"""The index of pages: what it follows, and what of an object's text must be put in again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import tantivy

from tangthu.core.models import Change
from tangthu.discovery.content import Content, keys_of
from tangthu.discovery.embedded.writer import ShelfWriter
from tangthu.discovery.pages import reading, schema
from tangthu.discovery.pages.units import lines
from tangthu.repository.models import PageText
from tangthu.repository.news import OBJECT_CHANGED

AT_ONCE = 500
"""Texts held in memory together."""

MOST_UNITS = 1_000_000
_WEIGHT = 6_000


def apply(writer: ShelfWriter, news: Sequence[Change]) -> None:
    """Put in what changed of the objects that the news are about.

    News tell of an object; of a book of which one word was corrected, one page is put in.
    """
    objects = keys_of(news, OBJECT_CHANGED)
    if not objects:
        return
    held = indexed(writer.searcher(), objects)
    units = {unit.id: unit for unit in reading.units_of(objects)}
    writer.remove(set(held) - set(units))
    changed = (unit for unit in units.values() if held.get(unit.id) != unit.stamp)
    while batch := list(islice(changed, AT_ONCE)):
        texts = reading.texts_of([unit.id for unit in batch])
        writer.remove([unit.id for unit in batch])
        writer.add_rows(lines([(unit, texts[unit.id]) for unit in batch if unit.id in texts]))


def indexed(searcher: tantivy.Searcher, objects: Sequence[int]) -> dict[int, int]:
    """Return the units of these objects that the index holds, each with its stamp."""
    theirs = tantivy.Query.term_set_query(schema.schema(), schema.OBJECT, list(objects))
    hits = searcher.search(theirs, MOST_UNITS, count=False, order_by_field=schema.ID).hits
    addresses = [address for _, address in hits]
    ids = searcher.fast_field_values(schema.ID, addresses)
    stamps = searcher.fast_field_values(schema.STAMP, addresses)
    return {
        int(number): int(stamp)
        for number, stamp in zip(ids, stamps, strict=True)
        if number is not None and stamp is not None
    }


PAGES = Content(
    consumer="search-pages",
    kinds=(OBJECT_CHANGED,),
    form=schema.schema,
    apply=apply,
    total=lambda: PageText.objects.count() + reading.undescribed().count(),
    batches=lambda batch: reading.all_units(batch=batch),
    lines=lines,
    weight=_WEIGHT,
)
