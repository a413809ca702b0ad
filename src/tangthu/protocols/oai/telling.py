"""A digital object in Dublin Core and in METS, with whole addresses, for everybody.

What is told is what everybody may know: where pages and files lie is told of an object that is
open to all; of another, that it is there, what it is, and at which page one may ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from tangthu.formats import dublincore
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.storage import loads
from tangthu.formats.mets import File
from tangthu.protocols.places import Site
from tangthu.protocols.registering.known import names_elsewhere
from tangthu.repository import mets
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.policy.rights import Rights
from tangthu.repository.reading import is_open_to_all

TYPES: Mapping[str, str] = {
    ObjectKind.PAGE_IMAGES: "Text",
    ObjectKind.PDF: "Text",
    ObjectKind.EPUB: "Text",
    ObjectKind.DOCX: "Text",
    ObjectKind.AUDIO: "Sound",
    ObjectKind.VIDEO: "MovingImage",
    ObjectKind.DATA: "Dataset",
}
FULL, SMALL = "max", "!240,320"


def core_of_object(obj: DigitalObject, site: Site) -> dict[str, list[str]]:
    """Return the object in Dublin Core: its record's description, and what is its own."""
    record = mets.first_record(obj)
    described = dublincore.core_of(describe(loads(record.marc))) if record else {}
    address = site.object(obj.identifier)
    own = {
        "title": [] if record else [obj.title],
        "description": [obj.description],
        "type": [TYPES.get(obj.kind, "Text")],
        "identifier": [
            site.ark_of_object(obj.identifier),
            address,
            *(name for _label, name in names_elsewhere(obj)),
        ],
        "language": [] if record else list(obj.language_codes),
        "relation": [site.record(record.pk)] if record else [],
        "publisher": [] if record else [obj.library.name],
        "rights": [Rights(obj.rights).uri if obj.rights else "", obj.rights_note],
    }
    if obj.kind == ObjectKind.PAGE_IMAGES and is_open_to_all(obj, now=timezone.now()):
        own["relation"].append(site.manifest(obj.identifier))
    return dublincore.joined(own, described)


def mets_of_object(obj: DigitalObject, site: Site) -> str:
    """Return the object in METS, its pages by their addresses in IIIF."""
    is_open = is_open_to_all(obj, now=timezone.now())

    def of_page(page: Page) -> Mapping[str, File]:
        if not is_open or not page.is_ready:
            return {}
        return {
            "DEFAULT": _image(page, "", site.image(page.identifier, FULL)),
            "THUMBS": _image(page, "-small", site.image(page.identifier, SMALL)),
        }

    def of_file(_row: DigitalFile) -> None:
        """Masters are for their keepers."""

    way = mets.Way(address=site.object(obj.identifier), pages=of_page, files=of_file)
    return mets.document_of(obj, way)


def _image(page: Page, ending: str, address: str) -> File:
    return File(
        identifier=f"image-{page.identifier}{ending}", media_type="image/jpeg", href=address
    )
