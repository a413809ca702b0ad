"""Why harvesting stops, and why a name is not given.

Conflict
├── HarvestRunning      somebody else is at it
Invalid
├── SourceTaken         the library harvests this set already
TangthuError
├── HarvestFailed       the other repository did not answer as it should; `reason` is a code
├── RegistryDown        the registry of names cannot be reached, or is busy
└── RegistryRefused     it will not; `answered` is its status
"""

from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, TangthuError


class HarvestRunning(Conflict):
    """The source is being harvested."""

    code = "harvest_running"


class SourceTaken(Invalid):
    """The library harvests this set from this address already."""

    code = "harvest_source_taken"


class HarvestFailed(TangthuError):
    """The other repository did not answer as it should."""

    code = "harvest_failed"
    status = 502

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class RegistryDown(TangthuError):
    """The registry of names cannot be reached, or has no time."""

    code = "registry_down"
    status = 502


class RegistryRefused(TangthuError):
    """The registry of names does not do what it was asked."""

    code = "registry_refused"

    def __init__(self, answered: int) -> None:
        super().__init__(answered=answered)
        self.answered = answered
