"""Setting the lending rules of a library, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from tangthu.catalogue.models import ItemType
from tangthu.circulation import policy
from tangthu.circulation.errors import RuleRefused
from tangthu.circulation.models import LendingRule
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory

RULE_CHANGED = "lending_rule"


@transaction.atomic
def set_rule(
    library: Library,
    name: str,
    value: str,
    *,
    by: Actor,
    category: PatronCategory | None = None,
    item_type: ItemType | None = None,
) -> LendingRule:
    """Set one lending rule for the library and those below it, where they set nothing nearer.

    No category or item type means any. An empty value is "no limit" or "none" where the rule
    has such a thing. Raises RuleRefused for a wrong name, value or scope.
    """
    by.require(CirculationPermission.MANAGE_RULES, at=library.pk)
    try:
        policy.check_rule(
            name,
            value,
            item_type=item_type.code if item_type else None,
            category=category.code if category else None,
        )
    except policy.BadRule as bad:
        raise RuleRefused(_field_of(bad.fault), name=name, fault=str(bad.fault)) from None
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    rule = LendingRule.objects.filter(
        library=library, name=name, category=category, item_type=item_type
    ).first()
    before = audit.snapshot(rule) if rule else None
    if rule is None:
        rule = LendingRule(library=library, name=name, category=category, item_type=item_type)
    rule.value = value.strip()
    rule.save()
    _leave_rule_traces("rule.set", rule, by=by, before=before, after=audit.snapshot(rule))
    return rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleData:
    """One value that a library sets, by the codes of whom and what it is for."""

    name: str
    value: str
    category: str | None = None
    item_type: str | None = None


@transaction.atomic
def set_rules(library: Library, rules: Iterable[RuleData], *, by: Actor) -> list[LendingRule]:
    """Set several lending rules, all or none. Refused as `set_rule`."""
    return [
        set_rule(
            library,
            each.name,
            each.value,
            category=PatronCategory.objects.get(code=each.category) if each.category else None,
            item_type=ItemType.objects.get(code=each.item_type) if each.item_type else None,
            by=by,
        )
        for each in rules
    ]


@transaction.atomic
def clear_rule(rule: LendingRule, *, by: Actor) -> None:
    """Take back a lending rule, so that the library inherits again."""
    by.require(CirculationPermission.MANAGE_RULES, at=rule.library_id)
    _leave_rule_traces("rule.clear", rule, by=by, before=audit.snapshot(rule), after=None)
    rule.delete()


def _leave_rule_traces(
    action: str,
    rule: LendingRule,
    *,
    by: Actor,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(
        action,
        by=by,
        kind="lending_rule",
        key=rule.pk,
        library=rule.library_id,
        before=before,
        after=after,
    )
    changes.append(RULE_CHANGED, [rule.pk], library=rule.library_id)


def _field_of(fault: policy.RuleFault) -> str:
    return {
        policy.RuleFault.UNKNOWN_NAME: "name",
        policy.RuleFault.NOT_PER_ITEM_TYPE: "item_type",
        policy.RuleFault.NOT_PER_CATEGORY: "category",
    }.get(fault, "value")
