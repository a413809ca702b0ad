"""Deliveries against a model: whatever is done in whatever order, the books stay right."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tangthu.circulation.models import Loan, SetAside
from tangthu.core.actor import Actor
from tangthu.core.errors import Conflict
from tangthu.core.money import Money
from tangthu.delivery import actions
from tangthu.delivery.actions import CarrierData, Request
from tangthu.delivery.models import Delivery, DeliveryItem, FailReason
from tangthu.delivery.policy import CLOSED_STATES
from tangthu.delivery.reading import Destination
from tangthu.fees.reading import debt_of
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import LibraryKind
from tests.delivery.conftest import HOME
from tests.factories import (
    ItemFactory,
    LibraryFactory,
    PatronFactory,
    RecordFactory,
    lending_rules,
)

MACHINE = Actor.machine("test")
UNCHARGED = {"asked", "rejected", "cancelled", "lost"}


class Deliveries(RuleBasedStateMachine):
    """Three readers, four titles with a copy each, one carrier; any step at any time."""

    @initialize()
    def found(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.library = LibraryFactory(kind=LibraryKind.PROVINCE)
        lending_rules(self.library, max_loans=2, loan_length=14)
        for name, value in {"delivery_offered": "true", "delivery_fee": "15000"}.items():
            set_preference(self.library, name, value, by=MACHINE)
        self.readers = [
            PatronFactory(library=self.library, address=HOME, phone="+84905123456")
            for _each in range(3)
        ]
        self.records = [RecordFactory(library=self.library) for _each in range(4)]
        for record in self.records:
            ItemFactory(library=self.library, record=record)
        self.carrier = actions.add_carrier(self.library, CarrierData(name="Bưu tá"), by=MACHINE)
        self.begun = 0

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def _try(self, deed):
        try:
            with transaction.atomic():
                return deed()
        except Conflict:
            return None

    def _any(self, which):
        rows = list(Delivery.objects.order_by("id"))
        return rows[which % len(rows)] if rows else None

    @rule(reader=st.integers(0, 2), records=st.sets(st.integers(0, 3), min_size=1, max_size=3))
    def ask(self, reader, records):
        patron = self.readers[reader]
        to = Destination(name=patron.name, phone="0905123456", address=HOME)
        wanted = Request(patron=patron, library=self.library, to=to)
        self._try(lambda: actions.ask(wanted, [self.records[r] for r in records], by=MACHINE))

    @rule(reader=st.integers(0, 2))
    def fetch(self, reader):
        patron = self.readers[reader]
        to = Destination(name=patron.name, phone="0905123456", address=HOME)
        wanted = Request(patron=patron, library=self.library, to=to)
        loans = list(Loan.objects.open().filter(patron=patron))
        self._try(lambda: actions.ask_collection(wanted, loans, by=MACHINE))

    @rule(which=st.integers(0, 50))
    def forward(self, which):
        """Bring one delivery as far as the carrier."""
        delivery = self._any(which)
        if delivery is None:
            return
        self._try(lambda: actions.approve(delivery, by=MACHINE))
        for line in delivery.lines.filter(is_dropped=False):
            self._try(lambda line=line: actions.pick(line, by=MACHINE))
        for line in delivery.lines.exclude(item=None).select_related("item"):
            self._try(lambda line=line: actions.pack(delivery, line.item.barcode, by=MACHINE))
        run = actions.begin_run(self.carrier, by=MACHINE)
        if self._try(lambda: actions.load(run, delivery.reference, by=MACHINE)):
            self._try(lambda: actions.hand_over(run, by=MACHINE))

    @rule(
        which=st.integers(0, 50),
        deed=st.sampled_from(
            [
                lambda d: actions.approve(d, by=MACHINE),
                lambda d: actions.reject(d, reason="Không", by=MACHINE),
                lambda d: actions.cancel(d, reason="Thôi", by=MACHINE),
                lambda d: actions.fail(d, FailReason.NOT_HOME, by=MACHINE),
                lambda d: actions.retry(d, by=MACHINE),
                lambda d: actions.come_back(d, by=MACHINE),
                lambda d: actions.lose(d, reason="Mất", by=MACHINE),
                lambda d: actions.collect(d, by=MACHINE),
                lambda d: actions.receive(d, by=MACHINE),
            ]
        ),
    )
    def any_step(self, which, deed):
        delivery = self._any(which)
        if delivery is not None:
            self._try(lambda: deed(delivery))

    @rule(which=st.integers(0, 50))
    def deliver(self, which):
        delivery = self._any(which)
        if delivery is None:
            return
        before = Loan.objects.count()
        done = self._try(lambda: actions.deliver(delivery, by=MACHINE))
        expected = delivery.lines.filter(is_dropped=False).count() if done else 0
        assert Loan.objects.count() - before == expected
        self.begun += expected

    @invariant()
    def every_loan_began_at_a_door(self):
        if hasattr(self, "library"):
            assert Loan.objects.count() == self.begun

    @invariant()
    def a_copy_is_in_one_place(self):
        if not hasattr(self, "library"):
            return
        kept = set(SetAside.objects.values_list("item", flat=True))
        lent = set(Loan.objects.open().values_list("item", flat=True))
        going = list(
            DeliveryItem.objects.filter(is_open=True, delivery__leg="out")
            .exclude(item=None)
            .values_list("item", flat=True)
        )
        assert not kept & lent
        assert sorted(going) == sorted(kept)

    @invariant()
    def readers_pay_for_what_was_carried_and_for_nothing_else(self):
        if not hasattr(self, "library"):
            return
        for reader in self.readers:
            carried = Delivery.objects.filter(patron=reader, leg="out").exclude(state__in=UNCHARGED)
            assert debt_of(reader.pk) == Money(15_000 * carried.count())

    @invariant()
    def nothing_is_open_in_what_has_ended(self):
        closed = Delivery.objects.filter(state__in=CLOSED_STATES)
        assert not DeliveryItem.objects.filter(delivery__in=closed, is_open=True).exists()
        assert not closed.filter(closed_at=None).exists()


@pytest.mark.django_db
def test_the_books_stay_right_whatever_is_done():
    run_state_machine_as_test(
        Deliveries,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
