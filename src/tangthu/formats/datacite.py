"""A digital object as DataCite wants it told for a DOI (metadata schema 4.5, in JSON)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA = "http://datacite.org/schema/kernel-4"
UNKNOWN = ":unkn"
"""What the schema wants where a name is not known (appendix 3 of its documentation)."""

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing that is given a name: what is told of it, and where it is found."""

    identifier: str
    title: str
    address: str
    holder: str
    year: int
    kind: str = "Text"
    authors: tuple[str, ...] = ()
    language: str = ""
    summary: str = ""
    rights: str = ""
    ark: str = ""


def metadata(work: Named, *, doi: str) -> Json:
    """Return what the schema asks for; what is not known is left out, or said to be unknown."""
    names = work.authors or (UNKNOWN,)
    told: Json = {
        "doi": doi,
        "schemaVersion": SCHEMA,
        "creators": [{"name": name} for name in names],
        "titles": [{"title": work.title}],
        "publisher": {"name": work.holder},
        "publicationYear": str(work.year),
        "types": {"resourceType": work.kind, "resourceTypeGeneral": work.kind},
    }
    return told | {name: value for name, value in _optional(work).items() if value}


def _optional(work: Named) -> Mapping[str, object]:
    abstract = [{"description": work.summary, "descriptionType": "Abstract"}]
    ark = [{"alternateIdentifier": work.ark, "alternateIdentifierType": "ARK"}]
    return {
        "language": work.language,
        "descriptions": abstract if work.summary else [],
        "rightsList": [{"rightsUri": work.rights}] if work.rights else [],
        "alternateIdentifiers": ark if work.ark else [],
    }
