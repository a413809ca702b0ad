"""The index of records: what it follows, and how a record becomes its line."""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.catalogue.actions import RECORD_CHANGED
from tangthu.catalogue.models import Record
from tangthu.core.models import Change
from tangthu.discovery import reading
from tangthu.discovery.content import Content, keys_of
from tangthu.discovery.documents import documents_of
from tangthu.discovery.embedded import schema
from tangthu.discovery.embedded.writer import HEAP_OF_A_RECORD, ShelfWriter
from tangthu.discovery.preparing import lines
from tangthu.libraries.actions import LIBRARY_RENUMBERED
from tangthu.repository.news import OBJECT_CHANGED

BATCH = 1000


def apply(writer: ShelfWriter, news: Sequence[Change]) -> None:
    """Put in the records that the news are about, as they are now."""
    told = keys_of(news, RECORD_CHANGED)
    ids = list(dict.fromkeys([*told, *reading.records_of(keys_of(news, OBJECT_CHANGED))]))
    found = reading.rows(ids)
    writer.put(documents_of(found))
    writer.remove(set(ids) - {row.id for row in found})
    for rows in reading.rows_at(keys_of(news, LIBRARY_RENUMBERED), batch=BATCH):
        writer.put(documents_of(rows))


RECORDS = Content(
    consumer="search",
    kinds=(RECORD_CHANGED, LIBRARY_RENUMBERED, OBJECT_CHANGED),
    form=schema.schema,
    apply=apply,
    total=lambda: Record.objects.count(),
    batches=lambda batch: reading.all_rows(batch=batch),
    lines=lines,
    weight=HEAP_OF_A_RECORD,
)
