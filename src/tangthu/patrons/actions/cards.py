"""The card: renewed, lost, replaced by another, withdrawn, given back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.patrons import policy
from tangthu.patrons.actions.registering import is_card_taken, next_card, save
from tangthu.patrons.errors import CardIsTemporary, CardNotInUse, CardTaken, PatronInvalid
from tangthu.patrons.models import CardStatus, FormerCard, Patron
from tangthu.patrons.news import announce, locked
from tangthu.patrons.permissions import PatronsPermission


@transaction.atomic
def renew_card(patron: Patron, *, by: Actor, version: int | None = None) -> Patron:
    """Make the card valid for another term of its category.

    Days that were left are added. Raises CardNotInUse for a lost or withdrawn card,
    CardIsTemporary for one whose reader has not shown their papers yet; with `version`,
    StaleVersion, so that a button pressed twice renews once.
    """
    patron = _for_change(patron, by=by, version=version)
    if patron.card_status != CardStatus.ACTIVE:
        raise CardNotInUse(card=patron.card)
    if patron.is_temporary:
        raise CardIsTemporary(card=patron.card)
    before = patron.expires_on
    patron.expires_on = policy.renewed_until(
        today=timezone.localdate(), expires_on=before, months=patron.category.card_months
    )
    save(patron, by=by, fields=["expires_on"])
    announce(
        "patron.card_renewed",
        patron,
        by=by,
        before={"expires_on": before},
        after={"expires_on": patron.expires_on},
    )
    return patron


@transaction.atomic
def report_card_lost(patron: Patron, *, by: Actor, version: int | None = None) -> Patron:
    """Mark the card as lost: nothing is lent on it until it is found or replaced."""
    return _set_status(patron, CardStatus.LOST, "patron.card_lost", by=by, version=version)


@transaction.atomic
def withdraw_card(patron: Patron, *, by: Actor, version: int | None = None) -> Patron:
    """Take the card back, for a reader who leaves. Their file stays in the register."""
    withdrawn = CardStatus.WITHDRAWN
    return _set_status(patron, withdrawn, "patron.card_withdrawn", by=by, version=version)


@transaction.atomic
def restore_card(patron: Patron, *, by: Actor, version: int | None = None) -> Patron:
    """Put a found or a withdrawn card to use again."""
    return _set_status(patron, CardStatus.ACTIVE, "patron.card_restored", by=by, version=version)


@transaction.atomic
def replace_card(
    patron: Patron, *, card: str = "", by: Actor, version: int | None = None
) -> Patron:
    """Give the reader a card with a new number: the next of the series where none is named.

    The old number opens nothing any more and is never given again. Raises CardTaken,
    PatronInvalid for what cannot be a card number.
    """
    patron = _for_change(patron, by=by, version=version)
    old, was_lost = patron.card, patron.card_status == CardStatus.LOST
    new = policy.normal_card(card) or next_card(patron.library)
    if not policy.is_card(new):
        raise PatronInvalid([policy.Fault("card", "card_invalid")])
    if is_card_taken(new):
        raise CardTaken(field="card", card=new)
    patron.card, patron.card_status = new, CardStatus.ACTIVE
    save(patron, by=by, fields=["card", "card_status"])
    FormerCard.objects.create(
        patron=patron, card=old, was_lost=was_lost, replaced_at=timezone.now()
    )
    announce("patron.card_replaced", patron, by=by, before={"card": old}, after={"card": new})
    return patron


def _for_change(patron: Patron, *, by: Actor, version: int | None) -> Patron:
    patron = locked(patron, version)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    return patron


def _set_status(
    patron: Patron, status: CardStatus, action: str, *, by: Actor, version: int | None
) -> Patron:
    patron = _for_change(patron, by=by, version=version)
    before = patron.card_status
    if before == status:
        return patron
    patron.card_status = status
    save(patron, by=by, fields=["card_status"])
    announce(action, patron, by=by, before={"card_status": before}, after={"card_status": status})
    return patron
