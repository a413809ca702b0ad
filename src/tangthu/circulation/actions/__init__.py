"""What the library does with loans and lending rules. Nothing else writes them."""

from tangthu.circulation.actions.lending import CheckinResult, check_in, check_out, renew
from tangthu.circulation.actions.past import (
    PastLoan,
    enter_past_loans,
    forget_own_past,
    forget_readers,
)
from tangthu.circulation.actions.rules import clear_rule, set_rule
from tangthu.circulation.actions.set_asides import release, set_aside
from tangthu.circulation.actions.stations import (
    add_station,
    close_station,
    open_station,
    remove_station,
)

__all__ = [
    "CheckinResult",
    "PastLoan",
    "add_station",
    "check_in",
    "check_out",
    "clear_rule",
    "close_station",
    "enter_past_loans",
    "forget_own_past",
    "forget_readers",
    "open_station",
    "release",
    "remove_station",
    "renew",
    "set_aside",
    "set_rule",
]
