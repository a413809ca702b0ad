"""The answer of a rule: every reason against a deed, and which of them a person may waive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tangthu.circulation.policy.rules import RuleRow


class Block(StrEnum):
    """Why a loan or a renewal may not be. The codes are stable: other programs read them."""

    NO_RULE = "no_rule"
    DUE_IN_THE_PAST = "due_in_the_past"
    CARD_EXPIRED = "card_expired"
    CARD_LOST = "card_lost"
    CARD_WITHDRAWN = "card_withdrawn"
    PATRON_RESTRICTED = "patron_restricted"
    TOO_MANY_OVERDUE = "too_many_overdue"
    PATRON_LIBRARY_CLOSED = "patron_library_closed"
    ON_LOAN_TO_THIS_PATRON = "on_loan_to_this_patron"
    ON_LOAN_TO_ANOTHER = "on_loan_to_another"
    SET_ASIDE = "set_aside"
    MAX_LOANS = "max_loans"
    MAX_LOANS_TOTAL = "max_loans_total"
    NOT_FOR_LOAN = "not_for_loan"
    IN_PROCESSING = "in_processing"
    ITEM_DAMAGED = "item_damaged"
    ITEM_LOST = "item_lost"
    ITEM_WITHDRAWN = "item_withdrawn"
    LENT_AS_SCAN = "lent_as_scan"
    IN_DIGITISATION = "in_digitisation"
    ITEM_LIBRARY_CLOSED = "item_library_closed"
    ITEM_OF_ANOTHER_LIBRARY = "item_of_another_library"
    ON_SITE_NOT_GIVEN = "on_site_not_given"
    MAX_ON_SITE = "max_on_site"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    AGE_UNKNOWN = "age_unknown"
    LOOSE_PARTS = "loose_parts"
    SAME_TITLE_ON_LOAN = "same_title_on_loan"
    SAME_TITLE_TWICE = "same_title_twice"
    HAD_BEFORE = "had_before"
    DEBT = "debt"
    DEBT_OF_WARDS = "debt_of_wards"
    DEBT_OF_GUARDIAN = "debt_of_guardian"
    NOT_A_HELPER = "not_a_helper"
    NO_RENEWALS_LEFT = "no_renewals_left"
    RENEWAL_TOO_SOON = "renewal_too_soon"
    RENEWAL_GAINS_NOTHING = "renewal_gains_nothing"
    NO_UNSEEN_RENEWALS_LEFT = "no_unseen_renewals_left"
    OVERDUE_NOT_RENEWED = "overdue_not_renewed"
    KEPT_TOO_LONG = "kept_too_long"
    ON_SITE_NOT_RENEWED = "on_site_not_renewed"
    CLAIMED_NOT_RENEWED = "claimed_not_renewed"
    HELD_FOR_ANOTHER = "held_for_another"
    WAITED_FOR = "waited_for"
    OTHERS_WAIT = "others_wait"
    RECALLED = "recalled"
    HOLDS_NOT_ALLOWED = "holds_not_allowed"
    ITEM_HOLDS_NOT_ALLOWED = "item_holds_not_allowed"
    NO_COPY_TO_HOLD = "no_copy_to_hold"
    ALREADY_ON_HOLD = "already_on_hold"
    HAS_THE_TITLE = "has_the_title"
    HOLDS_PER_RECORD = "holds_per_record"
    HOLDS_PER_DAY = "holds_per_day"
    MAX_HOLDS = "max_holds"
    HOLD_BY_OWN_READERS_ONLY = "hold_by_own_readers_only"
    HOLD_OUTSIDE_BRANCH = "hold_outside_branch"
    COPY_ON_SHELF = "copy_on_shelf"
    PICKUP_CLOSED = "pickup_closed"
    PICKUP_NOT_ALLOWED = "pickup_not_allowed"
    PICKUP_OUT_OF_REACH = "pickup_out_of_reach"
    HOLD_STARTS_IN_THE_PAST = "hold_starts_in_the_past"
    HOLD_ENDS_TOO_SOON = "hold_ends_too_soon"
    RECALLS_NOT_ALLOWED = "recalls_not_allowed"
    RECALLS_PER_RECORD = "recalls_per_record"
    NOTHING_TO_RECALL = "nothing_to_recall"


OVERRIDE_PERMISSION = "circulation.override"
"""The code of the permission by which the desk waives a block."""

CONFIRM_PERMISSION = "circulation.lend"
"""Whoever may lend at all may say yes to a question."""

MONEY_PERMISSION = "circulation.override_debt"
"""The code of the permission by which the desk lends in spite of debts."""

QUESTIONS = frozenset({Block.LOOSE_PARTS, Block.SAME_TITLE_ON_LOAN, Block.HAD_BEFORE})
"""What the desk is only asked to look at. Nobody forbids it."""

MONEY_BLOCKS = frozenset({Block.DEBT, Block.DEBT_OF_WARDS, Block.DEBT_OF_GUARDIAN})

NEVER_OVERRIDABLE = frozenset(
    {
        Block.NO_RULE,
        Block.DUE_IN_THE_PAST,
        Block.CARD_WITHDRAWN,
        Block.ON_LOAN_TO_THIS_PATRON,
        Block.ON_LOAN_TO_ANOTHER,
        Block.SET_ASIDE,
        Block.ITEM_WITHDRAWN,
        Block.LENT_AS_SCAN,
        Block.RENEWAL_GAINS_NOTHING,
        Block.ON_SITE_NOT_RENEWED,
        Block.CLAIMED_NOT_RENEWED,
        Block.NOT_A_HELPER,
        Block.OTHERS_WAIT,
        Block.RECALLED,
        Block.NO_COPY_TO_HOLD,
        Block.ALREADY_ON_HOLD,
        Block.PICKUP_CLOSED,
        Block.HOLD_STARTS_IN_THE_PAST,
        Block.HOLD_ENDS_TOO_SOON,
        Block.NOTHING_TO_RECALL,
    }
)
"""Blocks that state a fact no permission can change, or that have a better remedy at the desk."""


def _permission_of(code: Block) -> str:
    if code in QUESTIONS:
        return CONFIRM_PERMISSION
    return MONEY_PERMISSION if code in MONEY_BLOCKS else OVERRIDE_PERMISSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """One reason against the deed, with the rule that made it where a rule did.

    `data` holds what the sentence about it needs: counts, limits, dates.
    """

    code: Block
    rule: RuleRow | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def overridable(self) -> bool:
        """Whether a person with the permission may go on in spite of it."""
        return self.code not in NEVER_OVERRIDABLE

    @property
    def permission(self) -> str | None:
        """The permission that waives it; `None` when nothing does."""
        return _permission_of(self.code) if self.overridable else None


class Remark(StrEnum):
    """What the desk should know of a loan that nothing stands against."""

    SHORTER_FOR_OTHERS = "shorter_for_others"
    LOOSE_PARTS = "loose_parts"
    WANTED_FROM = "wanted_from"
    OWES = "owes"
    LATE_FEE = "late_fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked:
    """A remark, with the rule behind it where there is one, and what its sentence needs."""

    code: Remark
    rule: RuleRow | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """True when nothing stands against the deed.

    `due_at` is known whenever some library set a length, even while blocks stand, so that
    the desk can show it before it overrides. `rules` are the rows that decided; `waived`
    the blocks that were overridden; `remarks` what the desk should say with the loan.
    """

    blocks: tuple[Blocked, ...] = ()
    due_at: datetime | None = None
    rules: tuple[RuleRow, ...] = ()
    waived: tuple[Blocked, ...] = ()
    remarks: tuple[Remarked, ...] = ()

    def __bool__(self) -> bool:
        return not self.blocks

    @property
    def codes(self) -> tuple[Block, ...]:
        """The codes of the blocks that stand, in the order of the checks."""
        return tuple(block.code for block in self.blocks)

    def overridden(self, by: Iterable[str]) -> Verdict:
        """Waive the blocks with these codes; all others stay, and so do those that no one may.

        Codes that block nothing are passed over.
        """
        codes = frozenset(by)
        waived = tuple(each for each in self.blocks if each.overridable and each.code in codes)
        return replace(
            self,
            blocks=tuple(each for each in self.blocks if each not in waived),
            waived=self.waived + waived,
        )
