"""METS of others: what a digitised document is, its pages in order, and which files show them.

Only what a library that takes it over needs is read: title, languages, rights and identifiers of
the description (MODS or Dublin Core), the physical structure, and the contents where a logical one
is linked to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from lxml import etree

LARGEST = 32 * 1024**2
DEEPEST = 24
MOST = 20_000
_XLINK = "{http://www.w3.org/1999/xlink}"
_PRESERVED = ("MASTER", "ARCHIVE", "PRESERVATION", "ORIGINAL")


class NotMets(ValueError):
    """The bytes are no METS, are damaged, or are more than one document can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page: its printed label, and the paths of its files, the best kept one first."""

    identifier: str
    label: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWork:
    """What was read. `parts` are (title, level, index of the first page)."""

    title: str
    identifiers: tuple[str, ...]
    languages: tuple[str, ...]
    rights: str
    pages: tuple[ReadPage, ...]
    parts: tuple[tuple[str, int, int], ...]
    paths: frozenset[str]


def read(data: bytes) -> ReadWork:
    """Return what a METS document tells. Raises NotMets; fetches nothing, expands no entities."""
    if len(data) > LARGEST:
        raise NotMets("larger than one document can be")
    if b"<!DOCTYPE" in data:
        raise NotMets("a document type is declared")
    # Imported where METS is taken in: other processes need no lxml.
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotMets(str(error)) from error
    # In UTF-16 it does not stand there in these bytes.
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotMets("a document type is declared")
    if etree.QName(root).localname != "mets":
        raise NotMets("there is no METS in it")
    paths = _paths(root)
    pages = _pages(root, paths)
    return ReadWork(
        title=_first(root, "title") or root.get("LABEL", ""),
        identifiers=tuple(_texts(root, "identifier")),
        languages=tuple(_texts(root, "languageTerm")) or tuple(_texts(root, "language")),
        rights=_rights(root),
        pages=tuple(pages),
        parts=tuple(_parts(root, {page.identifier: at for at, page in enumerate(pages)})),
        paths=frozenset(paths.values()),
    )


def _paths(root: etree._Element) -> dict[str, str]:
    """Return the path of each file by its name here, those that are kept for good first."""
    groups = [group for group in root.iter("{*}fileGrp") if group.find("{*}file") is not None]
    groups.sort(key=lambda group: not group.get("USE", "").upper().startswith(_PRESERVED))
    found: dict[str, str] = {}
    for file in (file for group in groups for file in group.iterfind("{*}file")):
        place = file.find("{*}FLocat")
        href = place.get(f"{_XLINK}href", "") if place is not None else ""
        if file.get("ID") and href and "://" not in href.removeprefix("file://"):
            plain = unquote(href.removeprefix("file://")).removeprefix("./")
            found[file.get("ID", "")] = plain.removeprefix("data/")
    return found


def _pages(root: etree._Element, paths: Mapping[str, str]) -> list[ReadPage]:
    order = {name: at for at, name in enumerate(paths)}
    pages = []
    for each in root.iterfind("{*}structMap"):
        if each.get("TYPE", "PHYSICAL").upper() != "PHYSICAL":
            continue
        for div in each.iter("{*}div"):
            names = [one.get("FILEID", "") for one in div.iterfind(".//{*}fptr")]
            files = sorted((name for name in names if name in order), key=order.__getitem__)
            if files and div.find("{*}div") is None:
                pages.append((_order(div), _page(div, [paths[name] for name in files])))
    if len(pages) > MOST:
        raise NotMets("more pages than one document can have")
    return [page for _, page in sorted(pages, key=lambda pair: pair[0])]


def _order(div: etree._Element) -> int:
    told = div.get("ORDER", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0


def _page(div: etree._Element, files: list[str]) -> ReadPage:
    label = div.get("ORDERLABEL") or div.get("LABEL") or ""
    return ReadPage(identifier=div.get("ID", ""), label=label[:40].strip(), files=tuple(files))


def _parts(root: etree._Element, pages: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    begins: dict[str, int] = {}
    for link in root.iter("{*}smLink"):
        name, at = link.get(f"{_XLINK}from", ""), pages.get(link.get(f"{_XLINK}to", ""))
        if at is not None:
            begins[name] = min(at, begins.get(name, at))
    for each in root.iterfind("{*}structMap"):
        if each.get("TYPE", "").upper() == "LOGICAL":
            for div, level in _below(each, 0):
                title = (div.get("LABEL") or "").strip()
                at = begins.get(div.get("ID", ""))
                if title and at is not None and level > 1:
                    yield title[:300], min(level - 1, 6), at


def _below(node: etree._Element, level: int) -> Iterator[tuple[etree._Element, int]]:
    if level > DEEPEST:
        raise NotMets("nested too deeply")
    for div in node.iterfind("{*}div"):
        yield div, level + 1
        yield from _below(div, level + 1)


def _rights(root: etree._Element) -> str:
    """Return the address of a statement of rights, wherever it stands."""
    for each in root.iter("{*}accessCondition", "{*}RightsDeclaration", "{*}rights"):
        told = each.get(f"{_XLINK}href") or (each.text or "")
        if "://" in told:
            return told.strip()
    return ""


def _first(root: etree._Element, name: str) -> str:
    return next(_texts(root, name), "")


def _texts(root: etree._Element, name: str) -> Iterator[str]:
    """Yield the texts of elements of that name in the first description, none twice."""
    described = root.find("{*}dmdSec")
    seen = set()
    for each in described.iter(f"{{*}}{name}") if described is not None else ():
        told = " ".join((each.text or "").split())
        if told and told not in seen:
            seen.add(told)
            yield told
