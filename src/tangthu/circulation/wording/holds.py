"""The sentences of holds, transports and recalls."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.policy import Block

HOLD_WORDING: Mapping[str, Promise] = {
    "hold_refused": _("This cannot be held for this reader."),
    "recall_refused": _("The loan cannot be called back."),
    "hold_closed": _("The hold has ended in the meantime."),
    "hold_not_waiting": _("The copy is kept for the reader already."),
    "rest_ends_too_soon": _("A hold can rest until a day that lies ahead."),
    "item_on_hold": _("The copy is kept for a reader. Cancel the hold first, then withdraw it."),
    "transfer_closed": _("The copy has arrived in the meantime, or its transport was cancelled."),
    "transfer_refused": _("The copy cannot be sent there."),
    "transfer_not_allowed": _("Such copies are not carried from %(origin)s to %(destination)s."),
    "limit_refused": _("A way leads from one library to another."),
}

OUT_OF_REACH_BY_A_LIMIT = "pickup_out_of_reach_by_a_limit"
"""The sentence about a way for which a library has set a limit of transports."""

HOLD_BLOCKS: Mapping[str, Promise] = {
    Block.HELD_FOR_ANOTHER: _("The copy is kept for another reader, to be fetched at %(pickup)s."),
    Block.WAITED_FOR: _("Another reader waits for this title, and no other copy is in."),
    Block.OTHERS_WAIT: _("Another reader waits for it."),
    Block.RECALLED: _("It was called back for another reader."),
    Block.HOLDS_NOT_ALLOWED: _("Copies of this kind are not held for this reader."),
    Block.ITEM_HOLDS_NOT_ALLOWED: _("A particular copy cannot be asked for: hold the title."),
    Block.NO_COPY_TO_HOLD: _("No library has a copy that could be held."),
    Block.ALREADY_ON_HOLD: _("The reader waits for it already."),
    Block.HAS_THE_TITLE: _("The reader has a copy of this title on loan."),
    Block.HOLDS_PER_RECORD: _(
        "The reader has %(count)s holds on this title; at most %(limit)s are allowed."
    ),
    Block.HOLDS_PER_DAY: _("%(count)s holds were placed today; at most %(limit)s are allowed."),
    Block.MAX_HOLDS: _("The reader has %(count)s holds; at most %(limit)s are allowed."),
    Block.HOLD_BY_OWN_READERS_ONLY: _("Its library holds it for its own readers only."),
    Block.HOLD_OUTSIDE_BRANCH: _(
        "Its library holds it only for readers of its own branch of the network."
    ),
    Block.COPY_ON_SHELF: _("A copy is on the shelf: it can be borrowed at once."),
    Block.PICKUP_CLOSED: _("The library chosen for fetching it no longer exists."),
    Block.PICKUP_NOT_ALLOWED: _("It cannot be fetched at the library that was chosen."),
    Block.PICKUP_OUT_OF_REACH: _("Copies are not carried to the library that was chosen."),
    OUT_OF_REACH_BY_A_LIMIT: _("Such copies are not carried from %(origin)s to %(destination)s."),
    Block.HOLD_STARTS_IN_THE_PAST: _("The hold would begin on %(starts_on)s, which has passed."),
    Block.HOLD_ENDS_TOO_SOON: _("The hold would end on %(expires_on)s, before it begins."),
    Block.RECALLS_NOT_ALLOWED: _("Loans of this kind are not called back."),
    Block.RECALLS_PER_RECORD: _(
        "%(count)s loans of this title are called back already; at most %(limit)s may be."
    ),
    Block.NOTHING_TO_RECALL: _("No copy that could be called back is on loan."),
}

HOLD_AUDIT: Mapping[str, Promise] = {
    "audit.hold.place": _("placed a hold"),
    "audit.hold.cancel": _("cancelled a hold"),
    "audit.hold.expire": _("ended a hold whose time was over"),
    "audit.hold.suspend": _("suspended a hold"),
    "audit.hold.resume": _("resumed a hold"),
    "audit.hold.move": _("moved a hold in its queue"),
    "audit.hold.pickup": _("changed where a held copy is fetched"),
    "audit.hold.trap": _("kept a copy for a hold"),
    "audit.hold.release": _("put a hold back into its queue"),
    "audit.hold.keep_longer": _("kept a copy longer for a hold, as the library was closed"),
    "audit.hold.fill": _("filled a hold"),
    "audit.holds.forgotten": _("cut ended holds from their readers"),
    "audit.transfer.request": _("asked for a transport"),
    "audit.transfer.send": _("sent a copy to another library"),
    "audit.transfer.receive": _("received a copy from another library"),
    "audit.transfer.cancel": _("cancelled a transport"),
    "audit.transfer_limit.set": _("said from where to where copies are carried"),
    "audit.transfer_limit.clear": _("took back a limit of transports"),
    "audit.loan.recall": _("called a loan back"),
}
