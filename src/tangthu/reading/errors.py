from __future__ import annotations

from tangthu.core.errors import Conflict


class PlacesNotKept(Conflict):
    """The reader wants no places and marks kept on the card."""

    code = "places_not_kept"


class TooManyMarks(Conflict):
    """The reader has as many marks in the document as are kept."""

    code = "too_many_marks"


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
