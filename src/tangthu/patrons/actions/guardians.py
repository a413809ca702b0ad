"""Who answers for whom."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.reading import preference
from tangthu.patrons import policy
from tangthu.patrons.actions.registering import save
from tangthu.patrons.errors import PatronInvalid
from tangthu.patrons.models import Patron
from tangthu.patrons.news import announce, locked
from tangthu.patrons.permissions import PatronsPermission


@transaction.atomic
def set_guardian(patron: Patron, guardian: Patron | None, *, by: Actor) -> Patron:
    """Name another reader as the one who answers for this one; None takes the link away.

    Raises PatronInvalid where the guardian is the reader, a child, or erased, and where a child
    would be left without anybody.
    """
    patron = locked(patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    if guardian is not None:
        by.require(PatronsPermission.SEE_PATRONS, at=guardian.library_id)
    _judge(patron, guardian)
    before = patron.guardian_id
    patron.guardian = guardian
    save(patron, by=by, fields=["guardian"])
    announce(
        "patron.guardian_set",
        patron,
        by=by,
        before={"guardian": before},
        after={"guardian": patron.guardian_id},
    )
    return patron


def _judge(patron: Patron, guardian: Patron | None) -> None:
    found = policy.faults(
        policy.Application(
            name=patron.name,
            birth_on=patron.birth_on,
            today=timezone.localdate(),
            terms=policy.CategoryTerms(needs_guardian=patron.category.needs_guardian),
            guardian=policy.Guardian(
                name=patron.guardian_name,
                is_reader=guardian is not None,
                is_the_child=guardian == patron,
                birth_on=guardian.birth_on if guardian else None,
                has_a_guardian=guardian is not None and guardian.guardian_id is not None,
            ),
            guardian_until_age=int(preference(patron.library, "guardian_until_age")),
        )
    )
    of_guardian = [fault for fault in found if fault.field.startswith("guardian")]
    if of_guardian:
        raise PatronInvalid(of_guardian)
