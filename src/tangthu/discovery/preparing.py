"""From rows of the catalogue to lines of the index. Pure: worker processes import only this."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterable

from tangthu.discovery.documents import Row, documents_of
from tangthu.discovery.embedded.rows import row


def lines(rows: Iterable[Row]) -> list[str]:
    """Return the lines of these rows, made from their MARC."""
    return [row(document) for document in documents_of(rows)]


def begin_worker(parent: int) -> None:
    """Make this process ready to prepare records for another one, and to end with it.

    Records make no cycles, and looking for some would take a third of the time.
    """
    gc.disable()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # A rebuild that is killed cannot tell its workers, who would wait for ever.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
