"""Lending rules: named values per library, category and item type, each inherited alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tangthu.circulation.policy.definition import BadRule, RuleValue
from tangthu.circulation.policy.definitions import DEFINITIONS
from tangthu.circulation.policy.names import RuleName


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
    """The rows in force for one deciding library, asked for one category and item type.

    The rows are laid apart by name once, and each answer is kept: a decision asks for some
    forty names, and a replay of past loans asks the same book thousands of times.
    """

    rows: Sequence[RuleRow]
    category: str
    item_type: str
    _by_name: dict[RuleName, list[RuleRow]] = field(init=False, repr=False, compare=False)
    _found: dict[tuple[RuleName, str], Resolved] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[RuleName, list[RuleRow]] = {}
        for row in self.rows:
            by_name.setdefault(row.name, []).append(row)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_found", {})

    def __getitem__(self, name: RuleName) -> Resolved:
        return self.for_type(name, self.item_type)

    def for_type(self, name: RuleName, item_type: str) -> Resolved:
        """Ask what the rule would be for another type of item."""
        found = self._found.get((name, item_type))
        if found is None:
            rows = self._by_name.get(name, ())
            found = resolve(name, rows, category=self.category, item_type=item_type)
            self._found[name, item_type] = found
        return found

    def number(self, name: RuleName) -> int | None:
        """Give the number that holds; `None` is unlimited, or none."""
        return self[name].number

    def choice(self, name: RuleName) -> str:
        """Give the word that holds of a rule that is a choice."""
        return str(self[name].value)

    @property
    def used(self) -> tuple[RuleRow, ...]:
        """The rows that decide, in the order of the names."""
        found = (self[name].source for name in RuleName if name in self._by_name)
        return tuple(row for row in found if row is not None)
