"""Handing publications over to be encrypted: into the folder that `lcpencrypt` watches.

It encrypts what it finds there, keeps the key at the licence server and takes the file away. The
file's name is the publication's (`-usefnas uuid`).
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from pathlib import Path

from django.conf import settings

from tangthu.reading.readers import SHOWN_ROLES
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.content import EPUB, PDF

logger = logging.getLogger("tangthu.reading.lcp")

ENDINGS = {EPUB: ".epub", PDF: ".pdf"}

BEING_WRITTEN = ".tangthu"
"""The folder within the watched one in which files are written before they appear.

`lcpencrypt` takes up whatever name appears in its folder, but looks into no folder within it; and
such a folder is surely on the same disk, and open to whoever may write into the one above.
"""


def file_to_encrypt(obj: DigitalObject) -> DigitalFile | None:
    """Return the file that is lent with LCP: an EPUB where there is one, else a PDF."""
    rows = obj.files.current().filter(role__in=SHOWN_ROLES, page_shown=None)
    return rows.filter(media_type__in=sorted(ENDINGS)).order_by("media_type", "role", "-id").first()


def hand_over(file: DigitalFile, publication: str) -> bool:
    """Put the file into the folder under the publication's name; return whether that went well.

    It appears there whole: `lcpencrypt` takes up what it sees appear.
    """
    folder = Path(settings.LCP_FOLDER)
    name = publication + ENDINGS[file.media_type]
    beside = folder / BEING_WRITTEN / name
    try:
        beside.parent.mkdir(exist_ok=True)
        shutil.copyfile(storage.path_of(file), beside)
        beside.replace(folder / name)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        logger.error("not handed over to be encrypted", extra={"file": name, "seen": str(error)})
        return False
    return True
