"""What the library does with loans and lending rules. Nothing else writes them."""

from tangthu.circulation.actions.lending import CheckinResult, check_in, check_out, renew
from tangthu.circulation.actions.past import PastLoan, enter_past_loans, forget_readers
from tangthu.circulation.actions.rules import clear_rule, set_rule

__all__ = [
    "CheckinResult",
    "PastLoan",
    "check_in",
    "check_out",
    "clear_rule",
    "enter_past_loans",
    "forget_readers",
    "renew",
    "set_rule",
]
