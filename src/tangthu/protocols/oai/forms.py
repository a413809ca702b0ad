"""The forms in which items are told, and which items have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tangthu.catalogue.models import Record
from tangthu.formats import dublincore, mets, mods
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.record import DataField, MarcRecord, Subfield
from tangthu.formats.marc.storage import loads
from tangthu.formats.marc.writer import xml_record
from tangthu.formats.oaipmh.answer import MetadataFormat
from tangthu.protocols.oai.telling import core_of_object, mets_of_object
from tangthu.protocols.places import Site
from tangthu.repository.mets import described as mods_of_object
from tangthu.repository.models import DigitalObject, ObjectRecord
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.kinds import State

OAI_DC, MARC21, MODS, METS = "oai_dc", "marc21", "mods", "mets"
MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"

FORMATS: Mapping[str, MetadataFormat] = {
    each.prefix: each
    for each in (
        MetadataFormat(OAI_DC, dublincore.SCHEMA, dublincore.NAMESPACE),
        MetadataFormat(
            MARC21, "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", MARC_NAMESPACE
        ),
        MetadataFormat(MODS, mods.SCHEMA, mods.NAMESPACE),
        MetadataFormat(METS, mets.SCHEMA, mets.NAMESPACE),
    )
}
OF_RECORDS = frozenset({OAI_DC, MARC21, MODS})
OF_OBJECTS = frozenset({OAI_DC, MODS, METS})

PAGE: Mapping[str, int] = {OAI_DC: 100, MARC21: 100, MODS: 100, METS: 10}
"""How many items an answer holds: a book of 500 pages is some 300 kB of METS."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes items in one form. `scans` are the open objects of the records, read once."""

    prefix: str
    site: Site
    scans: Mapping[int, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, prefix: str, site: Site, items: Iterable[Record | DigitalObject]) -> Teller:
        """Return who tells these items: one query, where any of them is a record."""
        records = [item.pk for item in items if isinstance(item, Record) and not item.suppressed]
        return cls(prefix, site, _scans(records))

    def tell(self, item: Record | DigitalObject) -> str:
        """Return the item's metadata as one element."""
        return self._record(item) if isinstance(item, Record) else self._object(item)

    def _record(self, record: Record) -> str:
        marc = loads(record.marc)
        scans = [self.site.object(name) for name in self.scans.get(record.pk, ())]
        ark = self.site.ark_of_record(record.pk)
        if self.prefix == MARC21:
            return marcxml(marc, ark=ark, scans=scans)
        about = describe(marc)
        if self.prefix == MODS:
            page = self.site.record(record.pk)
            return mods.write(about, identifiers={"uri": ark}, urls=[page, *scans])
        ours = {"identifier": [ark, self.site.record(record.pk), *scans]}
        return dublincore.write(dublincore.joined(dublincore.core_of(about), ours))

    def _object(self, obj: DigitalObject) -> str:
        match self.prefix:
            case "mets":
                return mets_of_object(obj, self.site)
            case "mods":
                return mods_of_object(obj, self.site.object(obj.identifier))
            case _:
                return dublincore.write(core_of_object(obj, self.site))


def marcxml(marc: MarcRecord, *, ark: str, scans: Sequence[str]) -> str:
    """Return the record in MARCXML, its lasting name in 024 and its scans in 856 added."""
    name = DataField("024", "7", " ", (Subfield("a", ark), Subfield("2", "ark")))
    links = [
        DataField("856", "4", "1", (Subfield("u", address), Subfield("y", "Tàng Thư")))
        for address in scans
    ]
    return xml_record(marc.with_fields([name, *links]), namespace=MARC_NAMESPACE).data.decode()


def _scans(records: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the names of the published objects of each record, in their order. One query."""
    if not records:
        return {}
    rows = ObjectRecord.objects.filter(
        record__in=records, object__state=State.PUBLISHED, object__access__in=LISTED
    ).order_by("position", "id")
    found: dict[int, list[str]] = {}
    for record, name in rows.values_list("record", "object__identifier"):
        found.setdefault(record, []).append(name)
    return found
