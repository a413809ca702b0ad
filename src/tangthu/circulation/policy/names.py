"""The names of the lending rules, and the words that some of them take as values."""

from __future__ import annotations

from enum import StrEnum


class RuleName(StrEnum):
    """The values that a library may set. The order is that of the editor."""

    LENT_HOME = "lent_home"
    MAX_LOANS = "max_loans"
    MAX_LOANS_TOTAL = "max_loans_total"
    LOAN_LENGTH = "loan_length"
    LOAN_UNIT = "loan_unit"
    DUE_MODE = "due_mode"
    HARD_DUE_ON = "hard_due_on"
    HARD_DUE_MODE = "hard_due_mode"
    HIGH_DEMAND_FROM = "high_demand_from"
    HIGH_DEMAND_LENGTH = "high_demand_length"

    MINIMUM_AGE = "minimum_age"
    MAXIMUM_AGE = "maximum_age"
    RECORD_AGE = "record_age"
    MATERIALS = "materials"
    SAME_TITLE = "same_title"
    PREVIOUS_LOAN = "previous_loan"

    ON_SITE = "on_site"
    MAX_ON_SITE = "max_on_site"
    ON_SITE_HOURS = "on_site_hours"

    RENEWALS = "renewals"
    RENEWAL_LENGTH = "renewal_length"
    NO_RENEWAL_BEFORE_DAYS = "no_renewal_before_days"
    UNSEEN_RENEWALS = "unseen_renewals"
    RENEW_OVERDUE = "renew_overdue"
    KEPT_AT_MOST_DAYS = "kept_at_most_days"
    RENEWED_BY_ITSELF = "renewed_by_itself"

    OVERDUE_BLOCKS = "overdue_blocks"
    MAX_DEBT = "max_debt"
    MAX_DEBT_OF_WARDS = "max_debt_of_wards"
    MAX_DEBT_OF_GUARDIAN = "max_debt_of_guardian"

    OVERDUE_FEE = "overdue_fee"
    OVERDUE_FEE_PERIOD = "overdue_fee_period"
    OVERDUE_FEE_AT = "overdue_fee_at"
    OVERDUE_GRACE = "overdue_grace"
    OVERDUE_GRACE_MODE = "overdue_grace_mode"
    OVERDUE_DAYS = "overdue_days"
    OVERDUE_FEE_CAP = "overdue_fee_cap"
    OVERDUE_FEE_PRICE_CAP = "overdue_fee_price_cap"
    SUSPENSION_DAYS = "suspension_days"
    SUSPENSION_PERIOD = "suspension_period"
    SUSPENSION_CAP = "suspension_cap"
    SUSPENSION_MODE = "suspension_mode"

    LOST_PERCENT = "lost_percent"
    LOST_PRICE = "lost_price"
    PROCESSING_FEE = "processing_fee"
    LOST_RETURN = "lost_return"
    DAMAGE_PERCENT = "damage_percent"
    PARTS_PERCENT = "parts_percent"

    MAX_HOLDS = "max_holds"
    HOLDS_PER_DAY = "holds_per_day"
    HOLDS_PER_RECORD = "holds_per_record"
    HOLD_FEE = "hold_fee"
    HOLD_FEE_AT = "hold_fee_at"
    HOLDS_ALLOWED = "holds_allowed"
    ITEM_HOLDS = "item_holds"
    HOLD_POLICY = "hold_policy"
    PICKUP_POLICY = "pickup_policy"
    ON_SHELF_HOLDS = "on_shelf_holds"
    PICKUP_DAYS = "pickup_days"
    LOCAL_FIRST = "local_first"
    HOLD_LOOK_AHEAD = "hold_look_ahead"
    RENEWAL_WHILE_HELD = "renewal_while_held"

    TRANSFERS = "transfers"
    RETURN_TO = "return_to"
    RECALLS = "recalls"
    RECALL_DAYS = "recall_days"


class RuleGroup(StrEnum):
    """The chapters of the rules, as the editor shows them."""

    LOAN = "loan"
    WHO = "who"
    ON_SITE = "on_site"
    RENEWAL = "renewal"
    STANDING = "standing"
    OVERDUE = "overdue"
    LOST = "lost"
    HOLDS = "holds"
    TRANSPORT = "transport"


class YesNo(StrEnum):
    """A rule that is a question."""

    YES = "yes"
    NO = "no"


class LoanUnit(StrEnum):
    """What the length of a loan counts."""

    DAYS = "days"
    HOURS = "hours"


class DueMode(StrEnum):
    """What closed days do to a due date: nothing, they are not counted, or it moves on."""

    DAYS = "days"
    CALENDAR = "calendar"
    NEXT_OPEN = "next_open"


class HardDueMode(StrEnum):
    """What a fixed due date does: replaces the computed one, or bounds it."""

    EXACTLY = "exactly"
    BEFORE = "before"
    AFTER = "after"


class Caution(StrEnum):
    """What the desk does when something is odd but not forbidden."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class ChargeAt(StrEnum):
    """Whether a period of lateness costs as soon as it begins, or only once it is over."""

    START = "start"
    END = "end"


class GraceMode(StrEnum):
    """Whether the days of grace cost nothing for ever, or are charged once they are passed."""

    FREE = "free"
    CHARGED = "charged"


class CountedDays(StrEnum):
    """Which late days count: all, or those on which the library was open."""

    ALL = "all"
    OPEN = "open"


class SuspensionMode(StrEnum):
    """Whether suspensions run side by side, or one begins when the former ends."""

    LONGEST = "longest"
    ADDED = "added"


class LostReturn(StrEnum):
    """What becomes of the charge for a lost copy that comes back."""

    REFUND = "refund"
    REFUND_CHARGE_OVERDUE = "refund_charge_overdue"
    KEEP = "keep"
