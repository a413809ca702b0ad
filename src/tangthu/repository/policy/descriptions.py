"""What an archive or a bag tells of an object, read strictly: others may have written it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tangthu.repository.policy.identifiers import ALPHABET, LENGTH
from tangthu.repository.policy.kinds import Access, FileRole, ObjectKind, Restriction
from tangthu.repository.policy.limits import MOST_PAGES
from tangthu.repository.policy.texts import TextOrigin

_Name = Annotated[str, Field(pattern=f"^[{ALPHABET}]{{{LENGTH}}}$")]
_Path = Annotated[str, Field(max_length=400)]
_Line = Annotated[str, Field(max_length=500)]
_Note = Annotated[str, Field(max_length=100_000)]
_Count = Annotated[int, Field(ge=0, le=2_000_000_000)]


class Unreadable(ValueError):
    """What is told does not say what an object is."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LibraryTold(_Told):
    """The library that keeps the object."""

    code: Annotated[str, Field(max_length=40)] = ""


class RightsTold(_Told):
    """The statement of rights, by its short code."""

    code: Annotated[str, Field(max_length=16)] = ""
    note: _Line = ""


class ShelfTold(_Told):
    """A collection: its path from the root, and what it is called."""

    path: _Path
    name: Annotated[str, Field(max_length=200)]


class RecordTold(_Told):
    """A record of the catalogue: what it is known by, and itself as MARC in JSON."""

    id: _Count = 0
    control_number: _Line = ""
    agency: _Line = ""
    title: Annotated[str, Field(max_length=5_000)] = ""
    marc: Annotated[str, Field(max_length=2_000_000)] = ""
    suppressed: bool = False


class PageTold(_Told):
    """A page, and which picture of which file it shows."""

    identifier: _Name
    position: Annotated[int, Field(ge=-2_000_000_000, le=2_000_000_000)]
    label: Annotated[str, Field(max_length=40)] = ""
    file: _Path | None = None
    frame: _Count = 0
    rotation: Literal[0, 90, 180, 270] = 0
    outline: list[list[float]] | None = None


class SectionTold(_Told):
    """A line of the contents; `page` is the position of its first page."""

    title: Annotated[str, Field(max_length=300)]
    level: Annotated[int, Field(ge=1, le=20)] = 1
    page: int


class FileTold(_Told):
    """A kept file by its path within the archive."""

    path: _Path
    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Literal[FileRole.MASTER, FileRole.ORIGINAL, FileRole.TEXT]
    media_type: Annotated[str, Field(max_length=100)]
    size: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    created_at: datetime
    frames: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1


class TextTold(_Told):
    """The text of a page or a unit; `name` is what its layout is called among the texts."""

    name: _Line
    page: _Name | None = None
    number: _Count | None = None
    locator: Annotated[str, Field(max_length=300)] = ""
    origin: TextOrigin
    engine: Annotated[str, Field(max_length=100)] = ""
    languages: Annotated[str, Field(max_length=60)] = ""
    revision: Annotated[int, Field(ge=1, le=2_000_000_000)] = 1
    changed_at: datetime
    changed_by: Annotated[str, Field(max_length=150)] = ""
    fits: bool = True


class ChapterTold(_Told):
    """Where a part of a recording begins, in milliseconds."""

    start: _Count
    title: Annotated[str, Field(max_length=300)]


class CaptionsTold(_Told):
    """What a recording says, in one language: the path of the file."""

    kind: Literal["spoken", "translation"]
    language: Annotated[str, Field(min_length=2, max_length=3)]
    file: _Path


class RecordingTold(_Told):
    """Something to listen to or to watch; `source` is the path of its file."""

    source: _Path
    position: _Count
    title: Annotated[str, Field(max_length=300)] = ""
    chapters: Annotated[list[ChapterTold], Field(max_length=1_000)] = []
    captions: Annotated[list[CaptionsTold], Field(max_length=100)] = []


class EventTold(_Told):
    """What was done before the object came here."""

    type: Annotated[str, Field(max_length=30)]
    at: datetime
    agent: Annotated[str, Field(max_length=150)] = ""
    outcome: Annotated[str, Field(max_length=10)]
    detail: _Line = ""
    file: _Path | None = None


class Description(BaseModel):
    """An object in words. What apps above this one added stands beside, under their names."""

    model_config = ConfigDict(frozen=True, extra="allow")

    identifier: _Name
    title: Annotated[str, Field(min_length=1, max_length=500)]
    description: _Note = ""
    kind: ObjectKind
    languages: Annotated[list[Annotated[str, Field(max_length=3)]], Field(max_length=15)] = []
    library: LibraryTold = LibraryTold()
    collections: Annotated[list[_Path], Field(max_length=200)] = []
    shelves: Annotated[list[ShelfTold], Field(max_length=1_000)] = []
    records: Annotated[list[RecordTold], Field(max_length=500)] = []
    rights: RightsTold = RightsTold()
    access: Access = Access.STAFF
    embargo_until: date | None = None
    restriction: Restriction = Restriction.NONE
    watermark: bool = False
    consent: _Note = ""
    provenance: _Note = ""
    printed_pages: _Count | None = None
    pages: Annotated[list[PageTold], Field(max_length=MOST_PAGES)] = []
    sections: Annotated[list[SectionTold], Field(max_length=10_000)] = []
    files: Annotated[list[FileTold], Field(max_length=50_000)] = []
    texts: Annotated[list[TextTold], Field(max_length=50_000)] = []
    recordings: Annotated[list[RecordingTold], Field(max_length=5_000)] = []
    events: Annotated[list[EventTold], Field(max_length=200_000)] = []

    def part(self, name: str) -> object:
        """Return what an app above told under its name, None where it told nothing."""
        return (self.model_extra or {}).get(name)


def read(text: str | bytes) -> Description:
    """Read a description as `describing` writes it. Raises Unreadable."""
    try:
        return Description.model_validate_json(text)
    except (ValidationError, ValueError) as error:
        raise Unreadable(str(error)[:500]) from error
