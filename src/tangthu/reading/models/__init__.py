from __future__ import annotations

from tangthu.reading.models.licences import DigitalRule, Licence, LicenceQuerySet, StandIn
from tangthu.reading.models.loans import (
    DigitalHold,
    DigitalHoldQuerySet,
    DigitalLoan,
    DigitalLoanQuerySet,
    Ending,
    HoldState,
)
from tangthu.reading.models.opened import RestrictedView, RestrictedViewQuerySet
from tangthu.reading.models.places import (
    MARK_LABELS,
    Mark,
    MarkKind,
    Place,
    PlaceQuerySet,
    ReadingChoice,
)
from tangthu.reading.models.protection import LcpLoan, LcpLoanQuerySet, Passphrase
from tangthu.reading.models.requests import AccessRequest, AccessRequestQuerySet, RequestState
from tangthu.reading.models.usage import UsageEvent, UsageMonth, UsageSalt

__all__ = [
    "MARK_LABELS",
    "AccessRequest",
    "AccessRequestQuerySet",
    "DigitalHold",
    "DigitalHoldQuerySet",
    "DigitalLoan",
    "DigitalLoanQuerySet",
    "DigitalRule",
    "Ending",
    "HoldState",
    "LcpLoan",
    "LcpLoanQuerySet",
    "Licence",
    "LicenceQuerySet",
    "Mark",
    "MarkKind",
    "Passphrase",
    "Place",
    "PlaceQuerySet",
    "ReadingChoice",
    "RequestState",
    "RestrictedView",
    "RestrictedViewQuerySet",
    "StandIn",
    "UsageEvent",
    "UsageMonth",
    "UsageSalt",
]
