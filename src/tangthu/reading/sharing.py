"""What the page of an object tells other programs: its lasting name, schema.org, citation tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangthu.catalogue.models import Record
from tangthu.formats import schemaorg
from tangthu.formats.schemaorg import Shown
from tangthu.reading import addresses
from tangthu.repository import naming
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.policy.rights import Rights
from tangthu.ui.templatetags.ui import LANGUAGES

TYPES: Mapping[str, str] = {
    ObjectKind.AUDIO: "AudioObject",
    ObjectKind.VIDEO: "VideoObject",
    ObjectKind.DATA: "Dataset",
}
BOOK, MAP, MATERIAL_MAP = "Book", "Map", "map"
PREVIEW_WIDTH = 1200


@dataclass(frozen=True, slots=True)
class Told:
    """An object for other programs: its lasting address, JSON-LD, and citation tags."""

    ark: str
    linked_data: str
    tags: tuple[tuple[str, str], ...]


def told(obj: DigitalObject, record: Record | None, *, site: str, is_open: bool) -> Told:
    """Return what the page tells; `site` has no slash at its end. No query."""
    name = naming.address_of(naming.of_object(obj.identifier), site)
    shown = Shown(
        kind=_kind(obj, record),
        title=obj.title,
        address=f"{site}/read/{obj.identifier}/",
        name=name,
        author=record.author if record else "",
        summary=obj.description,
        languages=[LANGUAGES.get(code, code) for code in obj.language_codes],
        licence=Rights(obj.rights).uri if obj.rights else "",
        holder=obj.library.name,
        is_free=is_open,
        work=f"{site}/record/{record.pk}" if record else "",
    )
    return Told(name, schemaorg.script(schemaorg.digital(shown)), _tags(obj, record, name))


def preview(page: Page, site: str) -> str:
    """Return the whole address of a page's picture, as wide as others show that of a link."""
    width = min(PREVIEW_WIDTH, page.width or PREVIEW_WIDTH)
    return f"{site}{addresses.image(page.identifier)}/full/{width},/0/default.jpg"


def _kind(obj: DigitalObject, record: Record | None) -> str:
    is_map = record is not None and record.material_type == MATERIAL_MAP
    return TYPES.get(obj.kind, MAP if is_map else BOOK)


def _tags(obj: DigitalObject, record: Record | None, name: str) -> tuple[tuple[str, str], ...]:
    rows = [
        ("citation_title", obj.title),
        ("citation_author", record.author if record else ""),
        ("citation_publisher", record.publisher if record else ""),
        ("citation_publication_date", str(record.year or "") if record else ""),
        ("citation_language", next(iter(obj.language_codes), "")),
        ("citation_public_url", name),
        ("og:title", obj.title),
        ("og:type", "book"),
        ("og:url", name),
        ("og:site_name", obj.library.name),
        ("og:description", obj.description[:200]),
    ]
    return tuple((key, value) for key, value in rows if value)
