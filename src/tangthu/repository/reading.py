"""What others ask of the digital library: who may open what."""

from __future__ import annotations

from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.libraries.reading import preference
from tangthu.patrons.models import CardStatus, Patron
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject
from tangthu.repository.opening import is_opened
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.access import GRANTED, Terms, Verdict, Viewer, judge
from tangthu.repository.policy.kinds import Access

READING_ROOM = "reading_room_networks"


def may_see(obj: DigitalObject, actor: Actor, *, address: str | None, now: datetime) -> Verdict:
    """Say whether this visitor may open the object now, from that address of the network.

    No query for an open object, or for staff; one where the reader's card is what counts, and those
    of whoever keeps the grants where a grant is.
    """
    return judge(obj.terms, viewer_of(obj, actor, address=address, now=now), today=_day(now))


def require_open(
    obj: DigitalObject, actor: Actor, *, address: str | None, now: datetime
) -> DigitalObject:
    """Return the object where it opens for this visitor. Raises ObjectClosed with the reason."""
    verdict = may_see(obj, actor, address=address, now=now)
    if not verdict:
        until = f"{verdict.until:%d/%m/%Y}" if verdict.until else ""
        raise ObjectClosed(object=obj.identifier, reason=str(verdict.refusal), until=until)
    return obj


def is_open_to_all(obj: DigitalObject, *, now: datetime) -> bool:
    """Tell whether anybody may open it, so that what is sent may be kept by caches on the way."""
    return bool(judge(obj.terms, Viewer(), today=_day(now)))


def viewer_of(obj: DigitalObject, actor: Actor, *, address: str | None, now: datetime) -> Viewer:
    """Return the visitor as the rules see one; the card is asked for only where it counts."""
    terms: Terms = obj.terms
    return Viewer(
        keeps=actor.may(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id),
        is_staff=actor.is_staff,
        has_valid_card=terms.access == Access.CARDHOLDERS and _has_valid_card(actor, now),
        is_on_site=terms.access == Access.ON_SITE and is_on_site(obj.library, address),
        is_granted=terms.access in GRANTED and is_opened(obj, actor, now),
    )


def is_on_site(library: Library, address: str | None) -> bool:
    """Tell whether the address is of a network that the library calls its reading room's."""
    if not address:
        return False
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in network for network in _networks(str(preference(library, READING_ROOM))))


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    found: list[IPv4Network | IPv6Network] = []
    for word in text.replace(",", " ").split():
        try:
            found.append(ip_network(word, strict=False))
        except ValueError:
            continue
    return found


def _has_valid_card(actor: Actor, now: datetime) -> bool:
    if actor.patron_id is None:
        return False
    cards = Patron.objects.filter(pk=actor.patron_id, card_status=CardStatus.ACTIVE, erased_at=None)
    return cards.filter(expires_on__gte=_day(now)).exists()


def _day(now: datetime) -> date:
    return timezone.localdate(now)
