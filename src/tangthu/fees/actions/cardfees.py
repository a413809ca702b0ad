"""Card fees: the rules, the exemptions that readers have proved, and charging a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees.actions.charging import charge
from tangthu.fees.cardfees import assessment, source_of
from tangthu.fees.errors import BadCardFee, ExemptionTaken
from tangthu.fees.models import CardFeeRule, Entry, Exemption, FeeKind, PatronExemption
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron, PatronCategory
from tangthu.patrons.permissions import PatronsPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFeeData:
    """What a rule says: an amount or a reduction in percent, for whom, from when, by what law."""

    library_kind: str = ""
    category: PatronCategory | None = None
    exemption: Exemption | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    amount: int | None = None
    reduction: int | None = None
    from_on: date
    until_on: date | None = None
    legal_reference: str


@transaction.atomic
def charge_card_fee(patron: Patron, *, by: Actor) -> Entry | None:
    """Charge what the reader's card costs today; None where it costs nothing.

    Once for each term of a card: charged again it returns the first entry.
    """
    by.require(FeesPermission.TAKE_MONEY, at=patron.library_id)
    fee = assessment(patron, on=timezone.localdate())
    if fee is None or not fee.amount:
        return None
    return charge(
        patron,
        kind=FeeKind.CARD,
        amount=Money(fee.amount),
        library=patron.library,
        by=by,
        source=source_of(patron),
        note=fee.legal_reference,
    )


@transaction.atomic
def set_card_fee(
    library: Library, data: CardFeeData, *, by: Actor, rule: CardFeeRule | None = None
) -> CardFeeRule:
    """Add a rule for the library and those below it, or change one. Raises BadCardFee.

    What was charged before stays as it was charged.
    """
    by.require(FeesPermission.MANAGE_RULES, at=library.pk)
    _check(data)
    before = audit.snapshot(rule) if rule else None
    rule = rule or CardFeeRule(library=library)
    for name in CardFeeData.__slots__:
        setattr(rule, name, getattr(data, name))
    rule.save()
    _note("fees.card_fee_set", rule, by, before=before, after=audit.snapshot(rule))
    return rule


@transaction.atomic
def drop_card_fee(rule: CardFeeRule, *, by: Actor) -> None:
    """Take a rule back that was a mistake. One that only ends is given its last day instead."""
    by.require(FeesPermission.MANAGE_RULES, at=rule.library_id)
    _note("fees.card_fee_dropped", rule, by, before=audit.snapshot(rule), after=None)
    rule.delete()


@transaction.atomic
def add_exemption(code: str, name: str, *, by: Actor) -> Exemption:
    """Name a reason for paying less, for the whole network. Raises ExemptionTaken."""
    for root in Library.objects.filter(parent=None):
        by.require(FeesPermission.MANAGE_RULES, at=root.pk)
    exemption = Exemption(code=code, name=name.strip())
    try:
        with transaction.atomic():
            exemption.save()
    except IntegrityError:
        raise ExemptionTaken(field="code") from None
    audit.record(
        "fees.exemption_added",
        by=by,
        kind="exemption",
        key=exemption.pk,
        after=audit.snapshot(exemption),
    )
    return exemption


@transaction.atomic
def grant_exemption(
    patron: Patron, exemption: Exemption, *, until_on: date | None, by: Actor
) -> PatronExemption:
    """Note that the reader has shown the paper that proves an exemption. It is not kept."""
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    granted, _ = PatronExemption.objects.update_or_create(
        patron=patron,
        exemption=exemption,
        defaults={"until_on": until_on, "seen_by": by.name, "seen_at": timezone.now()},
    )
    _note_reader("fees.exemption_granted", patron, by, {"until": until_on})
    return granted


@transaction.atomic
def end_exemption(granted: PatronExemption, *, by: Actor) -> None:
    """Forget that the reader is exempt; nothing of it is kept."""
    by.require(PatronsPermission.EDIT_PATRONS, at=granted.patron.library_id)
    _note_reader("fees.exemption_ended", granted.patron, by, {})
    granted.delete()


def _check(data: CardFeeData) -> None:
    if (data.amount is None) == (data.reduction is None):
        raise BadCardFee("amount", fault="amount_or_reduction")
    if data.exemption is not None and data.reduction is None:
        raise BadCardFee("reduction", fault="exemption_reduces")
    if data.reduction is not None and not 1 <= data.reduction <= 100:
        raise BadCardFee("reduction", fault="percent")
    youngest, oldest = data.minimum_age, data.maximum_age
    if youngest is not None and oldest is not None and oldest < youngest:
        raise BadCardFee("maximum_age", fault="ages")
    if data.until_on is not None and data.until_on < data.from_on:
        raise BadCardFee("until_on", fault="days")


def _note(
    action: str,
    rule: CardFeeRule,
    by: Actor,
    *,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(
        action,
        by=by,
        kind="card_fee_rule",
        key=rule.pk,
        library=rule.library_id,
        before=before,
        after=after,
    )


def _note_reader(action: str, patron: Patron, by: Actor, after: dict[str, object]) -> None:
    # Which exemption it is may tell of an illness: the log says only that there was one.
    audit.record(
        action, by=by, kind="patron", key=patron.pk, library=patron.library_id, after=after
    )
