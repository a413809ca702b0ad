"""The deeds of money. Nothing else writes to the ledger."""

from tangthu.fees.actions.bankfiles import (
    bring_in,
    credit_line,
    forget_words,
    match_line,
    set_line_aside,
)
from tangthu.fees.actions.cardfees import (
    CardFeeData,
    add_exemption,
    charge_card_fee,
    drop_card_fee,
    end_exemption,
    grant_exemption,
    set_card_fee,
)
from tangthu.fees.actions.cash import (
    add_drawer,
    bring_cash,
    change_drawer,
    close_session,
    open_session,
    take_cash,
)
from tangthu.fees.actions.charging import NEVER_REVERSED, charge, reverse, reverse_source
from tangthu.fees.actions.deposits import return_deposit, take_deposit, use_deposit
from tangthu.fees.actions.paying import pay, refund, waive
from tangthu.fees.actions.receipts import note_printed
from tangthu.fees.actions.sessions import Till
from tangthu.fees.actions.transfers import ask_for_transfer, cancel_transfer, confirm_transfer

__all__ = [
    "NEVER_REVERSED",
    "CardFeeData",
    "Till",
    "add_drawer",
    "add_exemption",
    "ask_for_transfer",
    "bring_cash",
    "bring_in",
    "cancel_transfer",
    "change_drawer",
    "charge",
    "charge_card_fee",
    "close_session",
    "confirm_transfer",
    "credit_line",
    "drop_card_fee",
    "end_exemption",
    "forget_words",
    "grant_exemption",
    "match_line",
    "note_printed",
    "open_session",
    "pay",
    "refund",
    "return_deposit",
    "reverse",
    "reverse_source",
    "set_card_fee",
    "set_line_aside",
    "take_cash",
    "take_deposit",
    "use_deposit",
    "waive",
]
