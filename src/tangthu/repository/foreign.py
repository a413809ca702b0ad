"""What bags of other institutions tell of the document in them: by METS, or by their label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from tangthu.formats import mets
from tangthu.formats.bagit import Bag
from tangthu.repository.labels import LANGUAGES
from tangthu.repository.policy.content import PAGE_TYPES, PDF, kind_of
from tangthu.repository.policy.descriptions import (
    Description,
    FileTold,
    PageTold,
    RightsTold,
    SectionTold,
)
from tangthu.repository.policy.identifiers import new_identifier
from tangthu.repository.policy.kinds import FileRole, ObjectKind
from tangthu.repository.policy.limits import MOST_PAGES
from tangthu.repository.policy.names import natural_key, safe_name
from tangthu.repository.policy.rights import Rights

_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_FIRST = (ObjectKind.PAGE_IMAGES, ObjectKind.EPUB, ObjectKind.PDF, ObjectKind.VIDEO)


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the payload after it was looked at."""

    media_type: str
    size: int
    sha256: str
    frames: int


def payload_of(bag: Bag) -> list[str]:
    """Return the names of what is taken over, as people number their scans."""
    names = (name for name in bag.payload if not _is_litter(name))
    return sorted(names, key=natural_key)


def work_of(bag: Bag) -> mets.ReadWork | None:
    """Return what the bag's METS tells, None where there is none that can be read."""
    named = [*bag.tags.items(), *bag.payload.items()]
    for name, path in named:
        plain = name.rpartition("/")[2].casefold()
        if plain.endswith(".xml") and "mets" in plain and path.stat().st_size <= mets.LARGEST:
            try:
                return mets.read(path.read_bytes())
            except mets.NotMets:
                continue
    return None


def names_of(bag: Bag, work: mets.ReadWork | None, name: str) -> list[str]:
    """Return what the document may be known by in a catalogue, the surest first."""
    told = (*(work.identifiers if work else ()), bag.told("External-Identifier"), name)
    return [each for each in dict.fromkeys(told) if each and len(each) <= 100]


def described(
    bag: Bag, work: mets.ReadWork | None, found: Mapping[str, Found], *, name: str
) -> Description:
    """Return the description of the object that the bag becomes."""
    title = (work.title if work else "") or bag.told("External-Description") or name
    address = work.rights if work else bag.told("Rights")
    code = _rights(address)
    languages = [each for each in (work.languages if work else ()) if each in LANGUAGES]
    pages = _pages(work, found)
    labels = ("Source-Organization", "Contact-Name", "External-Identifier", "Bagging-Date")
    told = [f"{label}: {bag.told(label)}" for label in labels if bag.told(label)]
    return Description(
        identifier=new_identifier(),
        title=title[:500] or "?",
        description=bag.told("External-Description") if work and work.title else "",
        kind=_kind(found),
        languages=languages[:15],
        rights=RightsTold(code=code, note="" if code else address[:500]),
        provenance="\n".join(told),
        pages=pages,
        sections=_sections(work, pages),
        files=[_file(path, each, pages) for path, each in found.items()],
    )


def _kind(found: Mapping[str, Found]) -> ObjectKind:
    kinds = {kind_of(each.media_type) for each in found.values()} - {ObjectKind.DATA}
    for kind in _FIRST:
        if kind in kinds:
            return kind
    return next(iter(sorted(kinds)), ObjectKind.DATA)


def _pages(work: mets.ReadWork | None, found: Mapping[str, Found]) -> list[PageTold]:
    images = {path for path, each in found.items() if each.media_type in PAGE_TYPES - {PDF}}
    places: list[tuple[str, str]] = []
    for page in work.pages if work else ():
        shown = next((path for path in page.files if path in images), None)
        if shown is not None:
            places.append((shown, page.label))
    if not places:
        places = [(path, "") for path in found if path in images]
    sheets = [(path, label, frame) for path, label in places for frame in range(found[path].frames)]
    return [
        PageTold(identifier=new_identifier(), position=at, label=label, file=path, frame=frame)
        for at, (path, label, frame) in enumerate(sheets[:MOST_PAGES], 1)
    ]


def _sections(work: mets.ReadWork | None, pages: Sequence[PageTold]) -> list[SectionTold]:
    if work is None or len(work.pages) != len(pages):
        return []
    return [
        SectionTold(title=title, level=level, page=pages[at].position)
        for title, level, at in work.parts
    ]


def _file(path: str, found: Found, pages: Sequence[PageTold]) -> FileTold:
    shown = any(page.file == path for page in pages)
    return FileTold(
        path=path,
        name=safe_name(path),
        role=FileRole.MASTER if shown else FileRole.ORIGINAL,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        created_at=timezone.now(),
        frames=found.frames,
    )


def _rights(address: str) -> str:
    plain = address.split("://")[-1].rstrip("/").removeprefix("www.")
    for each in Rights:
        if each.uri.split("://")[-1].rstrip("/") == plain:
            return str(each)
    return ""


def _is_litter(name: str) -> bool:
    last = name.rpartition("/")[2].casefold()
    return last in _LITTER or last.startswith("._") or name.startswith("__MACOSX/")
