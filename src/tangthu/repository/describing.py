"""An object in words that outlive the database: what lies beside its masters in the archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tangthu.core.actor import Actor
from tangthu.repository.models import (
    Collection,
    DigitalFile,
    DigitalObject,
    ObjectRecord,
    Page,
    PageText,
    Recording,
)
from tangthu.repository.policy.descriptions import Description
from tangthu.repository.policy.rights import Rights

Teller = Callable[[DigitalObject], Mapping[str, object]]
Rebuilder = Callable[[DigitalObject, object, Actor], None]

_tellers: dict[str, Teller] = {}
_rebuilders: dict[str, Rebuilder] = {}


def register(part: str, teller: Teller, rebuilder: Rebuilder | None = None) -> None:
    """Let an app above tell a part of an object's description, under a name of its own.

    What it told is given back to `rebuilder` when the object is made again from its description;
    it may come from others, so nothing in it is to be believed.
    """
    _tellers[part] = teller
    if rebuilder is not None:
        _rebuilders[part] = rebuilder


def rebuild_parts(obj: DigitalObject, told: Description, *, by: Actor) -> None:
    """Let the apps above make their parts of the object again."""
    for part, rebuild in _rebuilders.items():
        known = told.part(part)
        if known is not None:
            rebuild(obj, known, by)


def written(obj: DigitalObject) -> str:
    """Return the description as it is kept: JSON."""
    return json.dumps(description_of(obj), ensure_ascii=False, indent=1, default=str) + "\n"


def description_of(obj: DigitalObject) -> dict[str, object]:
    """Return everything that is known of the object, its pages, files and events, as plain data."""
    return {
        "identifier": obj.identifier,
        "title": obj.title,
        "description": obj.description,
        "kind": obj.kind,
        "languages": list(obj.language_codes),
        "library": {"code": obj.library.code, "name": obj.library.name},
        "collections": [row.path for row in obj.collections.in_tree_order()],
        "shelves": _shelves(obj),
        "records": [_record(link) for link in obj.links.select_related("record")],
        "rights": {
            "code": obj.rights,
            "uri": Rights(obj.rights).uri if obj.rights else "",
            "note": obj.rights_note,
        },
        "access": obj.access,
        "embargo_until": obj.embargo_until,
        "restriction": obj.restriction,
        "watermark": obj.watermark,
        "consent": obj.consent_note,
        "provenance": obj.provenance,
        "printed_pages": obj.printed_pages,
        "pages": [_page(page) for page in obj.pages.with_files()],
        "sections": [
            {"title": row.title, "level": row.level, "page": row.first_page.position}
            for row in obj.sections.select_related("first_page")
        ],
        "texts": [_text(row) for row in PageText.objects.of_object(obj).with_pages().numbers()],
        "recordings": [_recording(row) for row in obj.recordings.in_order()],
        "files": [_file(file) for file in obj.files.current().exclude(role="delivery")],
        "events": [
            {
                "type": row.kind,
                "at": row.at,
                "agent": row.agent,
                "outcome": row.outcome,
                "detail": row.detail,
                "file": row.file.logical_path if row.file else None,
            }
            for row in obj.events.select_related("file")
        ],
    } | {part: told for part, tell in _tellers.items() if (told := tell(obj))}


def _record(link: ObjectRecord) -> dict[str, object]:
    record = link.record
    return {
        "id": record.pk,
        "control_number": record.control_number,
        "agency": record.control_agency,
        "title": record.title,
        "suppressed": record.suppressed,
        "marc": record.marc,
    }


def _shelves(obj: DigitalObject) -> list[dict[str, str]]:
    """Return the collections with those that they stand below, by name."""
    paths = {
        "".join(f"{code}/" for code in row.path.split("/")[:depth])
        for row in obj.collections.all()
        for depth in range(1, row.path.count("/") + 1)
    }
    rows = Collection.objects.filter(path__in=paths).in_tree_order()
    return [{"path": row.path, "name": row.name} for row in rows]


def _page(page: Page) -> dict[str, object]:
    return {
        "identifier": page.identifier,
        "position": page.position,
        "label": page.label,
        "file": page.master.logical_path if page.master else None,
        "frame": page.frame,
        "rotation": page.rotation,
        "outline": page.outline,
    }


def _text(text: PageText) -> dict[str, object]:
    return {
        "name": name_of_text(text),
        "page": text.page.identifier if text.page else None,
        "number": text.number,
        "locator": text.locator,
        "origin": text.origin,
        "engine": text.engine,
        "languages": text.languages,
        "revision": text.revision,
        "changed_at": text.changed_at,
        "changed_by": text.changed_by,
        "fits": text.page is None or text.fits(text.page),
    }


def name_of_text(text: PageText) -> str:
    """Return a name that sorts, and that says which page it is of when pages are moved."""
    if text.page is None:
        return f"unit-{text.number or 0:05}"
    return f"page-{text.page.position:05}-{text.page.identifier}"


def _recording(recording: Recording) -> dict[str, object]:
    return {
        "source": recording.source.logical_path,
        "position": recording.position,
        "title": recording.title,
        "chapters": [{"start": row.start, "title": row.title} for row in recording.chapters.all()],
        "captions": [
            {"kind": row.kind, "language": row.language, "file": row.file.logical_path}
            for row in recording.captions.select_related("file")
        ],
    }


def _file(file: DigitalFile) -> dict[str, object]:
    return {
        "path": file.logical_path,
        "name": file.name,
        "role": file.role,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "created_at": file.created_at,
        "frames": file.frames,
    }
