"""What people agree to, and take back."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.patrons import consents
from tangthu.patrons.models import Application, Consent, Patron
from tangthu.patrons.news import locked
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy.applying import Purpose


@transaction.atomic
def give_consent(patron: Patron, purpose: Purpose, *, by: Actor, language: str) -> Consent:
    """Store that the reader agrees: the words of today. Agreeing twice changes nothing.

    The reader themselves, or staff who hold the signed paper.
    """
    patron = locked(patron)
    _insist(patron, by=by)
    known = patron.consents.in_force().filter(purpose=purpose).first()
    if known is not None and known.version == consents.VERSION:
        return known
    patron.consents.in_force().filter(purpose=purpose).update(withdrawn_at=timezone.now())
    given = Consent.objects.create(
        patron=patron,
        purpose=purpose,
        version=consents.VERSION,
        language=language,
        text=consents.words(purpose, library=patron.library),
        given_by=patron.guardian_name or patron.name,
        given_at=timezone.now(),
    )
    _write_down("patron.consent_given", patron, purpose, by=by)
    return given


@transaction.atomic
def withdraw_consent(patron: Patron, purpose: Purpose, *, by: Actor) -> None:
    """Store that the reader agrees no more. What was done until then stays lawful."""
    patron = locked(patron)
    _insist(patron, by=by)
    if patron.consents.in_force().filter(purpose=purpose).update(withdrawn_at=timezone.now()):
        _write_down("patron.consent_withdrawn", patron, purpose, by=by)


def set_of_application(
    application: Application, agreed: Collection[Purpose], *, given_by: str, language: str
) -> None:
    """Make these, and no others, the consents of an application. Part of its own deeds."""
    library = application.library
    if library is None:
        return
    now = timezone.now()
    in_force = {consent.purpose: consent for consent in application.consents.in_force()}
    for purpose in Purpose:
        text = consents.words(purpose, library=library)
        known = in_force.get(purpose.value)
        stays = known is not None and known.text == text and known.given_by == given_by
        if known is not None and (purpose not in agreed or not stays):
            # Not yet sent to anybody: what was unticked was never agreed to.
            known.delete()
        if purpose in agreed and not stays:
            Consent.objects.create(
                application=application,
                purpose=purpose,
                version=consents.VERSION,
                language=language,
                text=text,
                given_by=given_by,
                given_at=now,
            )


def _insist(patron: Patron, *, by: Actor) -> None:
    if by.patron_id is not None and by.patron_id != patron.pk:
        raise NotPermitted(patron=patron.pk)
    if by.patron_id is None:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)


def _write_down(action: str, patron: Patron, purpose: Purpose, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=patron.pk,
        library=patron.library_id,
        after={"purpose": purpose.value, "version": consents.VERSION},
    )
