"""Turn the worksheet into a record and a record into the worksheet.

Each line of the form is a pair: a function that reads it out of a record and one that writes it
in. Only lines that changed are written, each into the subfields it came from, so everything the
form does not know stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import NamedTuple

from tangthu.formats.marc import fixed
from tangthu.formats.marc.materials import material_type
from tangthu.formats.marc.punctuation import punctuated, trim_separators
from tangthu.formats.marc.record import ControlField, DataField, Field, MarcRecord, Subfield
from tangthu.formats.marc.worksheet import (
    Worksheet,
    clean_role,
    clean_subject,
    cleaned,
    heading,
    joined_extent,
    joined_series,
    split_extent,
    split_role,
    split_series,
    statement,
    with_role,
)

__all__ = ["Worksheet", "cleaned", "from_marc", "to_marc"]

_NEW_LEADER = "00000nam a2200000 a 4500"
_DDC = re.compile(r"\d{3}(?:\.[\d ]+)?")
_CLASS_TAGS = ("082", "084", "090")
_MAIN_TAGS = ("100", "110", "111")
_ARTICLES = {"eng": ("the ", "an ", "a "), "fre": ("le ", "la ", "les ", "un ", "une ", "l'", "l’")}
# Codes that MARC's list of languages lacks; 008 then holds the collective code of their family.
_COLLECTIVE = {"rad": "map", "jra": "map", "mnn": "mkh", "cmo": "mkh", "bdq": "mkh", "sed": "mkh"}


def from_marc(record: MarcRecord) -> Worksheet:
    """Return what the form shows of a record."""
    series = record.first("490")
    return cleaned(
        Worksheet(
            title=_value(record.first("245"), "a"),
            subtitle=_value(record.first("245"), "b"),
            responsibility=_value(record.first("245"), "c"),
            author=_name(record.first(*_MAIN_TAGS)),
            other_authors=tuple(map(_with_function, _added_names(record))),
            edition=_text(record.first("250"), "ab"),
            place=_value(_imprint(record), "a"),
            publisher=_value(_imprint(record), "b"),
            year=_value(_imprint(record), "c") or fixed.coded_year(record),
            extent=_extent(record.first("300")),
            series=joined_series(_plain(series, "a"), _plain(series, "v")),
            language=_language(record),
            class_number=_value(record.first(*_CLASS_TAGS), "a"),
            book_number=_value(record.first(*_CLASS_TAGS), "b"),
            subjects=tuple(map(_subject, record.data("650"))),
            keywords=tuple(value for field in record.data("653") for value in field.all("a")),
            isbn=record.value("020", "a") or "",
            price=record.value("020", "c") or "",
            summary=_value(record.first("520"), "a"),
            note=_value(record.first("500"), "a"),
            material=material_type(record),
        )
    )


def to_marc(
    worksheet: Worksheet, base: MarcRecord | None = None, *, entered_on: date | None = None
) -> MarcRecord:
    """Return `base` with the lines that differ from what it shows written into it.

    Without a base a new record is made, entered into the file on the day given. Of a thing that
    a record holds several times (ISBN, note, class) the form knows the first.
    """
    wanted = cleaned(worksheet)
    record = base if base is not None else _blank(wanted, entered_on)
    shown = from_marc(record)
    for line in fields(Worksheet):
        if getattr(wanted, line.name) != getattr(shown, line.name):
            record = _SETTERS[line.name](record, wanted)
    if wanted.title != shown.title:
        record = _with_title_indicators(record, wanted, is_new=base is None)
    return record


def _blank(worksheet: Worksheet, entered_on: date | None) -> MarcRecord:
    material, language = worksheet.material, worksheet.language
    coded = fixed.blank_fixed(entered_on=entered_on, material=material, language=language)
    return fixed.with_material(
        MarcRecord(_NEW_LEADER, (ControlField("008", coded),)), worksheet.material
    )


def _plain(field: DataField | None, code: str) -> str:
    return "" if field is None else statement(field.get(code) or "")


def _value(field: DataField | None, code: str) -> str:
    return "" if field is None else field.get(code) or ""


def _text(field: DataField | None, codes: str) -> str:
    return "" if field is None else field.text(codes)


def _name(field: DataField | None) -> str:
    return "" if field is None else heading(field.text("abc"))


def _imprint(record: MarcRecord) -> DataField | None:
    """Return the statement of publication: 264 #1 before 260."""
    made = next((field for field in record.data("264") if field.ind2 == "1"), None)
    return made or record.first("260")


def _extent(field: DataField | None) -> str:
    return joined_extent(statement(_text(field, code)) for code in "abce")


def _language(record: MarcRecord) -> str:
    for field in record.data("041"):
        code = field.get("a")
        if code is not None:
            return code[:3]
    return (record.control("008") or "")[35:38]


def _added_names(record: MarcRecord) -> list[DataField]:
    """Return the added entries for persons, without those for works."""
    return [field for field in record.data("700") if field.get("t") is None]


def _with_function(field: DataField) -> str:
    return clean_role(with_role(_name(field), "; ".join(map(heading, field.all("e")))))


def _subject(field: DataField) -> str:
    main = " ".join(value for code, value in field.subfields if code in "abcdg")
    parts = [value for code, value in field.subfields if code in "vxyz"]
    return clean_subject("--".join((main, *parts)))


def _set(record: MarcRecord, field: DataField | None, new: DataField, code: str) -> MarcRecord:
    """Write the one subfield of `new` into `field`; without a field, add `new` if it says a thing.

    An empty value takes the subfield away, and the field when nothing is left of it.
    """
    value = new.subfields[0].value
    if field is None:
        return record.with_field(new) if value else record
    subfields = list(field.subfields)
    at = next((at for at, subfield in enumerate(subfields) if subfield.code == code), None)
    if at is not None:
        old = subfields[at].value
        sign = old[len(trim_separators(old)) :] if at + 1 < len(subfields) else ""
        subfields[at : at + 1] = [Subfield(code, value + sign)] if value else []
    elif value:
        subfields.insert(_place_of(code, field), Subfield(code, value))
    if not subfields:
        return _without(record, [field])
    changed = DataField(field.tag, field.ind1, field.ind2, tuple(subfields))
    return record.replace(field, punctuated(changed) if _is_isbd(record) else changed)


def _place_of(code: str, field: DataField) -> int:
    """Return where a subfield belongs: by the alphabet, but 245 $b and $c follow $n and $p."""
    order = "anpbch" if field.tag == "245" else "abcdefghijklmnopqrstuvwxyz0123456789"
    later = order[order.find(code) + 1 :]
    codes = [subfield.code for subfield in field.subfields]
    return next((at for at, found in enumerate(codes) if found in later), len(codes))


def _is_isbd(record: MarcRecord) -> bool:
    """Tell whether the record keeps ISBD punctuation (leader 18: AACR2 or ISBD)."""
    return record.leader[18:19] in ("a", "i")


def _without(record: MarcRecord, gone: Sequence[Field]) -> MarcRecord:
    return MarcRecord(record.leader, tuple(field for field in record.fields if field not in gone))


def _holding(record: MarcRecord, tag: str, code: str) -> DataField | None:
    """Return the field that holds the value, or could: the first with the code, else the first."""
    found = next((field for field in record.data(tag) if field.get(code) is not None), None)
    return found or record.first(tag)


def _new(tag: str, indicators: str, *subfields: tuple[str, str]) -> DataField:
    pairs = tuple(Subfield(code, value) for code, value in subfields if value)
    return DataField(tag, indicators[0], indicators[1], pairs or (Subfield("a", ""),))


def _set_plain(record: MarcRecord, tag: str, code: str, value: str) -> MarcRecord:
    new = DataField(tag, " ", " ", (Subfield(code, value),))
    return _set(record, _holding(record, tag, code), new, code)


def _set_first(record: MarcRecord, tag: str, code: str, value: str) -> MarcRecord:
    new = DataField(tag, " ", " ", (Subfield(code, value),))
    return _set(record, record.first(tag), new, code)


def _set_imprint(record: MarcRecord, code: str, value: str) -> MarcRecord:
    new = DataField("260", " ", " ", (Subfield(code, value),))
    return _set(record, _imprint(record), new, code)


def _set_year(record: MarcRecord, value: str) -> MarcRecord:
    return fixed.with_year(_set_imprint(record, "c", value), value)


def _set_author(record: MarcRecord, value: str) -> MarcRecord:
    """Exchange the main entry; what told the former name apart goes with it."""
    field = record.first(*_MAIN_TAGS)
    if not value:
        return record if field is None else _without(record, [field])
    order = "1" if "," in value else "0"
    if field is None:
        return record.with_field(_new("100", f"{order} ", ("a", value)))
    kept = tuple(subfield for subfield in field.subfields if subfield.code in "e4")
    ind1 = order if field.tag == "100" else field.ind1
    new = DataField(field.tag, ind1, field.ind2, (Subfield("a", value), *kept))
    return record.replace(field, new)


def _set_statement(
    record: MarcRecord, tag: str, parts: Iterable[tuple[str, str]], codes: str
) -> MarcRecord:
    """Write a statement of several subfields, keeping the subfields that are not part of it."""
    field = record.first(tag)
    kept = () if field is None else tuple(s for s in field.subfields if s.code not in codes)
    stated = tuple(Subfield(code, value) for code, value in parts if value)
    if not stated and not kept:
        return record if field is None else _without(record, [field])
    new = DataField(tag, field.ind1 if field else " ", field.ind2 if field else " ", stated + kept)
    new = punctuated(new) if _is_isbd(record) else new
    return record.with_field(new) if field is None else record.replace(field, new)


def _set_class(record: MarcRecord, number: str, book_number: str) -> MarcRecord:
    """Write class and book number; 082 holds DDC, 084 the 19 classes and all else."""
    field = record.first(*_CLASS_TAGS)
    if not number and not book_number:
        return record if field is None else _without(record, [field])
    is_ddc = _DDC.fullmatch(number) is not None or not number
    pairs = (("a", number), ("b", book_number))
    if field is None or field.tag == ("084" if is_ddc else "082"):
        scheme = "23" if is_ddc else "bbk"
        new = _new("082", "04", *pairs, ("2", scheme))
        new = new if is_ddc else _new("084", "  ", *pairs, ("2", scheme))
        return record.with_field(new) if field is None else record.replace(field, new)
    return _set_statement_in(record, field, pairs)


def _set_statement_in(
    record: MarcRecord, field: DataField, pairs: Iterable[tuple[str, str]]
) -> MarcRecord:
    rest = [s for s in field.subfields if s.code not in "ab"]
    stated = [Subfield(code, value) for code, value in pairs if value]
    return record.replace(field, DataField(field.tag, field.ind1, field.ind2, (*stated, *rest)))


def _set_language(record: MarcRecord, code: str) -> MarcRecord:
    record = fixed.with_language(record, _COLLECTIVE.get(code, code))
    old = list(record.data("041"))
    kept = []
    for field in old:
        others = tuple(s for s in field.subfields if s.code != "a")
        more = tuple(Subfield("a", value) for value in field.all("a")[1:])
        if field.ind2 != "7" and (others or more):
            kept.append(DataField("041", field.ind1, field.ind2, (*more, *others)))
    if code in _COLLECTIVE:
        kept.insert(0, _new("041", " 7", ("a", code), ("2", "iso639-3")))
    elif kept and code:
        first = kept[0]
        kept[0] = DataField("041", first.ind1, first.ind2, (Subfield("a", code), *first.subfields))
    elif not code:
        kept = [field for field in kept if field.get("a") is None]
    return _exchange(record, old, kept)


class _Group(NamedTuple):
    """Fields that the form shows as one list, each by its text."""

    old: list[DataField]
    shown: Callable[[DataField], str]
    make: Callable[[str], DataField]


def _set_group(record: MarcRecord, group: _Group, texts: Sequence[str]) -> MarcRecord:
    """Keep the fields whose text is still wanted, drop the others, add what is new."""
    known: dict[str, list[DataField]] = {}
    for field in group.old:
        known.setdefault(group.shown(field), []).append(field)
    new = [field for text in texts for field in known.get(text) or [group.make(text)]]
    return _exchange(record, group.old, new)


def _exchange(record: MarcRecord, old: Sequence[DataField], new: Sequence[DataField]) -> MarcRecord:
    """Put new fields where the first of the old stood."""
    if not old:
        return record.with_fields(new)
    at = record.fields.index(old[0])
    before = tuple(field for field in record.fields[:at] if field not in old)
    after = tuple(field for field in record.fields[at:] if field not in old)
    return MarcRecord(record.leader, (*before, *new, *after))


def _set_other_authors(record: MarcRecord, texts: Sequence[str]) -> MarcRecord:
    return _set_group(record, _Group(_added_names(record), _with_function, _added_name), texts)


def _added_name(text: str) -> DataField:
    name, role = split_role(text)
    return _new("700", "1 " if "," in name else "0 ", ("a", name), ("e", role))


def _set_subjects(record: MarcRecord, texts: Sequence[str]) -> MarcRecord:
    return _set_group(record, _Group(list(record.data("650")), _subject, _topic), texts)


def _topic(text: str) -> DataField:
    main, *divisions = text.split("--")
    return _new("650", " 4", ("a", main), *(("x", division) for division in divisions))


def _set_keywords(record: MarcRecord, texts: Sequence[str]) -> MarcRecord:
    """Keep fields of one keyword; fields of several are parted when the list changes."""
    old = list(record.data("653"))
    single = [field for field in old if len(field.all("a")) == 1]
    group = _Group(single, lambda field: heading(field.get("a") or ""), _keyword)
    rest = _without(record, [field for field in old if field not in single])
    return _set_group(rest, group, texts)


def _keyword(text: str) -> DataField:
    return _new("653", "  ", ("a", text))


def _with_title_indicators(record: MarcRecord, worksheet: Worksheet, *, is_new: bool) -> MarcRecord:
    """Set how much of the title is not sorted by and, in a new record, the added entry."""
    field = record.first("245")
    if field is None:
        return record
    title = worksheet.title.lower()
    articles = _ARTICLES.get(worksheet.language, ())
    skipped = next((len(article) for article in articles if title.startswith(article)), 0)
    ind1 = ("1" if worksheet.author else "0") if is_new else field.ind1
    return record.replace(field, DataField("245", ind1, str(skipped), field.subfields))


_SETTERS: dict[str, Callable[[MarcRecord, Worksheet], MarcRecord]] = {
    "title": lambda record, w: _set_first(record, "245", "a", w.title),
    "subtitle": lambda record, w: _set_first(record, "245", "b", w.subtitle),
    "responsibility": lambda record, w: _set_first(record, "245", "c", w.responsibility),
    "author": lambda record, w: _set_author(record, w.author),
    "other_authors": lambda record, w: _set_other_authors(record, w.other_authors),
    "edition": lambda record, w: _set_statement(record, "250", [("a", w.edition)], "ab"),
    "place": lambda record, w: _set_imprint(record, "a", w.place),
    "publisher": lambda record, w: _set_imprint(record, "b", w.publisher),
    "year": lambda record, w: _set_year(record, w.year),
    "extent": lambda record, w: _set_statement(
        record, "300", zip("abce", split_extent(w.extent), strict=True), "abce"
    ),
    "series": lambda record, w: _set_statement(
        record, "490", zip("av", split_series(w.series), strict=True), "av"
    ),
    "language": lambda record, w: _set_language(record, w.language),
    "class_number": lambda record, w: _set_class(record, w.class_number, w.book_number),
    "book_number": lambda record, w: _set_class(record, w.class_number, w.book_number),
    "subjects": lambda record, w: _set_subjects(record, w.subjects),
    "keywords": lambda record, w: _set_keywords(record, w.keywords),
    "isbn": lambda record, w: _set_plain(record, "020", "a", w.isbn),
    "price": lambda record, w: _set_plain(record, "020", "c", w.price),
    "summary": lambda record, w: _set_first(record, "520", "a", w.summary),
    "note": lambda record, w: _set_first(record, "500", "a", w.note),
    "material": lambda record, w: fixed.with_material(record, w.material),
}
