"""How two descriptions of one document become one, the same way every time.

The existing record speaks first: nothing that it says is lost or contradicted. From the
incoming one come fields that are missing, and fields that say all that an existing one says
and more.
"""

from __future__ import annotations

from collections.abc import Iterator

from tangthu.formats.marc.record import ControlField, DataField, Field, MarcRecord, Subfield
from tangthu.text import match_key

ITEM_TAGS = ("852", "930", "949", "952")
"""The fields in which libraries write their copies into a record."""

_IDENTITY = ("001", "003")
_ONE_OF = (
    ("100", "110", "111", "130"),
    ("240", "243"),
    ("260", "264"),
    ("245",),
    ("250",),
    ("300",),
)
"""Groups of which a record has one main description: a second would contradict the first."""

_NUMBERS = "010 020 022 024 028 035 041 043"
_TEXTS = "246 490 505 520 521 740 773 776 780 785 800 810 811 830 856"
_HEADINGS = "600 610 611 630 648 650 651 653 655 700 710 711 730"
_COLLECTED = frozenset([*_NUMBERS.split(), *_TEXTS.split(), *_HEADINGS.split(), *ITEM_TAGS])
"""Fields of which every library may add its own; all others are taken only where there is none."""

_LINKED = "880"
_LINK = "6"


def merge(existing: MarcRecord, incoming: MarcRecord) -> MarcRecord:
    """Return the existing record, filled with what only the incoming one says.

    Of headings, numbers, notes, links and copies those are added that are not there yet; of
    other fields, those whose tag is missing. A field that repeats an existing one and goes on
    takes its place. The leader and the control number stay; the incoming control number
    is kept in 035. Merging the same record again changes nothing.
    """
    merged = _adopt_number(existing, incoming)
    present = {field.tag for field in existing.fields}
    for field in incoming.fields:
        if field.tag in _IDENTITY or field.tag == _LINKED:
            continue
        if isinstance(field, ControlField):
            merged = merged if field.tag in present else merged.with_field(field)
        else:
            merged = _merge_field(merged, _without_link(field), present)
    return merged


def replace(existing: MarcRecord, incoming: MarcRecord) -> MarcRecord:
    """Return the incoming record in the place of the existing one.

    The existing control number stays, for others know the record by it; the incoming one is
    kept in 035. Copies written into the existing record stay in it.
    """
    if not existing.control("001"):
        replaced = incoming
    else:
        replaced = incoming.without_tags(*_IDENTITY)
        replaced = replaced.with_fields(f for f in existing.fields if f.tag in _IDENTITY)
        replaced = _adopt_number(replaced, incoming)
    said = set(map(_content, replaced.data(*ITEM_TAGS)))
    return replaced.with_fields(
        field for field in existing.data(*ITEM_TAGS) if _content(field) not in said
    )


def _adopt_number(record: MarcRecord, incoming: MarcRecord) -> MarcRecord:
    """Take over the control number where there is none; else keep it as a system number."""
    number = (incoming.control("001") or "").strip()
    agency = (incoming.control("003") or "").strip()
    if not number:
        return record
    if not (record.control("001") or "").strip():
        named = [ControlField("003", agency)] if agency else []
        return record.without_tags(*_IDENTITY).with_fields([ControlField("001", number), *named])
    own = (record.control("003") or "").strip(), (record.control("001") or "").strip()
    if own == (agency, number) or not agency:
        return record
    known = DataField("035", " ", " ", (Subfield("a", f"({agency}){number}"),))
    said = set(map(_content, record.data("035")))
    return record if _content(known) in said else record.with_field(known)


def _merge_field(record: MarcRecord, field: DataField, present: set[str]) -> MarcRecord:
    said = _content(field)
    others = [(other, _content(other)) for other in record.data(field.tag)]
    if not said or any(_says_all(mine, said) for _, mine in others):
        return record
    for other, mine in others:
        if mine and _says_all(said, mine):
            return record.replace(other, field)
    return record.with_field(field) if _is_welcome(field.tag, present) else record


def _is_welcome(tag: str, present: set[str]) -> bool:
    for group in _ONE_OF:
        if tag in group:
            return not present.intersection(group)
    return tag in _COLLECTED or tag not in present


def _says_all(longer: tuple[tuple[str, str], ...], shorter: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether every subfield of the shorter stands in the longer, in that order."""
    rest = iter(longer)
    return all(subfield in rest for subfield in shorter)


def _content(field: DataField) -> tuple[tuple[str, str], ...]:
    """Return what the field says, without punctuation, marks and links."""
    return tuple(_said(field))


def _said(field: DataField) -> Iterator[tuple[str, str]]:
    for code, value in field.subfields:
        words = match_key(value) or value.strip()
        if code != _LINK and words:
            yield code, words


def _without_link(field: DataField) -> DataField:
    """Return the field without its link to an 880, which is not brought along."""
    if field.get(_LINK) is None:
        return field
    kept = tuple(subfield for subfield in field.subfields if subfield.code != _LINK)
    return DataField(field.tag, field.ind1, field.ind2, kept)


def changed(before: MarcRecord, after: MarcRecord) -> tuple[list[Field], list[Field]]:
    """Return the fields that went and the fields that came, each in record order."""
    old, new = list(before.fields), list(after.fields)
    gone = _minus(old, new)
    come = _minus(new, old)
    return gone, come


def _minus(fields: list[Field], others: list[Field]) -> list[Field]:
    left = list(others)
    only: list[Field] = []
    for field in fields:
        if field in left:
            left.remove(field)
        else:
            only.append(field)
    return only
