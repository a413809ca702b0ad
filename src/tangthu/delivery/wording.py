"""The sentences of delivery: why a step or a request is refused, and what the log tells."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.wording import reasons
from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.delivery.errors import RequestRefused, RulesRefused, StepRefused
from tangthu.delivery.models import DeliveryState
from tangthu.delivery.policy import Objection, Refusal

WORDING: Mapping[str, Promise] = {
    "delivery_step_refused": _("This cannot be done with the delivery now."),
    "delivery_request_refused": _("The books cannot be brought on these terms."),
    "delivery_no_copy_free": _(
        "No copy of “%(title)s” is in at this library. Leave the book out, or place a hold on it."
    ),
    "delivery_rules_refused": _("The lending rules are against it."),
    "delivery_loan_not_begun": _(
        "The copy %(barcode)s cannot be lent, so the delivery is not closed: %(why)s"
    ),
    "delivery_not_this_parcel": _(
        "%(barcode)s does not belong here. Look at the number and scan it again."
    ),
    "delivery_wrong_point": _("Choose a post-office culture point of the network."),
    "delivery_run_closed": _("This link has ended. Ask the library for a new one."),
    "carrier_name_taken": _("Another carrier of this library has this name."),
}

REFUSALS: Mapping[Refusal, Promise] = {
    Refusal.WRONG_STATE: _("The delivery %(reference)s is in another state: %(state)s."),
    Refusal.NOT_YOURS: _("This step is for others to take."),
    Refusal.REASON_NEEDED: _("Say why: the reader reads it."),
    Refusal.ADDRESS_STILL_WRONG: _("The address was wrong. Correct it first, then send it again."),
    Refusal.NOT_ALL_PICKED: _("Not all books have been taken from the shelf."),
    Refusal.NOT_ALL_PACKED: _("Not all books have been scanned into the parcel."),
    Refusal.NOTHING_LEFT: _("Nothing is left to send. Call the delivery off instead."),
    Refusal.ALREADY_UNDER_WAY: _("One of these books is in another delivery already."),
}

OBJECTIONS: Mapping[Objection, Promise] = {
    Objection.NOT_OFFERED: _("This library does not bring books home."),
    Objection.CARD_NOT_IN_USE: _("The card is reported lost or withdrawn."),
    Objection.CARD_EXPIRED: _("The card has expired."),
    Objection.RESTRICTED: _("The card is stopped."),
    Objection.NOTHING_ASKED: _("Choose at least one book."),
    Objection.TOO_MANY_COPIES: _("These are more books than the library brings at once."),
    Objection.PHONE_MISSING: _("The carrier needs a telephone number."),
    Objection.ADDRESS_MISSING: _("The carrier needs an address."),
    Objection.ADDRESS_NOT_VERIFIED: _(
        "Books are brought only to the address in the reader's file. If it has changed, have it "
        "corrected first."
    ),
    Objection.DEPOSIT_MISSING: _("A deposit is needed first. It can be paid at the library."),
    Objection.NEITHER_ADDRESS_NOR_DEPOSIT: _(
        "To another address than the one in the reader's file, books are brought only after a "
        "deposit."
    ),
}

AUDIT: Mapping[str, Promise] = {
    "audit.delivery.ask": _("asked for a home delivery"),
    "audit.delivery.approve": _("approved a home delivery"),
    "audit.delivery.reject": _("declined a home delivery"),
    "audit.delivery.cancel": _("called off a home delivery"),
    "audit.delivery.pick": _("took the books of a delivery from the shelf"),
    "audit.delivery.pack": _("packed a home delivery"),
    "audit.delivery.hand_over": _("handed a delivery to the carrier"),
    "audit.delivery.deliver": _("delivered books to the reader"),
    "audit.delivery.fail": _("could not deliver"),
    "audit.delivery.retry": _("sent a delivery on its way again"),
    "audit.delivery.come_back": _("took an undelivered parcel back"),
    "audit.delivery.lose": _("gave up a delivery as lost"),
    "audit.delivery.collect": _("fetched books from the reader"),
    "audit.delivery.receive": _("took fetched books back"),
    "audit.delivery.address": _("corrected the address of a delivery"),
    "audit.deliveries.forgotten": _("forgot the readers of finished deliveries"),
    "audit.carrier.added": _("added a carrier"),
    "audit.carrier.changed": _("changed a carrier"),
    "audit.run.sent": _("sent a carrier off"),
    "audit.run.link_ended": _("ended a carrier's link"),
    "audit.run.link_renewed": _("gave a carrier a new link"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""


def sentences(error: TangthuError) -> list[str]:
    """Return every sentence of a refusal: one, or one for each objection."""
    if isinstance(error, RequestRefused):
        return [str(OBJECTIONS[each]) for each in error.objections]
    if isinstance(error, StepRefused):
        return [step_sentence(error)]
    if isinstance(error, RulesRefused):
        return list(dict.fromkeys(reasons(error.blocks)))
    return [wording.explain(error)]


def step_sentence(error: StepRefused) -> str:
    """Return the sentence about a step that cannot be taken."""
    state = str(error.data.get("state", ""))
    known = state in DeliveryState.values
    words = {
        "reference": error.data.get("reference", ""),
        "state": DeliveryState(state).label if known else state,
    }
    return str(REFUSALS[error.reason]) % words
