"""What the library does to bring books home and to fetch them. Nothing else writes deliveries."""

from tangthu.delivery.actions.asking import (
    Request,
    ask,
    ask_collection,
    correct_address,
)
from tangthu.delivery.actions.carriers import CarrierData, add_carrier, change_carrier
from tangthu.delivery.actions.carrying import (
    begin_run,
    collect,
    come_back,
    deliver,
    end_link,
    fail,
    hand_over,
    load,
    lose,
    renew_link,
    retry,
    unload,
)
from tangthu.delivery.actions.deciding import approve, cancel, reject
from tangthu.delivery.actions.picking import not_on_shelf, pack, pick
from tangthu.delivery.actions.receiving import (
    forget_addresses,
    forget_deliveries_of,
    receive,
    receive_copy,
)

__all__ = [
    "CarrierData",
    "Request",
    "add_carrier",
    "approve",
    "ask",
    "ask_collection",
    "begin_run",
    "cancel",
    "change_carrier",
    "collect",
    "come_back",
    "correct_address",
    "deliver",
    "end_link",
    "fail",
    "forget_addresses",
    "forget_deliveries_of",
    "hand_over",
    "load",
    "lose",
    "not_on_shelf",
    "pack",
    "pick",
    "receive",
    "receive_copy",
    "reject",
    "renew_link",
    "retry",
    "unload",
]
