"""The words that the rules of holds take as values."""

from __future__ import annotations

from enum import StrEnum


class HoldPolicy(StrEnum):
    """Whose readers may hold a copy."""

    ANY = "any"
    OWN_LIBRARY = "own_library"
    BRANCH = "branch"


class PickupPolicy(StrEnum):
    """Where a held copy may be handed out."""

    ANY = "any"
    ITEM_LIBRARY = "item_library"
    PATRON_LIBRARY = "patron_library"
    BRANCH = "branch"


class TransferPolicy(StrEnum):
    """How far a copy is carried for a reader."""

    ANY = "any"
    BRANCH = "branch"
    NONE = "none"


class OnShelfHolds(StrEnum):
    """Whether a title may be held while a copy stands on the shelf."""

    ALWAYS = "always"
    ALL_OUT = "all_out"
    THIS_OUT = "this_out"


class LocalFirst(StrEnum):
    """Whether the readers of a copy's own library come before those who waited longer."""

    NO = "no"
    PICKUP = "pickup"
    PATRON = "patron"


class HoldFeeAt(StrEnum):
    """When a hold costs its fee."""

    PLACED = "placed"
    QUEUED = "queued"
    PICKUP = "pickup"


class ReturnTo(StrEnum):
    """Where a copy goes that came back and that nobody waits for."""

    HOME = "home"
    STAY = "stay"


class RenewalWhileHeld(StrEnum):
    """Whether a loan is renewed while others wait for the title."""

    REFUSE = "refuse"
    COPIES = "copies"
