"""Feeds in Atom: OPDS 1.2, with OpenSearch paging, facets, and what libraries add for lending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tangthu.formats import markup
from tangthu.formats.opds import model
from tangthu.formats.opds.model import Entry, Feed, Image, Lending, Link, Rel, Way

_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
    "xmlns:opds": "http://opds-spec.org/2010/catalog",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "xmlns:thr": "http://purl.org/syndication/thread/1.0",
    "xmlns:pse": "http://vaemendis.net/opds-pse/ns",
}
_COVER, _THUMBNAIL = "http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail"


def feed(about: Feed) -> str:
    """Return the feed as a document."""
    return markup.HEADER + markup.around(
        "feed",
        (
            markup.element("id", about.identifier),
            markup.element("title", about.title),
            markup.element("updated", moment(about.updated_at)),
            markup.element("icon", about.icon) if about.icon else "",
            markup.around("author", [markup.element("name", about.author)]),
            *_feed_links(about),
            *_paging(about),
            *_facets(about),
            *(_way(way, about.updated_at) for way in about.ways),
            *(entry(each) for each in about.entries),
        ),
        _NAMESPACES,
    )


def document(about: Entry) -> str:
    """Return one publication as a document of its own."""
    return markup.HEADER + entry(about, _NAMESPACES)


def entry(about: Entry, declared: dict[str, str] | None = None) -> str:
    """Return a publication, complete: lists and single documents hold the same."""
    return markup.around(
        "entry",
        (
            markup.element("title", about.title),
            markup.element("id", about.identifier),
            markup.element("updated", moment(about.updated_at)),
            *(_person("author", name) for name in about.authors),
            *(_person("contributor", name) for name in about.contributors),
            *(markup.element("dcterms:language", code) for code in about.languages),
            _known("dcterms:publisher", about.publisher),
            _known("dcterms:issued", about.issued),
            _known("dcterms:identifier", f"urn:isbn:{about.isbn}" if about.isbn else ""),
            _known("dcterms:extent", str(about.pages or "")),
            _known("rights", about.rights),
            *(
                markup.element("category", "", {"term": subject, "label": subject})
                for subject in about.subjects
            ),
            markup.element("summary", about.summary, {"type": "text"}) if about.summary else "",
            _link("self", about.address, model.ATOM_ENTRY),
            *map(_image, about.images),
            *map(_publication_link, about.links),
        ),
        declared,
    )


def opensearch(
    *, name: str, description: str, template: str, suggestions: str, language: str
) -> str:
    """Return the document that tells a client how to search (OpenSearch 1.1)."""
    urls = [
        markup.element(
            "Url",
            "",
            {
                "type": model.ACQUISITION_FEED,
                "template": f"{template}?q={{searchTerms}}&page={{startPage?}}",
            },
        ),
        markup.element(
            "Url",
            "",
            {"type": "text/html", "template": f"{suggestions}?q={{searchTerms}}"},
        ),
    ]
    return markup.HEADER + markup.around(
        "OpenSearchDescription",
        (
            markup.element("ShortName", name[:16]),
            markup.element("Description", description[:1024]),
            *urls,
            markup.element("Language", language),
            markup.element("OutputEncoding", "UTF-8"),
            markup.element("InputEncoding", "UTF-8"),
        ),
        {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"},
    )


def moment(at: datetime) -> str:
    """Return a moment as Atom writes it (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _feed_links(about: Feed) -> Iterator[str]:
    kind = model.NAVIGATION_FEED if about.is_navigation else model.ACQUISITION_FEED
    yield _link("self", about.self, kind)
    yield _link("start", about.start, model.NAVIGATION_FEED)
    if about.up:
        yield _link("up", about.up, model.NAVIGATION_FEED)
    yield _link("search", about.search, model.OPENSEARCH)
    yield _link(Rel.SHELF, about.shelf, model.ACQUISITION_FEED)
    yield _link("http://opds-spec.org/auth/document", about.authentication, model.AUTHENTICATION)


def _paging(about: Feed) -> Iterator[str]:
    paging = about.paging
    if paging is None:
        return
    for rel in ("first", "previous", "next", "last"):
        if href := getattr(paging, rel):
            yield _link(rel, href, model.ACQUISITION_FEED)
    yield markup.element("opensearch:totalResults", str(paging.total))
    yield markup.element("opensearch:itemsPerPage", str(paging.size))
    yield markup.element("opensearch:startIndex", str((paging.number - 1) * paging.size + 1))


def _facets(about: Feed) -> Iterator[str]:
    for facet in about.facets:
        yield markup.element(
            "link",
            "",
            {
                "rel": "http://opds-spec.org/facet",
                "href": facet.href,
                "type": model.ACQUISITION_FEED,
                "title": facet.title,
                "opds:facetGroup": facet.group,
                "opds:activeFacet": "true" if facet.is_active else "",
                "thr:count": "" if facet.count is None else str(facet.count),
            },
        )


def _way(way: Way, updated_at: datetime) -> str:
    kind = model.ACQUISITION_FEED if way.holds_publications else model.NAVIGATION_FEED
    count = "" if way.count is None else str(way.count)
    link = {"rel": way.rel, "href": way.href, "type": kind, "thr:count": count}
    return markup.around(
        "entry",
        (
            markup.element("title", way.title),
            markup.element("id", way.href),
            markup.element("updated", moment(updated_at)),
            markup.element("content", way.summary or way.title, {"type": "text"}),
            markup.element("link", "", link),
        ),
    )


def _publication_link(link: Link) -> str:
    # Clients that stream pages put the number of the page and a width into the address.
    stream = {"pse:count": str(link.pages)} if link.rel == Rel.STREAM else {}
    inner = [_indirect(link.indirect), *_lending(link.lending)]
    about = {"rel": link.rel, "href": link.href, "type": link.media_type, "title": link.title}
    return markup.around("link", inner, {**about, **stream})


def _indirect(types: Sequence[str]) -> str:
    """Return what is had in the end, one form within the other."""
    inner = ""
    for media_type in reversed(types):
        inner = markup.around(
            "opds:indirectAcquisition", [inner] if inner else [], {"type": media_type}
        )
    return inner


def _lending(lending: Lending | None) -> Iterator[str]:
    if lending is None:
        return
    about = {
        "status": lending.state,
        "since": moment(lending.since) if lending.since else "",
        "until": moment(lending.until) if lending.until else "",
    }
    yield markup.element("opds:availability", "", about)
    if lending.holds is not None or lending.position is not None:
        yield markup.element(
            "opds:holds", "", {"total": _said(lending.holds), "position": _said(lending.position)}
        )
    if lending.copies is not None:
        yield markup.element(
            "opds:copies", "", {"total": _said(lending.copies), "available": _said(lending.free)}
        )


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def _image(image: Image) -> str:
    return _link(_THUMBNAIL if image.is_small else _COVER, image.href, "image/jpeg")


def _link(rel: str, href: str, media_type: str) -> str:
    return markup.element("link", "", {"rel": rel, "href": href, "type": media_type})


def _person(name: str, value: str) -> str:
    return markup.around(name, [markup.element("name", value)])


def _known(name: str, value: str) -> str:
    return markup.element(name, value) if value else ""
