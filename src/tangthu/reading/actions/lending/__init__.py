"""The deeds of electronic lending. Nothing else writes licences, electronic loans and holds.

Rows are locked in one order: the object, its printed copies, the patron. What is written about a
loan or a hold in the audit log names it, never its reader.
"""

from __future__ import annotations

from tangthu.reading.actions.lending.borrowing import borrow, give_back, renew_loan
from tangthu.reading.actions.lending.forgetting import (
    forget_digital_lending_of,
    forget_digital_readers,
)
from tangthu.reading.actions.lending.lcp import (
    choose_passphrase,
    licence_document,
    look_at_licences,
    status_document,
    tell_server,
)
from tangthu.reading.actions.lending.licences import (
    LicenceData,
    add_licence,
    change_licence,
    clear_digital_rule,
    restart_licence,
    set_digital_rule,
    stop_licence,
)
from tangthu.reading.actions.lending.queueing import cancel_digital_hold, place_digital_hold
from tangthu.reading.actions.lending.settling import settle_all, settle_copy

__all__ = [
    "LicenceData",
    "add_licence",
    "borrow",
    "cancel_digital_hold",
    "change_licence",
    "choose_passphrase",
    "clear_digital_rule",
    "forget_digital_lending_of",
    "forget_digital_readers",
    "give_back",
    "licence_document",
    "look_at_licences",
    "place_digital_hold",
    "renew_loan",
    "restart_licence",
    "set_digital_rule",
    "settle_all",
    "settle_copy",
    "status_document",
    "stop_licence",
    "tell_server",
]
