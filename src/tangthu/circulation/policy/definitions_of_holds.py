"""The rules about holds, transports and recalls."""

from __future__ import annotations

from tangthu.circulation.policy.definition import RuleDefinition, RuleKind
from tangthu.circulation.policy.hold_names import (
    HoldFeeAt,
    HoldPolicy,
    LocalFirst,
    OnShelfHolds,
    PickupPolicy,
    RenewalWhileHeld,
    ReturnTo,
    TransferPolicy,
)
from tangthu.circulation.policy.names import RuleGroup, RuleName, YesNo


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


_UNLIMITED = _("no limit")
_YES_NO = ((YesNo.YES, _("yes")), (YesNo.NO, _("no")))

_READERS = (
    RuleDefinition(
        name=RuleName.MAX_HOLDS,
        group=RuleGroup.HOLDS,
        kind=RuleKind.NUMBER,
        label=_("Holds at the same time"),
        help=_("The rules of the reader's own library count."),
        blank=_UNLIMITED,
        default=5,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.HOLDS_PER_DAY,
        group=RuleGroup.HOLDS,
        kind=RuleKind.NUMBER,
        label=_("Holds placed on one day"),
        help=_("The rules of the reader's own library count."),
        blank=_UNLIMITED,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.HOLDS_PER_RECORD,
        group=RuleGroup.HOLDS,
        kind=RuleKind.NUMBER,
        label=_("Holds on one title"),
        help=_("More than one serves the volumes of a set. The reader's own library decides."),
        blank=_UNLIMITED,
        default=1,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.HOLD_FEE,
        group=RuleGroup.HOLDS,
        kind=RuleKind.MONEY,
        label=_("Fee for a hold"),
        help=_("The rules of the reader's own library count."),
        blank=_("none"),
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.HOLD_FEE_AT,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("The fee for a hold is due"),
        default=HoldFeeAt.PICKUP,
        choices=(
            (HoldFeeAt.PLACED, _("when it is placed")),
            (HoldFeeAt.QUEUED, _("when it is placed and no copy is in, or others wait")),
            (HoldFeeAt.PICKUP, _("when the copy is fetched")),
        ),
        per_item_type=False,
    ),
)

_COPIES = (
    RuleDefinition(
        name=RuleName.HOLDS_ALLOWED,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("Copies may be held"),
        help=_("The library of the copy decides."),
        default=YesNo.YES,
        choices=_YES_NO,
    ),
    RuleDefinition(
        name=RuleName.ITEM_HOLDS,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("Readers may ask for one particular copy"),
        help=_("Needed for sets in several volumes. The desk may always do so."),
        default=YesNo.YES,
        choices=_YES_NO,
    ),
    RuleDefinition(
        name=RuleName.HOLD_POLICY,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("Copies are held for"),
        default=HoldPolicy.ANY,
        choices=(
            (HoldPolicy.ANY, _("readers of any library")),
            (HoldPolicy.OWN_LIBRARY, _("readers of the copy's library only")),
            (HoldPolicy.BRANCH, _("readers of the same branch of the network")),
        ),
    ),
    RuleDefinition(
        name=RuleName.PICKUP_POLICY,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("Held copies are fetched at"),
        default=PickupPolicy.ANY,
        choices=(
            (PickupPolicy.ANY, _("any library")),
            (PickupPolicy.ITEM_LIBRARY, _("the copy's library")),
            (PickupPolicy.PATRON_LIBRARY, _("the reader's library")),
            (PickupPolicy.BRANCH, _("a library in the same branch of the network")),
        ),
    ),
    RuleDefinition(
        name=RuleName.ON_SHELF_HOLDS,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("While copies are in, a title may be held"),
        default=OnShelfHolds.ALWAYS,
        choices=(
            (OnShelfHolds.ALWAYS, _("always: the staff fetch it from the shelf")),
            (OnShelfHolds.THIS_OUT, _("if one of its copies is out")),
            (OnShelfHolds.ALL_OUT, _("only when all its copies are out")),
        ),
    ),
    RuleDefinition(
        name=RuleName.PICKUP_DAYS,
        group=RuleGroup.HOLDS,
        kind=RuleKind.NUMBER,
        label=_("Open days that a copy waits on the hold shelf"),
        help=_("The library where it is fetched decides."),
        default=5,
        minimum=1,
        maximum=365,
    ),
    RuleDefinition(
        name=RuleName.LOCAL_FIRST,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("Who comes first when a copy comes back"),
        default=LocalFirst.NO,
        choices=(
            (LocalFirst.NO, _("who has waited longest")),
            (LocalFirst.PICKUP, _("those who fetch it at the copy's library")),
            (LocalFirst.PATRON, _("readers of the copy's library")),
        ),
    ),
    RuleDefinition(
        name=RuleName.HOLD_LOOK_AHEAD,
        group=RuleGroup.HOLDS,
        kind=RuleKind.NUMBER,
        label=_("Days before a hold begins in which copies are kept for it"),
        help=_("For holds that readers place for later. 0: only from the day itself."),
        default=0,
        maximum=90,
    ),
    RuleDefinition(
        name=RuleName.RENEWAL_WHILE_HELD,
        group=RuleGroup.HOLDS,
        kind=RuleKind.CHOICE,
        label=_("A renewal while others wait"),
        default=RenewalWhileHeld.COPIES,
        choices=(
            (RenewalWhileHeld.REFUSE, _("is refused")),
            (RenewalWhileHeld.COPIES, _("is granted if other copies are enough for them")),
        ),
    ),
)

_TRANSPORT = (
    RuleDefinition(
        name=RuleName.TRANSFERS,
        group=RuleGroup.TRANSPORT,
        kind=RuleKind.CHOICE,
        label=_("Copies are carried for readers"),
        default=TransferPolicy.ANY,
        choices=(
            (TransferPolicy.ANY, _("to any library")),
            (TransferPolicy.BRANCH, _("within the same branch of the network")),
            (TransferPolicy.NONE, _("nowhere: they are fetched where they stand")),
        ),
    ),
    RuleDefinition(
        name=RuleName.RETURN_TO,
        group=RuleGroup.TRANSPORT,
        kind=RuleKind.CHOICE,
        label=_("A copy that came back at another library"),
        default=ReturnTo.HOME,
        choices=(
            (ReturnTo.HOME, _("is carried home")),
            (ReturnTo.STAY, _("stays there until somebody wants it")),
        ),
        per_category=False,
    ),
    RuleDefinition(
        name=RuleName.RECALLS,
        group=RuleGroup.TRANSPORT,
        kind=RuleKind.NUMBER,
        label=_("Loans of one title that may be called back at the same time"),
        help=_("0: nothing is called back."),
        blank=_UNLIMITED,
        default=0,
    ),
    RuleDefinition(
        name=RuleName.RECALL_DAYS,
        group=RuleGroup.TRANSPORT,
        kind=RuleKind.NUMBER,
        label=_("Days in which a copy that is called back must come"),
        default=5,
        minimum=1,
        maximum=365,
    ),
)

HOLD_DEFINITIONS = (*_READERS, *_COPIES, *_TRANSPORT)
