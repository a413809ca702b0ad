"""Accounts of other places (OpenID Connect) by which readers log in."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.patrons.actions.logins import who_log_in
from tangthu.patrons.errors import IdentityTaken
from tangthu.patrons.models import Identity, Patron
from tangthu.patrons.permissions import PatronsPermission


def reader_of_identity(issuer: str, subject: str) -> Patron | None:
    """Return the patron to whose card the identity is linked; None for a new one.

    An e-mail address that the provider tells never makes the link: whoever can have an address
    at a provider could else open anybody's file.
    """
    linked = Identity.objects.filter(issuer=issuer, subject=subject).values("patron")
    return who_log_in().filter(pk__in=linked).select_related("library").first()


@transaction.atomic
def link_identity(patron: Patron, *, issuer: str, subject: str, by: Actor) -> Identity:
    """Let the identity open the patron's account from now on.

    By the patron, who has proved the card by a code sent to its phone, or by staff of the
    library. Raises IdentityTaken when it opens another card already.
    """
    _require_over(patron, by)
    try:
        with transaction.atomic():
            link, _ = Identity.objects.get_or_create(
                issuer=issuer,
                subject=subject,
                patron=patron,
                defaults={"linked_at": timezone.now(), "linked_by": by.name},
            )
    except IntegrityError:
        raise IdentityTaken from None
    _note("patron.identity_linked", patron, by=by, issuer=issuer)
    return link


@transaction.atomic
def unlink_identity(identity: Identity, *, by: Actor) -> None:
    """Let the identity open nothing any more."""
    patron = identity.patron
    _require_over(patron, by)
    issuer = identity.issuer
    identity.delete()
    _note("patron.identity_unlinked", patron, by=by, issuer=issuer)


def _require_over(patron: Patron, by: Actor) -> None:
    if by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)


def _note(action: str, patron: Patron, *, by: Actor, issuer: str) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=patron.pk,
        library=patron.library_id,
        after={"issuer": issuer},
    )
