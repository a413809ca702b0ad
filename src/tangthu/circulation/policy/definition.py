"""What a rule's value may be, and how it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tangthu.circulation.policy.names import RuleGroup, RuleName


class RuleKind(StrEnum):
    """How a rule's value is written: a whole number, đồng, a date (ISO 8601) or a choice."""

    NUMBER = "number"
    MONEY = "money"
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
    NOT_PER_CATEGORY = "not_per_category"
    UNKNOWN_NAME = "unknown_name"


class BadRule(ValueError):
    """The value or the scope is wrong for this rule; `fault` says why."""

    def __init__(self, name: str, fault: RuleFault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


RuleValue = int | date | str | None
"""A parsed value. `None` is an empty one: unlimited, or none."""

MOST_MONEY = 999_999_999

_WHOLE = re.compile(r"[0-9]{1,9}")
_GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")  # 25.000, as money is written in Vietnam


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDefinition:
    """What a rule's value may be. Labels are English messages that the faces translate.

    `blank` says what an empty value means; without it the value may not be empty.
    `default` holds where no library says anything. Money is whole đồng.
    """

    name: RuleName
    kind: RuleKind
    label: str
    group: RuleGroup = RuleGroup.LOAN
    blank: str = ""
    help: str = ""
    default: RuleValue = None
    minimum: int = 0
    maximum: int = 9999
    choices: tuple[tuple[str, str], ...] = ()
    per_item_type: bool = True
    per_category: bool = True

    def parse(self, text: str) -> RuleValue:
        """Read a stored or typed value; raises BadRule for what cannot be one."""
        text = text.strip()
        if not text:
            if not self.blank:
                raise BadRule(self.name, RuleFault.BLANK)
            return None
        match self.kind:
            case RuleKind.NUMBER:
                return self._number(text, maximum=self.maximum)
            case RuleKind.MONEY:
                plain = text.replace(".", "") if _GROUPED.fullmatch(text) else text
                return self._number(plain, maximum=MOST_MONEY)
            case RuleKind.DATE:
                return self._date(text)
            case RuleKind.CHOICE:
                return self._choice(text)

    def _number(self, text: str, *, maximum: int) -> int:
        if not _WHOLE.fullmatch(text):
            raise BadRule(self.name, RuleFault.NOT_A_NUMBER)
        if not self.minimum <= int(text) <= maximum:
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
