"""The row of a file that lies in the store and was measured already."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.storage import Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A file that lies in the store and has no row yet."""

    stored: str
    name: str
    media_type: str
    digests: Digests
    frames: int = 1


def add_row(
    obj: DigitalObject, file: Measured, *, role: FileRole, by: str, page: Page | None = None
) -> DigitalFile:
    """Write down what lies in the store. `by` is the person or the program that made it."""
    return DigitalFile.objects.create(
        object=obj,
        page=page,
        role=role,
        name=file.name,
        media_type=file.media_type,
        size=file.digests.size,
        sha256=file.digests.sha256,
        path=file.stored,
        frames=file.frames,
        created_at=timezone.now(),
        created_by=by,
    )
