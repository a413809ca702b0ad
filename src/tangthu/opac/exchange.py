"""A record as MARC for others to take, in the forms that programs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tangthu.formats.marc.errors import Unwritable
from tangthu.formats.marc.record import MarcRecord
from tangthu.formats.marc.writer import write_iso2709, write_json, xml_record
from tangthu.opac.errors import NotInThisForm

NAMESPACE = "http://www.loc.gov/MARC21/slim"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of MARC: its name, its media type, and how it is written."""

    name: str
    content_type: str
    write: Callable[[MarcRecord], bytes]


def write_xml(marc: MarcRecord) -> bytes:
    """Return the record as one element of MARCXML."""
    return xml_record(marc, namespace=NAMESPACE).data


FORMS: Mapping[str, Form] = {
    "mrc": Form("MARC 21", "application/marc", write_iso2709),
    "xml": Form("MARCXML", "application/marcxml+xml", write_xml),
    "json": Form("MARC-in-JSON", "application/marc-in-json", write_json),
}
"""By the ending of a file's name."""


def written(marc: MarcRecord, form: Form) -> bytes:
    """Return the record in the form. Raises NotInThisForm where the form cannot carry it."""
    try:
        return form.write(marc)
    except Unwritable as error:
        raise NotInThisForm(form=form.name) from error
