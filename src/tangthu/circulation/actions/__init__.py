"""What the library does with loans and lending rules. Nothing else writes them."""

from tangthu.circulation.actions.claims import claim_returned, drop_claim
from tangthu.circulation.actions.closings import begin_closing, move_batch, move_due_dates
from tangthu.circulation.actions.due_dates import change_due_date
from tangthu.circulation.actions.expectations import drop_expectation, keep_expectation
from tangthu.circulation.actions.holds import (
    cancel_hold,
    change_pickup,
    move_hold,
    place_hold,
    resume_hold,
    suspend_hold,
)
from tangthu.circulation.actions.holds_in_time import (
    forget_hold_readers,
    forget_holds_of,
    keep_holds_in_time,
)
from tangthu.circulation.actions.lateness import Lateness, forgive_lateness
from tangthu.circulation.actions.lending import check_out
from tangthu.circulation.actions.limits import clear_transfer_limit, set_transfer_limit
from tangthu.circulation.actions.lost import (
    expected_charge,
    forgive_harm,
    price_harm,
    report_damage,
    report_lost,
    settle_harm,
    take_replacement,
)
from tangthu.circulation.actions.past import (
    PastLoan,
    enter_past_loans,
    forget_lending_of,
    forget_own_past,
    forget_readers,
)
from tangthu.circulation.actions.proxies import add_helper, remove_helper
from tangthu.circulation.actions.recalls import recall_loan
from tangthu.circulation.actions.renewing import renew, renew_by_itself
from tangthu.circulation.actions.returning import CheckinResult, check_in
from tangthu.circulation.actions.rules import RuleData, clear_rule, set_rule, set_rules
from tangthu.circulation.actions.set_asides import release, set_aside
from tangthu.circulation.actions.sets import SetResult, lend_set
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
from tangthu.circulation.actions.used import note_used

__all__ = [
    "CheckinResult",
    "Lateness",
    "PastLoan",
    "RuleData",
    "SetResult",
    "add_helper",
    "add_station",
    "begin_closing",
    "cancel_hold",
    "cancel_transfer",
    "change_due_date",
    "change_pickup",
    "check_in",
    "check_out",
    "claim_returned",
    "clear_rule",
    "clear_transfer_limit",
    "close_station",
    "drop_claim",
    "drop_expectation",
    "enter_past_loans",
    "expected_charge",
    "forget_hold_readers",
    "forget_holds_of",
    "forget_lending_of",
    "forget_own_past",
    "forget_readers",
    "forgive_harm",
    "forgive_lateness",
    "keep_expectation",
    "keep_holds_in_time",
    "lend_set",
    "move_batch",
    "move_due_dates",
    "move_hold",
    "note_used",
    "open_station",
    "place_hold",
    "price_harm",
    "recall_loan",
    "receive_transfer",
    "release",
    "remove_helper",
    "remove_station",
    "renew",
    "renew_by_itself",
    "report_damage",
    "report_lost",
    "request_transfer",
    "resume_hold",
    "send_transfer",
    "set_aside",
    "set_rule",
    "set_rules",
    "set_transfer_limit",
    "settle_harm",
    "suspend_hold",
    "take_replacement",
]
