"""What a METS document is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file. `identifier` is its own; `sha256` and `size` stand where they are known."""

    identifier: str
    media_type: str
    href: str
    is_address: bool = True
    size: int = 0
    sha256: str = ""
    created_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one use: master, delivery, text, thumbnails."""

    use: str
    files: Sequence[File]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page in its place, and the files by which it is shown."""

    identifier: str
    order: int
    label: str
    files: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the contents: where it begins, and how deep it stands."""

    title: str
    level: int
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was done, when and how it ended. `agent` is empty where others must not know who."""

    kind: str
    at: datetime
    outcome: str
    detail: str = ""
    agent: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The whole object. `described` is XML in MODS; `rights` the address of the statement."""

    identifier: str
    label: str
    kind: str
    holder: str
    described: str
    created_at: datetime
    changed_at: datetime
    rights: str = ""
    rights_note: str = ""
    is_protected: bool = False
    groups: Sequence[FileGroup] = ()
    leaves: Sequence[Leaf] = ()
    parts: Sequence[Part] = ()
    events: Sequence[Event] = ()
