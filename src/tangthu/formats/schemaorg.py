"""Works in the vocabulary of schema.org, as JSON-LD for the pages that show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tangthu.formats.marc.bibliographic import Description, Kind
from tangthu.formats.marc.materials import MaterialType

MEDIA_TYPE = "application/ld+json"
TYPES: Mapping[str, str] = MappingProxyType(
    {
        MaterialType.SERIAL: "Periodical",
        MaterialType.ARTICLE: "Article",
        MaterialType.MAP: "Map",
        MaterialType.MUSIC: "SheetMusic",
        MaterialType.SOUND: "AudioObject",
        MaterialType.VIDEO: "VideoObject",
        MaterialType.PICTURE: "ImageObject",
        MaterialType.MANUSCRIPT: "Manuscript",
    }
)
OTHER = "Book"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Something that is read, heard or seen of the work, and under which licence."""

    address: str
    title: str
    kind: str = "MediaObject"
    licence: str = ""
    is_free: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A digital object: `name` lasts, `address` is where it is shown, `work` what it shows."""

    kind: str
    title: str
    address: str
    name: str
    author: str = ""
    summary: str = ""
    languages: Sequence[str] = ()
    licence: str = ""
    holder: str = ""
    is_free: bool = True
    image: str = ""
    pages: int = 0
    work: str = ""


def work(
    described: Description,
    *,
    address: str,
    languages: Sequence[str],
    name: str = "",
    media: Sequence[Media] = (),
) -> dict[str, object]:
    """Return a work as schema.org tells it; what the description does not say is left out."""
    people = [{"@type": _who(author.kind), "name": author.name} for author in described.authors]
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": TYPES.get(described.material_type, OTHER),
        "@id": name or address,
        "url": address,
        "name": described.full_title or described.title,
        "alternateName": list(described.other_titles),
        "author": people[:1],
        "contributor": people[1:],
        "publisher": _organisation(described.publisher),
        "datePublished": str(described.year or ""),
        "inLanguage": list(languages),
        "isbn": list(described.isbns),
        "issn": list(described.issns),
        "about": list(described.subjects),
        "keywords": list(described.keywords),
        "description": described.summary,
        "bookEdition": described.edition,
        "isPartOf": [_part_of(each) for each in (*described.series, described.host) if each],
        "identifier": name,
        "associatedMedia": [_medium(each) for each in media],
        "license": next((each.licence for each in media if each.licence), ""),
    }
    return filled(told)


def digital(shown: Shown) -> dict[str, object]:
    """Return a digital object as schema.org tells it."""
    return filled(
        {
            "@context": "https://schema.org",
            "@type": shown.kind,
            "@id": shown.name,
            "url": shown.address,
            "name": shown.title,
            "author": {"@type": "Person", "name": shown.author} if shown.author else "",
            "identifier": shown.name,
            "description": shown.summary,
            "inLanguage": list(shown.languages),
            "license": shown.licence,
            "provider": _organisation(shown.holder, "Library"),
            "isAccessibleForFree": shown.is_free,
            "thumbnailUrl": shown.image,
            "numberOfPages": shown.pages or "",
            "exampleOfWork": shown.work,
        }
    )


def filled(told: Mapping[str, object]) -> dict[str, object]:
    """Leave out what says nothing."""
    return {name: value for name, value in told.items() if value not in ("", [], None, {})}


def script(told: Mapping[str, object]) -> str:
    """Return the data as the text of a `script` element: nothing in it can end the element."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign, written in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, written)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _who(kind: Kind) -> str:
    return "Person" if kind is Kind.PERSON else "Organization"


def _organisation(name: str, kind: str = "Organization") -> dict[str, str]:
    return {"@type": kind, "name": name} if name else {}


def _part_of(title: str) -> dict[str, str]:
    return {"@type": "CreativeWorkSeries", "name": title}


def _medium(each: Media) -> dict[str, object]:
    return filled(
        {
            "@type": each.kind,
            "name": each.title,
            "contentUrl": each.address,
            "license": each.licence,
            "isAccessibleForFree": each.is_free,
        }
    )
