"""A change of the rules, tried before it is saved: what it breaks, what it would have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from tangthu.catalogue.models import ItemType
from tangthu.circulation.models import Expectation, Loan, LoanEvent, LoanEventKind
from tangthu.circulation.policy import (
    DEFINITIONS,
    LendingRules,
    LoanTally,
    Resolved,
    RuleName,
    RuleRow,
    RulesFrom,
    meeting_distance,
    resolve,
)
from tangthu.circulation.policy.sentences import Misunderstood, Statement, Vocabulary, understand
from tangthu.circulation.policy.whatif import PastCase, Replay, replay
from tangthu.circulation.reading.parties import Books, books
from tangthu.circulation.reading.past_queues import past_queues
from tangthu.circulation.reading.rulebook import rows_of
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory

MOST_LOANS = 4000
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that a library wants to set."""

    name: RuleName
    value: str
    category: str | None = None
    item_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A value before and after the change, for the scope it is set for."""

    change: Change
    before: Resolved
    after: Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An expectation that would not hold: what was expected, and what would be."""

    expectation: Expectation
    name: RuleName | None = None
    expected: Resolved | None = None
    found: Resolved | None = None


def vocabulary() -> Vocabulary:
    """Return the words for the readers and the copies here. Two queries."""
    return Vocabulary(
        dict(PatronCategory.objects.values_list("code", "name")),
        dict(ItemType.objects.values_list("code", "name")),
    )


def changes_of(statement: Statement) -> list[Change]:
    """Return what a sentence sets, value by value."""
    return [
        Change(
            name=name,
            value=value,
            category=statement.category,
            item_type=statement.item_type,
        )
        for name, value in statement.values.items()
    ]


def differences(library: Library, changes: Sequence[Change]) -> list[Difference]:
    """Say of each value what holds now and what would. One query."""
    now = rows_of(library)
    then = changed(now, library, changes, at=library)
    return [
        Difference(
            change=each,
            before=_resolved(each.name, now, each.category, each.item_type),
            after=_resolved(each.name, then, each.category, each.item_type),
        )
        for each in changes
    ]


def changed(
    rows: Sequence[RuleRow], library: Library, changes: Iterable[Change], *, at: Library
) -> tuple[RuleRow, ...]:
    """Return the rows as the library `at`, the same or one below, would meet them afterwards."""
    distance = at.chain.index(library.pk)
    fresh = {
        (each.name, each.category, each.item_type): RuleRow(
            name=each.name,
            distance=distance,
            library=library.code,
            category=each.category,
            item_type=each.item_type,
            value=each.value,
        )
        for each in changes
    }
    kept = (
        row
        for row in rows
        if row.distance != distance or (row.name, row.category, row.item_type) not in fresh
    )
    return (*kept, *fresh.values())


def broken_by(library: Library, changes: Sequence[Change], words: Vocabulary) -> list[Broken]:
    """Return the expectations, of the library and of those below, that would not hold."""
    kept = Expectation.objects.filter(library__path__startswith=library.path)
    found = list[Broken]()
    for expectation in kept.select_related("library"):
        at = expectation.library
        rows = changed(rows_of(at), library, changes, at=at)
        found.extend(unmet(expectation, rows, words))
    return found


def unmet(expectation: Expectation, rows: Sequence[RuleRow], words: Vocabulary) -> Iterator[Broken]:
    """Yield what of an expectation does not hold under these rows; itself if it means nothing."""
    try:
        expected = understand(expectation.sentence, words)
    except Misunderstood:
        yield Broken(expectation=expectation)
        return
    for name, text in expected.values.items():
        wanted = Resolved(DEFINITIONS[name].parse(text), None)
        found = _resolved(name, rows, expected.category, expected.item_type)
        if found.value != wanted.value:
            yield Broken(expectation=expectation, name=name, expected=wanted, found=found)


def what_if(library: Library, changes: Sequence[Change], *, now: datetime, months: int) -> Replay:
    """Replay the newest loans of the past months, 4,000 at most, under the changed rules.

    Those of the library and of the ones below, by whose rules a loan is decided; only loans
    that the changes may concern. How many others waited then is known from their holds. Readers
    are never named, nor read but to tell loans and holds apart.
    """
    known = books()
    since = now - months * MONTH
    return replay(_cases(library, changes, known, since=since, now=now))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A past loan as its row and its event tell it."""

    record: int
    item_type: str
    category: str
    age: int | None
    patron: int | None
    decides: int
    lent_at: datetime
    due_at: datetime
    ended_at: datetime | None
    renewals: int
    price: int | None


def _cases(
    library: Library, changes: Sequence[Change], known: Books, *, since: datetime, now: datetime
) -> Iterator[tuple[PastCase, LendingRules, LendingRules]]:
    loans = _kept(library, known, since=since)
    open_then = _open_then(loans, known)
    queues = past_queues((loan.record for loan in loans), since=since)
    categories = {each.code: each for each in known.categories.values()}
    tried: dict[tuple[int, str], tuple[LendingRules, LendingRules]] = {}
    for loan, tallies in zip(loans, open_then, strict=True):
        if loan.lent_at < since or not _concerns(changes, loan):
            continue
        key = (loan.decides, loan.category)
        if key not in tried:
            at = known.network.libraries[loan.decides]
            rules = known.rules(at, categories[loan.category])
            tried[key] = (rules, _under(rules, library, changes, at=at))
        waiting = queues.others(loan.record, at=loan.lent_at, patron=loan.patron)
        yield _case(loan, tallies, waiting, now=now), *tried[key]


def _under(
    rules: LendingRules, library: Library, changes: Sequence[Change], *, at: Library
) -> LendingRules:
    return replace(rules, rows=changed(rules.rows, library, changes, at=at))


def _case(
    loan: _Kept, tallies: tuple[LoanTally, ...] | None, waiting: int, *, now: datetime
) -> PastCase:
    return PastCase(
        category=loan.category,
        item_type=loan.item_type,
        lent_at=loan.lent_at,
        due_at=loan.due_at,
        ended_at=loan.ended_at or now,
        renewals=loan.renewals,
        age=loan.age,
        price=loan.price,
        open_loans=tallies,
        waiting=waiting,
    )


def _concerns(changes: Iterable[Change], loan: _Kept) -> bool:
    return any(
        change.category in (None, loan.category) and change.item_type in (None, loan.item_type)
        for change in changes
    )


def _kept(library: Library, known: Books, *, since: datetime) -> list[_Kept]:
    """Read the newest loans whose rules these are. Two queries."""
    rules_from = RulesFrom(str(known.network.preference(library.chain, "lending_rules_from")))
    loans = (
        Loan.objects.filter(Q(returned_at__gte=since) | Q(returned_at=None), on_site=False)
        .filter(**{f"{_PATHS[rules_from]}__startswith": library.path})
        .select_related("item", "patron")
        .only(*_NEEDED)
        .order_by("-lent_at")[:MOST_LOANS]
    )
    told = _events(since)
    found = (_as_kept(loan, rules_from, told, known) for loan in loans)
    return [each for each in found if each is not None]


_PATHS = {
    RulesFrom.ITEM_LIBRARY: "item__library__path",
    RulesFrom.DESK_LIBRARY: "library__path",
    RulesFrom.PATRON_LIBRARY: "patron__library__path",
}
_NEEDED = (
    "library",
    "lent_at",
    "due_at",
    "returned_at",
    "renewals",
    "item__record",
    "item__item_type",
    "item__library",
    "item__price",
    "patron__category",
    "patron__library",
)

_Told = dict[tuple[int, datetime], tuple[int | None, str]]


def _as_kept(loan: Loan, rules_from: RulesFrom, told: _Told, known: Books) -> _Kept | None:
    of_event, band = told.get((loan.item_id, loan.lent_at), (None, ""))
    category = known.categories.get((loan.patron.category_id if loan.patron else of_event) or 0)
    at = {
        RulesFrom.ITEM_LIBRARY: loan.item.library_id,
        RulesFrom.DESK_LIBRARY: loan.library_id,
        RulesFrom.PATRON_LIBRARY: loan.patron.library_id if loan.patron else loan.library_id,
    }[rules_from]
    if category is None:
        return None
    return _Kept(
        record=loan.item.record_id,
        item_type=known.item_types[loan.item.item_type_id].code,
        category=category.code,
        age=_age_in(band),
        patron=loan.patron_id,
        decides=at,
        lent_at=loan.lent_at,
        due_at=loan.due_at,
        ended_at=loan.returned_at,
        renewals=loan.renewals,
        price=loan.item.price,
    )


def _events(since: datetime) -> _Told:
    """Return the categories and age bands of loans, by their copies and moments. One query."""
    rows = LoanEvent.objects.filter(kind=LoanEventKind.CHECK_OUT, at__gte=since).order_by("-at")
    told = rows.values_list("item_id", "at", "patron_category_id", "age_band")
    return {(item, at): (category, band) for item, at, category, band in told[: 4 * MOST_LOANS]}


def _age_in(band: str) -> int | None:
    """Return the youngest age of a band: what a rule about ages would have met at worst."""
    first = band.rstrip("+").split("-")[0]
    return int(first) if first else None


def _open_then(loans: Sequence[_Kept], known: Books) -> list[tuple[LoanTally, ...] | None]:
    """Say of each loan what else its reader had at that moment; None where none is known."""
    by_reader: defaultdict[int, list[_Kept]] = defaultdict(list)
    for loan in loans:
        if loan.patron is not None:
            by_reader[loan.patron].append(loan)
    return [
        None if loan.patron is None else _tallies(loan, by_reader[loan.patron], known)
        for loan in loans
    ]


def _tallies(loan: _Kept, others: Iterable[_Kept], known: Books) -> tuple[LoanTally, ...]:
    counted: defaultdict[tuple[str, int], int] = defaultdict(int)
    here = known.network.libraries[loan.decides].chain
    for other in others:
        open_then = other.ended_at is None or other.ended_at > loan.lent_at
        if other is not loan and other.lent_at < loan.lent_at and open_then:
            there = known.network.libraries[other.decides].chain
            counted[other.item_type, meeting_distance(here, there)] += 1
    return tuple(
        LoanTally(item_type=item_type, distance=distance, loans=count)
        for (item_type, distance), count in counted.items()
    )


def _resolved(
    name: RuleName, rows: Iterable[RuleRow], category: str | None, item_type: str | None
) -> Resolved:
    # A scope of all fits only rows of all: no code is empty.
    return resolve(name, rows, category=category or "", item_type=item_type or "")
