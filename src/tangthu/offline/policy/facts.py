"""From rows to the facts of the lending rules: the one place where they are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from tangthu.circulation import policy
from tangthu.circulation.policy import (
    Block,
    Blocked,
    Borrower,
    CardState,
    CheckinFacts,
    CheckoutFacts,
    ItemFacts,
    ItemState,
    LendingRules,
    LoanTally,
    PatronFacts,
    RenewalFacts,
    RenewalWhileHeld,
    RestrictionFact,
    RuleBook,
    RuleName,
    RulesFrom,
)
from tangthu.offline.policy.book import Book
from tangthu.offline.policy.codec import BadPlain, decode, encode
from tangthu.offline.policy.rows import ItemRow, LoanRow, PatronRow
from tangthu.patrons.policy import age_on

FactsT = TypeVar("FactsT", PatronFacts, ItemFacts, RenewalFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A copy that the reader has, as far as limits count it."""

    record: int
    type: str
    item_library: int
    desk_library: int
    due_at: datetime
    on_site: bool = False
    is_claimed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A desk with a reader and a copy at a moment.

    `held` is what the reader has; `lends_for` are the libraries whose copies the person at the
    desk may lend.
    """

    now: datetime
    patron: PatronRow
    item: ItemRow
    held: tuple[Held, ...] = ()
    lends_for: frozenset[int] = frozenset()


def held_copy(item: ItemRow) -> Held:
    """Return a copy on loan as limits count it; raises BadPlain when it is not on loan."""
    if item.loan is None:
        raise BadPlain("not on loan")
    return Held(
        record=item.record,
        type=item.type,
        item_library=item.library,
        desk_library=item.loan.library,
        due_at=item.loan.due_at,
        on_site=item.loan.further.get("on_site") is True,
        is_claimed=item.loan.further.get("claimed") is True,
    )


def checkout_question(book: Book, at: Situation) -> tuple[CheckoutFacts, LendingRules]:
    """Return the facts of a loan at this desk, and the rules that decide it."""
    rules_from, deciding = _deciding(book, at, desk=book.library)
    facts = CheckoutFacts(
        now=at.now,
        patron=patron_facts(book, at),
        item=item_facts(book, at, borrower=_borrower(at)),
        open_loans=_tallies(book, at.held, rules_from=rules_from, deciding=deciding),
        rivals=_against_loan(at),
        same_title_on_loan=any(held.record == at.item.record for held in at.held),
    )
    return facts, _rules(book, deciding, at.patron)


def renewal_question(book: Book, at: Situation, loan: LoanRow) -> tuple[RenewalFacts, LendingRules]:
    """Return the facts of a renewal, and the rules that decide it: those where it was lent."""
    _, deciding = _deciding(book, at, desk=loan.library)
    facts = RenewalFacts(
        now=at.now,
        patron=patron_facts(book, at),
        item=replace(item_facts(book, at, borrower=Borrower.THIS_PATRON), desk_may_lend=True),
        due_at=loan.due_at,
        renewals=loan.renewals,
        lent_at=loan.lent_at,
        rivals=_against_renewal(at, _rules(book, deciding, at.patron)),
    )
    return _with_further(facts, loan.further), _rules(book, deciding, at.patron)


def checkin_question(book: Book, item: ItemRow, *, now: datetime) -> CheckinFacts:
    """Return the facts of a return at this desk."""
    return CheckinFacts(
        now=now,
        state=ItemState(item.state),
        due_at=item.loan.due_at if item.loan else None,
        belongs_here=item.library == book.library,
    )


def patron_facts(book: Book, at: Situation) -> PatronFacts:
    """Return the reader as the rules see one at that moment."""
    today, row = policy.local_day(at.now), at.patron
    home = book.libraries.get(row.library)
    facts = PatronFacts(
        category=row.category,
        expires_on=row.expires_on,
        card=CardState(row.card_state),
        age=_age(row.born, today),
        restrictions=tuple(
            RestrictionFact(kind=stop.kind, until=stop.until)
            for stop in row.stops
            if stop.until is None or stop.until >= today
        ),
        library_is_living=home is not None and home.is_living(today),
        overdue=sum(held.due_at < at.now and not held.is_claimed for held in at.held),
    )
    return _with_further(facts, row.further)


def item_facts(book: Book, at: Situation, *, borrower: Borrower) -> ItemFacts:
    """Return the copy as the rules see it at that moment."""
    row = at.item
    kind, home = book.types.get(row.type), book.libraries.get(row.library)
    facts = ItemFacts(
        item_type=row.type,
        state=ItemState(row.state),
        type_is_loanable=kind is None or kind.loanable,
        location_on_site_only=row.on_site,
        library_is_living=home is not None and home.is_living(policy.local_day(at.now)),
        desk_may_lend=row.library in at.lends_for,
        borrower=borrower,
        waiting=len(_others(at)),
    )
    return _with_further(facts, row.further)


def _others(at: Situation) -> list[int]:
    claims = at.item.claims
    return [patron for patron in claims.waiting if patron != at.patron.id] if claims else []


def _against_loan(at: Situation) -> tuple[Blocked, ...]:
    """Say who else should have the copy: the one it is kept for, or one whose turn it is."""
    claims = at.item.claims
    if claims is None or claims.kept_for == at.patron.id:
        return ()
    if claims.kept_for is not None:
        return (Blocked(code=Block.HELD_FOR_ANOTHER, data={"pickup": claims.pickup}),)
    is_next = claims.waiting[:1] == (at.patron.id,)
    wanted = claims.is_short and not is_next and bool(_others(at))
    return (Blocked(code=Block.WAITED_FOR),) if wanted else ()


def _against_renewal(at: Situation, rules: LendingRules) -> tuple[Blocked, ...]:
    """Say who else waits for the copy of the loan."""
    claims = at.item.claims
    if claims is None or not _others(at):
        return ()
    if claims.is_recalled:
        return (Blocked(code=Block.RECALLED),)
    book = RuleBook(rules.rows, at.patron.category, at.item.type)
    rule = book[RuleName.RENEWAL_WHILE_HELD]
    if rule.value == RenewalWhileHeld.COPIES and not claims.is_short:
        return ()
    return (Blocked(code=Block.OTHERS_WAIT, rule=rule.source),)


def _age(born: date | int | None, today: date) -> int | None:
    return age_on(born, today) if isinstance(born, date) else born


def _borrower(at: Situation) -> Borrower:
    if at.item.loan is None:
        return Borrower.NOBODY
    return Borrower.THIS_PATRON if at.item.loan.patron == at.patron.id else Borrower.ANOTHER


def _deciding(book: Book, at: Situation, *, desk: int) -> tuple[RulesFrom, int]:
    """Return whose rules count, and the library that this is."""
    entry = book.libraries.get(desk)
    if entry is None:
        raise BadPlain(f"library {desk} is not in the book")
    library = {
        RulesFrom.ITEM_LIBRARY: at.item.library,
        RulesFrom.PATRON_LIBRARY: at.patron.library,
        RulesFrom.DESK_LIBRARY: desk,
    }[entry.rules_from]
    return entry.rules_from, library


def _rules(book: Book, library: int, patron: PatronRow) -> LendingRules:
    try:
        return book.rules[library][patron.category]
    except KeyError:
        raise BadPlain(f"no rules of library {library} for {patron.category}") from None


def _tallies(
    book: Book, held: Sequence[Held], *, rules_from: RulesFrom, deciding: int
) -> tuple[LoanTally, ...]:
    chain = book.libraries[deciding].chain
    counted: Counter[tuple[str, int, bool]] = Counter()
    for copy in held:
        own = {
            RulesFrom.ITEM_LIBRARY: copy.item_library,
            RulesFrom.DESK_LIBRARY: copy.desk_library,
            RulesFrom.PATRON_LIBRARY: deciding,
        }[rules_from]
        entry = book.libraries.get(own)
        distance = policy.meeting_distance(chain, entry.chain if entry else ())
        counted[copy.type, distance, copy.on_site] += 1
    return tuple(
        LoanTally(item_type=item_type, distance=distance, loans=loans, on_site=on_site)
        for (item_type, distance, on_site), loans in sorted(counted.items())
    )


def _with_further(facts: FactsT, further: Mapping[str, object]) -> FactsT:
    """Add the facts that the row carries by name; one that these rules do not know is wrong."""
    if not further:
        return facts
    plain = encode(facts)
    known = plain if isinstance(plain, dict) else {}
    added = decode(type(facts), {**known, **further})
    if not isinstance(added, type(facts)):
        raise BadPlain("no facts")
    return added
