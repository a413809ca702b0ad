"""An object in words that outlive the database: what lies beside its masters in the archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangthu.repository.models import DigitalFile, DigitalObject, ObjectRecord, Page
from tangthu.repository.policy.rights import Rights

Teller = Callable[[DigitalObject], Mapping[str, object]]

_tellers: dict[str, Teller] = {}


def register(part: str, teller: Teller) -> None:
    """Let an app above tell a part of an object's description, under a name of its own."""
    _tellers[part] = teller


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
        "pages": [_page(page) for page in obj.pages.with_files()],
        "sections": [
            {"title": row.title, "level": row.level, "page": row.first_page.position}
            for row in obj.sections.select_related("first_page")
        ],
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
    }


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


def _file(file: DigitalFile) -> dict[str, object]:
    return {
        "path": file.logical_path,
        "name": file.name,
        "role": file.role,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "created_at": file.created_at,
    }
