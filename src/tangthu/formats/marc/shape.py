"""Bring fields that came as XML or JSON into the shape that every other form can hold.

Those two allow what ISO 2709 does not: a control field under 245, a data field under 008, tags
of any letters, delimiters inside a value.
"""

from __future__ import annotations

import re

from tangthu.formats.marc.outcome import Repair, RepairCode
from tangthu.formats.marc.record import ControlField, DataField, Field, Subfield

_TAG = re.compile("[0-9A-Za-z]{3}")
_NOT_TAG = re.compile("[^0-9A-Za-z]")
_DELIMITER = re.compile("[\x1d\x1e\x1f]")


def normal_tag(tag: str) -> str:
    """Return a tag of three letters or digits, an `x` standing for what is neither."""
    return tag if _TAG.fullmatch(tag) else _NOT_TAG.sub("x", tag)[:3].ljust(3, "x")


def is_normal(field: Field) -> bool:
    """Tell whether tag and kind agree; delimiters inside the values are not looked for."""
    tag = field.tag
    if len(tag) != 3 or not tag.isalnum() or not tag.isascii():
        return False
    is_control = tag.startswith("00")
    if isinstance(field, DataField):
        return not is_control
    return is_control or not tag.isdigit()


def normal_field(field: Field, repairs: list[Repair]) -> Field:
    """Return the field in its proper shape, and append what was changed."""
    tag = normal_tag(field.tag)
    if tag != field.tag:
        repairs.append(Repair(RepairCode.TAG, tag, repr(field.tag)))
    if isinstance(field, ControlField):
        return _normal_control_field(tag, field, repairs)
    return _normal_data_field(tag, field, repairs)


def _normal_control_field(tag: str, field: ControlField, repairs: list[Repair]) -> Field:
    value = _without_delimiters(tag, field.value, repairs)
    if tag.startswith("00") or not tag.isdigit():
        return field if tag == field.tag and value == field.value else ControlField(tag, value)
    repairs.append(Repair(RepairCode.SUBFIELD, tag, "a control field under a data tag"))
    return DataField(tag, " ", " ", (Subfield("a", value),))


def _normal_data_field(tag: str, field: DataField, repairs: list[Repair]) -> Field:
    if tag.startswith("00"):
        repairs.append(Repair(RepairCode.SUBFIELD, tag, "a data field under a control tag"))
        return ControlField(tag, _without_delimiters(tag, field.text(), repairs))
    texts = [field.ind1, field.ind2, *(text for pair in field.subfields for text in pair)]
    if tag == field.tag and not _DELIMITER.search("".join(texts)):
        return field
    ind1, ind2, *rest = (_without_delimiters(tag, text, repairs) for text in texts)
    subfields = tuple(map(Subfield, rest[::2], rest[1::2]))
    return DataField(tag, ind1, ind2, subfields)


def _without_delimiters(tag: str, text: str, repairs: list[Repair]) -> str:
    if not _DELIMITER.search(text):
        return text
    repairs.append(Repair(RepairCode.CHARACTER, tag, "delimiter inside the value"))
    return _DELIMITER.sub(" ", text)
