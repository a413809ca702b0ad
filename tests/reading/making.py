"""Books for tests, made on the spot: a PDF, an EPUB and a Word document with Vietnamese text."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils import timezone

from tangthu.repository import storage
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import FileRole


def keep_file(
    obj: DigitalObject,
    content: bytes,
    *,
    name: str,
    media_type: str,
    role: FileRole = FileRole.ORIGINAL,
) -> DigitalFile:
    """Put these bytes into the store as a file of the object."""
    stored = storage.new_delivery(obj.identifier, Path(name).suffix)
    path = storage.file_path(stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return DigitalFile.objects.create(
        object=obj,
        role=role,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=stored,
        created_at=timezone.now(),
    )
