"""The lending rules of a library as its managers look at them: what holds, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tangthu.catalogue.models import ItemType
from tangthu.circulation.models import LendingRule
from tangthu.circulation.policy import (
    DEFINITIONS,
    Resolved,
    RuleDefinition,
    RuleName,
    RuleRow,
    resolve,
)
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """For whom and for what a rule is asked or set. None means all."""

    category: PatronCategory | None = None
    item_type: ItemType | None = None

    def of(self, rule: LendingRule) -> bool:
        """Tell whether the rule was set for exactly this."""
        return (rule.category, rule.item_type) == (self.category, self.item_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A value that holds for a scope. Without a rule it is the default, if there is one."""

    definition: RuleDefinition
    resolved: Resolved
    rule: LendingRule | None
    own: bool
    exact: bool


def rules_of(library: Library) -> list[LendingRule]:
    """Return what the library and those above it have set. One query.

    In the order of the rules, and of each the one that wins first.
    """
    chain = library.chain
    names = list(DEFINITIONS)
    found = LendingRule.objects.filter(library__in=chain, name__in=names).select_related(
        "library", "category", "item_type"
    )
    return sorted(
        found,
        key=lambda rule: (
            names.index(RuleName(rule.name)),
            _row(rule, library).precedence,
            rule.category.name if rule.category else "",
            rule.item_type.name if rule.item_type else "",
        ),
    )


def rows_of(library: Library) -> list[RuleRow]:
    """Return what the library and those above it have set, as the rules read it. One query."""
    return [_row(rule, library) for rule in rules_of(library)]


def holdings(rules: Sequence[LendingRule], library: Library, scope: Scope) -> list[Holding]:
    """Resolve every rule for the scope, as a loan would. No query."""
    rows = {_row(rule, library): rule for rule in rules}
    return [_holding(name, rows, library, scope) for name in DEFINITIONS]


def holding(
    name: RuleName, rules: Iterable[LendingRule], library: Library, scope: Scope
) -> Holding:
    """Resolve one rule for the scope. No query."""
    return _holding(name, {_row(rule, library): rule for rule in rules}, library, scope)


def _holding(
    name: RuleName, rows: dict[RuleRow, LendingRule], library: Library, scope: Scope
) -> Holding:
    # A scope of all fits only rows of all: no code is empty.
    resolved = resolve(
        name,
        rows,
        category=scope.category.code if scope.category else "",
        item_type=scope.item_type.code if scope.item_type else "",
    )
    rule = rows[resolved.source] if resolved.source else None
    own = rule is not None and rule.library_id == library.pk
    return Holding(
        definition=DEFINITIONS[name],
        resolved=resolved,
        rule=rule,
        own=own,
        exact=own and rule is not None and scope.of(rule),
    )


def _row(rule: LendingRule, library: Library) -> RuleRow:
    return RuleRow(
        name=RuleName(rule.name),
        distance=library.chain.index(rule.library_id),
        library=rule.library.code,
        category=rule.category.code if rule.category else None,
        item_type=rule.item_type.code if rule.item_type else None,
        value=rule.value,
    )
