"""What this app tells the feed."""

from __future__ import annotations

from tangthu.core import changes
from tangthu.repository.models import DigitalObject

OBJECT_CHANGED = "object"


def tell(obj: DigitalObject) -> None:
    """Say that the object, its pages or its files are new or different."""
    changes.append(OBJECT_CHANGED, [obj.pk], library=obj.library_id)
