"""Feeds in JSON: OPDS 2.0, over the Readium Web Publication Manifest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tangthu.formats.opds import model
from tangthu.formats.opds.atom import moment
from tangthu.formats.opds.model import Entry, FacetLink, Feed, Lending, Link, Paging, Rel

Json: TypeAlias = dict[str, object]


def feed(about: Feed) -> Json:
    """Return the feed as JSON is made of."""
    told: Json = {
        "metadata": {
            "title": about.title,
            "identifier": about.identifier,
            "modified": moment(about.updated_at),
            **_counts(about.paging),
        },
        "links": [*_links(about), *_pages(about.paging)],
    }
    if about.ways:
        told["navigation"] = [
            _clean(
                {
                    "href": way.href,
                    "title": way.title,
                    "type": model.OPDS2,
                    "rel": str(way.rel),
                    "properties": _number(way.count),
                }
            )
            for way in about.ways
        ]
    if about.entries:
        told["publications"] = [publication(each, about.authentication) for each in about.entries]
    if not about.entries and not about.ways:
        # A feed leads somewhere (section 1.1): where there is nothing, back to the beginning.
        told["navigation"] = [
            {"href": about.start, "title": about.author, "type": model.OPDS2, "rel": "start"}
        ]
    if about.facets:
        told["facets"] = _facets(about.facets)
    return told


def publication(about: Entry, authentication: str) -> Json:
    """Return a publication, complete: lists and single documents hold the same."""
    metadata = _clean(
        {
            "@type": about.kind,
            "identifier": about.identifier,
            "title": about.title,
            "subtitle": about.subtitle,
            "author": [{"name": name} for name in about.authors],
            "contributor": [{"name": name} for name in about.contributors],
            "publisher": about.publisher,
            "published": _day(about.issued),
            "language": list(about.languages),
            "subject": list(about.subjects),
            "description": about.summary,
            "modified": moment(about.updated_at),
            "numberOfPages": about.pages or "",
            "altIdentifier": [f"urn:isbn:{about.isbn}"] if about.isbn else [],
        }
    )
    own: Json = {"rel": "self", "href": about.address, "type": model.PUBLICATION}
    told: Json = {
        "metadata": metadata,
        "links": [own, *(link(each, authentication) for each in about.links)],
    }
    if about.rights:
        told["links"] = [
            *_listed(told["links"]),
            {"rel": "license", "href": about.rights, "type": model.HTML},
        ]
    if about.images:
        told["images"] = [
            {
                "href": image.href,
                "type": "image/jpeg",
                "width": image.width,
                "height": image.height,
            }
            for image in about.images
        ]
    return told


def link(about: Link, authentication: str) -> Json:
    """Return a link with what a client must know before it follows it."""
    properties = _lending(about.lending)
    if about.indirect:
        properties["indirectAcquisition"] = _indirect(about.indirect)
    if about.needs_login:
        properties["authenticate"] = authentication
    if about.rel == Rel.STREAM:
        properties["numberOfItems"] = about.pages
    told: Json = {"rel": str(about.rel), "href": about.href, "type": about.media_type}
    if "{" in about.href:
        told["templated"] = True
    return told | _clean({"title": about.title, "properties": properties})


def _links(about: Feed) -> list[Json]:
    found: list[Json] = [
        {"rel": "self", "href": about.self, "type": model.OPDS2},
        {"rel": "start", "href": about.start, "type": model.OPDS2},
        {
            "rel": "search",
            "href": f"{about.search}{{?q}}",
            "type": model.OPDS2,
            "templated": True,
        },
        {
            "rel": str(Rel.SHELF),
            "href": about.shelf,
            "type": model.OPDS2,
            "properties": {"authenticate": about.authentication},
        },
        {
            "rel": "http://opds-spec.org/auth/document",
            "href": about.authentication,
            "type": model.AUTHENTICATION,
        },
    ]
    if about.up:
        found.append({"rel": "up", "href": about.up, "type": model.OPDS2})
    return found


def _pages(paging: Paging | None) -> list[Json]:
    if paging is None:
        return []
    return [
        {"rel": rel, "href": getattr(paging, rel), "type": model.OPDS2}
        for rel in ("first", "previous", "next", "last")
        if getattr(paging, rel)
    ]


def _counts(paging: Paging | None) -> Json:
    if paging is None:
        return {}
    return {
        "numberOfItems": paging.total,
        "itemsPerPage": paging.size,
        "currentPage": paging.number,
    }


def _facets(facets: Sequence[FacetLink]) -> list[Json]:
    groups: dict[str, list[Json]] = {}
    for facet in facets:
        told: Json = {"href": facet.href, "type": model.OPDS2, "title": facet.title}
        if facet.is_active:
            told["rel"] = "self"
        groups.setdefault(facet.group, []).append(
            told | _clean({"properties": _number(facet.count)})
        )
    return [{"metadata": {"title": name}, "links": links} for name, links in groups.items()]


def _lending(lending: Lending | None) -> Json:
    if lending is None:
        return {}
    availability: Json = {
        "state": lending.state,
        "since": moment(lending.since) if lending.since else "",
        "until": moment(lending.until) if lending.until else "",
    }
    found: Json = {"availability": _clean(availability)}
    holds = {"total": lending.holds, "position": lending.position}
    copies = {"total": lending.copies, "available": lending.free}
    for name, counts in (("holds", holds), ("copies", copies)):
        known = {key: value for key, value in counts.items() if value is not None}
        if known:
            found[name] = known
    return found


def _day(issued: str) -> str:
    """Return a day: the schema knows no years, so a year stands for its first day."""
    return f"{issued}-01-01" if len(issued) == 4 else issued


def _indirect(types: Sequence[str]) -> list[Json]:
    inner: list[Json] = []
    for media_type in reversed(types):
        told: Json = {"type": media_type}
        if inner:
            told["child"] = inner
        inner = [told]
    return inner


def _number(count: int | None) -> Json:
    return {} if count is None else {"numberOfItems": count}


def _clean(values: Json) -> Json:
    """Leave out what says nothing: metadata should not have blank values (section 5.2)."""
    return {name: value for name, value in values.items() if value not in ("", [], {}, None)}


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
