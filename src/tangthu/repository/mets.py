"""An object as METS: for its archive, and for others who harvest it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tangthu.catalogue.models import Record
from tangthu.formats import mets, mods
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.storage import loads
from tangthu.formats.mets import Event, File, FileGroup, Leaf, Part, Work
from tangthu.repository import naming
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.kinds import FileRole, ObjectKind
from tangthu.repository.policy.rights import PROTECTED, Rights

RESOURCES: Mapping[str, str] = {
    ObjectKind.AUDIO: "sound recording",
    ObjectKind.VIDEO: "moving image",
    ObjectKind.DATA: "software, multimedia",
}
MOST_EVENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How others reach the parts of an object: its own address, pages, files. Ours, or theirs.

    `pages` gives each page's files by their use; `names_agents` is for the library's own archive.
    """

    address: str
    pages: Callable[[Page], Mapping[str, File]]
    files: Callable[[DigitalFile], File | None]
    names_agents: bool = False


def document_of(obj: DigitalObject, way: Way) -> str:
    """Return the object as one METS element, without an XML declaration."""
    return mets.write(work_of(obj, way))


def work_of(obj: DigitalObject, way: Way) -> Work:
    """Return the object in the words of METS."""
    pages = list(obj.pages.with_files())
    leaves, groups = _pages(pages, way)
    for row in obj.files.current().exclude(role=FileRole.DELIVERY).order_by("role", "id"):
        told = way.files(row)
        if told is not None:
            groups.setdefault(row.role.upper(), []).append(told)
    rights = Rights(obj.rights) if obj.rights else None
    return Work(
        identifier=str(naming.of_object(obj.identifier)),
        label=obj.title,
        kind=obj.kind,
        holder=obj.library.name,
        described=described(obj, way.address),
        created_at=obj.created_at,
        changed_at=obj.updated_at,
        rights=rights.uri if rights else "",
        rights_note=obj.rights_note,
        is_protected=rights in PROTECTED,
        groups=[FileGroup(use, files) for use, files in groups.items()],
        leaves=[_with_known(leaf, groups) for leaf in leaves],
        parts=_parts(obj, pages),
        events=_events(obj, way),
    )


def described(obj: DigitalObject, address: str) -> str:
    """Return the object's description in MODS: its first record's, or what it says of itself."""
    rights = Rights(obj.rights).uri if obj.rights else ""
    names = {"ark": str(naming.of_object(obj.identifier))}
    record = first_record(obj)
    if record is not None:
        about = describe(loads(record.marc))
        return mods.write(about, identifiers=names, urls=[address], rights=rights)
    return mods.plain(
        obj.title,
        summary=obj.description,
        resource=RESOURCES.get(obj.kind, "text"),
        languages=obj.language_codes,
        identifiers=names,
        urls=[address],
        rights=rights,
    )


def first_record(obj: DigitalObject) -> Record | None:
    """Return the record that the object is named by, if the public may see it."""
    links = sorted(obj.links.all(), key=lambda link: (link.position, link.pk))
    shown = (link.record for link in links if not link.record.suppressed)
    return next(shown, None)


def archived(obj: DigitalObject) -> str:
    """Return the METS document that lies in the object's bag, its files by their paths there."""

    def kept(row: DigitalFile) -> File:
        return File(
            identifier=row.identifier,
            media_type=row.media_type,
            href=row.logical_path,
            is_address=False,
            size=row.size,
            sha256=row.sha256,
            created_at=row.created_at,
            name=row.name,
        )

    def of_page(page: Page) -> dict[str, File]:
        return {"MASTER": kept(page.master)} if page.master else {}

    way = Way(address=f"/read/{obj.identifier}/", pages=of_page, files=kept, names_agents=True)
    return document_of(obj, way)


def _pages(pages: list[Page], way: Way) -> tuple[list[Leaf], dict[str, list[File]]]:
    """Return the pages and the files they are shown by, each file once."""
    groups: dict[str, dict[str, File]] = {}
    leaves = []
    for page in pages:
        shown = way.pages(page)
        for use, file in shown.items():
            groups.setdefault(use, {})[file.identifier] = file
        leaves.append(
            Leaf(
                identifier=page.identifier,
                order=page.position,
                label=page.shown_label,
                files=[file.identifier for file in shown.values()],
            )
        )
    return leaves, {use: list(files.values()) for use, files in groups.items() if use != "MASTER"}


def _with_known(leaf: Leaf, groups: Mapping[str, Sequence[File]]) -> Leaf:
    """Leave out a file that is not told of: a master that was replaced by another."""
    known = {file.identifier for files in groups.values() for file in files}
    return replace(leaf, files=[name for name in leaf.files if name in known])


def _parts(obj: DigitalObject, pages: list[Page]) -> list[Part]:
    names = {page.pk: page.identifier for page in pages}
    return [
        Part(row.title, row.level, names[row.first_page_id])
        for row in obj.sections.all()
        if row.first_page_id in names
    ]


def _events(obj: DigitalObject, way: Way) -> list[Event]:
    if not way.names_agents:
        return [
            Event(kind=row.kind, at=row.at, outcome=row.outcome)
            for row in obj.events.filter(file=None).order_by("id")[:MOST_EVENTS]
        ]
    return [
        Event(
            kind=row.kind,
            at=row.at,
            outcome=row.outcome,
            detail=row.detail,
            agent=row.agent,
            file=row.file.identifier if row.file else "",
        )
        for row in obj.events.select_related("file").order_by("id")
    ]
