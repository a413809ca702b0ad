"""What another repository answers, read with suspicion (OAI-PMH 2.0, as a harvester).

Documents with a DTD are refused, and with it every entity but XML's own five. What is read of one
item never raises: one whose metadata cannot be used is told as such.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tangthu.formats.marc.errors import NotMarc
from tangthu.formats.marc.outcome import Limits, Read
from tangthu.formats.marc.reader import read as read_marc
from tangthu.formats.marc.record import ControlField, DataField, Field, MarcRecord, Subfield
from tangthu.formats.oaipmh.answer import NAMESPACE
from tangthu.text.normal import normalise

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OAI = f"{{{NAMESPACE}}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MARC = "{http://www.loc.gov/MARC21/slim}"
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_ISBN = re.compile(r"(?:urn:isbn:|isbn[: ]*)([0-9Xx-]{10,17})", re.IGNORECASE)
_LANGUAGES: Mapping[str, str] = {"vi": "vie", "en": "eng", "fr": "fre", "zh": "chi", "lo": "lao"}
LONGEST = 5_000
MOST_VALUES = 200


class Unreadable(Exception):
    """The answer is no answer of OAI-PMH. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of an answer: gone, or with its record; `None` where it cannot be used."""

    identifier: str
    stamp: str
    is_deleted: bool = False
    record: MarcRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer to a list: its items, where it goes on, and the code of an error."""

    items: list[Item] = field(default_factory=list)
    token: str = ""
    fault: str = ""
    answered_at: str = ""


def page(content: bytes) -> Page:
    """Read an answer to ListRecords. Raises Unreadable."""
    root = _root(content)
    error = root.find(f"{_OAI}error")
    answered_at = (root.findtext(f"{_OAI}responseDate") or "").strip()
    if error is not None:
        return Page(fault=str(error.get("code") or "error")[:40], answered_at=answered_at)
    listed = root.find(f"{_OAI}ListRecords")
    if listed is None:
        raise Unreadable("harvest_no_list")
    token = (listed.findtext(f"{_OAI}resumptionToken") or "").strip()
    return Page(items=list(_items(listed)), token=token[:LONGEST], answered_at=answered_at)


def granularity(content: bytes) -> str:
    """Return how finely the repository tells time, from its answer to Identify."""
    told = _root(content).findtext(f"{_OAI}Identify/{_OAI}granularity")
    return (told or "YYYY-MM-DD").strip()


def _root(content: bytes) -> Element:
    # Imported where something is harvested: other processes need no lxml.
    from lxml import etree

    # No document type, so no entities: a few lines of them grow to gigabytes.
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise Unreadable("harvest_doctype")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("harvest_not_xml") from error
    # In UTF-16 it does not stand there in these bytes.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("harvest_doctype")
    if root.tag != f"{_OAI}OAI-PMH":
        raise Unreadable("harvest_not_oai")
    return root


def _items(listed: Element) -> Iterator[Item]:
    for record in listed.iterfind(f"{_OAI}record"):
        header = record.find(f"{_OAI}header")
        if header is None:
            continue
        identifier = (header.findtext(f"{_OAI}identifier") or "").strip()
        if not identifier or len(identifier) > 500:
            continue
        is_deleted = header.get("status") == "deleted"
        metadata = record.find(f"{_OAI}metadata")
        read = None if is_deleted or metadata is None else _record(metadata, identifier)
        yield Item(
            identifier=identifier,
            stamp=(header.findtext(f"{_OAI}datestamp") or "").strip()[:40],
            is_deleted=is_deleted,
            record=read,
        )


def _record(metadata: Element, identifier: str) -> MarcRecord | None:
    from lxml import etree

    marc = metadata.find(f"{_MARC}record")
    if marc is not None:
        return _of_marcxml(etree.tostring(marc))
    core = next((each for each in metadata if str(each.tag).endswith("}dc")), None)
    if core is None:
        return None
    values: dict[str, list[str]] = {}
    for each in list(core)[:MOST_VALUES]:
        text = normalise(each.text or "")[:LONGEST]
        if str(each.tag).startswith(_DC) and text:
            values.setdefault(str(each.tag).removeprefix(_DC), []).append(text)
    return of_dublin_core(values, identifier)


def _of_marcxml(content: bytes) -> MarcRecord | None:
    try:
        found = next(read_marc(io.BytesIO(content), limits=Limits()), None)
    except NotMarc:
        return None
    return found.record if isinstance(found, Read) else None


def of_dublin_core(values: Mapping[str, list[str]], identifier: str) -> MarcRecord | None:
    """Return a MARC record of what Dublin Core says; None where it has no title.

    By the Library of Congress's "Dublin Core to MARC" (qualified in the other direction); addresses
    of the thing itself become 856, so that readers find it.
    """
    titles = values.get("title", [])
    if not titles:
        return None
    creators = values.get("creator", [])
    year = next((found[1] for text in values.get("date", []) if (found := _YEAR.search(text))), "")
    language = _language(values.get("language", []))
    fields: list[Field] = [
        ControlField("008", _fixed(year, language)),
        *_identified(values.get("identifier", [])),
        _data("035", "  ", ("a", f"(OAI){identifier}")),
        *([_data("100", "0 ", ("a", creators[0]))] if creators else []),
        _data("245", f"{1 if creators else 0}0", ("a", titles[0])),
        *(_data("246", "3 ", ("a", title)) for title in titles[1:]),
        *_imprint(values.get("publisher", []), year),
        *(_data("500", "  ", ("a", each)) for each in values.get("format", [])),
        *(_data("520", "  ", ("a", each)) for each in values.get("description", [])),
        *(_data("540", "  ", _rights(each)) for each in values.get("rights", [])),
        *(_data("653", "  ", ("a", each)) for each in values.get("subject", [])),
        *(_data("651", " 4", ("a", each)) for each in values.get("coverage", [])),
        *(_data("700", "0 ", ("a", each)) for each in creators[1:]),
        *(_data("720", "  ", ("a", each)) for each in values.get("contributor", [])),
        *_links(values.get("identifier", [])),
    ]
    ordered = sorted(fields, key=lambda each: each.tag)
    return MarcRecord("00000nam a2200000 u 4500", tuple(ordered))


def _identified(identifiers: list[str]) -> list[DataField]:
    numbers = (_ISBN.search(text) for text in identifiers)
    return [_data("020", "  ", ("a", found[1].replace("-", ""))) for found in numbers if found]


def _links(identifiers: list[str]) -> list[DataField]:
    return [
        _data("856", "40", ("u", text))
        for text in identifiers
        if text.startswith(("http://", "https://")) and " " not in text
    ]


def _imprint(publishers: list[str], year: str) -> list[DataField]:
    parts = [*(("b", each) for each in publishers[:1]), *([("c", year)] if year else [])]
    return [_data("264", " 1", *parts)] if parts else []


def _rights(text: str) -> tuple[str, str]:
    return ("u" if text.startswith(("http://", "https://")) else "a", text)


def _language(codes: list[str]) -> str:
    for code in codes:
        short = code.strip().lower()
        if len(short) == 3 and short.isascii() and short.isalpha():
            return short
        if short[:2] in _LANGUAGES:
            return _LANGUAGES[short[:2]]
    return ""


def _fixed(year: str, language: str) -> str:
    dated = f"s{year}    " if year else "n        "
    return f"000000{dated}xx {' ' * 17}{language or 'und'} d"


def _data(tag: str, indicators: str, *parts: tuple[str, str]) -> DataField:
    found = tuple(Subfield(code, value) for code, value in parts)
    return DataField(tag, indicators[0], indicators[1], found)
