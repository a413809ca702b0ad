"""Accounts of other places (OpenID Connect) by which readers log in."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.patrons.actions.logins import actor_for, who_log_in
from tangthu.patrons.errors import IdentityTaken, InvitationOver
from tangthu.patrons.models import Identity, Patron
from tangthu.patrons.permissions import PatronsPermission

INVITED_FOR = 15 * 60
"""Seconds for which a reader at the desk may link their account of another place."""

_SALT = "patrons.identities.invitation"


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


@transaction.atomic
def invite_identity(patron: Patron, *, by: Actor) -> str:
    """Return what lets the reader who stands at the desk link their account of another place.

    Staff have seen who they are; so no code is sent. Good for a quarter of an hour, once.
    """
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    audit.record(
        "patron.identity_invited", by=by, kind="patron", key=patron.pk, library=patron.library_id
    )
    return signing.dumps([patron.pk, timezone.now().isoformat()], salt=_SALT)


def invited_reader(invitation: str) -> Patron:
    """Return the reader whom an invitation is for. Raises InvitationOver for any that is none."""
    try:
        key, given = signing.loads(invitation, salt=_SALT, max_age=INVITED_FOR)
    except signing.BadSignature:
        raise InvitationOver from None
    patron = who_log_in().select_related("library").filter(pk=key).first()
    if patron is None or _was_used(patron, since=datetime.fromisoformat(given)):
        raise InvitationOver
    return patron


@transaction.atomic
def accept_invitation(invitation: str, *, issuer: str, subject: str) -> Identity:
    """Link the identity to the card of the invited reader; locks the reader, so that it is once.

    Raises InvitationOver, and IdentityTaken when it opens another card already.
    """
    patron = invited_reader(invitation)
    Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    patron = invited_reader(invitation)
    return link_identity(patron, issuer=issuer, subject=subject, by=actor_for(patron))


def _was_used(patron: Patron, *, since: datetime) -> bool:
    """Tell whether something was linked or unlinked meanwhile: an invitation is good once."""
    deeds = ("patron.identity_linked", "patron.identity_unlinked")
    about = AuditEntry.objects.about("patron", patron.pk).filter(action__in=deeds)
    return about.filter(at__gte=since).exists()


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
