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

__all__ = [
    "DigitalHold",
    "DigitalHoldQuerySet",
    "DigitalLoan",
    "DigitalLoanQuerySet",
    "DigitalRule",
    "Ending",
    "HoldState",
    "Licence",
    "LicenceQuerySet",
    "RestrictedView",
    "RestrictedViewQuerySet",
    "StandIn",
]
