"""What faces ask about readers before they act."""

from __future__ import annotations

from django.db.models import Q

from tangthu.core.actor import Actor
from tangthu.core.prepared import Prepared
from tangthu.patrons import policy
from tangthu.patrons.actions import PatronData
from tangthu.patrons.models import ContactChange, DataRequest, FormerCard, Patron
from tangthu.patrons.permissions import PatronsPermission

_MOST = 5


def resembling(data: PatronData, *, by: Actor) -> list[Patron]:
    """Return the readers, of those the actor may see, who are probably the same person.

    The likeliest first, five at most. Somebody registered twice has two limits and two debts.
    """
    wanted = policy.Identity(
        words=policy.search_words(data.name),
        birth_on=data.birth_on,
        phone=policy.stored_phone(data.phone) or "",
    )
    alike = Q(folded_name=wanted.words)
    if wanted.phone:
        alike |= Q(phone=wanted.phone)
    candidates = Patron.objects.visible_to(by).filter(alike).for_list()[:200]
    scored = [(policy.likeness(wanted, _identity(patron)), patron) for patron in candidates]
    likely = [pair for pair in scored if pair[0] >= policy.PROBABLY_THE_SAME]
    likely.sort(key=lambda pair: -pair[0])
    return [patron for _, patron in likely[:_MOST]]


_BY_CARD = Prepared(lambda card: Patron.objects.filter(card=card), slots=1)


def patron_by_card(text: str, *, by: Actor, whole: bool = False) -> Patron | None:
    """Return the reader with exactly this card, if the actor may see them. One short query.

    `whole` reads category, library and guardian along, for a page that shows them.
    """
    card = policy.normal_card(text)
    if whole:
        parties = Patron.objects.select_related("category", "library", "guardian")
        patron = parties.filter(card=card).first()
    else:
        patron = _BY_CARD.first(card)
    if patron is None or not _may_see(patron, by):
        return None
    return patron


def _may_see(patron: Patron, by: Actor) -> bool:
    """Say of one reader what `visible_to` says of many."""
    if patron.erased_at is not None:
        return False
    own = by.patron_id is not None and by.patron_id == patron.pk
    return own or by.may(PatronsPermission.SEE_PATRONS, at=patron.library_id)


def open_requests(*, by: Actor) -> int:
    """Return how many requests of readers wait for this member of staff."""
    rights = DataRequest.objects.visible_to(by).open().count()
    return rights + ContactChange.objects.visible_to(by).waiting().count()


def former_card(text: str, *, by: Actor) -> FormerCard | None:
    """Return what is known of a card number that was replaced by another."""
    known = FormerCard.objects.select_related("patron__library")
    found = known.filter(card=policy.normal_card(text)).first()
    if found is None or not Patron.objects.visible_to(by).filter(pk=found.patron_id).exists():
        return None
    return found


def _identity(patron: Patron) -> policy.Identity:
    return policy.Identity(words=patron.folded_name, birth_on=patron.birth_on, phone=patron.phone)
