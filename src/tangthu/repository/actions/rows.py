"""The row of a file that lies in the store and was measured already."""

from __future__ import annotations

from django.utils import timezone

from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.storage import Digests


def add_row(
    obj: DigitalObject,
    stored: str,
    digests: Digests,
    *,
    role: FileRole,
    name: str,
    media_type: str,
    by: str,
) -> DigitalFile:
    """Write down what lies at `stored`. `by` is the person or the program that made it."""
    return DigitalFile.objects.create(
        object=obj,
        role=role,
        name=name,
        media_type=media_type,
        size=digests.size,
        sha256=digests.sha256,
        path=stored,
        created_at=timezone.now(),
        created_by=by,
    )
