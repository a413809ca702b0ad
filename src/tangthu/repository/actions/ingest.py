"""What becomes of a file that was sent: pages of an object, or a file of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tangthu.core.actor import Actor
from tangthu.repository import archives, storage
from tangthu.repository.actions.files import Incoming, add_file, add_page_images, require_kept
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import PAGE_TYPES, ZIP
from tangthu.repository.policy.identifiers import new_identifier
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.policy.names import natural_key


def take_in(obj: DigitalObject, file: Incoming, *, by: Actor) -> int:
    """Add what was sent to the object; return how many pages or files it made.

    For page images: pictures, PDFs, and ZIP files of them in the order of their names. Else the
    file is kept as it is. Raises FileRefused and what `add_page_images` raises.
    """
    media_type = require_kept(file.path, file.name)
    if obj.kind != ObjectKind.PAGE_IMAGES:
        add_file(obj, file, by=by)
        return 1
    if media_type == ZIP:
        with unpacked(file.path) as files:
            return len(add_page_images(obj, files, by=by))
    if media_type not in PAGE_TYPES:
        raise FileRefused("unknown_type", name=file.name)
    return len(add_page_images(obj, [file], by=by))


@contextmanager
def unpacked(path: Path) -> Iterator[Sequence[Incoming]]:
    """Unpack a ZIP file of scans for as long as they are looked at. Raises FileRefused."""
    with archives.opened(path) as archive, working_folder() as folder:
        infos = sorted(archives.entries(archive), key=lambda info: natural_key(info.filename))
        if not infos:
            raise FileRefused("nothing_inside")
        files = []
        for number, info in enumerate(infos):
            target = folder / str(number)
            archives.extract(archive, info, target)
            files.append(Incoming(target, info.filename))
        yield files


@contextmanager
def working_folder() -> Iterator[Path]:
    """Give a folder in the store that goes when the work is over."""
    folder = storage.file_path(f"{storage.STAGING}/{new_identifier()}.work")
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
