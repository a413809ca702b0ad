"""A digital object as a manifest: what our tables hold, in the words of IIIF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tangthu.catalogue.models import Record
from tangthu.formats.iiif.manifest import NO_LANGUAGE, Canvas, Heading, Json, Work, manifest
from tangthu.protocols.places import Site
from tangthu.reading import addresses
from tangthu.reading.inside import search_address
from tangthu.repository import naming
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.kinds import State
from tangthu.repository.policy.rights import Rights
from tangthu.ui.templatetags.ui import LANGUAGES, WITHOUT_LANGUAGE

Absolute = Callable[[str], str]


def manifest_of(
    obj: DigitalObject,
    pages: Sequence[Page],
    *,
    ticket: str,
    absolute: Absolute,
    services: Callable[[str], Json] | None = None,
) -> Json:
    """Return the manifest of these pages of the object; `absolute` completes an address of ours.

    `services` says how a page's images are opened, for who has no ticket to them.
    """
    name = absolute(addresses.manifest(obj.identifier))
    images = absolute(addresses.images())
    canvases = [
        Canvas(
            id=f"{name}/canvas/{page.identifier}",
            label=page.shown_label,
            width=page.width or 1,
            height=page.height or 1,
            image=f"{images}{addresses.ticketed(page.identifier, ticket)}",
            probe=services(page.identifier) if services else None,
        )
        for page in pages
    ]
    work = replace(work_of(obj, name, absolute, len(pages)), search=_search(obj, absolute, ticket))
    return manifest(work, canvases, _headings(obj, pages))


def work_of(obj: DigitalObject, name: str, absolute: Absolute, pages: int) -> Work:
    """Return what is told of the object beside its pages; `name` is its manifest's address."""
    record = _record(obj)
    return Work(
        id=name,
        title=obj.title,
        homepage=absolute(reverse("reading:object", args=[obj.identifier])),
        language=_language(obj),
        summary=obj.description,
        rights=_rights(obj),
        statement=_statement(obj),
        statement_label=in_every_language(_("Held by")),
        provider=obj.library.name,
        provider_page=absolute("/"),
        record=absolute(reverse("opac:export", args=[record.pk, "xml"])) if record else "",
        name=_name(obj, absolute),
        mets=_mets(obj, absolute),
        is_paged=pages > 1,
        facts=_facts(obj, record, _name(obj, absolute)),
        contents_label=in_every_language(_("Contents")),
    )


def _record(obj: DigitalObject) -> Record | None:
    """Return the record that the object is named by, if the public may see it."""
    found = Record.objects.public().without_marc().filter(digital_links__object=obj)
    return found.order_by("digital_links__position", "digital_links__id").first()


def _name(obj: DigitalObject, absolute: Absolute) -> str:
    return naming.address_of(naming.of_object(obj.identifier), absolute("/")[:-1])


def _mets(obj: DigitalObject, absolute: Absolute) -> str:
    """Return where the object is had in METS, by OAI-PMH; empty where others are not told of it."""
    if obj.state != State.PUBLISHED or obj.access not in LISTED:
        return ""
    domain = Site(absolute("/")[:-1]).domain
    asked = {
        "verb": "GetRecord",
        "metadataPrefix": "mets",
        "identifier": f"oai:{domain}:object-{obj.identifier}",
    }
    return f"{absolute(reverse('sharing:oai'))}?{urlencode(asked)}"


def _facts(
    obj: DigitalObject, record: Record | None, name: str
) -> list[tuple[Mapping[str, str], str]]:
    told: list[tuple[Promise, str]] = []
    if record is not None:
        told = [
            (_("Author"), record.author),
            (_("Publisher"), record.publisher),
            (_("Year"), str(record.year or "")),
            (_("Call number"), record.call_number),
        ]
    told.append((_("Lasting address"), name))
    return [(in_every_language(label), value) for label, value in told if value]


def _statement(obj: DigitalObject) -> str:
    return f"{obj.library.name}. {obj.rights_note}" if obj.rights_note else obj.library.name


def _rights(obj: DigitalObject) -> str:
    """Return the statement of rights, spelt as the standard wants it: by http."""
    return Rights(obj.rights).uri.replace("https:", "http:") if obj.rights else ""


def _search(obj: DigitalObject, absolute: Absolute, ticket: str) -> str:
    address = search_address(obj)
    return absolute(addresses.ticketed(address, ticket)) if address else ""


def _language(obj: DigitalObject) -> str:
    code = next(iter(obj.language_codes), "")
    return NO_LANGUAGE if code in WITHOUT_LANGUAGE else LANGUAGES.get(code, code)


def _headings(obj: DigitalObject, pages: Sequence[Page]) -> list[Heading]:
    places = {page.pk: number for number, page in enumerate(pages)}
    return [
        Heading(row.title, places[row.first_page_id], row.level)
        for row in obj.sections.all()
        if row.first_page_id in places
    ]


def in_every_language(words: Promise) -> dict[str, str]:
    """Return the words as each language of the site has them."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = str(words)
    return found
