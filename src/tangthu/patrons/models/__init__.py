"""The facts of readers: their categories, they themselves, their cards, what stops them."""

from tangthu.patrons.models.cards import CardSeries, FormerCard
from tangthu.patrons.models.categories import PatronCategory
from tangthu.patrons.models.logins import (
    Identity,
    LoginCode,
    LoginTry,
    LoginTryQuerySet,
    ReaderAccount,
    ReaderSession,
)
from tangthu.patrons.models.patron import CardStatus, Patron, PatronQuerySet
from tangthu.patrons.models.restrictions import (
    Restriction,
    RestrictionKind,
    RestrictionQuerySet,
)

__all__ = [
    "CardSeries",
    "CardStatus",
    "FormerCard",
    "Identity",
    "LoginCode",
    "LoginTry",
    "LoginTryQuerySet",
    "Patron",
    "PatronCategory",
    "PatronQuerySet",
    "ReaderAccount",
    "ReaderSession",
    "Restriction",
    "RestrictionKind",
    "RestrictionQuerySet",
]
