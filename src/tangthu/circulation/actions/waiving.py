"""Going on in spite of a block, by whom that is permitted."""

from __future__ import annotations

from collections.abc import Collection

from tangthu.circulation.permissions import CirculationPermission, to_waive
from tangthu.circulation.policy import RuleName, Verdict
from tangthu.core.actor import Actor

_EXPLAINED = frozenset(
    {
        RuleName.MAX_LOANS,
        RuleName.MAX_LOANS_TOTAL,
        RuleName.LOAN_LENGTH,
        RuleName.RENEWAL_LENGTH,
        RuleName.HARD_DUE_ON,
        RuleName.HIGH_DEMAND_LENGTH,
        RuleName.MAX_ON_SITE,
        RuleName.ON_SITE_HOURS,
    }
)


def waive(verdict: Verdict, override: Collection[str], *, by: Actor, at: int) -> Verdict:
    """Waive the named blocks, each by the permission that it asks for at that library."""
    lenient = verdict.overridden(override)
    for block in lenient.waived:
        by.require(to_waive(block.permission) or CirculationPermission.OVERRIDE, at=at)
    return lenient


def waived(verdict: Verdict) -> list[str]:
    """Return the codes of the blocks that were waived, as a loan keeps them."""
    return [str(block.code) for block in verdict.waived]


def decided(verdict: Verdict) -> list[list[str | None]]:
    """Return the rows that decided, as a loan keeps them: the rules may change after it."""
    return [
        [str(row.name), row.library, row.category, row.item_type, row.value]
        for row in verdict.rules
        if row.name in _EXPLAINED
    ]
