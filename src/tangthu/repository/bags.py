"""An object handed out whole: a BagIt bag (RFC 8493) of its masters and all that is known of it."""

from __future__ import annotations

import json
from pathlib import Path

from tangthu.formats import markup
from tangthu.repository import storage
from tangthu.repository.describing import description_of
from tangthu.repository.mets import archived
from tangthu.repository.models import DigitalFile, DigitalObject

METS_NAME = "mets.xml"


def write_bag(obj: DigitalObject, folder: Path) -> Path:
    """Make a bag of the object's current masters, originals and texts in an empty folder.

    Files are linked where the file system can, so a bag of 100 GB takes seconds and no room.
    """
    import bagit

    folder.mkdir(parents=True, exist_ok=True)
    for file in DigitalFile.objects.filter(object=obj).current().exclude(role="delivery"):
        storage.link_or_copy(storage.path_of(file), folder / file.logical_path)
    about = json.dumps(description_of(obj), ensure_ascii=False, indent=1, default=str)
    (folder / "object.json").write_text(about + "\n", encoding="utf-8")
    (folder / METS_NAME).write_text(f"{markup.HEADER}{archived(obj)}\n", encoding="utf-8")
    described = {
        "Source-Organization": obj.library.name,
        "External-Identifier": obj.identifier,
        "External-Description": obj.title,
        "Bag-Software-Agent": "tangthu",
    }
    bagit.make_bag(str(folder), described, checksums=["sha256", "sha512"])
    return folder
