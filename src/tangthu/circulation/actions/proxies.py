"""Who may borrow for whom."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from tangthu.circulation.errors import HelperRefused
from tangthu.circulation.models import Helper
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission


@transaction.atomic
def add_helper(
    patron: Patron, helper: Patron, *, by: Actor, until: date | None = None, note: str = ""
) -> Helper:
    """Let one reader come and borrow for another, who has asked for it; the same pair is one.

    Readers may name their own helpers. Raises HelperRefused for oneself.
    """
    _require(patron, by)
    if helper.pk == patron.pk:
        raise HelperRefused("helper")
    named, _new = Helper.objects.update_or_create(
        patron=patron,
        helper=helper,
        defaults={"until": until, "note": note, "given_at": timezone.now(), "given_by": by.name},
    )
    _write_down("helper.add", named, by=by)
    return named


@transaction.atomic
def remove_helper(named: Helper, *, by: Actor) -> None:
    """Take back that the one may borrow for the other. Loans already fetched stay."""
    _require(named.patron, by)
    _write_down("helper.remove", named, by=by)
    named.delete()


def _require(patron: Patron, by: Actor) -> None:
    if by.patron_id is None or by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)


def _write_down(action: str, named: Helper, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=named.patron_id,
        library=named.patron.library_id,
        after={"helper": named.helper_id, "until": named.until},
    )
