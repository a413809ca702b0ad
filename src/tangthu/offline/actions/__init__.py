"""What is done with offline devices and with what happened at them. All that writes is here.

`devices`: enrolled, opened, shut out. `receiving`: events stored once. `replaying`: events done
in order, through the actions of every desk (`deeds`). `settling`: what a person has to decide.
"""

from tangthu.offline.actions.devices import (
    Keys,
    enrol,
    hand_out_keys,
    keep_cards,
    note_taken,
    revoke,
)
from tangthu.offline.actions.housekeeping import forget_events, replay_waiting
from tangthu.offline.actions.receiving import receive
from tangthu.offline.actions.replaying import replay, replay_next
from tangthu.offline.actions.settling import dismiss, do_after_all, note_seen

__all__ = [
    "Keys",
    "dismiss",
    "do_after_all",
    "enrol",
    "forget_events",
    "hand_out_keys",
    "keep_cards",
    "note_seen",
    "note_taken",
    "receive",
    "replay",
    "replay_next",
    "replay_waiting",
    "revoke",
]
