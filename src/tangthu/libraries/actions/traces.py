"""What every deed of the libraries checks first and leaves behind."""

from __future__ import annotations

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.models import CalendarEntry, Location, PreferenceValue

LIBRARY_CHANGED = "library"


def require_words(**words: str) -> None:
    """Raise LibraryRefused, which names the field, when one of the words is blank."""
    for field, text in words.items():
        if not text.strip():
            raise LibraryRefused(field, fault="blank")


def note(
    action: str,
    row: Location | CalendarEntry | PreferenceValue,
    *,
    by: Actor,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    """Write the change of a row of the library's down in the audit log."""
    audit.record(
        action,
        by=by,
        kind=row._meta.model_name or "",
        key=row.pk,
        library=row.library_id,
        before=before,
        after=after,
    )
