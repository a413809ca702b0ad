"""What the library does with loans and lending rules. Nothing else writes them."""

from tangthu.circulation.actions.holds import (
    cancel_hold,
    change_pickup,
    move_hold,
    place_hold,
    resume_hold,
    suspend_hold,
)
from tangthu.circulation.actions.holds_in_time import forget_hold_readers, keep_holds_in_time
from tangthu.circulation.actions.lending import CheckinResult, check_in, check_out, renew
from tangthu.circulation.actions.past import (
    PastLoan,
    enter_past_loans,
    forget_own_past,
    forget_readers,
)
from tangthu.circulation.actions.recalls import recall_loan
from tangthu.circulation.actions.rules import clear_rule, set_rule
from tangthu.circulation.actions.set_asides import release, set_aside
from tangthu.circulation.actions.stations import (
    add_station,
    close_station,
    open_station,
    remove_station,
)
from tangthu.circulation.actions.transports import (
    cancel_transfer,
    receive_transfer,
    request_transfer,
    send_transfer,
)

__all__ = [
    "CheckinResult",
    "PastLoan",
    "add_station",
    "cancel_hold",
    "cancel_transfer",
    "change_pickup",
    "check_in",
    "check_out",
    "clear_rule",
    "close_station",
    "enter_past_loans",
    "forget_hold_readers",
    "forget_own_past",
    "forget_readers",
    "keep_holds_in_time",
    "move_hold",
    "open_station",
    "place_hold",
    "recall_loan",
    "receive_transfer",
    "release",
    "remove_station",
    "renew",
    "request_transfer",
    "resume_hold",
    "send_transfer",
    "set_aside",
    "set_rule",
    "suspend_hold",
]
