"""What is done with those who wait, and with copies on their way."""

from __future__ import annotations

from datetime import timedelta

from tangthu.circulation.actions import (
    cancel_hold,
    cancel_transfer,
    change_pickup,
    move_hold,
    place_hold,
    recall_loan,
    receive_transfer,
    request_transfer,
    resume_hold,
    send_transfer,
    suspend_hold,
)
from tangthu.circulation.models import Hold, Transfer
from tests.model.books import RECALL_DAYS
from tests.model.deeds import ANY, EITHER, PLACE, any_way, any_wish, deed
from tests.model.lending import COPY, READER
from tests.model.library import Library
from tests.model.things import Way, Wish

TITLE = (0, 1)


class Waiting(Library):
    @deed(
        12,
        reader=READER,
        title=TITLE,
        pickup=PLACE,
        wanted=(None, None, 0, 1),
        starts=(None, None, 0, 1, 4),
        lasts=(None, None, 0, 3, 9),
    )
    def place(self, reader, title, pickup, wanted, starts, lasts):
        books, reader, today = self.books, self.reader(reader), self.books.today
        copies = [copy for copy in books.copies if copy.title == title]
        copy = None if wanted is None else copies[wanted % len(copies)]
        against = books.against_hold(reader, title, copy)
        starts_on = None if starts is None else today + timedelta(days=starts)
        expires_on = None if lasts is None else today + timedelta(days=(starts or 0) + lasts)

        refused = self.refusal(
            lambda: place_hold(
                record=None if copy else self.titles[title],
                item=self.item(copy) if copy else None,
                for_=self.patron(reader),
                pickup=self.libraries[pickup],
                by=self.oneself(reader),
                starts_on=starts_on,
                expires_on=expires_on,
            )
        )

        assert set(refused.verdict.codes if refused else ()) == against
        if not refused:
            wish = Wish(self.given.pk, reader, title, pickup, copy)
            wish.starts, wish.expires = starts_on, expires_on
            books.queues[title].append(wish)

    @deed(3, any_wish, which=ANY, alone=EITHER)
    def cancel(self, which, alone):
        wish = self.a_wish(which)
        by = self.oneself(wish.reader) if alone else self.desks[1]

        cancel_hold(self.hold(wish), by=by)

        self.books.cancel(wish)

    @deed(1, lambda machine: machine.books.wished, which=ANY)
    def cancel_what_is_over(self, which):
        over = list(Hold.objects.exclude(closed_at=None).order_by("pk"))
        if over:
            refused = self.refusal(lambda: cancel_hold(over[which % len(over)], by=self.desks[0]))
            assert refused is not None
            assert refused.code == "hold_closed"

    @deed(2, any_wish, which=ANY, days=(None, 1, 3, 9))
    def rest(self, which, days):
        wish = self.a_wish(which)
        until = self.books.today + timedelta(days=days) if days else None

        refused = self.refusal(
            lambda: suspend_hold(self.hold(wish), by=self.oneself(wish.reader), until=until)
        )

        assert (refused is None) == (wish.copy is None)
        if not refused:
            wish.resting, wish.rests_until = True, until

    @deed(2, any_wish, which=ANY)
    def resume(self, which):
        wish = self.a_wish(which)

        refused = self.refusal(lambda: resume_hold(self.hold(wish), by=self.oneself(wish.reader)))

        assert (refused is None) == (wish.copy is None)
        wish.resting, wish.rests_until = False, None

    @deed(2, any_wish, which=ANY, to=(1, 2, 3, 4))
    def move(self, which, to):
        wish = self.a_wish(which)
        queue = self.books.queues[wish.title]

        refused = self.refusal(lambda: move_hold(self.hold(wish), to=to, by=self.desks[0]))

        assert (refused is None) == (wish in queue)
        if not refused:
            queue.remove(wish)
            queue.insert(to - 1, wish)

    @deed(3, any_wish, which=ANY, pickup=PLACE)
    def fetch_elsewhere(self, which, pickup):
        wish = self.a_wish(which)

        change_pickup(self.hold(wish), pickup=self.libraries[pickup], by=self.oneself(wish.reader))

        self.books.fetch_elsewhere(wish, pickup)

    @deed(4, any_wish, which=ANY)
    def call_back(self, which):
        wish = self.a_wish(which)
        if wish.copy:
            return
        against, lent = self.books.against_recall(wish)

        refused = self.refusal(lambda: recall_loan(self.hold(wish), by=self.desks[0]))

        assert set(refused.verdict.codes if refused else ()) == against
        if not refused:
            assert self.given.loan_id == lent.pk
            wish.recalls = lent
            lent.due = min(lent.due, self.books.today + timedelta(days=RECALL_DAYS))

    @deed(3, copy=COPY, to=PLACE, now=EITHER)
    def send_elsewhere(self, copy, to, now):
        copy = self.books.copies[copy]
        stands = copy.home if copy.stays is None else copy.stays
        is_bound = copy.lent or copy.way or self.books.keeper(copy)

        refused = self.refusal(
            lambda: request_transfer(
                self.item(copy), to=self.libraries[to], by=self.desks[0], send_now=now
            )
        )

        assert (refused is None) == (not is_bound and to != stands)
        if not refused:
            copy.way = Way(stands, to, manual=True, sent=now)

    @deed(6, any_way, which=ANY, done=("send", "receive", "receive", "cancel"))
    def transport(self, which, done):
        ways = [copy for copy in self.books.copies if copy.way]
        copy = ways[which % len(ways)]
        way = Transfer.objects.open().get(item=copy.pk)

        if done == "send":
            send_transfer(way, by=self.desks[copy.way.origin])
            copy.way.sent = True
        elif done == "cancel":
            cancel_transfer(way, by=self.desks[copy.way.origin])
            self.books.stop_transport(copy)
        else:
            at = copy.way.destination
            routed = receive_transfer(way, by=self.desks[at])
            expected = self.books.route(copy, at)
            assert routed.action == expected.action
            assert (routed.hold.pk if routed.hold else None) == (
                expected.wish.pk if expected.wish else None
            )
