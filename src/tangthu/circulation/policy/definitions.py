"""Every rule, with what its value may be: those of lending; those of money stand beside."""

from __future__ import annotations

from collections.abc import Mapping

from tangthu.circulation.policy.definition import (
    BadRule,
    RuleDefinition,
    RuleFault,
    RuleKind,
    RuleValue,
)
from tangthu.circulation.policy.definitions_of_holds import HOLD_DEFINITIONS
from tangthu.circulation.policy.definitions_of_money import MONEY_DEFINITIONS
from tangthu.circulation.policy.names import (
    Caution,
    DueMode,
    HardDueMode,
    LoanUnit,
    RuleGroup,
    RuleName,
    YesNo,
)


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


_UNLIMITED = _("no limit")
_YES_NO = ((YesNo.YES, _("yes")), (YesNo.NO, _("no")))
_ALLOW = (Caution.ALLOW, _("is lent without a word"))
_ASK = (Caution.ASK, _("the desk is asked first"))
_REFUSE = (Caution.REFUSE, _("is not lent"))

_LOAN = (
    RuleDefinition(
        name=RuleName.LENT_HOME,
        kind=RuleKind.CHOICE,
        label=_("Lent to take home"),
        default=YesNo.YES,
        choices=_YES_NO,
    ),
    RuleDefinition(
        name=RuleName.MAX_LOANS,
        kind=RuleKind.NUMBER,
        label=_("Copies on loan at the same time"),
        blank=_UNLIMITED,
    ),
    RuleDefinition(
        name=RuleName.MAX_LOANS_TOTAL,
        kind=RuleKind.NUMBER,
        label=_("Copies on loan at the same time, of all types together"),
        blank=_UNLIMITED,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.LOAN_LENGTH,
        kind=RuleKind.NUMBER,
        label=_("Length of a loan"),
        minimum=1,
        maximum=3650,
    ),
    RuleDefinition(
        name=RuleName.LOAN_UNIT,
        kind=RuleKind.CHOICE,
        label=_("Loans are counted in"),
        default=LoanUnit.DAYS,
        choices=((LoanUnit.DAYS, _("days")), (LoanUnit.HOURS, _("hours"))),
    ),
    RuleDefinition(
        name=RuleName.DUE_MODE,
        kind=RuleKind.CHOICE,
        label=_("Closed days"),
        default=DueMode.NEXT_OPEN,
        choices=(
            (DueMode.DAYS, _("make no difference")),
            (DueMode.CALENDAR, _("are not counted")),
            (DueMode.NEXT_OPEN, _("move the due date to the next open day")),
        ),
    ),
    RuleDefinition(
        name=RuleName.HARD_DUE_ON,
        kind=RuleKind.DATE,
        label=_("Fixed due date"),
        blank=_("none"),
    ),
    RuleDefinition(
        name=RuleName.HARD_DUE_MODE,
        kind=RuleKind.CHOICE,
        label=_("The fixed due date"),
        default=HardDueMode.BEFORE,
        choices=(
            (HardDueMode.EXACTLY, _("is the due date of every loan")),
            (HardDueMode.BEFORE, _("is the latest due date")),
            (HardDueMode.AFTER, _("is the earliest due date")),
        ),
    ),
    RuleDefinition(
        name=RuleName.HIGH_DEMAND_FROM,
        kind=RuleKind.NUMBER,
        label=_("Waiting readers from which a loan is shorter"),
        blank=_("never"),
        minimum=1,
    ),
    RuleDefinition(
        name=RuleName.HIGH_DEMAND_LENGTH,
        kind=RuleKind.NUMBER,
        label=_("Length of a loan while many wait"),
        blank=_("as the loan"),
        minimum=1,
        maximum=3650,
    ),
)

_WHO = (
    RuleDefinition(
        name=RuleName.MINIMUM_AGE,
        group=RuleGroup.WHO,
        kind=RuleKind.NUMBER,
        label=_("Lent from the age of"),
        blank=_("any age"),
        maximum=120,
    ),
    RuleDefinition(
        name=RuleName.MAXIMUM_AGE,
        group=RuleGroup.WHO,
        kind=RuleKind.NUMBER,
        label=_("Lent up to the age of"),
        blank=_("any age"),
        maximum=120,
    ),
    RuleDefinition(
        name=RuleName.RECORD_AGE,
        group=RuleGroup.WHO,
        kind=RuleKind.CHOICE,
        label=_("An age that the record asks for"),
        default=Caution.REFUSE,
        choices=((Caution.REFUSE, _("counts")), (Caution.ALLOW, _("does not count"))),
    ),
    RuleDefinition(
        name=RuleName.MATERIALS,
        group=RuleGroup.WHO,
        kind=RuleKind.CHOICE,
        label=_("A copy with loose parts"),
        default=Caution.ASK,
        choices=(_ASK, _ALLOW),
    ),
    RuleDefinition(
        name=RuleName.SAME_TITLE,
        group=RuleGroup.WHO,
        kind=RuleKind.CHOICE,
        label=_("A second copy of a title that the reader has"),
        default=Caution.ALLOW,
        choices=(_ALLOW, _ASK, _REFUSE),
    ),
    RuleDefinition(
        name=RuleName.PREVIOUS_LOAN,
        group=RuleGroup.WHO,
        kind=RuleKind.CHOICE,
        label=_("A title that the reader had before, where they keep their history"),
        default=Caution.ALLOW,
        choices=(_ALLOW, _ASK),
    ),
)

_ON_SITE = (
    RuleDefinition(
        name=RuleName.ON_SITE,
        group=RuleGroup.ON_SITE,
        kind=RuleKind.CHOICE,
        label=_("Given out to read on site"),
        default=YesNo.YES,
        choices=_YES_NO,
    ),
    RuleDefinition(
        name=RuleName.MAX_ON_SITE,
        group=RuleGroup.ON_SITE,
        kind=RuleKind.NUMBER,
        label=_("Copies with one reader in the room at the same time"),
        blank=_UNLIMITED,
        per_item_type=False,
    ),
    RuleDefinition(
        name=RuleName.ON_SITE_HOURS,
        group=RuleGroup.ON_SITE,
        kind=RuleKind.NUMBER,
        label=_("Hours that a copy stays with a reader in the room"),
        blank=_("until the end of the day"),
        minimum=1,
        maximum=24,
    ),
)

_RENEWAL = (
    RuleDefinition(
        name=RuleName.RENEWALS,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.NUMBER,
        label=_("Renewals of a loan"),
        blank=_UNLIMITED,
        default=0,
    ),
    RuleDefinition(
        name=RuleName.RENEWAL_LENGTH,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.NUMBER,
        label=_("Length of a renewal"),
        blank=_("as the loan"),
        minimum=1,
        maximum=3650,
    ),
    RuleDefinition(
        name=RuleName.NO_RENEWAL_BEFORE_DAYS,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.NUMBER,
        label=_("Days before the due date from which a loan may be renewed"),
        blank=_("at any time"),
        maximum=3650,
    ),
    RuleDefinition(
        name=RuleName.UNSEEN_RENEWALS,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.NUMBER,
        label=_("Renewals one after another without bringing the copy"),
        blank=_UNLIMITED,
    ),
    RuleDefinition(
        name=RuleName.RENEW_OVERDUE,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.CHOICE,
        label=_("An overdue copy may be renewed"),
        default=YesNo.YES,
        choices=_YES_NO,
    ),
    RuleDefinition(
        name=RuleName.KEPT_AT_MOST_DAYS,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.NUMBER,
        label=_("Days after the loan from which it is not renewed any more"),
        blank=_UNLIMITED,
        minimum=1,
    ),
    RuleDefinition(
        name=RuleName.RENEWED_BY_ITSELF,
        group=RuleGroup.RENEWAL,
        kind=RuleKind.CHOICE,
        label=_("Renewed by itself on the day it is due"),
        default=YesNo.NO,
        choices=_YES_NO,
    ),
)

DEFINITIONS: Mapping[RuleName, RuleDefinition] = {
    each.name: each
    for each in (
        *_LOAN,
        *_WHO,
        *_ON_SITE,
        *_RENEWAL,
        *MONEY_DEFINITIONS,
        *HOLD_DEFINITIONS,
    )
}


def definition(name: str) -> RuleDefinition:
    """Find what a rule may be; raises BadRule for a name that no rule has."""
    try:
        return DEFINITIONS[RuleName(name)]
    except ValueError:
        raise BadRule(name, RuleFault.UNKNOWN_NAME) from None


def check_rule(
    name: str, text: str, *, item_type: str | None, category: str | None = None
) -> RuleValue:
    """Read a value that a library wants to set; raises BadRule when value or scope is wrong."""
    rule = definition(name)
    if item_type is not None and not rule.per_item_type:
        raise BadRule(name, RuleFault.NOT_PER_ITEM_TYPE)
    if category is not None and not rule.per_category:
        raise BadRule(name, RuleFault.NOT_PER_CATEGORY)
    return rule.parse(text)
