"""The facts of readers: their categories, they themselves, their cards, what stops them.

Also what comes from outside: applications for a card, consents, requests about one's own data.
"""

from tangthu.patrons.models.applications import (
    Application,
    ApplicationQuerySet,
    ApplicationState,
    Knock,
    ReturnReason,
)
from tangthu.patrons.models.cards import CardSeries, FormerCard
from tangthu.patrons.models.categories import PatronCategory
from tangthu.patrons.models.consents import Consent, ConsentPurpose
from tangthu.patrons.models.logins import (
    Identity,
    LoginCode,
    LoginTry,
    LoginTryQuerySet,
    ReaderAccount,
    ReaderProgram,
    ReaderSession,
)
from tangthu.patrons.models.patron import CardStatus, Patron, PatronQuerySet
from tangthu.patrons.models.photos import Photo
from tangthu.patrons.models.requests import (
    ContactChange,
    ContactState,
    DataRequest,
    RequestKind,
    RequestState,
)
from tangthu.patrons.models.restrictions import (
    Restriction,
    RestrictionKind,
    RestrictionQuerySet,
)

__all__ = [
    "Application",
    "ApplicationQuerySet",
    "ApplicationState",
    "CardSeries",
    "CardStatus",
    "Consent",
    "ConsentPurpose",
    "ContactChange",
    "ContactState",
    "DataRequest",
    "FormerCard",
    "Identity",
    "Knock",
    "LoginCode",
    "LoginTry",
    "LoginTryQuerySet",
    "Patron",
    "PatronCategory",
    "PatronQuerySet",
    "Photo",
    "ReaderAccount",
    "ReaderProgram",
    "ReaderSession",
    "RequestKind",
    "RequestState",
    "Restriction",
    "RestrictionKind",
    "RestrictionQuerySet",
    "ReturnReason",
]
