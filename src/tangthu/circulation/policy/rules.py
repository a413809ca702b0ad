"""Lending rules: named values per library, category and item type, each inherited alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RuleName(StrEnum):
    """The values that a library may set."""

    MAX_LOANS = "max_loans"
    MAX_LOANS_TOTAL = "max_loans_total"
    LOAN_LENGTH = "loan_length"
    LOAN_UNIT = "loan_unit"
    DUE_MODE = "due_mode"
    HARD_DUE_ON = "hard_due_on"
    HARD_DUE_MODE = "hard_due_mode"
    RENEWALS = "renewals"
    RENEWAL_LENGTH = "renewal_length"
    NO_RENEWAL_BEFORE_DAYS = "no_renewal_before_days"
    OVERDUE_BLOCKS = "overdue_blocks"
    MINIMUM_AGE = "minimum_age"


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


class RuleKind(StrEnum):
    """How a rule's value is written: a whole number, a date (ISO 8601) or a choice."""

    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class RuleFault(StrEnum):
    """Why a rule cannot be set."""

    BLANK = "blank"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_A_CHOICE = "not_a_choice"
    OUT_OF_BOUNDS = "out_of_bounds"
    NOT_PER_ITEM_TYPE = "not_per_item_type"
    UNKNOWN_NAME = "unknown_name"


class BadRule(ValueError):
    """The value or the scope is wrong for this rule; `fault` says why."""

    def __init__(self, name: str, fault: RuleFault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


RuleValue = int | date | str | None
"""A parsed value. `None` is an empty one: unlimited, or none."""

_WHOLE = re.compile(r"[0-9]{1,9}")


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDefinition:
    """What a rule's value may be. Labels are English messages that the faces translate.

    `blank` says what an empty value means; without it the value may not be empty.
    `default` holds where no library says anything.
    """

    name: RuleName
    kind: RuleKind
    label: str
    blank: str = ""
    default: RuleValue = None
    minimum: int = 0
    maximum: int = 9999
    choices: tuple[tuple[str, str], ...] = ()
    per_item_type: bool = True

    def parse(self, text: str) -> RuleValue:
        """Read a stored or typed value; raises BadRule for what cannot be one."""
        text = text.strip()
        if not text:
            if not self.blank:
                raise BadRule(self.name, RuleFault.BLANK)
            return None
        match self.kind:
            case RuleKind.NUMBER:
                return self._number(text)
            case RuleKind.DATE:
                return self._date(text)
            case RuleKind.CHOICE:
                return self._choice(text)

    def _number(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise BadRule(self.name, RuleFault.NOT_A_NUMBER)
        if not self.minimum <= int(text) <= self.maximum:
            raise BadRule(self.name, RuleFault.OUT_OF_BOUNDS)
        return int(text)

    def _date(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadRule(self.name, RuleFault.NOT_A_DATE) from None

    def _choice(self, text: str) -> str:
        if all(value != text for value, _label in self.choices):
            raise BadRule(self.name, RuleFault.NOT_A_CHOICE)
        return text


_UNLIMITED = _("no limit")

DEFINITIONS: Mapping[RuleName, RuleDefinition] = {
    each.name: each
    for each in (
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
            name=RuleName.RENEWALS,
            kind=RuleKind.NUMBER,
            label=_("Renewals of a loan"),
            blank=_UNLIMITED,
            default=0,
        ),
        RuleDefinition(
            name=RuleName.RENEWAL_LENGTH,
            kind=RuleKind.NUMBER,
            label=_("Length of a renewal"),
            blank=_("as the loan"),
            minimum=1,
            maximum=3650,
        ),
        RuleDefinition(
            name=RuleName.NO_RENEWAL_BEFORE_DAYS,
            kind=RuleKind.NUMBER,
            label=_("Days before the due date from which a loan may be renewed"),
            blank=_("at any time"),
            maximum=3650,
        ),
        RuleDefinition(
            name=RuleName.OVERDUE_BLOCKS,
            kind=RuleKind.NUMBER,
            label=_("Overdue copies that stop further loans"),
            blank=_("never"),
            minimum=1,
        ),
        RuleDefinition(
            name=RuleName.MINIMUM_AGE,
            kind=RuleKind.NUMBER,
            label=_("Lent from the age of"),
            blank=_("any age"),
            maximum=120,
        ),
    )
}


def definition(name: str) -> RuleDefinition:
    """Find what a rule may be; raises BadRule for a name that no rule has."""
    try:
        return DEFINITIONS[RuleName(name)]
    except ValueError:
        raise BadRule(name, RuleFault.UNKNOWN_NAME) from None


def check_rule(name: str, text: str, *, item_type: str | None) -> RuleValue:
    """Read a value that a library wants to set; raises BadRule when value or scope is wrong."""
    rule = definition(name)
    if item_type is not None and not rule.per_item_type:
        raise BadRule(name, RuleFault.NOT_PER_ITEM_TYPE)
    return rule.parse(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A value that some library in the line of the deciding one has set.

    `distance` counts the steps up from the deciding library: 0 is its own row. No
    category or item type means any.
    """

    name: RuleName
    distance: int
    library: str
    category: str | None = None
    item_type: str | None = None
    value: str

    def applies_to(self, *, category: str, item_type: str) -> bool:
        """Tell whether the row speaks of this category and this item type."""
        return self.category in (None, category) and self.item_type in (None, item_type)

    @property
    def precedence(self) -> tuple[int, bool, bool]:
        """The order of rows that apply: the nearest library, then category, then item type."""
        return self.distance, self.category is None, self.item_type is None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value that holds, and the row that gave it; without a row it is the default."""

    value: RuleValue
    source: RuleRow | None

    @property
    def number(self) -> int | None:
        """The value of a rule that is a number; `None` is unlimited, or none."""
        return self.value if isinstance(self.value, int) else None


def resolve(name: RuleName, rows: Iterable[RuleRow], *, category: str, item_type: str) -> Resolved:
    """Find the value of one rule for this category and item type.

    At each library, from the deciding one up to the root, the order is: category and
    type, category alone, type alone, neither. Names fall back each alone. A stored value
    that is none any more is passed over, as if no one had set it.
    """
    rule = DEFINITIONS[name]
    applying = [
        row
        for row in rows
        if row.name == name and row.applies_to(category=category, item_type=item_type)
    ]
    for row in sorted(applying, key=lambda row: row.precedence):
        try:
            return Resolved(rule.parse(row.value), row)
        except BadRule:
            continue
    return Resolved(rule.default, None)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rows in force for one deciding library, asked for one category and item type."""

    rows: Sequence[RuleRow]
    category: str
    item_type: str

    def __getitem__(self, name: RuleName) -> Resolved:
        return self.for_type(name, self.item_type)

    def for_type(self, name: RuleName, item_type: str) -> Resolved:
        """Ask what the rule would be for another type of item."""
        return resolve(name, self.rows, category=self.category, item_type=item_type)
