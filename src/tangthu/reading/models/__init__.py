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
from tangthu.reading.models.requests import AccessRequest, AccessRequestQuerySet, RequestState

__all__ = [
    "AccessRequest",
    "AccessRequestQuerySet",
    "DigitalHold",
    "DigitalHoldQuerySet",
    "DigitalLoan",
    "DigitalLoanQuerySet",
    "DigitalRule",
    "Ending",
    "HoldState",
    "Licence",
    "LicenceQuerySet",
    "RequestState",
    "RestrictedView",
    "RestrictedViewQuerySet",
    "StandIn",
]
