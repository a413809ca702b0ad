"""Simple Dublin Core (DCMES 1.1) in the XML of OAI-PMH, and how MARC becomes it.

The crosswalk is the Library of Congress's "MARC to Dublin Core" (unqualified), so far as our
descriptions go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tangthu.formats import markup
from tangthu.formats.marc.bibliographic import Description, Kind
from tangthu.formats.marc.materials import MaterialType

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
ELEMENTS = (
    "title",
    "creator",
    "subject",
    "description",
    "publisher",
    "contributor",
    "date",
    "type",
    "format",
    "identifier",
    "source",
    "language",
    "relation",
    "coverage",
    "rights",
)

Core = Mapping[str, Sequence[str]]
"""The values of each element, by its name; an element without values may be missing."""

# The DCMI Type Vocabulary, which harvesters sort by.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        MaterialType.MAP: "StillImage",
        MaterialType.PICTURE: "StillImage",
        MaterialType.MUSIC: "Sound",
        MaterialType.SOUND: "Sound",
        MaterialType.VIDEO: "MovingImage",
        MaterialType.ELECTRONIC: "Text",
        MaterialType.KIT: "Collection",
        MaterialType.OBJECT: "PhysicalObject",
    }
)
TEXT = "Text"


def core_of(described: Description) -> dict[str, list[str]]:
    """Return the elements that a bibliographic description gives."""
    people = [author for author in described.authors if author.kind is Kind.PERSON]
    main = described.main_author
    others = [author.name for author in people if author.name != main]
    imprint = " : ".join(part for part in (described.place, described.publisher) if part)
    return {
        "title": [described.full_title or described.title, *described.other_titles],
        "creator": [main],
        "contributor": [*others, *(name for name in described.corporate if name != main)],
        "subject": [*described.subjects, *described.keywords, described.ddc],
        "description": [described.summary, *described.contents, *described.notes],
        "publisher": [imprint],
        "date": [str(described.year or "")],
        "type": [TYPES.get(described.material_type, TEXT), *described.genres],
        "format": [described.extent],
        "identifier": [
            *(f"urn:isbn:{isbn}" for isbn in described.isbns),
            *(f"urn:issn:{issn}" for issn in described.issns),
            *described.urls,
        ],
        "language": list(described.languages),
        "relation": [*described.series, described.host],
        "coverage": list(described.places),
    }


def joined(first: Core, second: Core) -> dict[str, list[str]]:
    """Return both sets of values, those of the first before those of the second, each once."""
    return {
        name: list(dict.fromkeys([*first.get(name, ()), *second.get(name, ())]))
        for name in ELEMENTS
    }


def write(core: Core) -> str:
    """Return the values as one `oai_dc:dc` element, in the order of the standard."""
    return "".join(
        (
            f'<oai_dc:dc xmlns:oai_dc="{NAMESPACE}"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}">',
            elements(core),
            "</oai_dc:dc>",
        )
    )


def elements(core: Core) -> str:
    """Return the values as `dc:` elements side by side, for any element that declares `dc`."""
    return "".join(
        f"<dc:{name}>{markup.text(value)}</dc:{name}>"
        for name in ELEMENTS
        for value in dict.fromkeys(core.get(name, ()))
        if value
    )
