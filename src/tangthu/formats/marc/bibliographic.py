"""What a record says, in the words of lists, facets and search.

Every text is normalised (`tangthu.text.normal`) and freed of the ISBD punctuation at its ends;
what a record does not say is an empty text or tuple. Tags by MARC 21 Bibliographic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from tangthu.formats.marc.audience import minimum_age
from tangthu.formats.marc.identifiers import isbn_key, issn
from tangthu.formats.marc.materials import MaterialType, material_type
from tangthu.formats.marc.punctuation import trim, unbracket
from tangthu.formats.marc.record import ControlField, DataField, MarcRecord
from tangthu.formats.marc.responsibility import Contributor, Kind, is_statement, persons
from tangthu.text.names import direct_heading
from tangthu.text.normal import normalise

__all__ = ["Contributor", "Description", "Kind", "MaterialType", "describe"]


@dataclass(frozen=True, slots=True)
class Description:
    """The columns drawn from a record."""

    control_number: str
    control_agency: str
    title: str
    subtitle: str
    full_title: str
    nonfiling: int
    volume: str
    responsibility: str
    main_author: str
    authors: tuple[Contributor, ...]
    corporate: tuple[str, ...]
    edition: str
    place: str
    publisher: str
    year: int | None
    extent: str
    language: str
    languages: tuple[str, ...]
    material_type: MaterialType
    isbns: tuple[str, ...]
    issns: tuple[str, ...]
    call_number: str
    ddc: str
    other_class: str
    series: tuple[str, ...]
    subjects: tuple[str, ...]
    keywords: tuple[str, ...]
    genres: tuple[str, ...]
    places: tuple[str, ...]
    notes: tuple[str, ...]
    contents: tuple[str, ...]
    summary: str
    other_titles: tuple[str, ...]
    host: str
    urls: tuple[str, ...]
    price: str
    minimum_age: int | None


Fields = dict[str, list[DataField]]


class _Classed(TypedDict):
    """What a record is about, and where it stands."""

    call_number: str
    ddc: str
    other_class: str
    series: tuple[str, ...]
    subjects: tuple[str, ...]
    keywords: tuple[str, ...]
    genres: tuple[str, ...]
    places: tuple[str, ...]


class _Noted(TypedDict):
    """What a record tells beside, and what else it leads to."""

    notes: tuple[str, ...]
    contents: tuple[str, ...]
    summary: str
    other_titles: tuple[str, ...]
    host: str
    urls: tuple[str, ...]
    minimum_age: int | None


_NAME_KINDS = {
    "100": Kind.PERSON,
    "110": Kind.CORPORATE,
    "111": Kind.MEETING,
    "700": Kind.PERSON,
    "710": Kind.CORPORATE,
    "711": Kind.MEETING,
}
_SUBJECT_TAGS = ("600", "610", "611", "630", "647", "648", "650", "651")
_OTHER_TITLE_TAGS = ("130", "240", "242", "246", "247", "730", "740")
# Notes for staff: acquisition, actions, and what is in its own column.
_NOT_NOTES = frozenset({"505", "520", "541", "583"})
_SUBDIVISIONS = frozenset("vxyz")
# 008 has no code for Ê Đê or M'nông, only for their family; 041 names the language itself.
_COLLECTIVE = frozenset({"map", "mkh"})
_NO_LANGUAGE = frozenset({"", "und", "zxx", "|||", "   "})
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_LANGUAGE = re.compile(r"[a-z]{3}")
# Three digits, then decimals that old cards part with a stroke or group in threes by spaces.
_DDC = re.compile(r"\d{3}(?:[/']?\.[/']?(?:\d{3}(?: \d{3})*(?: \d{1,3})?|[\d/']+))?(?!\d)")
_DDC_SIGNS = str.maketrans("", "", " /'")


def describe(record: MarcRecord) -> Description:
    """Return what the record says. Never raises: a record may say nothing."""
    control, fields = _by_tag(record)
    fixed = control.get("008", "")
    title_field = next(iter(fields.get("245", ())), None)
    title, subtitle, responsibility = _title(title_field)
    authors = tuple(_authors(fields, responsibility))
    imprint = _imprint(fields)
    languages = _languages(fields, fixed)
    volume = _volume(title_field, fields)
    return Description(
        control_number=normalise(control.get("001", "")),
        control_agency=normalise(control.get("003", "")),
        title=title,
        subtitle=subtitle,
        full_title=f"{title} : {subtitle}" if title and subtitle else title or subtitle,
        nonfiling=_nonfiling(title_field),
        volume=volume,
        responsibility=responsibility,
        main_author=authors[0].name if authors else "",
        authors=authors,
        corporate=tuple(a.name for a in authors if a.kind is not Kind.PERSON),
        edition=_first_text(fields, "250", "ab"),
        place=_imprint_text(imprint, "a"),
        publisher=_imprint_text(imprint, "b"),
        year=_year(fixed, fields),
        extent=_first_text(fields, "300", "abce"),
        language=languages[0] if languages else "",
        languages=languages,
        material_type=material_type(record, fixed),
        isbns=_each(fields, "020", lambda f: isbn_key(f.get("a") or "")),
        issns=_each(fields, "022", lambda f: issn(f.get("a") or "") or ""),
        price=_first_text(fields, "020", "c"),
        **_classed(fields),
        **_noted(fields),
    )


def _classed(fields: Fields) -> _Classed:
    return {
        "call_number": _call_number(fields),
        "ddc": _ddc(fields),
        "other_class": _first_text(fields, "084", "a"),
        "series": _series(fields),
        "subjects": _unique(_heading(f) for tag in _SUBJECT_TAGS for f in fields.get(tag, ())),
        "keywords": _values(fields, "653", "a"),
        "genres": _values(fields, "655", "a"),
        "places": _values(fields, "651", "a"),
    }


def _noted(fields: Fields) -> _Noted:
    notes = (f for tag, group in fields.items() if tag[0] == "5" for f in group)
    titles = (_texts(f, "abnp") for tag in _OTHER_TITLE_TAGS for f in fields.get(tag, ()))
    return {
        "notes": _unique(_note(f) for f in notes if f.tag not in _NOT_NOTES),
        "contents": _each(fields, "505", _note),
        "summary": " ".join(_each(fields, "520", _note)),
        "other_titles": _unique(titles),
        "host": _host(fields),
        "urls": _unique(url for f in fields.get("856", ()) for url in map(normalise, f.all("u"))),
        "minimum_age": minimum_age(_note(f) for f in fields.get("521", ())),
    }


def _by_tag(record: MarcRecord) -> tuple[dict[str, str], Fields]:
    control: dict[str, str] = {}
    fields: Fields = {}
    for field in record.fields:
        if isinstance(field, ControlField):
            control.setdefault(field.tag, field.value)
        elif field.tag in fields:
            fields[field.tag].append(field)
        else:
            fields[field.tag] = [field]
    return control, fields


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def _each(fields: Fields, tag: str, read: Callable[[DataField], str]) -> tuple[str, ...]:
    """Return what each field of the tag reads as, once. Most records lack most tags."""
    group = fields.get(tag)
    return _unique(map(read, group)) if group else ()


def _texts(field: DataField, codes: str, separator: str = " ") -> str:
    """Join subfields with the punctuation between them kept and that at the end taken off."""
    return trim(normalise(field.text(codes, separator=separator)))


def _first_text(fields: Fields, tag: str, codes: str) -> str:
    for field in fields.get(tag, ()):
        text = _texts(field, codes)
        if text:
            return text
    return ""


def _values(fields: Fields, tag: str, code: str) -> tuple[str, ...]:
    if tag not in fields:
        return ()
    found = (value for field in fields[tag] for value in field.all(code))
    return _unique(trim(normalise(value)) for value in found)


def _title(field: DataField | None) -> tuple[str, str, str]:
    """Return title proper with its parts, other title information, and responsibility."""
    if field is None:
        return "", "", ""
    title, subtitle, responsibility = "", "", ""
    for code, value in field.subfields:
        text = trim(normalise(value)).lstrip("/:=; ")
        if code in ("b", "c") or not text:
            subtitle = subtitle or (text if code == "b" else "")
            responsibility = responsibility or (text if code == "c" else "")
        elif code in ("a", "n", "p", "s", "f", "k"):
            joint = ", " if code == "p" and title and field.get("n") else ". "
            title = f"{title}{joint}{text}" if title else text
    return title, subtitle, responsibility


def _nonfiling(field: DataField | None) -> int:
    """Return how many characters at the start of the title are not sorted by."""
    if field is None or field.ind2 not in "123456789":
        return 0
    count = int(field.ind2)
    head = (field.get("a") or "")[:count]
    # Many files have a digit there that means nothing: an article ends in a space or apostrophe.
    return count if len(head) == count and not head[-1].isalnum() else 0


def _volume(title: DataField | None, fields: Fields) -> str:
    """Return the number of the part, also where 490 holds nothing but a number."""
    if title is not None and (number := _texts(title, "n")):
        return number
    for field in fields.get("490", ()):
        if field.get("a") is None and (number := _texts(field, "v")):
            return number
    return ""


def _authors(fields: Fields, responsibility: str) -> Iterator[Contributor]:
    """Yield each name once, main entry first; from 245 $c where no field names anyone."""
    seen: set[str] = set()
    for tag, kind in _NAME_KINDS.items():
        for field in fields.get(tag, ()):
            for contributor in _contributors(field, kind):
                if contributor.name not in seen:
                    seen.add(contributor.name)
                    yield contributor
    if not seen and responsibility:
        yield from dict.fromkeys(persons(responsibility))


def _contributors(field: DataField, kind: Kind) -> Iterator[Contributor]:
    codes = "abc" if kind is Kind.PERSON else "abnd" if kind is Kind.MEETING else "abn"
    name = _texts(field, codes)
    if not name:
        return
    if kind is Kind.PERSON and field.ind1 == " " and is_statement(name):
        yield from persons(name)
        return
    if kind is Kind.PERSON and "," in name:
        name = direct_heading(name)
    relators = field.all("e") or field.all("4")
    relator = "; ".join(trim(normalise(text)) for text in relators) if relators else ""
    yield Contributor(name, relator, kind)


def _imprint(fields: Fields) -> DataField | None:
    """Return the statement of publication: 264 #1 before 260 before any other 264."""
    made = fields.get("264", [])
    published = [field for field in made if field.ind2 == "1"]
    return next(iter((*published, *fields.get("260", ()), *made)), None)


def _imprint_text(field: DataField | None, code: str) -> str:
    return "" if field is None else unbracket(trim(normalise(field.get(code) or "")))


def _year(fixed: str, fields: Fields) -> int | None:
    """Return the first date of 008, else the first year written in 26X $c."""
    coded = fixed[7:11]
    if coded.isascii() and coded.isdigit() and 1000 <= int(coded) <= 2100:
        return int(coded)
    for tag in ("264", "260"):
        for field in fields.get(tag, ()):
            found = _YEAR.search(field.text("cg"))
            if found:
                return int(found[1])
    return None


def _languages(fields: Fields, fixed: str) -> tuple[str, ...]:
    """Return the languages of the text; codes that were run together as `engfre` are parted."""
    codes = [
        code
        for field in fields.get("041", ())
        for value in field.all("a")
        for code in _LANGUAGE.findall(value.lower())
    ]
    if not (codes and fixed[35:38] in _COLLECTIVE):
        codes.append(fixed[35:38])
    known = (code for code in codes if code not in _NO_LANGUAGE)
    return tuple(dict.fromkeys(code for code in known if _LANGUAGE.fullmatch(code)))


def _call_number(fields: Fields) -> str:
    for tag, codes in (("090", "ab"), ("082", "ab"), ("084", "ab"), ("050", "ab"), ("852", "khim")):
        for field in fields.get(tag, ()):
            text = normalise(field.text(codes)).replace("/.", ".").replace("'.", ".")
            if text:
                return text
    return ""


def _ddc(fields: Fields) -> str:
    """Return the class number without book number, strokes and grouping spaces."""
    for field in fields.get("082", ()):
        found = _DDC.match((field.get("a") or "").lstrip(" ["))
        if found:
            return found[0].translate(_DDC_SIGNS).rstrip(".")
    return ""


def _series(fields: Fields) -> tuple[str, ...]:
    """Return the series as traced in 8XX, else as written in 490 and 440."""
    traced = [f for tag in ("800", "810", "811", "830") for f in fields.get(tag, ())]
    stated = [f for tag in ("490", "440") for f in fields.get(tag, ()) if f.get("a") is not None]
    return _unique(_texts(field, "abcdfklmnoprstv") for field in traced or stated)


def _heading(field: DataField) -> str:
    """Join a heading with its subdivisions: `Cà phê--Việt Nam--Đắk Lắk`."""
    main: list[str] = []
    divisions: list[str] = []
    for code, value in field.subfields:
        if code in _SUBDIVISIONS:
            divisions.append(trim(normalise(value)))
        elif code.isalpha() and code not in ("w", "e", "u"):
            main.append(value)
    return "--".join(filter(None, (trim(normalise(" ".join(main))), *divisions)))


def _note(field: DataField) -> str:
    texts = [value for code, value in field.subfields if code.isalpha() and code != "w"]
    return normalise(" ".join(texts))


def _host(fields: Fields) -> str:
    """Return the title of the host item and where in it the part stands."""
    for field in fields.get("773", ()):
        parts = (_texts(field, "t") or _texts(field, "a"), _texts(field, "g"))
        text = ", ".join(filter(None, parts))
        if text:
            return text
    return ""
