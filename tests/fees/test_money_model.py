"""The ledger against a model: whatever is done in whatever order, no đồng appears or vanishes."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tangthu.core.actor import Actor
from tangthu.fees.actions import (
    Till,
    bring_cash,
    charge,
    close_session,
    open_session,
    pay,
    refund,
    return_deposit,
    reverse,
    take_deposit,
    use_deposit,
    waive,
)
from tangthu.fees.errors import (
    AlreadyReversed,
    CannotReverse,
    DepositTooSmall,
    DrawerTooEmpty,
    MoreThanCredit,
    MoreThanOwed,
    NoOpenSession,
    NothingOwed,
    SessionOpen,
)
from tangthu.fees.models import (
    Account,
    CashDrawer,
    CashSession,
    Entry,
    FeeKind,
    Means,
    Posting,
    Receipt,
)
from tangthu.fees.policy import NOTES
from tangthu.fees.reading import account_lines, open_charges, outstanding
from tests.factories import LibraryFactory, PatronFactory
from tests.fees.money import balances, dong, holds, ledger_sum, owes

READER = st.integers(0, 1)
AMOUNT = st.sampled_from([1_000, 2_000, 5_000, 7_500, 20_000])
MEANS = st.sampled_from(list(Means))
REFUSALS = (
    AlreadyReversed,
    CannotReverse,
    DepositTooSmall,
    DrawerTooEmpty,
    MoreThanCredit,
    MoreThanOwed,
    NoOpenSession,
    NothingOwed,
)


class Money(RuleBasedStateMachine):
    """The model: what each reader owes and has deposited, and what lies in drawer and bank."""

    @initialize()
    def found_the_library(self):
        self.books = transaction.atomic()
        self.books.__enter__()
        self.library = LibraryFactory()
        self.by = Actor.machine("till", library_id=self.library.pk)
        self.readers = PatronFactory.create_batch(2, library=self.library)
        self.drawer = CashDrawer.objects.create(library=self.library, name="Quầy")
        self.owed, self.held = [0, 0], [0, 0]
        self.in_drawer, self.in_bank = 0, 0

    def teardown(self):
        transaction.set_rollback(True)
        self.books.__exit__(None, None, None)

    def done(self, deed) -> bool:
        """Do it in a savepoint; a refusal must change nothing, which the invariants see."""
        try:
            with transaction.atomic():
                deed()
        except REFUSALS:
            return False
        return True

    def till(self, means):
        return Till(library=self.library, means=means)

    def moved(self, means, amount):
        if means is Means.CASH:
            self.in_drawer += amount
        else:
            self.in_bank += amount

    @property
    def is_open(self):
        return CashSession.objects.open().exists()

    @rule(reader=READER, amount=AMOUNT, kind=st.sampled_from(FeeKind.values))
    def charge(self, reader, amount, kind):
        charge(
            self.readers[reader], kind=kind, amount=dong(amount), library=self.library, by=self.by
        )
        self.owed[reader] += amount

    @rule(reader=READER, amount=AMOUNT, means=MEANS)
    def pay(self, reader, amount, means):
        expected = amount <= self.owed[reader] and (means is Means.BANK or self.is_open)

        done = self.done(
            lambda: pay(
                self.readers[reader], amount=dong(amount), through=self.till(means), by=self.by
            )
        )

        assert done == expected
        if done:
            self.owed[reader] -= amount
            self.moved(means, amount)

    @rule(reader=READER, amount=AMOUNT)
    def waive_something(self, reader, amount):
        charges = open_charges(self.readers[reader].pk)
        if not charges:
            return
        oldest = charges[0]

        done = self.done(
            lambda: waive(
                Entry.objects.get(pk=oldest.entry), amount=dong(amount), reason="Miễn", by=self.by
            )
        )

        assert done == (amount <= oldest.open)
        self.owed[reader] -= amount if done else 0

    @rule(reader=READER, amount=AMOUNT, means=MEANS)
    def refund(self, reader, amount, means):
        done = self.done(
            lambda: refund(
                self.readers[reader],
                amount=dong(amount),
                through=self.till(means),
                reason="Trả lại",
                by=self.by,
            )
        )

        if done:
            self.owed[reader] += amount
            self.moved(means, -amount)
            assert self.owed[reader] <= 0

    @rule(reader=READER, amount=AMOUNT, means=MEANS)
    def take_deposit(self, reader, amount, means):
        done = self.done(
            lambda: take_deposit(
                self.readers[reader], amount=dong(amount), through=self.till(means), by=self.by
            )
        )

        assert done == (means is Means.BANK or self.is_open)
        if done:
            self.held[reader] += amount
            self.moved(means, amount)

    @rule(reader=READER, amount=AMOUNT, means=MEANS)
    def return_deposit(self, reader, amount, means):
        enough = means is Means.BANK or (self.is_open and amount <= self.in_drawer)

        done = self.done(
            lambda: return_deposit(
                self.readers[reader], amount=dong(amount), through=self.till(means), by=self.by
            )
        )

        assert done == (enough and amount <= self.held[reader])
        if done:
            self.held[reader] -= amount
            self.moved(means, -amount)

    @rule(reader=READER, amount=AMOUNT)
    def use_deposit(self, reader, amount):
        done = self.done(
            lambda: use_deposit(
                self.readers[reader], amount=dong(amount), library=self.library, by=self.by
            )
        )

        assert done == (amount <= min(self.held[reader], self.owed[reader]))
        if done:
            self.held[reader] -= amount
            self.owed[reader] -= amount

    @precondition(lambda self: hasattr(self, "by") and Entry.objects.exists())
    @rule(place=st.integers(0, 200))
    def reverse(self, place):
        entries = list(Entry.objects.order_by("id"))
        entry = entries[place % len(entries)]
        effect = {
            (posting.account, posting.patron_id): posting.amount
            for posting in entry.postings.all()
            if posting.account != Account.OWED
        }
        owed = sum(p.amount for p in entry.postings.all() if p.account == Account.OWED)

        if not self.done(lambda: reverse(entry, reason="Nhầm", by=self.by)):
            return
        for (account, patron), amount in effect.items():
            if account == Account.DRAWER:
                self.in_drawer -= amount
            elif account == Account.BANK:
                self.in_bank -= amount
            elif account == Account.DEPOSIT:
                self.held[self.index(patron)] += amount
        if entry.patron_id:
            self.owed[self.index(entry.patron_id)] -= owed

    def index(self, patron_id):
        return [reader.pk for reader in self.readers].index(patron_id)

    @rule(start=st.sampled_from([0, 50_000]))
    def open_the_drawer(self, start):
        if self.is_open:
            with pytest.raises(SessionOpen):
                open_session(self.drawer, start=dong(start), by=self.by)
            return
        open_session(self.drawer, start=dong(start), by=self.by)
        self.in_drawer += start

    @rule(amount=AMOUNT)
    def bring_change(self, amount):
        session = CashSession.objects.open().first()
        if session is not None:
            bring_cash(
                session, amount=dong(amount), account=Account.SAFE, reason="Tiền lẻ", by=self.by
            )
            self.in_drawer += amount

    @rule(notes=st.dictionaries(st.sampled_from(NOTES), st.integers(0, 3)))
    def close_the_drawer(self, notes):
        session = CashSession.objects.open().first()
        if session is None:
            return

        closed = close_session(session, notes=notes, explanation="Đếm lại", by=self.by)

        assert closed.expected == self.in_drawer
        self.in_drawer = 0

    @invariant()
    def the_ledger_sums_to_zero(self):
        if not hasattr(self, "by"):
            return
        assert ledger_sum() == 0
        assert [owes(reader) for reader in self.readers] == self.owed
        assert [holds(reader) for reader in self.readers] == self.held
        sums = balances()
        assert sums.get("drawer", 0) == self.in_drawer
        assert sums.get("bank", 0) == self.in_bank

    @invariant()
    def every_balance_is_the_sum_of_its_lines(self):
        if not hasattr(self, "by"):
            return
        for reader, owed in zip(self.readers, self.owed, strict=True):
            left = dict(outstanding(reader.pk))
            assert sum(line.amount for line in account_lines(reader.pk)) == owed
            assert sum(left.values()) == owed
            assert min(left.values(), default=0) >= 0 or max(left.values()) <= 0

    @invariant()
    def every_entry_balances_and_every_receipt_has_its_number(self):
        if not hasattr(self, "by"):
            return
        for kind in ("in", "out"):
            numbers = Receipt.objects.filter(kind=kind).values_list("number", flat=True)
            assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert not Posting.objects.filter(amount=0).exists()


@pytest.mark.django_db
def test_no_dong_appears_or_vanishes():
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
