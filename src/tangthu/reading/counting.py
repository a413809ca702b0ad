"""Counting what a visitor of a page does with an object."""

from __future__ import annotations

import logging

from django.db import OperationalError

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.reading.actions.usage import note_use
from tangthu.reading.policy.counter import Use
from tangthu.repository.models import DigitalObject

logger = logging.getLogger("tangthu.reading")


def note(request: LibraryRequest, obj: DigitalObject, use: Use) -> None:
    """Count one use of the object by who asks. A glance (HEAD) is none."""
    if request.method == "HEAD":
        return
    try:
        note_use(
            obj,
            use,
            by=request.actor,
            address=client_address(request) or "",
            program=request.headers.get("User-Agent", ""),
        )
    except OperationalError:
        # The database is busy. A page that is not counted is better than one that is not shown.
        logger.warning("a use was not counted", exc_info=True)
