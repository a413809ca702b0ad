"""Which files that the database speaks of are not where they should be. Reads no file."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.repository import storage
from tangthu.repository.models import DigitalFile
from tangthu.repository.policy.kinds import FileRole


@dataclass(frozen=True, slots=True)
class Lost:
    """How many masters and reading copies are gone."""

    masters: int
    copies: int


def lost_files() -> Lost:
    """Count what is gone: each file is looked for in its folder, or in the list of the bucket."""
    kept_in = storage.bucket()
    there = None
    if kept_in is not None:
        folders = (storage.MASTERS, storage.DELIVERY, storage.STAGING)
        there = {name for folder in folders for name, _size in kept_in.names(folder)}
    masters = copies = 0
    rows = DigitalFile.objects.current().values_list("path", "role")
    for path, role in rows.iterator(chunk_size=2_000):
        is_there = storage.file_path(path).exists() if there is None else path in there
        if not is_there and role == FileRole.DELIVERY:
            copies += 1
        elif not is_there:
            masters += 1
    return Lost(masters, copies)
