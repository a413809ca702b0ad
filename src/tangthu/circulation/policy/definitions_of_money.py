"""The rules about debts, lateness, loss and damage."""

from __future__ import annotations

from tangthu.circulation.policy.definition import RuleDefinition, RuleKind
from tangthu.circulation.policy.names import (
    ChargeAt,
    CountedDays,
    GraceMode,
    LostReturn,
    RuleGroup,
    RuleName,
    SuspensionMode,
    YesNo,
)


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


_NEVER = _("never")
_NONE = _("none")
_UNLIMITED = _("no limit")

_STANDING = (
    RuleDefinition(
        name=RuleName.OVERDUE_BLOCKS,
        group=RuleGroup.STANDING,
        kind=RuleKind.NUMBER,
        label=_("Overdue copies that stop further loans"),
        blank=_NEVER,
        minimum=1,
    ),
    RuleDefinition(
        name=RuleName.MAX_DEBT,
        group=RuleGroup.STANDING,
        kind=RuleKind.MONEY,
        label=_("Debt above which nothing is lent"),
        blank=_NEVER,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.MAX_DEBT_OF_WARDS,
        group=RuleGroup.STANDING,
        kind=RuleKind.MONEY,
        label=_("Debt of a guardian's wards above which nothing is lent to the guardian"),
        blank=_NEVER,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.MAX_DEBT_OF_GUARDIAN,
        group=RuleGroup.STANDING,
        kind=RuleKind.MONEY,
        label=_("Debt of the guardian above which nothing is lent to the ward"),
        blank=_NEVER,
        per_item_type=False,
    ),
)

_OVERDUE = (
    RuleDefinition(
        name=RuleName.OVERDUE_FEE,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.MONEY,
        label=_("Fee for lateness, each time"),
        blank=_NONE,
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_FEE_PERIOD,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.NUMBER,
        label=_("The fee is for so many days (or hours)"),
        default=1,
        minimum=1,
        maximum=365,
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_FEE_AT,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.CHOICE,
        label=_("The fee is due"),
        default=ChargeAt.START,
        choices=(
            (ChargeAt.START, _("when its days begin")),
            (ChargeAt.END, _("when its days are over")),
        ),
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_GRACE,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.NUMBER,
        label=_("Days (or hours) of grace"),
        default=0,
        maximum=365,
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_GRACE_MODE,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.CHOICE,
        label=_("Once the grace is over, its days"),
        default=GraceMode.FREE,
        choices=((GraceMode.FREE, _("stay free")), (GraceMode.CHARGED, _("are charged too"))),
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_DAYS,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.CHOICE,
        label=_("Late days that count"),
        default=CountedDays.ALL,
        choices=((CountedDays.ALL, _("all days")), (CountedDays.OPEN, _("open days only"))),
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_FEE_CAP,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.MONEY,
        label=_("Fee for lateness at most, for one copy"),
        blank=_UNLIMITED,
    ),
    RuleDefinition(
        name=RuleName.OVERDUE_FEE_PRICE_CAP,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.CHOICE,
        label=_("Fee for lateness never above the price of the copy"),
        default=YesNo.YES,
        choices=((YesNo.YES, _("yes")), (YesNo.NO, _("no"))),
    ),
    RuleDefinition(
        name=RuleName.SUSPENSION_DAYS,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.NUMBER,
        label=_("Days of suspension for lateness, each time"),
        blank=_NONE,
        maximum=365,
    ),
    RuleDefinition(
        name=RuleName.SUSPENSION_PERIOD,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.NUMBER,
        label=_("The suspension is for so many late days"),
        default=1,
        minimum=1,
        maximum=365,
    ),
    RuleDefinition(
        name=RuleName.SUSPENSION_CAP,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.NUMBER,
        label=_("Days of suspension at most"),
        blank=_UNLIMITED,
        maximum=3650,
    ),
    RuleDefinition(
        name=RuleName.SUSPENSION_MODE,
        group=RuleGroup.OVERDUE,
        kind=RuleKind.CHOICE,
        label=_("A further suspension"),
        default=SuspensionMode.LONGEST,
        choices=(
            (SuspensionMode.LONGEST, _("runs beside the former: the longer one counts")),
            (SuspensionMode.ADDED, _("begins when the former ends")),
        ),
    ),
)

_LOST = (
    RuleDefinition(
        name=RuleName.LOST_PERCENT,
        group=RuleGroup.LOST,
        kind=RuleKind.NUMBER,
        label=_("For a lost copy, per cent of its price"),
        help=_("400 is four times the price."),
        default=100,
        maximum=2000,
    ),
    RuleDefinition(
        name=RuleName.LOST_PRICE,
        group=RuleGroup.LOST,
        kind=RuleKind.MONEY,
        label=_("Price of a copy that has none in the register"),
        blank=_("the desk is asked"),
    ),
    RuleDefinition(
        name=RuleName.PROCESSING_FEE,
        group=RuleGroup.LOST,
        kind=RuleKind.MONEY,
        label=_("Processing fee for a lost copy"),
        blank=_NONE,
    ),
    RuleDefinition(
        name=RuleName.LOST_RETURN,
        group=RuleGroup.LOST,
        kind=RuleKind.CHOICE,
        label=_("When a lost copy comes back, its charge"),
        default=LostReturn.REFUND_CHARGE_OVERDUE,
        choices=(
            (LostReturn.REFUND, _("is taken back")),
            (
                LostReturn.REFUND_CHARGE_OVERDUE,
                _("is taken back, and the fee for lateness charged instead"),
            ),
            (LostReturn.KEEP, _("stays")),
        ),
    ),
    RuleDefinition(
        name=RuleName.DAMAGE_PERCENT,
        group=RuleGroup.LOST,
        kind=RuleKind.NUMBER,
        label=_("For a damaged copy, per cent of its price"),
        blank=_("the desk is asked"),
        maximum=2000,
    ),
    RuleDefinition(
        name=RuleName.PARTS_PERCENT,
        group=RuleGroup.LOST,
        kind=RuleKind.NUMBER,
        label=_("For missing parts, per cent of its price"),
        blank=_("the desk is asked"),
        maximum=2000,
    ),
)

MONEY_DEFINITIONS = (*_STANDING, *_OVERDUE, *_LOST)
