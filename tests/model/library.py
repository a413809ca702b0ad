"""The real library of the model, and how what it has written compares with the clerk's books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import time_machine
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tangthu.catalogue.models import Item
from tangthu.circulation.models import HarmReport, Hold, Loan, LoanEvent, Stay, Transfer
from tangthu.circulation.policy import local_day
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import TangthuError
from tangthu.fees.models import Account, CashDrawer, Posting
from tangthu.libraries.actions.preferences import set_preference
from tangthu.libraries.models import LibraryKind
from tangthu.patrons.models import Patron, Restriction
from tangthu.site.jobs import jobs
from tangthu.site.schedule import Memory, run_due
from tests.factories import (
    ItemFactory,
    LibraryFactory,
    PatronFactory,
    RecordFactory,
    lending_rules,
)
from tests.fees.money import balances
from tests.model import laws
from tests.model.books import LOANS_KEPT, PRICE, RULES, Books
from tests.model.deeds import deeds_of
from tests.model.things import Copy, Lent, Reader, Wish

READERS = 3


class Library(RuleBasedStateMachine):
    """A province and a ward below it; one title with two copies, another with one at the ward."""

    @initialize()
    def open_the_library(self):
        self.work = transaction.atomic()
        self.work.__enter__()
        self.travel = time_machine.travel("2026-11-23T03:00:00+00:00", tick=False)
        self.clock = self.travel.start()
        province = LibraryFactory(kind=LibraryKind.PROVINCE)
        self.libraries = [province, LibraryFactory(parent=province)]
        machine = Actor.machine("desk")
        self.desks = [replace(machine, library_id=each.pk) for each in self.libraries]
        lending_rules(province, **RULES)
        set_preference(province, "loans_forgotten_after", str(LOANS_KEPT.days), by=self.desks[0])
        self.titles = RecordFactory.create_batch(2, library=province)
        self.items = [self.new_item(*where) for where in ((0, 0), (0, 0), (1, 1))]
        self.drawer = CashDrawer.objects.create(library=province, name="Quầy")
        self.in_drawer = self.in_bank = self.steps = 0
        self.is_open = False
        self.memory = self.night()
        self.books = Books(
            now=timezone.now(),
            copies=[
                Copy(item.pk, self.titles.index(item.record), self.libraries.index(item.library))
                for item in self.items
            ],
            readers=[
                Reader(each.pk) for each in PatronFactory.create_batch(READERS, library=province)
            ],
            queues={0: [], 1: []},
        )

    def teardown(self):
        if hasattr(self, "work"):
            self.travel.stop()
            transaction.set_rollback(True)
            self.work.__exit__(None, None, None)

    def new_item(self, title: int, home: int) -> Item:
        return ItemFactory(
            record=self.titles[title], library=self.libraries[home], location=None, price=PRICE
        )

    @rule(seed=st.integers(0, 2**64))
    def something_happens(self, seed):
        self.steps += 1
        die = Random(f"{seed} {self.steps}")
        chosen = die.choice([each for each in deeds_of(type(self)) if each.when(self)])
        drawn = chosen.drawn(die)
        note(f"{chosen.name} {drawn}")
        getattr(self, chosen.name)(**drawn)

    # The real rows of what the books speak of.

    def item(self, copy: Copy) -> Item:
        return next(item for item in self.items if item.pk == copy.pk)

    def patron(self, reader: Reader) -> Patron:
        return Patron.objects.select_related("library", "category").get(pk=reader.pk)

    def hold(self, wish: Wish) -> Hold:
        return Hold.objects.select_related("pickup", "record").get(pk=wish.pk)

    def a_loan(self, which: int) -> Lent:
        return self.books.open_loans[which % len(self.books.open_loans)]

    def a_wish(self, which: int) -> Wish:
        wishes = self.books.wishes()
        return wishes[which % len(wishes)]

    def reader(self, which: int) -> Reader:
        return self.books.readers[which % len(self.books.readers)]

    def oneself(self, reader: Reader) -> Actor:
        """The reader, logged in."""
        return Actor(face=Face.OPAC, patron_id=reader.pk)

    def refusal(self, deed: Callable[[], object]) -> TangthuError | None:
        """Do it in a savepoint; return why not, which then has changed nothing."""
        try:
            with transaction.atomic():
                self.given = deed()
        except TangthuError as refused:
            return refused
        return None

    def night(self) -> Memory:
        """Run the jobs whose time has come, as the scheduler does; none may fail."""
        known = getattr(self, "memory", Memory())
        chosen = [job for job in jobs() if job.name != "tell news of saved searches"]
        memory = run_due(chosen, known, timezone.now())
        assert not memory.failed
        return memory

    def let_days_pass(self, days: int) -> None:
        self.clock.shift(timedelta(days=days))
        self.memory = self.night()
        self.books.now = timezone.now()
        self.books.spend_the_night()
        laws.check()

    # The books and the database say the same.

    @invariant()
    def the_loans_are_as_written(self):
        if not hasattr(self, "books"):
            return
        books = self.books
        rows = Loan.objects.values_list(
            "pk", "item", "patron", "due_at", "renewals", "claimed_at", "returned_at"
        )
        assert {
            (pk, item, patron, local_day(due), renewals, claimed, ended)
            for pk, item, patron, due, renewals, claimed, ended in rows
        } == {
            (
                lent.pk,
                lent.copy.pk,
                lent.reader.pk if lent.reader else None,
                lent.due,
                lent.renewals,
                lent.claimed,
                lent.ended_at,
            )
            for lent in (*books.open_loans, *books.past)
        }
        assert LoanEvent.objects.count() == books.acts
        harms = HarmReport.objects.open().values_list("pk", flat=True)
        assert set(harms) == {harm.pk for harm in books.harms}

    @invariant()
    def the_copies_are_where_they_are(self):
        if not hasattr(self, "books"):
            return
        copies = self.books.copies
        assert dict(Item.objects.values_list("pk", "status")) == {c.pk: c.state for c in copies}
        left = Hold.objects.left_on_shelf().values_list("trapped", flat=True)
        assert sorted(left) == sorted(copy.pk for copy in copies if copy.left)
        ways = Transfer.objects.open().values_list("item", "origin", "destination", "sent_at")
        place = {number: library.pk for number, library in enumerate(self.libraries)}
        assert {(item, *way, sent is not None) for item, *way, sent in ways} == {
            (copy.pk, place[copy.way.origin], place[copy.way.destination], copy.way.sent)
            for copy in copies
            if copy.way
        }
        assert dict(Stay.objects.values_list("item", "library")) == {
            copy.pk: place[copy.stays] for copy in copies if copy.stays is not None
        }

    @invariant()
    def everybody_waits_in_their_place(self):
        if not hasattr(self, "books"):
            return
        waiting = Hold.objects.waiting().order_by("rank", "pk")
        rows = list(waiting.values_list("record", "pk", "suspended"))
        for title, queue in self.books.queues.items():
            record = self.titles[title].pk
            assert [(pk, rests) for of, pk, rests in rows if of == record] == [
                (wish.pk, wish.resting) for wish in queue
            ]
        kept = Hold.objects.trapped().values_list(
            "pk", "patron", "pickup", "trapped", "shelf_until"
        )
        assert set(kept) == {
            (w.pk, w.reader.pk, self.libraries[w.pickup].pk, w.copy.pk, w.ready_until)
            for w in self.books.kept
        }
        ended = Hold.objects.exclude(closed_at=None).exclude(patron=None)
        assert dict(ended.values_list("pk", "patron")) == {
            wish.pk: wish.reader.pk for wish, _ in self.books.wished
        }

    @invariant()
    def everybody_owes_what_they_owe(self):
        if not hasattr(self, "books"):
            return
        readers = self.books.readers
        sums = (
            Posting.objects.filter(patron__isnull=False)
            .values_list("patron", "account")
            .annotate(total=Sum("amount"))
            .order_by()
        )
        found = {(patron, account): total for patron, account, total in sums if total}
        owed = {(each.pk, Account.OWED): each.owed for each in readers if each.owed}
        held = {(each.pk, Account.DEPOSIT): -each.held for each in readers if each.held}
        assert found == owed | held
        moved = balances()
        assert moved.get("drawer", 0) == self.in_drawer
        assert moved.get("bank", 0) == self.in_bank
        today = self.books.today
        stops = Restriction.objects.in_force(today).values_list("patron", "until")
        assert dict(stops.order_by("until")) == {
            each.pk: each.stopped_until(today) for each in readers if each.stopped_until(today)
        }
