"""Electronic lending in any order: licences of every kind, readers, holds, nights, printed copies.

What must come of each deed is worked out a second time, by the few lines of `Books`; the library
has to agree, reason for reason and licence for licence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tangthu.catalogue.models import Item
from tangthu.circulation.actions import check_in, check_out, report_lost
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.libraries.models import Library
from tangthu.reading.actions.lending import (
    borrow,
    cancel_digital_hold,
    give_back,
    place_digital_hold,
    renew_loan,
    restart_licence,
    settle_all,
    stop_licence,
)
from tangthu.reading.models import DigitalHold, DigitalLoan, HoldState, Licence, StandIn
from tangthu.reading.policy.lending import Block
from tangthu.reading.refusals import LendingRefused
from tests.reading.lending import as_reader, ebook, licensed, readers, scan_of
from tests.support.threads import at_once

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
READER, NUMBER = st.integers(0, 3), st.integers(0, 7)
EVER = datetime(2999, 1, 1, tzinfo=START.tzinfo)


@dataclass
class Paper:
    """A licence as the books keep it."""

    key: int
    at_once: int | None
    left: int | None
    ends: datetime
    is_stopped: bool = False

    @property
    def order(self) -> tuple[float, ...]:
        """First what time takes anyway, the soonest first; then what lasts; counted ones last."""
        timed, counted = self.ends < EVER, self.left is not None
        kind = {(True, False): 0, (False, False): 1, (True, True): 2, (False, True): 3}
        return kind[timed, counted], self.ends.timestamp() if timed else inf


@dataclass
class Out:
    reader: int
    paper: Paper
    due: datetime
    renewals: int = 0


@dataclass
class Wait:
    reader: int
    paper: Paper | None = None
    until: datetime = EVER


@dataclass
class Books:
    """One e-book: its licences, who has it, and who waits, in their order."""

    papers: list[Paper] = field(default_factory=list)
    out: list[Out] = field(default_factory=list)
    queue: list[Wait] = field(default_factory=list)

    def usable(self, paper: Paper, now: datetime) -> bool:
        return not paper.is_stopped and now < paper.ends and paper.left != 0

    def free(self, paper: Paper, now: datetime) -> float:
        if not self.usable(paper, now):
            return 0
        kept = sum(each.paper is paper for each in self.queue)
        has = sum(each.paper is paper for each in self.out)
        places = inf if paper.at_once is None else paper.at_once - has - kept
        return max(0, min(places, inf if paper.left is None else paper.left - kept))

    def best(self, now: datetime) -> Paper | None:
        """The cheapest licence with a place; of equals the one with most left, then the oldest."""

        def cost(paper: Paper) -> tuple[float, ...]:
            kept = sum(each.paper is paper for each in self.queue)
            return (*paper.order, -((paper.left or 0) - (kept if paper.left else 0)), paper.key)

        return min((p for p in self.papers if self.free(p, now)), key=cost, default=None)

    def free_for_all(self, now: datetime) -> float:
        waiting = sum(each.paper is None for each in self.queue)
        return max(0, sum(self.free(each, now) for each in self.papers) - waiting)

    def settle(self, now: datetime) -> None:
        self.out = [each for each in self.out if now < each.due]
        self.queue = [each for each in self.queue if now < each.until]
        for each in self.queue:
            if each.paper is not None and not self.usable(each.paper, now):
                each.paper, each.until = None, EVER
        for each in self.queue:
            if each.paper is None and (found := self.best(now)) is not None:
                each.paper, each.until = found, end_of_day(now + timedelta(days=3))

    def is_lent(self, now: datetime) -> bool:
        return any(self.usable(each, now) for each in self.papers)

    def loan_of(self, reader: int) -> Out | None:
        return next((each for each in self.out if each.reader == reader), None)

    def wait_of(self, reader: int) -> Wait | None:
        return next((each for each in self.queue if each.reader == reader), None)

    def against_loan(self, reader: int, now: datetime) -> set[Block]:
        wait = self.wait_of(reader)
        is_kept = wait is not None and wait.paper is not None
        lent = self.is_lent(now)
        return {
            *([] if lent else [Block.NOT_LENT]),
            *([Block.HAS_IT] if self.loan_of(reader) else []),
            *([Block.NO_COPY_FREE] if lent and not is_kept and not self.free_for_all(now) else []),
        }

    def against_hold(self, reader: int, now: datetime) -> set[Block]:
        lent, waits = self.is_lent(now), self.wait_of(reader) is not None
        free = lent and not waits and self.free_for_all(now)
        return {
            *([] if lent else [Block.NOT_LENT]),
            *([Block.HAS_IT] if self.loan_of(reader) else []),
            *([Block.WAITS_ALREADY] if waits else []),
            *([Block.COPY_FREE] if free else []),
        }

    def against_renewal(self, out: Out, new_due: datetime, now: datetime) -> set[Block]:
        return {
            *([] if self.is_lent(now) else [Block.NOT_LENT]),
            *([Block.OTHERS_WAIT] if any(each.paper is None for each in self.queue) else []),
            *([Block.NO_RENEWALS_LEFT] if out.renewals else []),
            *([Block.GAINS_NOTHING] if new_due <= out.due else []),
        }


def end_of_day(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=23, minute=59, second=59, microsecond=0)


class Lending(RuleBasedStateMachine):
    """The library and its books, side by side."""

    library: Library
    desk: Actor

    @initialize()
    def begin(self) -> None:
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.people = readers(self.library, number=4)
        type(self.people[0]).objects.update(expires_on=EVER.date())
        for each in self.people:
            each.refresh_from_db()
        self.obj, self.books = ebook(self.library), Books()
        self.scan, self.items = scan_of(self.library, copies=2)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
            self.clock.stop()

    @property
    def now(self) -> datetime:
        return timezone.now()

    @rule(
        places=st.sampled_from([None, 1, 1, 2]),
        left=st.sampled_from([None, None, 1, 3]),
        days=st.sampled_from([None, None, 5, 20]),
    )
    def buy(self, places: int | None, left: int | None, days: int | None) -> None:
        if len(self.books.papers) == 4:
            return
        ends = None if days is None else self.now + timedelta(days=days)
        more = {} if left is None else {"loans_bought": left}
        row = licensed(self.obj, at_once=places, expires_at=ends, **more)
        self.books.papers.append(Paper(row.pk, places, left, ends or EVER))
        self.night()

    @rule(which=NUMBER)
    def stop_or_restart(self, which: int) -> None:
        if not self.books.papers:
            return
        paper = self.books.papers[which % len(self.books.papers)]
        deed = restart_licence if paper.is_stopped else stop_licence
        deed(Licence.objects.get(pk=paper.key), by=Actor.machine("test"))
        paper.is_stopped = not paper.is_stopped
        self.books.settle(self.now)

    @rule(reader=READER)
    def borrow(self, reader: int) -> None:
        self.night()
        against = self.books.against_loan(reader, self.now)
        wait = self.books.wait_of(reader)
        paper = wait.paper if wait and wait.paper else self.books.best(self.now)

        loan, refused = self.tried(partial(borrow, self.obj, **self.of(reader)))

        assert refused == against
        if refused:
            return
        assert paper is not None
        assert (loan.licence_id, loan.due_at) == (paper.key, self.due(paper))
        if paper.left is not None:
            paper.left -= 1
        if wait is not None:
            self.books.queue.remove(wait)
        self.books.out.append(Out(reader, paper, loan.due_at))

    @rule(reader=READER)
    def give_back(self, reader: int) -> None:
        found = self.books.loan_of(reader)
        if found is None or found.due <= self.now:
            return
        give_back(self.loan(reader), by=as_reader(self.people[reader]))
        self.books.out.remove(found)
        self.books.settle(self.now)

    @rule(reader=READER)
    def renew(self, reader: int) -> None:
        found = self.books.loan_of(reader)
        if found is None or found.due <= self.now:
            return
        self.night()
        new_due = self.due(found.paper)
        against = self.books.against_renewal(found, new_due, self.now)

        _loan, refused = self.tried(
            partial(renew_loan, self.loan(reader), by=as_reader(self.people[reader]))
        )

        assert refused == against
        if not refused:
            found.due, found.renewals = new_due, found.renewals + 1

    @rule(reader=READER)
    def wait(self, reader: int) -> None:
        self.night()
        against = self.books.against_hold(reader, self.now)

        _hold, refused = self.tried(partial(place_digital_hold, self.obj, **self.of(reader)))

        assert refused == against
        if not refused:
            self.books.queue.append(Wait(reader))

    @rule(reader=READER)
    def give_up(self, reader: int) -> None:
        found = self.books.wait_of(reader)
        if found is None or found.until <= self.now:
            return
        hold = DigitalHold.objects.open(self.now).get(object=self.obj, patron=self.people[reader])
        cancel_digital_hold(hold, by=as_reader(self.people[reader]))
        self.books.queue.remove(found)
        self.books.settle(self.now)

    @rule(hours=st.sampled_from([1, 30, 100, 340]))
    def pass_time(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))

    @rule()
    def night(self) -> None:
        settle_all(now=self.now)
        self.books.settle(self.now)

    @rule(reader=READER)
    def borrow_scan(self, reader: int) -> None:
        self.tried(partial(borrow, self.scan, **self.of(reader)))

    @rule(reader=READER)
    def wait_for_scan(self, reader: int) -> None:
        self.tried(partial(place_digital_hold, self.scan, **self.of(reader)))

    @rule(reader=READER)
    def give_scan_back(self, reader: int) -> None:
        loans = DigitalLoan.objects.live(self.now).filter(object=self.scan)
        for loan in loans.filter(patron=self.people[reader]):
            give_back(loan, by=as_reader(self.people[reader]))

    @rule(which=NUMBER, reader=READER)
    def lend_copy(self, which: int, reader: int) -> None:
        item = Item.objects.get(pk=self.items[which % 2].pk)
        self.tried(partial(check_out, item, to=self.people[reader], by=self.desk))

    @rule(which=NUMBER)
    def take_copy_back(self, which: int) -> None:
        item = Item.objects.get(pk=self.items[which % 2].pk)
        if Loan.objects.open().filter(item=item).exists():
            check_in(item, by=self.desk)

    @rule(which=NUMBER)
    def lose_copy(self, which: int) -> None:
        item = Item.objects.get(pk=self.items[which % 2].pk)
        loan = Loan.objects.open().filter(item=item).first()
        if loan is not None:
            self.tried(partial(report_lost, loan, by=self.desk))

    @invariant()
    def no_licence_is_out_more_often_than_it_may_be(self) -> None:
        if not hasattr(self, "obj"):
            return
        for row in Licence.objects.filter(object=self.obj):
            live = DigitalLoan.objects.live(self.now).filter(licence=row).count()
            kept = DigitalHold.objects.ready(self.now).filter(licence=row).count()
            assert row.at_once is None or live + kept <= row.at_once
            assert row.loans_left is None or row.loans_left >= 0
            if row.loans_left is not None:
                made = DigitalLoan.objects.filter(licence=row).count()
                assert row.loans_left == row.loans_bought - made

    @invariant()
    def nothing_is_lent_past_the_end_of_its_licence(self) -> None:
        if not hasattr(self, "obj"):
            return
        for loan in DigitalLoan.objects.select_related("licence"):
            ends = loan.licence.expires_at
            assert loan.borrowed_at < loan.due_at
            assert ends is None or loan.due_at <= ends

    @invariant()
    def a_printed_copy_is_in_one_place(self) -> None:
        if not hasattr(self, "scan"):
            return
        printed = set(Loan.objects.open().values_list("item", flat=True))
        stands = set(StandIn.objects.values_list("item", flat=True))
        live = list(
            DigitalLoan.objects.live(self.now)
            .filter(object=self.scan)
            .values_list("item", flat=True)
        )
        kept = list(
            DigitalHold.objects.ready(self.now)
            .filter(object=self.scan)
            .values_list("item", flat=True)
        )
        assert not printed & stands
        assert len({*live, *kept}) == len(live) + len(kept) <= len(self.items)
        assert {*live, *kept} <= stands
        assert not printed & {*live, *kept}

    @invariant()
    def the_queue_is_as_the_books_have_it(self) -> None:
        if not hasattr(self, "obj"):
            return
        rows = DigitalHold.objects.filter(
            object=self.obj, state__in=[HoldState.WAITING, HoldState.READY]
        ).in_order()
        told = [(each.patron_id, each.licence_id) for each in rows]
        kept = [
            (self.people[each.reader].pk, each.paper.key if each.paper else None)
            for each in self.books.queue
        ]
        assert told == kept

    def tried(self, deed: partial[object]) -> tuple[object, set[Block]]:
        try:
            with transaction.atomic():
                return deed(), set()
        except LendingRefused as refused:
            return None, {each.code for each in refused.blocks}
        except TangthuError:
            return None, set()

    def of(self, reader: int) -> dict[str, object]:
        return {"for_": self.people[reader], "by": as_reader(self.people[reader])}

    def loan(self, reader: int) -> DigitalLoan:
        loans = DigitalLoan.objects.live(self.now).filter(object=self.obj)
        return loans.get(patron=self.people[reader])

    def due(self, paper: Paper) -> datetime:
        return min(self.now + timedelta(days=14), paper.ends)


@pytest.mark.django_db
def test_whatever_is_borrowed_in_whatever_order_the_books_agree(
    province: Library, desk: Actor
) -> None:
    Lending.library, Lending.desk = province, desk

    run_state_machine_as_test(
        Lending,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_a_crowd_gets_the_last_places_once_and_the_queue_the_rest(province: Library) -> None:
    obj = ebook(province)
    licensed(obj, at_once=1)
    licensed(obj, at_once=None, loans_bought=2)
    people = readers(province, number=8)

    def want(person: object) -> object:
        try:
            return borrow(obj, for_=person, by=as_reader(person))
        except LendingRefused:
            return place_digital_hold(obj, for_=person, by=as_reader(person))

    came = at_once(*(partial(want, each) for each in people))

    assert sum(isinstance(each, DigitalLoan) for each in came) == 3
    assert sum(isinstance(each, DigitalHold) for each in came) == 5
    assert Licence.objects.get(at_once=None).loans_left == 0
