"""The facts of lending: rules, loans, and the acts that statistics count."""

from tangthu.circulation.models.events import LoanEvent, LoanEventKind
from tangthu.circulation.models.loans import Loan, LoanQuerySet
from tangthu.circulation.models.rules import LendingRule, LendingRuleQuerySet

__all__ = [
    "LendingRule",
    "LendingRuleQuerySet",
    "Loan",
    "LoanEvent",
    "LoanEventKind",
    "LoanQuerySet",
]
