"""Who may open a digital object. Whatever is not clearly allowed is refused.

The law on libraries (46/2019/QH14, article 7) lets a library restrict what is secret, private or
rare; the law on personal data and the wish of a community may bind it further.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tangthu.repository.policy.kinds import Access, Restriction, State


class AccessRefusal(StrEnum):
    """Why an object does not open, as a stable code."""

    NOT_PUBLISHED = "object_not_published"
    WITHDRAWN = "object_withdrawn"
    EMBARGOED = "object_embargoed"
    CARD_NEEDED = "object_needs_card"
    ON_SITE_ONLY = "object_on_site_only"
    STAFF_ONLY = "object_staff_only"
    ON_REQUEST = "object_on_request"
    LENT = "object_must_be_borrowed"
    COMMUNITY_ONLY = "object_community_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an object says of who may open it, as it is stored."""

    state: str
    access: str
    restriction: str = Restriction.NONE
    embargo_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks. `keeps`: holds the right to edit objects at the object's own library.

    `is_granted`: staff approved a request, or a loan runs.
    """

    keeps: bool = False
    is_staff: bool = False
    has_valid_card: bool = False
    is_on_site: bool = False
    is_granted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """True where the object opens; else the reason, and for an embargo the day it ends."""

    refusal: AccessRefusal | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self.refusal is None


ALLOWED = Verdict()


def judge(terms: Terms, viewer: Viewer, *, today: date) -> Verdict:
    """Say whether this viewer may open the object today.

    Its keepers always may. An embargo ends with the day it names; a value that nobody knows, as a
    damaged row may hold, opens to keepers alone.
    """
    if viewer.keeps:
        return ALLOWED
    if terms.state != State.PUBLISHED:
        withdrawn = terms.state == State.WITHDRAWN
        return Verdict(AccessRefusal.WITHDRAWN if withdrawn else AccessRefusal.NOT_PUBLISHED)
    if terms.embargo_until is not None and today <= terms.embargo_until:
        return Verdict(AccessRefusal.EMBARGOED, terms.embargo_until)
    if terms.restriction != Restriction.NONE:
        return Verdict(AccessRefusal.COMMUNITY_ONLY)
    return _by_level(terms.access, viewer)


def _by_level(access: str, viewer: Viewer) -> Verdict:
    opens: Mapping[str, bool] = {
        Access.PUBLIC: True,
        Access.CARDHOLDERS: viewer.has_valid_card or viewer.is_staff,
        Access.ON_SITE: viewer.is_on_site or viewer.is_staff,
        Access.STAFF: viewer.is_staff,
        Access.ON_REQUEST: viewer.is_granted,
        Access.LENT: viewer.is_granted,
    }
    return ALLOWED if opens.get(access, False) else Verdict(_refusal_of(access))


def _refusal_of(access: str) -> AccessRefusal:
    refusals: Mapping[str, AccessRefusal] = {
        Access.CARDHOLDERS: AccessRefusal.CARD_NEEDED,
        Access.ON_SITE: AccessRefusal.ON_SITE_ONLY,
        Access.ON_REQUEST: AccessRefusal.ON_REQUEST,
        Access.LENT: AccessRefusal.LENT,
    }
    return refusals.get(access, AccessRefusal.STAFF_ONLY)


LISTED = (Access.PUBLIC, Access.CARDHOLDERS, Access.ON_SITE, Access.ON_REQUEST, Access.LENT)
"""The levels whose objects everybody finds described, if not opened."""

GRANTED = frozenset({Access.ON_REQUEST, Access.LENT})
"""The levels that a grant lifts: an approved request, a loan."""
