"""Facts and rules for the tests of the lending rules, and strategies that draw them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tangthu.circulation.policy import (
    Borrower,
    CardState,
    CheckoutFacts,
    DueMode,
    HardDueMode,
    ItemFacts,
    ItemState,
    LendingRules,
    LoanTally,
    LoanTerms,
    LoanUnit,
    PatronFacts,
    RenewalFacts,
    RestrictionFact,
    RuleName,
    RuleRow,
)
from tangthu.libraries.policy import Calendar, MonthDay

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday, ten in the morning at the library
TODAY = date(2026, 11, 23)
LIBRARIES = ("ward", "province", "network")
CATEGORIES = ("adult", "child")
TYPES = ("book", "disc", "map")


def row(name, value, *, distance=2, category=None, item_type=None):
    return RuleRow(
        name=name,
        value=str(value),
        distance=distance,
        library=LIBRARIES[distance],
        category=category,
        item_type=item_type,
    )


def a_book(**changes):
    return replace(ItemFacts(item_type="book"), **changes)


def an_adult(**changes):
    return replace(
        PatronFacts(category="adult", expires_on=TODAY + timedelta(days=365), age=40), **changes
    )


def a_checkout(*, patron=None, item=None, **changes):
    return CheckoutFacts(now=NOW, patron=patron or an_adult(), item=item or a_book(), **changes)


def a_renewal(*, patron=None, item=None, **changes):
    facts = {"due_at": NOW + timedelta(days=2), "renewals": 0, **changes}
    return RenewalFacts(now=NOW, patron=patron or an_adult(), item=item or a_book(), **facts)


def rules(*rows, **others):
    """The rules of a network that lends five copies for fourteen days, renewed twice."""
    usual = {RuleName.MAX_LOANS: 5, RuleName.LOAN_LENGTH: 14, RuleName.RENEWALS: 2}
    return LendingRules(
        rows=(*rows, *(row(name, value) for name, value in usual.items())), **others
    )


def tally(loans, *, item_type="book", distance=0):
    return LoanTally(item_type=item_type, distance=distance, loans=loans)


DAYS = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))
CALENDARS = st.builds(
    Calendar,
    closed_weekdays=st.none() | st.frozensets(st.integers(0, 6), max_size=7),
    closed_yearly=st.frozensets(
        st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28)), max_size=10
    ),
    closed_on=st.frozensets(DAYS, max_size=10),
    opened_on=st.frozensets(DAYS, max_size=5),
)
TERMS = st.builds(
    LoanTerms,
    length=st.integers(1, 400),
    unit=st.sampled_from(LoanUnit),
    mode=st.sampled_from(DueMode),
    hard_due_on=st.none() | DAYS,
    hard_due_mode=st.sampled_from(HardDueMode),
    calendar=CALENDARS,
    opening_hour=st.integers(0, 23),
    not_after=st.none() | st.dates(TODAY, TODAY + timedelta(days=800)),
)
MOMENTS = st.integers(0, 1_000_000).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
PATRONS = st.builds(
    PatronFacts,
    category=st.sampled_from(CATEGORIES),
    expires_on=DAYS,
    card=st.sampled_from(CardState),
    age=st.none() | st.integers(0, 100),
    restrictions=st.lists(
        st.builds(RestrictionFact, kind=st.just("manual"), until=st.none() | DAYS), max_size=2
    ).map(tuple),
    library_is_living=st.booleans(),
    overdue=st.integers(0, 5),
)
ITEMS = st.builds(
    ItemFacts,
    item_type=st.sampled_from(TYPES),
    state=st.sampled_from(ItemState),
    type_is_loanable=st.booleans(),
    location_on_site_only=st.booleans(),
    library_is_living=st.booleans(),
    desk_may_lend=st.booleans(),
    borrower=st.sampled_from(Borrower),
)
TALLIES = st.lists(
    st.builds(
        LoanTally,
        item_type=st.sampled_from(TYPES),
        distance=st.integers(0, 2),
        loans=st.integers(1, 6),
    ),
    max_size=4,
).map(tuple)
CHECKOUTS = st.builds(
    CheckoutFacts,
    now=st.just(NOW),
    patron=PATRONS,
    item=ITEMS,
    open_loans=TALLIES,
    due_at=st.none() | st.integers(-10, 90).map(lambda days: NOW + timedelta(days=days)),
)
RENEWALS = st.builds(
    RenewalFacts,
    now=st.just(NOW),
    patron=PATRONS,
    item=ITEMS,
    due_at=st.integers(-30, 60).map(lambda days: NOW + timedelta(days=days)),
    renewals=st.integers(0, 5),
)
LIMITS = st.sampled_from(
    [
        RuleName.MAX_LOANS,
        RuleName.MAX_LOANS_TOTAL,
        RuleName.RENEWALS,
        RuleName.OVERDUE_BLOCKS,
    ]
)
NUMBERS = st.integers(1, 8).map(str) | st.just("")


def _rows(names, values):
    return st.builds(
        row,
        names,
        values,
        distance=st.integers(0, 2),
        category=st.none() | st.sampled_from(CATEGORIES),
        item_type=st.none() | st.sampled_from(TYPES),
    )


ROWS = st.lists(
    _rows(LIMITS, NUMBERS)
    | _rows(st.just(RuleName.LOAN_LENGTH), st.integers(1, 60))
    | _rows(st.just(RuleName.LOAN_UNIT), st.sampled_from(LoanUnit))
    | _rows(st.just(RuleName.DUE_MODE), st.sampled_from(DueMode))
    | _rows(st.just(RuleName.MINIMUM_AGE), st.integers(0, 18)),
    max_size=12,
    unique_by=lambda each: (each.name, each.distance, each.category, each.item_type),
).map(tuple)
RULES = st.builds(LendingRules, rows=ROWS, calendar=CALENDARS, loans_end_with_card=st.booleans())
