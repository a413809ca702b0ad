"""How lending stands: the licences of objects with what is out, and a reader before the rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from tangthu.catalogue.models import Item, Record
from tangthu.catalogue.scans import free_copies
from tangthu.fees.reading import debt_of
from tangthu.libraries.models import Library
from tangthu.libraries.reading import network
from tangthu.patrons.models import CardStatus, Patron, Restriction
from tangthu.reading.models import (
    DigitalHold,
    DigitalLoan,
    DigitalRule,
    HoldState,
    Licence,
)
from tangthu.reading.policy.lending import ObjectFacts, ReaderFacts, Row, Rules, rules_for
from tangthu.reading.policy.licences import LicenceFacts, free_places
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access, State
from tangthu.repository.policy.kinds import Restriction as Bond


@dataclass(frozen=True, slots=True)
class Places:
    """The licences of one object, how many have it, and how many wait and are kept nothing."""

    licences: Sequence[Licence] = ()
    out: Mapping[int, int] = field(default_factory=dict)
    kept: Mapping[int, int] = field(default_factory=dict)
    copies: Mapping[int, int] = field(default_factory=dict)
    waiting: int = 0
    next_due_at: datetime | None = None

    def facts(self, library: Library | None = None) -> list[LicenceFacts]:
        """Return the licences as the rules see them, for readers of that library."""
        chain = library.chain if library else ()
        return [
            each.facts(
                out=self.out.get(each.pk, 0),
                kept=self.kept.get(each.pk, 0),
                copies=self.copies.get(each.pk, 0),
                serves=library is None or each.library_id in chain,
            )
            for each in self.licences
        ]

    def free(self, library: Library | None = None, *, now: datetime) -> int | None:
        """Return how many may still borrow, those who wait first; `None` without limit."""
        places = free_places(self.facts(library), now=now)
        return None if places is None else max(0, places - self.waiting)

    def total(self) -> int | None:
        """Return how many may have the object at once; `None` without limit."""
        count = 0
        for each in self.facts():
            left = None if each.left is None else each.left + each.out
            limits = [n for n in (each.at_once, left) if n is not None]
            if not limits:
                return None
            count += min(limits)
        return count

    def serves(self, library: Library) -> bool:
        """Tell whether any licence lends to readers of that library."""
        return any(each.library_id in library.chain for each in self.licences)


NO_PLACES = Places()


def places_of(object_ids: Iterable[int], *, now: datetime) -> dict[int, Places]:
    """Return how these objects are lent at that moment; nothing of what is not lent.

    What ended by itself is free, whether a job has tidied it up yet or not. Three queries, one more
    where printed copies bound their scans.
    """
    licences = defaultdict[int, list[Licence]](list)
    for each in Licence.objects.of_objects(object_ids).in_force(now).order_by("id"):
        licences[each.object_id].append(each)
    if not licences:
        return {}
    loans, holds = _Loans.of(licences, now), _Holds.of(licences, now)
    copies = _free_copies(licences)
    copies.update(loans.over)
    copies.update(holds.missed)
    return {
        key: Places(
            found, loans.out, holds.kept, copies, holds.waiting[key], loans.next_due.get(key)
        )
        for key, found in licences.items()
    }


@dataclass(frozen=True, slots=True)
class _Loans:
    """By licence: the live loans, and those whose copy is free again; by object: the next due."""

    out: Counter[int]
    over: Counter[int]
    next_due: dict[int, datetime]

    @classmethod
    def of(cls, objects: Iterable[int], now: datetime) -> _Loans:
        live = Q(due_at__gt=now)
        rows = (
            DigitalLoan.objects.filter(object__in=list(objects), returned_at=None)
            .values_list("object_id", "licence_id")
            .order_by()
            .annotate(
                live=Count("pk", filter=live),
                over=Count("item", filter=~live),
                next_due=Min("due_at", filter=live),
            )
        )
        found = cls(Counter(), Counter(), {})
        for key, licence, out, over, due in rows:
            found.out[licence] += out
            found.over[licence] += over
            if due is not None:
                found.next_due[key] = min(due, found.next_due.get(key, due))
        return found


@dataclass(frozen=True, slots=True)
class _Holds:
    """By licence: the holds it is kept for, and those who did not come; by object: who waits."""

    kept: Counter[int]
    missed: Counter[int]
    waiting: Counter[int]

    @classmethod
    def of(cls, objects: Iterable[int], now: datetime) -> _Holds:
        ready = Q(state=HoldState.READY)
        rows = (
            DigitalHold.objects.filter(object__in=list(objects))
            .filter(ready | Q(state=HoldState.WAITING))
            .values_list("object_id", "licence_id")
            .order_by()
            .annotate(
                kept=Count("pk", filter=ready & Q(ready_until__gt=now)),
                missed=Count("item", filter=ready & Q(ready_until__lte=now)),
                waiting=Count("pk", filter=Q(state=HoldState.WAITING)),
            )
        )
        found = cls(Counter(), Counter(), Counter())
        for key, licence, kept, missed, waiting in rows:
            found.waiting[key] += waiting
            if licence is not None:
                found.kept[licence] += kept
                found.missed[licence] += missed
        return found


def _free_copies(licences: Mapping[int, Sequence[Licence]]) -> Counter[int]:
    """Return, by licence, how many printed copies are in, at the libraries that it joins."""
    joined = {key: each for key, found in licences.items() for each in found if each.by_copies}
    found = Counter[int]()
    if not joined:
        return found
    tree = network().libraries
    items = free_copies(Item.objects.filter(record__digital_links__object__in=list(joined)))
    counted = items.order_by().values_list("record__digital_links__object", "library_id")
    for key, library, count in counted.annotate(copies=Count("pk", distinct=True)):
        licence = joined.get(key)
        if licence is not None and licence.library_id in tree[library].chain:
            found[licence.pk] += count
    return found


def copies_for(licence: Licence) -> QuerySet[Item]:
    """Return the free printed copies of which one may stand in for a loan on this licence."""
    tree = network().libraries
    below = [pk for pk, library in tree.items() if licence.library_id in library.chain]
    records = Record.objects.filter(digital_links__object=licence.object_id).values("pk")
    return free_copies(Item.objects.filter(record__in=records, library__in=below))


def rules_of(patron: Patron) -> Rules:
    """Return what the reader's library decides for the reader's category. One query."""
    chain = patron.library.chain
    rows = DigitalRule.objects.filter(library__in=chain).select_related("category")
    return rules_for(
        [
            Row(
                distance=chain.index(row.library_id),
                category=row.category.code if row.category else None,
                loans=row.loans,
                days=row.days,
                renewals=row.renewals,
                holds=row.holds,
                ready_days=row.ready_days,
                max_debt=row.max_debt,
            )
            for row in rows
        ],
        category=patron.category.code,
    )


def reader_facts(patron: Patron, obj: DigitalObject, rules: Rules, *, now: datetime) -> ReaderFacts:
    """Return the reader as the rules see one. Three queries; one more where debts count."""
    today = local_day(now)
    loans = DigitalLoan.objects.live(now).filter(patron=patron).values_list("object_id", flat=True)
    mine = list(loans)
    holds = dict(
        DigitalHold.objects.open(now).filter(patron=patron).values_list("object_id", "state")
    )
    in_use = patron.card_status == CardStatus.ACTIVE and patron.erased_at is None
    return ReaderFacts(
        card_in_use=in_use and patron.library.is_living(today),
        expires_on=patron.expires_on,
        is_stopped=Restriction.objects.in_force(today).filter(patron=patron).exists(),
        debt=0 if rules.max_debt is None else debt_of(patron.pk).amount,
        age=patron.age(today),
        loans=len(mine),
        holds=len(holds),
        has_it=obj.pk in mine,
        waits=holds.get(obj.pk) == HoldState.WAITING,
        is_kept_one=holds.get(obj.pk) == HoldState.READY,
    )


def object_facts(
    obj: DigitalObject, places: Places, library: Library, *, now: datetime
) -> ObjectFacts:
    """Return the object as the rules see it, for readers of that library. One query."""
    ages = Record.objects.filter(digital_links__object=obj).values_list("minimum_age", flat=True)
    return ObjectFacts(
        is_lent=bool(places.licences),
        is_open=is_lendable(obj, now=now),
        serves=places.serves(library),
        free=places.free(library, now=now),
        waiting=places.waiting,
        minimum_age=max((age for age in ages if age), default=None),
    )


def is_lendable(obj: DigitalObject, *, now: datetime) -> bool:
    """Tell whether a loan would open the object: published, on loan alone, under no embargo."""
    embargoed = obj.embargo_until is not None and local_day(now) <= obj.embargo_until
    closed = embargoed or obj.restriction != Bond.NONE
    return obj.state == State.PUBLISHED and obj.access == Access.LENT and not closed


def local_day(moment: datetime) -> date:
    """Return the day that the library's calendar shows at that moment."""
    return timezone.localdate(moment)


def end_of(day: date) -> datetime:
    """Return the last second of a day at the library."""
    last = datetime.combine(day, time(23, 59, 59))
    return timezone.make_aware(last)


def ready_until(rules: Rules, *, now: datetime) -> datetime:
    """Return until when a copy is kept for who waited: the end of the last of those days."""
    return end_of(local_day(now) + timedelta(days=rules.ready_days))
