"""Loans, holds and transports against a model: whatever is done in whatever order, all fits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

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

from tangthu.circulation.actions import (
    cancel_hold,
    change_pickup,
    check_in,
    check_out,
    keep_holds_in_time,
    move_hold,
    place_hold,
    resume_hold,
    suspend_hold,
)
from tangthu.circulation.errors import CheckoutRefused, HoldRefused
from tangthu.circulation.models import Hold, HoldState, Loan, Stay, Transfer
from tangthu.circulation.policy import Block, NextAction, local_day
from tangthu.core.actor import Actor
from tangthu.libraries.models import LibraryKind
from tests.factories import (
    ItemFactory,
    LibraryFactory,
    PatronFactory,
    RecordFactory,
    lending_rules,
)

ITEMS, PATRONS, LIBRARIES = st.integers(0, 1), st.integers(0, 3), st.integers(0, 1)
SHELF_DAYS = 3


@dataclass
class Wish:
    """What the model knows of an open hold."""

    patron: int
    pickup: int
    copy: int | None = None
    ready_until: date | None = None
    resting: bool = False


@dataclass
class Model:
    """Who has which copy, who waits in which order, which copies are on their way whither."""

    out: dict[int, int] = field(default_factory=dict)
    queue: list[Wish] = field(default_factory=list)
    kept: list[Wish] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    ways: dict[int, tuple[int, int]] = field(default_factory=dict)

    def of(self, patron: int) -> Wish | None:
        return next((w for w in (*self.queue, *self.kept) if w.patron == patron), None)

    def keeper(self, copy: int) -> Wish | None:
        return next((w for w in self.kept if w.copy == copy), None)

    def due(self) -> list[Wish]:
        return [w for w in self.queue if not w.resting]

    def free(self) -> set[int]:
        busy = {*self.out, *self.left, *self.ways, *(w.copy for w in self.kept)}
        return {0, 1} - busy

    def put_back(self, wish: Wish) -> None:
        self.kept.remove(wish)
        wish.copy, wish.ready_until = None, None
        self.queue.insert(0, wish)


class Waiting(RuleBasedStateMachine):
    """One title with two copies of a province; a ward below it; four readers who want it."""

    @initialize()
    def open_the_libraries(self):
        self.books = transaction.atomic()
        self.books.__enter__()
        self.travel = time_machine.travel("2026-11-23T03:00:00+00:00", tick=False)
        self.clock = self.travel.start()
        province = LibraryFactory(kind=LibraryKind.PROVINCE)
        ward = LibraryFactory(parent=province)
        lending_rules(province, max_loans=9, loan_length=14, renewals=1, pickup_days=SHELF_DAYS)
        machine = Actor.machine("desk")
        self.libraries = [province, ward]
        self.desks = [replace(machine, library_id=each.pk) for each in self.libraries]
        self.title = RecordFactory(library=province)
        self.items = ItemFactory.create_batch(2, library=province, record=self.title)
        self.patrons = PatronFactory.create_batch(4, library=province)
        self.model = Model()

    def teardown(self):
        self.travel.stop()
        transaction.set_rollback(True)
        self.books.__exit__(None, None, None)

    @rule(patron=PATRONS, pickup=LIBRARIES)
    def place(self, patron, pickup):
        model, expected = self.model, set()
        if model.of(patron):
            expected.add(Block.ALREADY_ON_HOLD)
        if patron in model.out.values():
            expected.add(Block.HAS_THE_TITLE)

        try:
            place_hold(
                record=self.title,
                for_=self.patrons[patron],
                pickup=self.libraries[pickup],
                by=self.desks[0],
            )
        except HoldRefused as refusal:
            assert set(refusal.verdict.codes) == expected
            return

        assert not expected
        model.queue.append(Wish(patron, pickup))

    @rule(patron=PATRONS)
    def cancel(self, patron):
        wish = self.model.of(patron)
        if wish is None:
            return
        cancel_hold(self.hold_of(patron), by=self.desks[0])

        if wish in self.model.queue:
            self.model.queue.remove(wish)
        else:
            self.model.kept.remove(wish)
            if wish.ready_until is not None:
                self.model.left.add(wish.copy)

    @rule(patron=PATRONS, rest=st.booleans())
    def rest(self, patron, rest):
        wish = self.model.of(patron)
        if wish is None or wish not in self.model.queue:
            return
        deed = suspend_hold if rest else resume_hold
        deed(self.hold_of(patron), by=self.desks[0])
        wish.resting = rest

    @rule(patron=PATRONS, to=st.integers(1, 4))
    def move(self, patron, to):
        wish = self.model.of(patron)
        if wish is None or wish not in self.model.queue:
            return
        move_hold(self.hold_of(patron), to=to, by=self.desks[0])
        self.model.queue.remove(wish)
        self.model.queue.insert(to - 1, wish)

    @rule(patron=PATRONS, pickup=LIBRARIES)
    def fetch_elsewhere(self, patron, pickup):
        wish = self.model.of(patron)
        if wish is None:
            return
        change_pickup(self.hold_of(patron), pickup=self.libraries[pickup], by=self.desks[0])
        if wish.ready_until is not None and wish.pickup != pickup:
            self.model.ways[wish.copy] = (wish.pickup, pickup)
            wish.ready_until = None
        wish.pickup = pickup

    @rule(item=ITEMS, patron=PATRONS, waive=st.booleans())
    def lend(self, item, patron, waive):
        model, expected = self.model, set()
        keeper, rivals = model.keeper(item), [w for w in model.due() if w.patron != patron]
        if item in model.out:
            mine = model.out[item] == patron
            expected.add(Block.ON_LOAN_TO_THIS_PATRON if mine else Block.ON_LOAN_TO_ANOTHER)
        if keeper is not None and keeper.patron != patron:
            expected.add(Block.HELD_FOR_ANOTHER)
        if keeper is None and model.due() and model.due()[0].patron != patron:
            others = len(model.free() - {item})
            if len(rivals) > others:
                expected.add(Block.WAITED_FOR)
        override = {Block.HELD_FOR_ANOTHER, Block.WAITED_FOR} if waive else set()

        try:
            check_out(
                self.items[item], to=self.patrons[patron], by=self.desks[0], override=override
            )
        except CheckoutRefused as refusal:
            assert set(refusal.verdict.codes) == expected - override
            return

        assert not expected - override
        self.hand_over(item, patron, keeper)

    def hand_over(self, item, patron, keeper):
        model = self.model
        model.out[item] = patron
        model.left.discard(item)
        model.ways.pop(item, None)
        if keeper is not None and keeper.patron != patron:
            model.put_back(keeper)
        own = keeper if keeper is not None and keeper.patron == patron else None
        own = own or next((w for w in model.queue if w.patron == patron), None)
        if own in model.kept:
            model.kept.remove(own)
        elif own is not None:
            model.queue.remove(own)

    @rule(item=ITEMS, at=LIBRARIES)
    def take_back(self, item, at):
        result = check_in(self.items[item], by=self.desks[at])

        action, whither, patron = self.expected_way(item, at)
        assert result.next_action == action
        assert (result.hold.patron_id if result.hold else None) == (
            self.patrons[patron].pk if patron is not None else None
        )
        if whither is not None:
            assert result.transfer.destination == self.libraries[whither]

    def expected_way(self, item, at):
        """Bring the copy to a desk in the model; say the action, the destination, the reader."""
        model = self.model
        model.out.pop(item, None)
        model.left.discard(item)
        model.ways.pop(item, None)
        wish = model.keeper(item)
        if wish is not None and wish.ready_until is not None and wish.pickup != at:
            model.put_back(wish)
            wish = None
        if wish is None and model.due():
            wish = model.due()[0]
            model.queue.remove(wish)
            model.kept.append(wish)
            wish.copy = item
        if wish is None:
            if at == 0:
                return NextAction.SHELVE, None, None
            model.ways[item] = (at, 0)
            return NextAction.TRANSIT, 0, None
        if wish.pickup == at:
            if wish.ready_until is None:
                wish.ready_until = self.today() + timedelta(days=SHELF_DAYS)
            return NextAction.HOLD, None, wish.patron
        model.ways[item] = (at, wish.pickup)
        return NextAction.TRANSIT, wish.pickup, wish.patron

    @rule(days=st.integers(1, 3))
    def let_time_pass(self, days):
        self.clock.shift(timedelta(days=days))
        keep_holds_in_time(now=timezone.now(), by=self.desks[0])

        for wish in [*self.model.kept]:
            if wish.ready_until is not None and wish.ready_until < self.today():
                self.model.kept.remove(wish)
                self.model.left.add(wish.copy)

    @invariant()
    def the_books_are_right(self):
        if not hasattr(self, "model"):
            return
        model = self.model
        loans = Loan.objects.open().values_list("item", "patron")
        assert {self.number(self.items, i): self.number(self.patrons, p) for i, p in loans} == (
            model.out
        )
        queue = Hold.objects.waiting().with_place().order_by("place")
        assert [self.number(self.patrons, hold.patron_id) for hold in queue] == [
            wish.patron for wish in model.queue
        ]
        assert [hold.place for hold in queue] == list(range(1, len(model.queue) + 1))
        assert [hold.suspended for hold in queue] == [wish.resting for wish in model.queue]
        kept = Hold.objects.trapped()
        assert {self.seen(hold) for hold in kept} == {
            (w.patron, w.pickup, w.copy, w.ready_until) for w in model.kept
        }
        left = Hold.objects.left_on_shelf().values_list("trapped", flat=True)
        assert {self.number(self.items, pk) for pk in left} == model.left
        ways = Transfer.objects.open().values_list("item", "origin", "destination")
        assert {
            self.number(self.items, item): (
                self.number(self.libraries, origin),
                self.number(self.libraries, destination),
            )
            for item, origin, destination in ways
        } == model.ways
        assert not Stay.objects.exists()
        assert not Hold.objects.filter(state=HoldState.FILLED, trapped__isnull=False).exists()

    def seen(self, hold):
        return (
            self.number(self.patrons, hold.patron_id),
            self.number(self.libraries, hold.pickup_id),
            self.number(self.items, hold.trapped_id),
            hold.shelf_until,
        )

    def number(self, rows, pk):
        return next(n for n, row in enumerate(rows) if row.pk == pk)

    def hold_of(self, patron):
        return Hold.objects.open().get(patron=self.patrons[patron])

    def today(self):
        return local_day(timezone.now())


@pytest.mark.django_db
def test_whatever_readers_and_desks_do_every_copy_and_every_wish_has_its_place():
    run_state_machine_as_test(
        Waiting,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
