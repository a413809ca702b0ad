"""Four at once on the same few copies and readers: real threads, each with its own connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from tangthu.catalogue.actions.items import change_item
from tangthu.catalogue.models import Item
from tangthu.circulation.actions import (
    cancel_hold,
    change_pickup,
    check_in,
    check_out,
    claim_returned,
    forget_readers,
    forgive_harm,
    forgive_lateness,
    keep_holds_in_time,
    move_hold,
    place_hold,
    recall_loan,
    receive_transfer,
    renew,
    renew_by_itself,
    report_damage,
    report_lost,
    request_transfer,
    resume_hold,
    suspend_hold,
    take_replacement,
)
from tangthu.circulation.models import HarmReport, Hold, Loan, Transfer
from tangthu.core.actor import Actor
from tangthu.core.contention import busy
from tangthu.core.errors import TangthuError
from tangthu.fees.actions import (
    Till,
    charge,
    close_session,
    open_session,
    pay,
    return_deposit,
    reverse,
    take_deposit,
    use_deposit,
)
from tangthu.fees.models import CashDrawer, CashSession, Entry, FeeKind, Means
from tangthu.libraries.models import LibraryKind
from tangthu.patrons.actions.erasing import erase_patron
from tangthu.patrons.actions.requests import request_data_right
from tangthu.patrons.models import Patron, RequestKind
from tests.factories import (
    ItemFactory,
    LibraryFactory,
    PatronFactory,
    RecordFactory,
    lending_rules,
)
from tests.fees.money import dong
from tests.model import laws
from tests.model.books import PRICE, RULES
from tests.model.lending import WAIVED
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, PEOPLE, DEEDS = 15, 4, 4


class Crowd:
    """A province, a ward, three copies, three readers: whoever comes takes what they find."""

    def __init__(self) -> None:
        self.province = LibraryFactory(kind=LibraryKind.PROVINCE)
        self.libraries = [self.province, LibraryFactory(parent=self.province)]
        lending_rules(self.province, **RULES)
        self.titles = RecordFactory.create_batch(2, library=self.province)
        self.items = [self.new_item(*where) for where in ((0, 0), (0, 0), (1, 1))]
        self.readers = PatronFactory.create_batch(3, library=self.province)
        self.drawer = CashDrawer.objects.create(library=self.province, name="Quầy")

    def new_item(self, title: int, home: int) -> Item:
        return ItemFactory(
            record=self.titles[title], library=self.libraries[home], location=None, price=PRICE
        )

    def person(self, seed: str) -> Callable[[], list[object]]:
        """Return what one of them does: a few deeds, and what came of each."""
        die = Random(seed)
        seeds = [die.random() for _ in range(DEEDS)]

        def works() -> list[object]:
            return [self.tries(Random(each)) for each in seeds]

        return works

    def tries(self, die: Random) -> object:
        """Do something; a refusal is as good an outcome as any.

        So is what the faces make of a database that was too busy: nothing was done, try again.
        """
        deed = die.choice(
            [lend, lend, back, back, back, wait, wait, of_hold, of_loan, money, odd, night]
        )
        try:
            return deed(self, die)
        except (TangthuError, OperationalError) as refused:
            if isinstance(refused, OperationalError) and busy(refused) is None:
                raise
            return refused

    def desk(self, die: Random) -> Actor:
        return Actor.machine("desk", library_id=die.choice(self.libraries).pk)

    def reader(self, die: Random) -> Patron:
        return die.choice(self.readers)


def any_of(rows, die: Random):
    found = list(rows.order_by("pk"))
    return die.choice(found) if found else None


def lend(crowd: Crowd, die: Random) -> object:
    override = WAIVED if die.random() < 0.7 else ()
    return check_out(
        die.choice(crowd.items), to=crowd.reader(die), by=crowd.desk(die), override=override
    )


def back(crowd: Crowd, die: Random) -> object:
    return check_in(die.choice(crowd.items), by=crowd.desk(die))


def wait(crowd: Crowd, die: Random) -> object:
    asked = {"item": die.choice(crowd.items)} if die.random() < 0.3 else {}
    return place_hold(
        **(asked or {"record": die.choice(crowd.titles)}),
        for_=crowd.reader(die),
        pickup=die.choice(crowd.libraries),
        by=crowd.desk(die),
    )


def of_hold(crowd: Crowd, die: Random) -> object:
    hold, by = any_of(Hold.objects.open(), die), crowd.desk(die)
    if hold is None:
        return None
    return die.choice(
        [
            lambda: cancel_hold(hold, by=by),
            lambda: suspend_hold(hold, by=by),
            lambda: resume_hold(hold, by=by),
            lambda: move_hold(hold, to=1, by=by),
            lambda: change_pickup(hold, pickup=die.choice(crowd.libraries), by=by),
            lambda: recall_loan(hold, by=by),
        ]
    )()


def of_loan(crowd: Crowd, die: Random) -> object:
    loan, by = any_of(Loan.objects.open(), die), crowd.desk(die)
    if loan is None:
        return None
    return die.choice(
        [
            lambda: renew(loan, by=by),
            lambda: renew(loan, by=by),
            lambda: claim_returned(loan, by=by),
            lambda: report_lost(loan, by=by),
            lambda: report_damage(loan, by=by),
            lambda: forgive_lateness(loan, reason="Nằm viện", by=by),
        ]
    )()


def money(crowd: Crowd, die: Random) -> object:
    patron, amount = crowd.reader(die), dong(die.choice([1_000, 5_000, 20_000]))
    by = Actor.machine("till", library_id=crowd.province.pk)
    till = Till(library=crowd.province, means=die.choice(list(Means)))
    entry, session = any_of(Entry.objects.all(), die), CashSession.objects.open().first()
    deeds = [
        lambda: charge(
            patron, kind=FeeKind.OTHER, amount=amount, library=crowd.province, by=by, source=""
        ),
        lambda: pay(patron, amount=amount, through=till, by=by),
        lambda: take_deposit(patron, amount=amount, through=till, by=by),
        lambda: return_deposit(patron, amount=amount, through=till, by=by),
        lambda: use_deposit(patron, amount=amount, library=crowd.province, by=by),
        lambda: open_session(crowd.drawer, start=amount, by=by),
    ]
    if entry is not None:
        deeds += [lambda: reverse(entry, reason="Nhầm", by=by)]
    if session is not None:
        deeds += [lambda: close_session(session, notes={}, explanation="Đếm", by=by)]
    return die.choice(deeds)()


def odd(crowd: Crowd, die: Random) -> object:
    by, item = crowd.desk(die), die.choice(crowd.items)
    harm, way = any_of(HarmReport.objects.open(), die), any_of(Transfer.objects.open(), die)
    deeds = [
        lambda: change_item(item, status="available", by=by),
        lambda: request_transfer(item, to=die.choice(crowd.libraries), by=by, send_now=True),
        lambda: erase_patron(
            request_data_right(crowd.reader(die), RequestKind.ERASE, by=by), by=by
        ),
    ]
    if harm is not None:
        deeds += [
            lambda: take_replacement(harm, by=by),
            lambda: forgive_harm(harm, reason="Bão lụt", by=by),
        ]
    if way is not None:
        deeds += [lambda: receive_transfer(way, by=by)] * 3
    return die.choice(deeds)()


def night(crowd: Crowd, die: Random) -> object:
    by = Actor.machine("schedule")
    keep_holds_in_time(now=timezone.now(), by=by)
    renew_by_itself(by=by)
    return forget_readers(by=by)


def test_whatever_four_do_at_once_is_done_or_refused_and_the_laws_hold():
    with time_machine.travel("2026-11-23T03:00:00+00:00", tick=False) as clock:
        crowd = Crowd()
        for number in range(ROUNDS):
            outcomes = at_once(*(crowd.person(f"{number} {name}") for name in range(PEOPLE)))

            strange = [each for each in outcomes if isinstance(each, Exception)]
            assert not strange, repr(strange)
            laws.check()
            clock.shift(timedelta(days=4))
