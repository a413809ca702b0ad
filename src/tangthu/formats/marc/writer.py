"""Write records as ISO 2709, MARCXML and MARC-in-JSON.

Nothing is lost without a word: what a format cannot express is refused as `Unwritable`, but for
characters that XML forbids, which are left out and reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import orjson

from tangthu.formats.marc.charset import MARC_8, UTF_8
from tangthu.formats.marc.errors import TooLong, Unwritable
from tangthu.formats.marc.marc8 import encode_marc8
from tangthu.formats.marc.outcome import Repair, RepairCode
from tangthu.formats.marc.record import ControlField, DataField, Field, MarcRecord
from tangthu.formats.marc.storage import as_json

MAX_RECORD_BYTES = 99_999
MAX_FIELD_BYTES = 9_999
XML_HEADER = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
)
XML_FOOTER = b"</collection>\n"
_TAG = re.compile(r"[0-9A-Za-z]{3}")
_STRUCTURE = re.compile("[\x1d\x1e\x1f]")
# XML 1.0, production 2: everything else may not stand in a document, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_SPECIAL = re.compile('[&<>"\t\n\r]')


class XmlPiece(NamedTuple):
    """The bytes of one record, and the characters that were left out."""

    data: bytes
    repairs: tuple[Repair, ...]


def write_iso2709(record: MarcRecord, *, encoding: str = UTF_8) -> bytes:
    """Return the record in ISO 2709, in `utf-8` or `marc-8`.

    Raises `TooLong` past 99,999 bytes or 9,999 in one field, and `Unwritable` for tags that are
    not three letters or digits, for delimiters inside a value, and for characters that MARC-8
    does not have.
    """
    record_id = record.control("001")
    encode = encode_marc8 if encoding == MARC_8 else _encode_utf8
    directory: list[str] = []
    body: list[bytes] = []
    start = 0
    for field in record.fields:
        try:
            data = _field_bytes(field, encode)
        except (Unwritable, UnicodeEncodeError) as error:
            raise Unwritable(f"{field.tag}: {error}", record_id=record_id) from error
        if len(data) > MAX_FIELD_BYTES:
            raise TooLong(f"{field.tag}: {len(data)} bytes", record_id=record_id)
        directory.append(f"{field.tag}{len(data):04d}{start:05d}")
        body.append(data)
        start += len(data)
    base = 24 + 12 * len(directory) + 1
    size = base + start + 1
    if size > MAX_RECORD_BYTES:
        raise TooLong(f"{size} bytes", record_id=record_id)
    coding = " " if encoding == MARC_8 else "a"
    old = record.leader
    leader = f"{size:05d}{old[5:9]}{coding}22{base:05d}{old[17:24]}"
    head = f"{leader}{''.join(directory)}\x1e".encode("ascii")
    return b"".join((head, *body, b"\x1d"))


def _encode_utf8(text: str) -> bytes:
    return text.encode("utf-8")


def _field_bytes(field: Field, encode: Callable[[str], bytes]) -> bytes:
    if not _TAG.fullmatch(field.tag):
        raise Unwritable(f"tag {field.tag!r}")
    if isinstance(field, ControlField):
        if _STRUCTURE.search(field.value):
            raise Unwritable("a delimiter inside the value")
        return encode(field.value) + b"\x1e"
    _check_data_field(field)
    if encode is _encode_utf8:
        # One call for the whole field: an export is bound by this line.
        text = "".join([f"\x1f{code}{value}" for code, value in field.subfields])
        return f"{field.ind1}{field.ind2}{text}\x1e".encode()
    parts = [b"\x1f" + code.encode("ascii") + encode(value) for code, value in field.subfields]
    return b"".join((encode(field.ind1), encode(field.ind2), *parts, b"\x1e"))


def _check_data_field(field: DataField) -> None:
    if len(field.ind1) != 1 or len(field.ind2) != 1 or field.tag.startswith("00"):
        raise Unwritable("indicators")
    for code, value in field.subfields:
        if len(code) != 1 or _STRUCTURE.search(code) or _STRUCTURE.search(value):
            raise Unwritable(f"a delimiter inside subfield {code!r}")


def write_json(record: MarcRecord) -> bytes:
    """Return the record in MARC-in-JSON. Raises `Unwritable` for lone surrogates."""
    try:
        return orjson.dumps(as_json(record))
    except orjson.JSONEncodeError as error:
        raise Unwritable(str(error), record_id=record.control("001")) from error


def write_marcxml(records: Iterable[MarcRecord]) -> Iterator[XmlPiece]:
    """Yield a whole MARCXML collection piece by piece: header, each record, footer."""
    yield XmlPiece(XML_HEADER, ())
    for record in records:
        yield xml_record(record)
    yield XmlPiece(XML_FOOTER, ())


def xml_record(record: MarcRecord, *, namespace: str = "") -> XmlPiece:
    """Return one record element, and a repair for each field that lost a character.

    `namespace` is declared on the element where it stands outside a collection.
    """
    repairs: list[Repair] = []
    declared = f' xmlns="{_escape(namespace)}"' if namespace else ""
    lines = [f"<record{declared}>", f"<leader>{_legal(record.leader, 'LDR', repairs)}</leader>"]
    for field in record.fields:
        tag = _legal(field.tag, field.tag, repairs)
        if isinstance(field, ControlField):
            value = _legal(field.value, tag, repairs)
            lines.append(f'<controlfield tag="{tag}">{value}</controlfield>')
            continue
        ind1, ind2 = _legal(field.ind1, tag, repairs), _legal(field.ind2, tag, repairs)
        lines.append(f'<datafield tag="{tag}" ind1="{ind1}" ind2="{ind2}">')
        for code, value in field.subfields:
            code, value = _legal(code, tag, repairs), _legal(value, tag, repairs)
            lines.append(f'<subfield code="{code}">{value}</subfield>')
        lines.append("</datafield>")
    lines.append("</record>\n")
    return XmlPiece("\n".join(lines).encode(), tuple(repairs))


def _legal(text: str, tag: str, repairs: list[Repair]) -> str:
    if text.isalnum():
        return text
    clean = _NOT_XML.sub("", text)
    if len(clean) != len(text):
        lost = sorted({f"U+{ord(character):04X}" for character in _NOT_XML.findall(text)})
        repairs.append(Repair(RepairCode.CHARACTER, tag, " ".join(lost)))
    return _escape(clean)


def _escape(text: str) -> str:
    """Escape what XML reads as markup, and the white space that it would change."""
    return _XML_SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)
