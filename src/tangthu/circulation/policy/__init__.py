"""The lending rules: facts in, verdict out. No database, no clock.

`rules` finds the value of each named rule; `due` counts due dates; `facts` is what a decision
depends on; `judge` decides; `blocks` is the answer.
"""

from tangthu.circulation.policy.blocks import (
    CONFIRM_PERMISSION,
    MONEY_PERMISSION,
    NEVER_OVERRIDABLE,
    OVERRIDE_PERMISSION,
    QUESTIONS,
    Block,
    Blocked,
    Remark,
    Remarked,
    Verdict,
)
from tangthu.circulation.policy.checkin import (
    CheckinNotice,
    CheckinVerdict,
    NextAction,
    judge_checkin,
)
from tangthu.circulation.policy.definition import (
    BadRule,
    RuleDefinition,
    RuleFault,
    RuleKind,
)
from tangthu.circulation.policy.definitions import DEFINITIONS, check_rule, definition
from tangthu.circulation.policy.due import (
    LIBRARY_ZONE,
    LoanTerms,
    due,
    end_of,
    local_day,
)
from tangthu.circulation.policy.facts import (
    Borrower,
    CardState,
    CheckinFacts,
    CheckoutFacts,
    ItemFacts,
    ItemState,
    LendingRules,
    LoanTally,
    PatronFacts,
    RenewalFacts,
    RenewalStart,
    RestrictionFact,
    RulesFrom,
    age_band,
    meeting_distance,
)
from tangthu.circulation.policy.judge import judge_checkout, judge_renewal
from tangthu.circulation.policy.names import (
    DueMode,
    HardDueMode,
    LoanUnit,
    RuleGroup,
    RuleName,
)
from tangthu.circulation.policy.rules import Resolved, RuleBook, RuleRow, resolve

__all__ = [
    "CONFIRM_PERMISSION",
    "DEFINITIONS",
    "LIBRARY_ZONE",
    "MONEY_PERMISSION",
    "NEVER_OVERRIDABLE",
    "OVERRIDE_PERMISSION",
    "QUESTIONS",
    "BadRule",
    "Block",
    "Blocked",
    "Borrower",
    "CardState",
    "CheckinFacts",
    "CheckinNotice",
    "CheckinVerdict",
    "CheckoutFacts",
    "DueMode",
    "HardDueMode",
    "ItemFacts",
    "ItemState",
    "LendingRules",
    "LoanTally",
    "LoanTerms",
    "LoanUnit",
    "NextAction",
    "PatronFacts",
    "Remark",
    "Remarked",
    "RenewalFacts",
    "RenewalStart",
    "Resolved",
    "RestrictionFact",
    "RuleBook",
    "RuleDefinition",
    "RuleFault",
    "RuleGroup",
    "RuleKind",
    "RuleName",
    "RuleRow",
    "RulesFrom",
    "Verdict",
    "age_band",
    "check_rule",
    "definition",
    "due",
    "end_of",
    "judge_checkin",
    "judge_checkout",
    "judge_renewal",
    "local_day",
    "meeting_distance",
    "resolve",
]
