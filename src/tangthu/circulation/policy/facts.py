"""What a decision about a loan depends on. The deeds gather it; the rules only read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tangthu.circulation.policy.blocks import Blocked
from tangthu.circulation.policy.rules import RuleBook, RuleRow
from tangthu.libraries.policy import Calendar


class CardState(StrEnum):
    """What has become of a reader's card."""

    ACTIVE = "active"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """A copy's own state, whether it is on loan or not."""

    AVAILABLE = "available"
    IN_PROCESSING = "in_processing"
    ON_SITE_ONLY = "on_site_only"
    DAMAGED = "damaged"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    LENT_AS_SCAN = "lent_as_scan"
    IN_DIGITISATION = "in_digitisation"


class Borrower(StrEnum):
    """Who has the copy now, seen from the reader at the desk."""

    NOBODY = "nobody"
    THIS_PATRON = "this_patron"
    ANOTHER = "another"


class RulesFrom(StrEnum):
    """The library whose rules decide a loan."""

    ITEM_LIBRARY = "item_library"
    PATRON_LIBRARY = "patron_library"
    DESK_LIBRARY = "desk_library"


class RenewalStart(StrEnum):
    """From when a renewed loan is counted."""

    TODAY = "today"
    DUE_DATE = "due_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionFact:
    """A stop on the card that is in force; without `until` it holds until it is lifted."""

    kind: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTally:
    """How many open loans of one item type the reader has, and from how near.

    `distance` is the number of steps up from the deciding library to the first library
    that also stands above those loans' own: a rule set there counts them. What is read on
    site is counted apart.
    """

    item_type: str
    distance: int
    loans: int
    on_site: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronFacts:
    """The reader as the rules see one. `age` is in whole years; `None` when unknown.

    Debts are whole đồng; those of the family are 0 where no rule asks for them.
    """

    category: str
    expires_on: date
    card: CardState = CardState.ACTIVE
    age: int | None = None
    restrictions: tuple[RestrictionFact, ...] = ()
    library_is_living: bool = True
    overdue: int = 0
    debt: int = 0
    debt_of_wards: int = 0
    debt_of_guardian: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """The copy as the rules see it.

    `desk_may_lend` is whether the desk may lend what the copy's library owns; `is_set_aside`
    whether it is kept back for a reader to whom it is carried. `materials` names the loose
    parts that belong to it, `minimum_age` is what its record asks for, and `waiting` counts
    the holds of other readers on its title.
    """

    item_type: str
    state: ItemState = ItemState.AVAILABLE
    type_is_loanable: bool = True
    location_on_site_only: bool = False
    library_is_living: bool = True
    desk_may_lend: bool = True
    borrower: Borrower = Borrower.NOBODY
    is_set_aside: bool = False
    materials: str = ""
    minimum_age: int | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutFacts:
    """All that a check-out depends on beside the rules.

    `due_at` is a due date that the desk asks for instead of the computed one; `on_site` a
    loan that does not leave the house. `same_title_on_loan` and `had_before_on` speak of
    this reader and other copies of the record. `helper_allowed` is whether the person who
    came for the reader may; `rivals` is what others who wait have against it.
    """

    now: datetime
    patron: PatronFacts
    item: ItemFacts
    open_loans: tuple[LoanTally, ...] = ()
    due_at: datetime | None = None
    on_site: bool = False
    same_title_on_loan: bool = False
    had_before_on: date | None = None
    helper_allowed: bool = True
    rivals: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalFacts:
    """All that a renewal depends on beside the rules: the loan as it stands, and its parties.

    `unseen` is a renewal without the copy at the desk, `unseen_renewals` how many such went
    before it without the copy being seen in between.
    """

    now: datetime
    patron: PatronFacts
    item: ItemFacts
    due_at: datetime
    renewals: int
    lent_at: datetime | None = None
    on_site: bool = False
    claimed: bool = False
    unseen: bool = False
    unseen_renewals: int = 0
    rivals: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinFacts:
    """All that a return depends on. `due_at` is `None` when the copy was not on loan."""

    now: datetime
    state: ItemState
    due_at: datetime | None
    belongs_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingRules:
    """The deciding library's rules, calendar and preferences."""

    rows: Sequence[RuleRow]
    calendar: Calendar = field(default_factory=Calendar)
    opening_hour: int = 8
    loans_end_with_card: bool = True
    renewal_start: RenewalStart = RenewalStart.TODAY
    _books: dict[tuple[str, str], RuleBook] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def book(self, category: str, item_type: str) -> RuleBook:
        """Give the rules as one category of readers and one type of copies meets them."""
        found = self._books.get((category, item_type))
        if found is None:
            found = self._books[category, item_type] = RuleBook(self.rows, category, item_type)
        return found


AGE_BANDS = ((6, "0-5"), (11, "6-10"), (16, "11-15"), (25, "16-24"), (60, "25-59"))


def age_band(age: int | None) -> str:
    """Give the band under which statistics count an age; empty when it is unknown.

    Children are those under 16 (Luật Trẻ em 2016, Điều 1).
    """
    if age is None:
        return ""
    return next((band for below, band in AGE_BANDS if age < below), "60+")


def meeting_distance(chain: Sequence[int], other: Sequence[int]) -> int:
    """Count the steps up from one library to the first that also stands above the other.

    Both are chains of ids from a library to its root. Libraries of different trees never
    meet: the answer is then one step beyond the root, where no rule stands.
    """
    above = frozenset(other)
    return next((step for step, library in enumerate(chain) if library in above), len(chain))
