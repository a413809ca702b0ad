"""Accounts of other places that open a reader's own: linked, and the reader told of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext, override

from tangthu.core.actor import Actor
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind
from tangthu.notices.policy import DEFAULT_LANGUAGE
from tangthu.patrons.actions import accept_invitation, link_identity
from tangthu.patrons.models import Identity, Patron


@transaction.atomic
def link_own_identity(patron: Patron, *, issuer: str, subject: str, by: Actor) -> Identity:
    """Link the identity to the account of the reader who is logged in, and tell them.

    They are told by another way, so that whoever finds an account open at a shared computer does
    not link their own unnoticed. Raises IdentityTaken when it opens another card already.
    """
    linked = link_identity(patron, issuer=issuer, subject=subject, by=by)
    _tell(linked)
    return linked


@transaction.atomic
def link_invited_identity(invitation: str, *, issuer: str, subject: str) -> Identity:
    """Link the identity to the card of whom the desk invited, and tell them.

    Raises InvitationOver, and IdentityTaken when it opens another card already.
    """
    linked = accept_invitation(invitation, issuer=issuer, subject=subject)
    _tell(linked)
    return linked


def _tell(linked: Identity) -> None:
    with override(DEFAULT_LANGUAGE):
        what = gettext("accounts of other places that open yours")
    announce(
        NoticeKind.CONTACT_CHANGED,
        to=linked.patron,
        library=linked.patron.library,
        values={"what": what},
        source=f"identity:{linked.pk}:linked",
    )
