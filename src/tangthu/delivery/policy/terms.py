"""On what terms a library carries books home: for whom, for how much, on which security.

Delivery is a service whose price each library sets by agreement (giá dịch vụ), unlike the fees
for cards; children, the elderly and people with disabilities are free of it as the library says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tangthu.core.money import Money
from tangthu.delivery.policy.steps import Leg

# Books carried to these places go with the rotation of stock, never to one reader.
EXCLUDED_KINDS = frozenset({"prison", "mobile"})
NOTHING = Money(0)


class Condition(StrEnum):
    """What secures a book that leaves without anybody showing a card."""

    NONE = "none"
    VERIFIED_ADDRESS = "verified_address"
    DEPOSIT = "deposit"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a library has decided about delivery."""

    offered: bool
    fee: Money = NOTHING
    collection_fee: Money = NOTHING
    free_below_age: int = 0
    free_from_age: int = 0
    free_categories: frozenset[str] = frozenset()
    condition: Condition = Condition.EITHER
    deposit: Money = NOTHING
    most_copies: int = 5
    kept_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """Who asks for how much, and what stands behind it."""

    library_kind: str
    card_in_use: bool
    card_valid: bool
    restricted: bool
    has_phone: bool
    has_address: bool
    address_verified: bool
    deposit: Money
    copies: int


class Objection(StrEnum):
    """Why a request cannot be. The codes are stable, and each has its sentence."""

    NOT_OFFERED = "not_offered"
    CARD_NOT_IN_USE = "card_not_in_use"
    CARD_EXPIRED = "card_expired"
    RESTRICTED = "restricted"
    NOTHING_ASKED = "nothing_asked"
    TOO_MANY_COPIES = "too_many_copies"
    PHONE_MISSING = "phone_missing"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_NOT_VERIFIED = "address_not_verified"
    DEPOSIT_MISSING = "deposit_missing"
    NEITHER_ADDRESS_NOR_DEPOSIT = "neither_address_nor_deposit"


def judge_request(facts: RequestFacts, terms: Terms) -> tuple[Objection, ...]:
    """Return everything that stands against carrying books to this reader."""
    if not terms.offered or facts.library_kind in EXCLUDED_KINDS:
        return (Objection.NOT_OFFERED,)
    return (*_about_card(facts), *_about_request(facts, terms), *_about_security(facts, terms))


def judge_collection(facts: RequestFacts, terms: Terms) -> tuple[Objection, ...]:
    """Return what stands against fetching books from this reader.

    Neither the card nor a deposit is asked after: what is fetched comes home.
    """
    if not terms.offered or facts.library_kind in EXCLUDED_KINDS:
        return (Objection.NOT_OFFERED,)
    return tuple(_about_request(facts, terms, counts=False))


def fee_of(leg: Leg, terms: Terms, *, age: int | None, category: str) -> Money:
    """Return what the reader pays for the way out, or for having books fetched."""
    price = terms.fee if leg is Leg.OUT else terms.collection_fee
    return Money(0, price.currency) if _is_free(terms, age, category) else price


def named_categories(text: str) -> frozenset[str]:
    """Return the codes in a text such as `disabled, veteran`."""
    return frozenset(text.replace(",", " ").replace(";", " ").split())


def _is_free(terms: Terms, age: int | None, category: str) -> bool:
    if category in terms.free_categories:
        return True
    if age is None:
        return False
    return age < terms.free_below_age or (0 < terms.free_from_age <= age)


def _about_card(facts: RequestFacts) -> Iterator[Objection]:
    if not facts.card_in_use:
        yield Objection.CARD_NOT_IN_USE
    if not facts.card_valid:
        yield Objection.CARD_EXPIRED
    if facts.restricted:
        yield Objection.RESTRICTED


def _about_request(
    facts: RequestFacts, terms: Terms, *, counts: bool = True
) -> Iterator[Objection]:
    if facts.copies == 0:
        yield Objection.NOTHING_ASKED
    if counts and facts.copies > terms.most_copies:
        yield Objection.TOO_MANY_COPIES
    if not facts.has_phone:
        yield Objection.PHONE_MISSING
    if not facts.has_address:
        yield Objection.ADDRESS_MISSING


def _about_security(facts: RequestFacts, terms: Terms) -> Iterator[Objection]:
    # A deposit of nothing secures nothing, so the sum that the library asks is at least one đồng.
    deposited = facts.deposit.amount >= max(terms.deposit.amount, 1)
    match terms.condition:
        case Condition.VERIFIED_ADDRESS if not facts.address_verified:
            yield Objection.ADDRESS_NOT_VERIFIED
        case Condition.DEPOSIT if not deposited:
            yield Objection.DEPOSIT_MISSING
        case Condition.EITHER if not (facts.address_verified or deposited):
            yield Objection.NEITHER_ADDRESS_NOR_DEPOSIT
