"""At which hours a library lets its notices go."""

from __future__ import annotations

from tangthu.libraries.models import Library
from tangthu.libraries.reading import network
from tangthu.notices.policy import Hours


def hours_of(library: Library) -> Hours:
    """Return the hours that hold at the library."""
    known, chain = network(), library.chain
    return Hours(
        quiet_from=int(known.preference(chain, "notices_quiet_from")),
        quiet_until=int(known.preference(chain, "notices_quiet_until")),
        digest_at=int(known.preference(chain, "notices_digest_hour")),
    )
