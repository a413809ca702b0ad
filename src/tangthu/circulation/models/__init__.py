"""The facts of lending: rules, loans, and the acts that statistics count."""

from tangthu.circulation.models.closings import Closing, ClosingQuerySet
from tangthu.circulation.models.events import LoanEvent, LoanEventKind
from tangthu.circulation.models.expectations import Expectation
from tangthu.circulation.models.harms import (
    HarmKind,
    HarmQuerySet,
    HarmReport,
    HarmSettlement,
)
from tangthu.circulation.models.holds import (
    OPEN_STATES,
    TRAPPED_STATES,
    CancelReason,
    Hold,
    HoldQuerySet,
    HoldState,
    Recall,
    RecallQuerySet,
)
from tangthu.circulation.models.loans import Loan, LoanEnding, LoanQuerySet
from tangthu.circulation.models.proxies import Helper, HelperQuerySet
from tangthu.circulation.models.rules import LendingRule, LendingRuleQuerySet
from tangthu.circulation.models.set_asides import SetAside, SetAsidePurpose
from tangthu.circulation.models.stations import Station, StationQuerySet
from tangthu.circulation.models.transfers import (
    Stay,
    Transfer,
    TransferLimit,
    TransferLimitQuerySet,
    TransferQuerySet,
    TransferReason,
)

__all__ = [
    "OPEN_STATES",
    "TRAPPED_STATES",
    "CancelReason",
    "Closing",
    "ClosingQuerySet",
    "Expectation",
    "HarmKind",
    "HarmQuerySet",
    "HarmReport",
    "HarmSettlement",
    "Helper",
    "HelperQuerySet",
    "Hold",
    "HoldQuerySet",
    "HoldState",
    "LendingRule",
    "LendingRuleQuerySet",
    "Loan",
    "LoanEnding",
    "LoanEvent",
    "LoanEventKind",
    "LoanQuerySet",
    "Recall",
    "RecallQuerySet",
    "SetAside",
    "SetAsidePurpose",
    "Station",
    "StationQuerySet",
    "Stay",
    "Transfer",
    "TransferLimit",
    "TransferLimitQuerySet",
    "TransferQuerySet",
    "TransferReason",
]
