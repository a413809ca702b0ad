"""Lending against a model: whatever the desk does in whatever order, the books stay right."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.actions import check_in, check_out, renew
from tangthu.circulation.errors import CheckoutRefused, RenewalRefused
from tangthu.circulation.models import Loan, LoanEvent
from tangthu.circulation.policy import Block, local_day
from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.libraries.models import LibraryKind
from tests.factories import ItemFactory, LibraryFactory, PatronFactory, lending_rules

MAX_LOANS, LOAN_DAYS, RENEWALS = 2, 14, 1
ITEMS, PATRONS = st.integers(0, 3), st.integers(0, 1)


class Lending(RuleBasedStateMachine):
    """The model: who has which copy, since when, until which day, renewed how often."""

    @initialize()
    def open_the_library(self):
        self.books = transaction.atomic()
        self.books.__enter__()
        self.travel = time_machine.travel("2026-11-23T03:00:00+00:00", tick=False)
        self.clock = self.travel.start()
        library = LibraryFactory(kind=LibraryKind.PROVINCE)
        lending_rules(
            library, max_loans=MAX_LOANS, loan_length=LOAN_DAYS, renewals=RENEWALS, due_mode="days"
        )
        self.desk = Actor.machine("desk", library_id=library.pk)
        self.items = ItemFactory.create_batch(4, library=library)
        self.patrons = PatronFactory.create_batch(2, library=library)
        self.out = {}
        self.lost = set()
        self.acts = 0

    def teardown(self):
        self.travel.stop()
        transaction.set_rollback(True)
        self.books.__exit__(None, None, None)

    @rule(item=ITEMS, patron=PATRONS, waive=st.booleans())
    def lend(self, item, patron, waive):
        expected = set()
        if item in self.out:
            same = self.out[item]["patron"] == patron
            expected.add(Block.ON_LOAN_TO_THIS_PATRON if same else Block.ON_LOAN_TO_ANOTHER)
        if item in self.lost:
            expected.add(Block.ITEM_LOST)
        if sum(loan["patron"] == patron for loan in self.out.values()) >= MAX_LOANS:
            expected.add(Block.MAX_LOANS)
        override = {Block.MAX_LOANS, Block.ITEM_LOST} if waive else set()

        try:
            loan = check_out(
                self.items[item], to=self.patrons[patron], by=self.desk, override=override
            )
        except CheckoutRefused as refusal:
            assert set(refusal.verdict.codes) == expected - override
            return

        assert not expected - override
        assert set(loan.overridden) == expected
        self.lost.discard(item)
        self.acts += 1
        self.out[item] = {
            "patron": patron,
            "due": local_day(timezone.now()) + timedelta(days=LOAN_DAYS),
            "renewals": 0,
        }

    @rule(item=ITEMS)
    def take_back(self, item):
        result = check_in(self.items[item], by=self.desk)

        loan = self.out.pop(item, None)
        assert (result.loan is None) is (loan is None)
        if loan is not None:
            self.acts += 1
            assert (result.late_by > timedelta(0)) is (local_day(timezone.now()) > loan["due"])
        self.lost.discard(item)

    @rule(item=ITEMS)
    def renew_it(self, item):
        loan = self.out.get(item)
        if loan is None:
            return
        due = local_day(timezone.now()) + timedelta(days=LOAN_DAYS)
        expected = set()
        if due <= loan["due"]:
            expected.add(Block.RENEWAL_GAINS_NOTHING)
        if loan["renewals"] >= RENEWALS:
            expected.add(Block.NO_RENEWALS_LEFT)
        if item in self.lost:
            expected.add(Block.ITEM_LOST)

        try:
            renew(Loan.objects.open().get(item=self.items[item]), by=self.desk)
        except RenewalRefused as refusal:
            assert set(refusal.verdict.codes) == expected
            return

        assert not expected
        self.acts += 1
        loan.update(due=due, renewals=loan["renewals"] + 1)

    @rule(item=ITEMS)
    def lose(self, item):
        Item.objects.filter(pk=self.items[item].pk).update(status=ItemStatus.LOST)
        self.lost.add(item)

    @rule(days=st.integers(1, 20))
    def let_time_pass(self, days):
        self.clock.shift(timedelta(days=days))

    @invariant()
    def the_books_are_right(self):
        if not hasattr(self, "out"):
            return
        kept = {
            self.items.index(loan.item): {
                "patron": self.patrons.index(loan.patron),
                "due": local_day(loan.due_at),
                "renewals": loan.renewals,
            }
            for loan in Loan.objects.open().select_related("item", "patron")
        }
        assert kept == self.out
        assert LoanEvent.objects.count() == self.acts
        assert AuditEntry.objects.filter(object_kind="loan").count() == self.acts
        lost = {n for n, item in enumerate(self.items) if _status(item) == ItemStatus.LOST}
        assert lost == self.lost


def _status(item):
    return Item.objects.values_list("status", flat=True).get(pk=item.pk)


@pytest.mark.django_db
def test_whatever_the_desk_does_the_books_stay_right():
    run_state_machine_as_test(
        Lending,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
