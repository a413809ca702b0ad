"""MODS 3.8, the Metadata Object Description Schema, from what a MARC record says.

By the Library of Congress's mapping of MARC to MODS, so far as our descriptions go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tangthu.formats import markup
from tangthu.formats.marc.bibliographic import Description, Kind
from tangthu.formats.marc.materials import MaterialType

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
_VERSION = "3.8"

RESOURCES: Mapping[str, str] = MappingProxyType(
    {
        MaterialType.MAP: "cartographic",
        MaterialType.MUSIC: "notated music",
        MaterialType.SOUND: "sound recording",
        MaterialType.VIDEO: "moving image",
        MaterialType.PICTURE: "still image",
        MaterialType.KIT: "mixed material",
        MaterialType.OBJECT: "three dimensional object",
    }
)
_NAMES = {Kind.PERSON: "personal", Kind.CORPORATE: "corporate", Kind.MEETING: "conference"}


def write(
    described: Description,
    *,
    identifiers: Mapping[str, str] | None = None,
    urls: Iterable[str] = (),
    rights: str = "",
) -> str:
    """Return the description as one `mods` element, with names and addresses that we add."""
    return markup.around(
        "mods",
        (
            *_titles(described),
            *_names(described),
            markup.element("typeOfResource", RESOURCES.get(described.material_type, "text")),
            *(markup.element("genre", genre) for genre in described.genres),
            _origin(described),
            *(_language(code) for code in described.languages),
            _filled("physicalDescription", [_plain("extent", described.extent)]),
            _plain("abstract", described.summary),
            *(_plain("tableOfContents", each) for each in described.contents),
            *(_plain("note", each) for each in described.notes),
            *_subjects(described),
            _plain("classification", described.ddc, {"authority": "ddc"}),
            *_related(described),
            *_identifiers(described, identifiers or {}),
            *(markup.around("location", [markup.element("url", url)]) for url in urls),
            _plain("accessCondition", rights, {"type": "use and reproduction"}),
            *_about_the_record(described),
        ),
        _declared(),
    )


def plain(
    title: str,
    *,
    summary: str = "",
    resource: str = "text",
    languages: Iterable[str] = (),
    identifiers: Mapping[str, str] | None = None,
    urls: Iterable[str] = (),
    rights: str = "",
) -> str:
    """Return a `mods` element for what no record describes yet."""
    return markup.around(
        "mods",
        (
            markup.around("titleInfo", [markup.element("title", title)]),
            markup.element("typeOfResource", resource),
            *(_language(code) for code in languages),
            _plain("abstract", summary),
            *(
                _plain("identifier", value, {"type": kind})
                for kind, value in (identifiers or {}).items()
            ),
            *(markup.around("location", [markup.element("url", url)]) for url in urls),
            _plain("accessCondition", rights, {"type": "use and reproduction"}),
        ),
        _declared(),
    )


def _declared() -> dict[str, str]:
    return {
        "xmlns": NAMESPACE,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
        "version": _VERSION,
    }


def _plain(name: str, value: str, attributes: Mapping[str, str] | None = None) -> str:
    return markup.element(name, value, attributes) if value else ""


def _filled(name: str, inner: Iterable[str]) -> str:
    """Return the element where it holds anything."""
    written = "".join(inner)
    return markup.around(name, [written]) if written else ""


def _titles(described: Description) -> list[str]:
    title = described.title or described.full_title
    main = markup.around(
        "titleInfo",
        (
            markup.element("title", title),
            _plain("subTitle", described.subtitle),
            _plain("partNumber", described.volume),
        ),
    )
    others = [
        markup.around("titleInfo", [markup.element("title", other)], {"type": "alternative"})
        for other in described.other_titles
    ]
    return [main, *others]


def _names(described: Description) -> list[str]:
    found = []
    for author in described.authors:
        is_main = author.name == described.main_author
        role = author.relator or ("creator" if is_main else "contributor")
        roles = markup.around("role", [markup.element("roleTerm", role, {"type": "text"})])
        usage = {"usage": "primary"} if is_main else {}
        inner = [markup.element("namePart", author.name), roles]
        found.append(markup.around("name", inner, {"type": _NAMES[author.kind], **usage}))
    return found


def _origin(described: Description) -> str:
    place = _plain("placeTerm", described.place, {"type": "text"})
    parts = (
        markup.around("place", [place]) if place else "",
        _plain("publisher", described.publisher),
        _plain("dateIssued", str(described.year or "")),
        _plain("edition", described.edition),
    )
    return _filled("originInfo", parts)


def _language(code: str) -> str:
    term = markup.element("languageTerm", code, {"type": "code", "authority": "iso639-2b"})
    return markup.around("language", [term])


def _subjects(described: Description) -> list[str]:
    topics = dict.fromkeys([*described.subjects, *described.keywords])
    places = [place for place in described.places if place not in topics]
    return [
        *(markup.around("subject", [markup.element("topic", topic)]) for topic in topics),
        *(markup.around("subject", [markup.element("geographic", place)]) for place in places),
    ]


def _related(described: Description) -> list[str]:
    related = [("series", title) for title in described.series]
    related += [("host", described.host)] if described.host else []
    return [
        markup.around(
            "relatedItem",
            [markup.around("titleInfo", [markup.element("title", title)])],
            {"type": kind},
        )
        for kind, title in related
    ]


def _identifiers(described: Description, added: Mapping[str, str]) -> list[str]:
    rows = [
        *(("isbn", isbn) for isbn in described.isbns),
        *(("issn", issn) for issn in described.issns),
        *added.items(),
    ]
    return [_plain("identifier", value, {"type": kind}) for kind, value in rows]


def _about_the_record(described: Description) -> list[str]:
    if not described.control_number:
        return []
    source = {"source": described.control_agency}
    number = markup.element("recordIdentifier", described.control_number, source)
    return [markup.around("recordInfo", [number])]
