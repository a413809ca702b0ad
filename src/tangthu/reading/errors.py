from __future__ import annotations

from tangthu.core.errors import Conflict


class AccessNotNeeded(Conflict):
    """The document opens already, or no request could open it. `reason` names why."""

    code = "access_request_not_needed"


class AccessAlreadyAsked(Conflict):
    """The reader's earlier request for the document still waits."""

    code = "access_already_asked"


class AccessAlreadyDecided(Conflict):
    """Somebody else answered the request, or the reader took it back. `state` tells."""

    code = "access_already_decided"


class TooManyAccessRequests(Conflict):
    """The reader has as many requests waiting as are taken."""

    code = "too_many_access_requests"
