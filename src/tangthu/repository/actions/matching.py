"""Finding the record that a number stands for: on a folder of scans, or in a bag."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.catalogue import barcodes
from tangthu.catalogue.models import Item, MatchKey, Record, RecordQuerySet
from tangthu.formats.marc.identifiers import isbn13
from tangthu.formats.marc.matching import MatchKind
from tangthu.libraries.models import Library
from tangthu.repository.errors import FileRefused


@dataclass(frozen=True, slots=True)
class Match:
    """The record that a name stands for, and by what."""

    record: Record
    by: str


def match_of(name: str, *, library: Library) -> Match:
    """Return the record that a folder's name stands for. Raises FileRefused: none, or several."""
    for by, found in (
        ("accession", _by_copy(name, library)),
        ("control", Record.objects.filter(control_number=name)),
        ("isbn", _by_isbn(name)),
    ):
        records = list(found[:2])
        if len(records) > 1:
            raise FileRefused("several_records", name=name)
        if records:
            return Match(records[0], by)
    raise FileRefused("no_record", name=name)


def _by_copy(name: str, library: Library) -> RecordQuerySet:
    code, number = barcodes.normal(name), barcodes.normal_number(name)
    here = Item.objects.filter(library=library, accession_number=number)
    anywhere = Item.objects.filter(barcode=code)
    ids = {*here.values_list("record", flat=True), *anywhere.values_list("record", flat=True)}
    return Record.objects.filter(pk__in=ids).order_by("pk")


def _by_isbn(name: str) -> RecordQuerySet:
    isbn = isbn13(name)
    keys = MatchKey.objects.filter(kind=MatchKind.ISBN, key=isbn or "-")
    return Record.objects.filter(pk__in=keys.values("record")).order_by("pk")
