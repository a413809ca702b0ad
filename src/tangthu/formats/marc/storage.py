"""The text form in which the database keeps a record: MARC-in-JSON on one line.

JSON in a text column is short, readable in any database tool, and parses several times
faster than ISO 2709 or XML. Three kinds of character need care: NUL, which PostgreSQL keeps
in no text or jsonb; lone surrogates (undecodable bytes carried by Python's
`surrogateescape`), which UTF-8 does not have; and U+FFFF, the mark used here for the other
two. Each is stored as U+FFFF and four hexadecimal digits, so nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import TypeAlias, TypedDict

import orjson

from tangthu.formats.marc.errors import Unreadable
from tangthu.formats.marc.record import ControlField, DataField, Field, MarcRecord, Subfield


class JsonDataField(TypedDict):
    """A data field in MARC-in-JSON."""

    subfields: list[dict[str, str]]
    ind1: str
    ind2: str


class JsonRecord(TypedDict):
    """A record in MARC-in-JSON."""

    leader: str
    fields: list[dict[str, JsonField]]


JsonField: TypeAlias = str | JsonDataField

_MARK = "\uffff"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff\uffff]")
_MARKED = re.compile("\uffff([0-9a-f]{4})")
# Called in C, past the Python constructors: this is the hot path of the whole catalogue.
_subfield = partial(tuple.__new__, Subfield)
_control_field = partial(tuple.__new__, ControlField)
_data_field = partial(tuple.__new__, DataField)
_items = dict.items


def dumps(record: MarcRecord) -> str:
    """Return the record as one line of MARC-in-JSON, every character of it storable."""
    try:
        text = orjson.dumps(as_json(record)).decode()
    except orjson.JSONEncodeError:
        return orjson.dumps(as_json(_map_text(record, _escape))).decode()
    if _MARK in text or "\\u0000" in text:
        return orjson.dumps(as_json(_map_text(record, _escape))).decode()
    return text


def loads(text: str) -> MarcRecord:
    """Return the record that `dumps` wrote. Raises `Unreadable` for anything else."""
    try:
        record = from_json(orjson.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(str(error)) from error
    return _map_text(record, _restore) if _MARK in text else record


def as_json(record: MarcRecord) -> JsonRecord:
    """Return the record in the shape of MARC-in-JSON."""
    fields: list[dict[str, JsonField]] = []
    for field in record.fields:
        if isinstance(field, ControlField):
            fields.append({field.tag: field.value})
        else:
            subfields = [{code: value} for code, value in field.subfields]
            fields.append(
                {field.tag: {"subfields": subfields, "ind1": field.ind1, "ind2": field.ind2}}
            )
    return {"leader": record.leader, "fields": fields}


def from_json(document: JsonRecord) -> MarcRecord:
    """Return the record of a document that is known to have the right shape."""
    fields: list[Field] = []
    for member in document["fields"]:
        ((tag, body),) = member.items()
        if isinstance(body, str):
            fields.append(_control_field((tag, body)))
        else:
            pairs = chain.from_iterable(map(_items, body["subfields"]))
            subfields = tuple(map(_subfield, pairs))
            fields.append(_data_field((tag, body["ind1"], body["ind2"], subfields)))
    return MarcRecord(document["leader"], tuple(fields))


def _escape(text: str) -> str:
    return _UNSTORABLE.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", text)


def _restore(text: str) -> str:
    return _MARKED.sub(lambda found: chr(int(found[1], 16)), text)


def _map_text(record: MarcRecord, change: Callable[[str], str]) -> MarcRecord:
    fields: list[Field] = []
    for field in record.fields:
        if isinstance(field, ControlField):
            fields.append(ControlField(change(field.tag), change(field.value)))
        else:
            pairs = tuple(Subfield(change(c), change(v)) for c, v in field.subfields)
            tag, ind1, ind2 = change(field.tag), change(field.ind1), change(field.ind2)
            fields.append(DataField(tag, ind1, ind2, pairs))
    return MarcRecord(change(record.leader), tuple(fields))
