"""At which hours a library lets its notices go."""

from __future__ import annotations

from tangthu.libraries.models import Library
from tangthu.libraries.reading import preference
from tangthu.notices.policy import Hours


def hours_of(library: Library) -> Hours:
    """Return the hours that hold at the library."""
    return Hours(
        quiet_from=int(preference(library, "notices_quiet_from")),
        quiet_until=int(preference(library, "notices_quiet_until")),
        digest_at=int(preference(library, "notices_digest_hour")),
    )
