"""The library as a clerk with a good memory would keep it: the model beside the real one.

Plain Python without a database. `Books` knows who has which copy, who waits, what goes where and
what everybody owes, and says beforehand what each deed must bring.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import permutations

from tangthu.circulation.policy import Block, NextAction, local_day
from tests.model.things import Copy, Harm, Lent, Reader, Way, Wish

MAX_LOANS, LOAN_DAYS, RENEWALS, SHELF_DAYS = 2, 14, 1, 3
MAX_DEBT = 60_000
LATE_FEE, LATE_CAP = 1_000, 9_000
STOP_DAYS, STOP_CAP = 1, 5
PRICE, PROCESSING, DAMAGE = 50_000, 5_000, 25_000
HOLD_FEE = 2_000
RECALLS, RECALL_DAYS = 1, 3
LOANS_KEPT, HOLDS_KEPT = timedelta(days=30), timedelta(days=90)

RULES = {
    "max_loans": MAX_LOANS,
    "loan_length": LOAN_DAYS,
    "due_mode": "days",
    "renewals": RENEWALS,
    "renewed_by_itself": "yes",
    "max_debt": MAX_DEBT,
    "overdue_fee": LATE_FEE,
    "overdue_fee_cap": LATE_CAP,
    "suspension_days": STOP_DAYS,
    "suspension_cap": STOP_CAP,
    "lost_percent": 100,
    "processing_fee": PROCESSING,
    "damage_percent": 50,
    "hold_fee": HOLD_FEE,
    "pickup_days": SHELF_DAYS,
    "recalls": RECALLS,
    "recall_days": RECALL_DAYS,
}


def late_fee(days: int) -> int:
    return min(days * LATE_FEE, LATE_CAP)


@dataclass
class Routed:
    action: NextAction
    wish: Wish | None = None
    whither: int | None = None


@dataclass
class Books:
    """All that the clerk remembers. `now` is the clock of the library."""

    now: datetime
    copies: list[Copy]
    readers: list[Reader]
    queues: dict[int, list[Wish]] = field(default_factory=dict)
    kept: list[Wish] = field(default_factory=list)
    past: list[Lent] = field(default_factory=list)
    wished: list[tuple[Wish, datetime]] = field(default_factory=list)
    harms: list[Harm] = field(default_factory=list)
    charged: dict[str, tuple[Reader, int]] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    acts: int = 0

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def open_loans(self) -> list[Lent]:
        return [copy.lent for copy in self.copies if copy.lent]

    def loans_of(self, reader: Reader) -> list[Lent]:
        return [lent for lent in self.open_loans if lent.reader is reader]

    @property
    def known_loans(self) -> list[Lent]:
        """The loans, open and past, of which it is known whose they are or were."""
        return [lent for lent in (*self.past, *self.open_loans) if lent.reader]

    def wishes(self, title: int | None = None) -> list[Wish]:
        every = [*(wish for queue in self.queues.values() for wish in queue), *self.kept]
        return [wish for wish in every if title in (None, wish.title)]

    def wishes_of(self, reader: Reader) -> list[Wish]:
        return [wish for wish in self.wishes() if wish.reader is reader]

    def wish_of(self, reader: Reader, title: int) -> Wish | None:
        return next((wish for wish in self.wishes_of(reader) if wish.title == title), None)

    def keeper(self, copy: Copy) -> Wish | None:
        return next((wish for wish in self.kept if wish.copy is copy), None)

    def line(self, copy: Copy, *, but: Reader | None = None) -> list[Wish]:
        """Those who wait for the copy today, in the order in which they are served."""
        queue = self.queues[copy.title]
        due = [wish for wish in queue if wish.is_due(self.today) and wish.takes(copy)]
        return sorted(
            [wish for wish in due if wish.reader is not but],
            key=lambda wish: (wish.recalls is None, queue.index(wish)),
        )

    def free(self, title: int) -> list[Copy]:
        """The copies that stand on a shelf and could be lent at once."""
        return [
            copy
            for copy in self.copies
            if copy.title == title
            and copy.state == "available"
            and not (copy.lent or copy.way or copy.left or self.keeper(copy))
        ]

    # What stands against a deed.

    def against_reader(self, reader: Reader) -> set[Block]:
        found = set()
        if reader.stopped_until(self.today):
            found.add(Block.PATRON_RESTRICTED)
        if reader.owed > MAX_DEBT:
            found.add(Block.DEBT)
        return found

    def against_loan(self, copy: Copy, reader: Reader) -> set[Block]:
        found = self.against_reader(reader) | _state_blocks(copy)
        if copy.lent:
            mine = copy.lent.reader is reader
            found.add(Block.ON_LOAN_TO_THIS_PATRON if mine else Block.ON_LOAN_TO_ANOTHER)
        if len(self.loans_of(reader)) >= MAX_LOANS:
            found.add(Block.MAX_LOANS)
        keeper = self.keeper(copy)
        if keeper and keeper.reader is not reader:
            found.add(Block.HELD_FOR_ANOTHER)
        if keeper is None and self._is_wanted(copy, reader):
            found.add(Block.WAITED_FOR)
        return found

    def against_renewal(self, lent: Lent) -> set[Block]:
        assert lent.reader
        found = self.against_reader(lent.reader) | _state_blocks(lent.copy)
        if self.today + timedelta(days=LOAN_DAYS) <= lent.due:
            found.add(Block.RENEWAL_GAINS_NOTHING)
        if lent.claimed:
            found.add(Block.CLAIMED_NOT_RENEWED)
        if lent.renewals >= RENEWALS:
            found.add(Block.NO_RENEWALS_LEFT)
        if any(wish.recalls is lent for wish in self.queues[lent.copy.title]):
            found.add(Block.RECALLED)
        elif self._is_waited_for(lent):
            found.add(Block.OTHERS_WAIT)
        return found

    def against_hold(self, reader: Reader, title: int, wanted: Copy | None) -> set[Block]:
        found = self.against_reader(reader)
        mine = self.wish_of(reader, title)
        if mine and (mine.wanted is wanted or (wanted and mine.copy is wanted)):
            found.add(Block.ALREADY_ON_HOLD)
        elif mine:
            found.add(Block.HOLDS_PER_RECORD)
        if any(lent.copy.title == title for lent in self.loans_of(reader)):
            found.add(Block.HAS_THE_TITLE)
        asked = [c for c in self.copies if c.title == title and wanted in (None, c)]
        return found | min((_state_blocks(copy) for copy in asked), key=len)

    def against_recall(self, wish: Wish) -> tuple[set[Block], Lent | None]:
        """What stands against calling a loan back for the reader, and which loan it would be."""
        called = {id(each.recalls) for each in self.wishes(wish.title) if each.recalls}
        loans = [
            lent
            for lent in self.open_loans
            if lent.copy.title == wish.title
            and lent.reader is not wish.reader
            and id(lent) not in called
            and wish.takes(lent.copy)
        ]
        if wish.recalls or not loans:
            return {Block.NOTHING_TO_RECALL}, None
        found = set()
        if len(called) >= RECALLS:
            found.add(Block.RECALLS_PER_RECORD)
        if any(wish.takes(copy) for copy in self.free(wish.title)):
            found.add(Block.COPY_ON_SHELF)
        return found, min(loans, key=lambda lent: (lent.due, lent.pk))

    def against_erasure(self, reader: Reader) -> set[str]:
        found = set()
        if self.loans_of(reader):
            found.add("erasure_loans_open")
        if any(harm.lent.reader is reader for harm in self.harms):
            found.add("erasure_harms_open")
        if reader.owed or reader.held:
            found.add("erasure_money_open")
        return found

    # What a deed brings.

    def hand_over(self, copy: Copy, reader: Reader, pk: int) -> None:
        """Lend the copy: whoever it was kept for waits again, one's own hold is filled."""
        keeper = self.keeper(copy)
        if keeper and keeper.reader is not reader:
            self._put_back(keeper)
            keeper = None
        queue = self.queues[copy.title]
        mine = (wish for wish in queue if wish.reader is reader and wish.takes(copy))
        own = keeper or next(mine, None)
        copy.lent = Lent(pk, copy, reader, self.today + timedelta(days=LOAN_DAYS))
        copy.left, copy.way = False, None
        self.acts += 1
        if own:
            self._end(own)
            self.charge(reader, HOLD_FEE, f"hold:{own.pk}:fee")
        if copy.state == "lost":
            self.find(copy)

    def take_back(self, copy: Copy, at: int) -> Routed:
        """End the loan, charge its lateness, find what was lost, and say where the copy goes."""
        if copy.lent:
            self.settle_lateness(copy.lent)
            self.close(copy.lent)
            self.acts += 1
        if copy.state == "lost":
            self.find(copy)
        return self.route(copy, at)

    def close(self, lent: Lent) -> None:
        lent.copy.lent, lent.ended_at = None, self.now
        self.past.append(lent)

    def find(self, copy: Copy) -> None:
        """Undo the loss: what was charged for it is taken back, and lateness charged instead."""
        copy.state = "available"
        lost = [harm for harm in self.harms if harm.lent.copy is copy and harm.kind == "lost"]
        if lost:
            harm = lost[-1]
            self.take_charge_back(harm.source)
            self.take_charge_back(harm.processing)
            self.settle_lateness(harm.lent)
            self.harms.remove(harm)

    def settle_lateness(self, lent: Lent, *, stops: bool = True) -> None:
        reader, days = lent.reader, lent.late_days(self.now)
        if reader is None or not days:
            return
        self.charge(reader, late_fee(days), f"loan:{lent.pk}:overdue:{lent.renewals}")
        until = self.today + timedelta(days=min(days * STOP_DAYS, STOP_CAP))
        running = reader.stopped_until(self.today)
        if stops and (running is None or until > running):
            reader.stops.append((lent.pk, until))

    def charge(self, reader: Reader, amount: int, source: str) -> None:
        if source not in self.charged:
            self.charged[source] = (reader, amount)
            reader.owed += amount

    def take_charge_back(self, source: str) -> bool:
        if source not in self.charged or source in self.taken_back:
            return False
        reader, amount = self.charged[source]
        self.taken_back.add(source)
        reader.owed -= amount
        return True

    def route(self, copy: Copy, at: int) -> Routed:
        """Bring the copy to a desk, and say where it goes from there."""
        arrived = copy.way is not None and copy.way.destination == at
        was_meant = arrived and copy.way is not None and copy.way.manual
        copy.left = False
        if arrived:
            copy.way = None
        wish = self._kept_for(copy, at) or self._next(copy)
        if wish:
            return self._to_reader(wish, copy, at)
        if copy.way and copy.way.manual:
            copy.way = Way(at, copy.way.destination, manual=True)
            return Routed(NextAction.TRANSIT, None, copy.way.destination)
        copy.way = None
        if copy.home == at:
            copy.stays = None
        elif was_meant:
            copy.stays = at
        else:
            copy.way = Way(at, copy.home)
            return Routed(NextAction.TRANSIT, None, copy.home)
        return Routed(NextAction.SHELVE)

    def cancel(self, wish: Wish) -> None:
        """End a hold; a copy on the hold shelf is left there until it is taken down."""
        if wish.copy and wish.ready_until:
            wish.copy.left = True
        self._end(wish)

    def stop_transport(self, copy: Copy) -> None:
        copy.way = None
        keeper = self.keeper(copy)
        if keeper and keeper.ready_until is None:
            self._put_back(keeper)

    def fetch_elsewhere(self, wish: Wish, pickup: int) -> None:
        if wish.copy and wish.ready_until and wish.pickup != pickup:
            wish.copy.way = Way(wish.pickup, pickup, sent=False)
            wish.ready_until = None
        wish.pickup = pickup

    def spend_the_night(self) -> None:
        """Do what the nightly jobs do: holds in time, the past forgotten, loans renewed."""
        for wish in [*self.wishes()]:
            if wish.rests_until and wish.rests_until <= self.today:
                wish.resting, wish.rests_until = False, None
        for wish in [*self.wishes()]:
            waits_too_long = wish.copy is None and wish.expires and wish.expires < self.today
            if waits_too_long or (wish.ready_until and wish.ready_until < self.today):
                self.cancel(wish)
        self.forget_old_past()
        self.wished = [each for each in self.wished if each[1] >= self.now - HOLDS_KEPT]
        for lent in sorted(self.open_loans, key=lambda each: each.pk):
            if lent.due == self.today and not self.against_renewal(lent):
                self.renew(lent)

    def renew(self, lent: Lent) -> None:
        self.settle_lateness(lent, stops=False)
        lent.due = self.today + timedelta(days=LOAN_DAYS)
        lent.renewals += 1
        self.acts += 1

    def forget_past_of(self, reader: Reader) -> None:
        for lent in self.past:
            if lent.reader is reader and not self._has_open_harm(lent):
                lent.reader = None

    def erase(self, reader: Reader) -> None:
        for wish in self.wishes_of(reader):
            self.cancel(wish)
        self.forget_past_of(reader)
        self.wished = [each for each in self.wished if each[0].reader is not reader]
        self.readers.remove(reader)

    def forget_old_past(self, of: Reader | None = None) -> None:
        for lent in self.past:
            if lent.ended_at is None or lent.reader is None or self._has_open_harm(lent):
                continue
            if of is not None and lent.reader is not of:
                continue
            kept = lent.reader.keeps is not None and lent.ended_at >= lent.reader.keeps
            if lent.ended_at < self.now - LOANS_KEPT and not kept:
                lent.reader = None

    def _has_open_harm(self, lent: Lent) -> bool:
        return any(harm.lent is lent for harm in self.harms)

    def _is_wanted(self, copy: Copy, reader: Reader) -> bool:
        line = self.line(copy)
        if not line or line[0].reader is reader:
            return False
        others = [each for each in self.free(copy.title) if each is not copy]
        return not _all_served(self.line(copy, but=reader), others)

    def _is_waited_for(self, lent: Lent) -> bool:
        waiting = self.line(lent.copy, but=lent.reader)
        wants_this_one = any(wish.wanted is lent.copy for wish in waiting)
        return wants_this_one or not _all_served(waiting, self.free(lent.copy.title))

    def _kept_for(self, copy: Copy, at: int) -> Wish | None:
        wish = self.keeper(copy)
        if wish is None:
            return None
        if copy.state == "available" and not (wish.ready_until and wish.pickup != at):
            return wish
        self._put_back(wish)
        return None

    def _next(self, copy: Copy) -> Wish | None:
        line = self.line(copy) if copy.state == "available" else []
        if not line:
            return None
        self.queues[copy.title].remove(line[0])
        self.kept.append(line[0])
        line[0].copy = copy
        return line[0]

    def _to_reader(self, wish: Wish, copy: Copy, at: int) -> Routed:
        if wish.pickup == at:
            copy.way = None
            wish.ready_until = wish.ready_until or self.today + timedelta(days=SHELF_DAYS)
            return Routed(NextAction.HOLD, wish)
        copy.way = Way(at, wish.pickup)
        return Routed(NextAction.TRANSIT, wish, wish.pickup)

    def _put_back(self, wish: Wish) -> None:
        self.kept.remove(wish)
        wish.copy = wish.ready_until = None
        self.queues[wish.title].insert(0, wish)

    def _end(self, wish: Wish) -> None:
        (self.kept if wish in self.kept else self.queues[wish.title]).remove(wish)
        self.wished.append((wish, self.now))


def _state_blocks(copy: Copy) -> set[Block]:
    states = {"lost": Block.ITEM_LOST, "damaged": Block.ITEM_DAMAGED}
    return {states[copy.state]} if copy.state in states else set()


def _all_served(wishes: list[Wish], copies: list[Copy]) -> bool:
    """Tell, by trying everything, whether each of them could get one of these copies."""
    return any(
        all(wish.takes(copy) for wish, copy in zip(wishes, chosen, strict=True))
        for chosen in permutations(copies, len(wishes))
    )
