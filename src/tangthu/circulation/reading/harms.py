"""Copies lost or damaged, as the desk looks at them."""

from __future__ import annotations

from tangthu.catalogue.permissions import CataloguePermission
from tangthu.circulation.models import HarmReport, Loan
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor


def reports_of(loan: Loan) -> list[HarmReport]:
    """Return what was reported of the loan, the newest first."""
    return list(loan.harms.select_related("library").order_by("-pk"))


def may_settle(actor: Actor) -> bool:
    """Tell whether this person may deal with reports of harm."""
    return actor.may(CirculationPermission.LEND, at=actor.library_id)


def may_enter(actor: Actor, report: HarmReport) -> bool:
    """Tell whether this person may put a copy brought in its place in the register."""
    return actor.may(CataloguePermission.EDIT_ITEMS, at=report.loan.item.library_id)
