"""What a reader's card costs by the rules as they stand, and which of them says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tangthu.fees import policy
from tangthu.fees.models import CardFeeRule, PatronExemption
from tangthu.fees.policy import CardFeeRow, CardHolder
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a card costs, and the rows that say so."""

    amount: int
    full: int
    rule: CardFeeRule
    reduction: CardFeeRule | None

    @property
    def legal_reference(self) -> str:
        """The legal references of the fee and of its reduction."""
        both = (self.rule, self.reduction)
        said = [row.legal_reference for row in both if row is not None]
        return "; ".join(dict.fromkeys(said))


def assessment(patron: Patron, *, on: date) -> Assessment | None:
    """Return what the reader's card costs on that day; None where no rule sets a fee."""
    rules = rules_of(patron.library)
    held = PatronExemption.objects.in_force(on).filter(patron=patron)
    holder = CardHolder(
        library_kind=patron.library.kind,
        category=patron.category.code,
        age=patron.age(on),
        exemptions=frozenset(held.values_list("exemption__code", flat=True)),
    )
    rows = [_row(rule, patron.library) for rule in rules]
    fee = policy.card_fee(rows, holder, on=on)
    if fee is None:
        return None
    by_key = {rule.pk: rule for rule in rules}
    return Assessment(
        amount=fee.amount,
        full=fee.full,
        rule=by_key[fee.rule.key],
        reduction=by_key[fee.reduction.key] if fee.reduction else None,
    )


def rules_of(library: Library) -> list[CardFeeRule]:
    """Return the rules that the library has set or inherits."""
    rules = CardFeeRule.objects.filter(library__in=library.chain)
    return list(rules.select_related("library", "category", "exemption"))


def source_of(patron: Patron) -> str:
    """Return the cause of the card's fee: this term of this card, which ends on its day."""
    return f"card:{patron.pk}:{patron.card}:{patron.expires_on}"


def _row(rule: CardFeeRule, library: Library) -> CardFeeRow:
    return CardFeeRow(
        key=rule.pk,
        distance=library.chain.index(rule.library_id),
        library_kind=rule.library_kind,
        category=rule.category.code if rule.category else None,
        exemption=rule.exemption.code if rule.exemption else None,
        minimum_age=rule.minimum_age,
        maximum_age=rule.maximum_age,
        amount=rule.amount,
        reduction=rule.reduction,
        from_on=rule.from_on,
        until_on=rule.until_on,
    )
