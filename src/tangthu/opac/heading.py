"""What a record's page tells other programs: its lasting name, schema.org, citation tags, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from tangthu.catalogue.models import Record
from tangthu.formats import schemaorg
from tangthu.formats.marc.bibliographic import Description
from tangthu.formats.schemaorg import Media
from tangthu.reading.offers import Offer
from tangthu.repository import naming
from tangthu.ui.templatetags.ui import LANGUAGES


@dataclass(frozen=True, slots=True)
class Heading:
    """A record for other programs. `links` are those of the answer's header (signposting.org)."""

    ark: str
    linked_data: SafeString
    tags: tuple[tuple[str, str], ...]
    links: str


def heading_of(
    record: Record, described: Description, *, site: str, offers: Sequence[Offer]
) -> Heading:
    """Return what the page tells; `site` has no slash at its end. No query."""
    name = naming.address_of(naming.of_record(record.pk), site)
    page = f"{site}{reverse('opac:record', args=[record.pk])}"
    media = [
        Media(address=f"{site}{offer.address}", title=offer.title, is_free=not offer.limits)
        for offer in offers
    ]
    languages = [LANGUAGES.get(code, code) for code in described.languages]
    told = schemaorg.work(described, address=page, languages=languages, name=name, media=media)
    return Heading(
        ark=name,
        linked_data=SafeString(schemaorg.script(told)),
        tags=_tags(described, name),
        links=_links(record, name, site, told, media),
    )


def _tags(described: Description, name: str) -> tuple[tuple[str, str], ...]:
    title = described.full_title or described.title
    rows = [
        ("citation_title", title),
        *(("citation_author", author.name) for author in described.authors),
        ("citation_publisher", described.publisher),
        ("citation_publication_date", str(described.year or "")),
        ("citation_language", described.language),
        *(("citation_isbn", isbn) for isbn in described.isbns),
        *(("citation_issn", issn) for issn in described.issns),
        ("citation_keywords", "; ".join(described.subjects)),
        ("citation_public_url", name),
        ("og:title", title),
        ("og:type", "book"),
        ("og:url", name),
        ("og:description", described.summary[:200]),
    ]
    return tuple((key, value) for key, value in rows if value)


def _links(
    record: Record, name: str, site: str, told: dict[str, object], media: Sequence[Media]
) -> str:
    marc = f"{site}{reverse('opac:export', args=[record.pk, 'xml'])}"
    rows = [
        (name, "cite-as", ""),
        (marc, "describedby", "application/marcxml+xml"),
        (f"https://schema.org/{told['@type']}", "type", ""),
        *((each.address, "item", "text/html") for each in media),
    ]
    return ", ".join(
        f'<{address}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "")
        for address, rel, kind in rows
    )
