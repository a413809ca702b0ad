"""The facts of lending: rules, loans, and the acts that statistics count."""

from tangthu.circulation.models.events import LoanEvent, LoanEventKind
from tangthu.circulation.models.loans import Loan, LoanQuerySet
from tangthu.circulation.models.rules import LendingRule, LendingRuleQuerySet
from tangthu.circulation.models.set_asides import SetAside, SetAsidePurpose
from tangthu.circulation.models.stations import Station, StationQuerySet

__all__ = [
    "LendingRule",
    "LendingRuleQuerySet",
    "Loan",
    "LoanEvent",
    "LoanEventKind",
    "LoanQuerySet",
    "SetAside",
    "SetAsidePurpose",
    "Station",
    "StationQuerySet",
]
