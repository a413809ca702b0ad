"""What a transfer pays: found by its reference, and left to a person wherever there is a doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tangthu.fees.policy.references import references_in


class Doubt(StrEnum):
    """Why a transfer waits for a person."""

    NO_REFERENCE = "no_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    SEVERAL_REFERENCES = "several_references"
    ALREADY_PAID = "already_paid"
    CANCELLED = "cancelled"
    OTHER_AMOUNT = "other_amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A payment that was asked for."""

    key: int
    reference: str
    amount: int
    is_open: bool = True
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The payment that a transfer is for, as far as can be told, and the doubt about it."""

    asked: int | None = None
    doubt: Doubt | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it may be entered without asking anybody."""
        return self.doubt is None


def match(text: str, amount: int, asked: Mapping[str, Asked]) -> Match:
    """Tell which of the payments asked for (by reference) a transfer is."""
    references = references_in(text)
    known = [asked[each] for each in references if each in asked]
    if not references:
        return Match(doubt=Doubt.NO_REFERENCE)
    if not known:
        return Match(doubt=Doubt.UNKNOWN_REFERENCE)
    if len(known) > 1:
        return Match(doubt=Doubt.SEVERAL_REFERENCES)
    one = known[0]
    if one.is_paid:
        return Match(one.key, Doubt.ALREADY_PAID)
    if not one.is_open:
        return Match(one.key, Doubt.CANCELLED)
    return Match(one.key, None if one.amount == amount else Doubt.OTHER_AMOUNT)
