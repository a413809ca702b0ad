"""What is done with money: charged, paid, waived, deposited, given back, taken back, counted."""

from __future__ import annotations

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
from tangthu.fees.models import Account, CashSession, Entry, EntryKind, FeeKind, Means
from tangthu.fees.policy import NOTES
from tangthu.fees.reading import open_charges
from tests.fees.money import dong
from tests.model.deeds import any_money, deed
from tests.model.lending import READER
from tests.model.library import Library
from tests.model.things import Reader

AMOUNT = (1_000, 2_000, 5_000, 7_500, 20_000, 55_000)
MEANS = tuple(Means)
BY_ANOTHER_DEED = {
    EntryKind.REVERSAL,
    EntryKind.OFFSET,
    EntryKind.FLOAT,
    EntryKind.COUNT,
}


class Money(Library):
    @property
    def session(self) -> CashSession:
        return CashSession.objects.open().get()

    def till(self, means: Means) -> Till:
        return Till(library=self.libraries[0], means=means)

    def can_give(self, means: Means, amount: int) -> bool:
        return means is Means.BANK or (self.is_open and amount <= self.in_drawer)

    def moved(self, means: Means, amount: int) -> None:
        if means is Means.CASH:
            self.in_drawer += amount
        else:
            self.in_bank += amount

    @deed(2, reader=READER, amount=AMOUNT, kind=FeeKind.values)
    def charge(self, reader, amount, kind):
        reader = self.reader(reader)

        charge(
            self.patron(reader),
            kind=kind,
            amount=dong(amount),
            library=self.libraries[0],
            by=self.desks[0],
        )

        reader.owed += amount

    @deed(5, any_money, reader=READER, amount=AMOUNT, means=MEANS)
    def pay(self, reader, amount, means):
        reader = self.reader(reader)
        amount = min(amount, reader.owed) if reader.owed > 0 else amount

        refused = self.refusal(
            lambda: pay(
                self.patron(reader),
                amount=dong(amount),
                through=self.till(means),
                by=self.desks[0],
            )
        )

        assert (refused is None) == (amount <= reader.owed and self.can_give(means, 0))
        if not refused:
            reader.owed -= amount
            self.moved(means, amount)

    @deed(2, any_money, reader=READER, amount=AMOUNT)
    def waive(self, reader, amount):
        reader = self.reader(reader)
        charges = open_charges(reader.pk)
        if not charges:
            return
        oldest = Entry.objects.get(pk=charges[0].entry)

        refused = self.refusal(
            lambda: waive(oldest, amount=dong(amount), reason="Hộ nghèo", by=self.desks[0])
        )

        assert (refused is None) == (amount <= charges[0].open)
        if not refused:
            reader.owed -= amount

    @deed(2, any_money, reader=READER, amount=AMOUNT, means=MEANS)
    def refund(self, reader, amount, means):
        reader = self.reader(reader)

        refused = self.refusal(
            lambda: refund(
                self.patron(reader),
                amount=dong(amount),
                through=self.till(means),
                reason="Trả lại",
                by=self.desks[0],
            )
        )

        assert (refused is None) == (amount <= -reader.owed and self.can_give(means, amount))
        if not refused:
            reader.owed += amount
            self.moved(means, -amount)

    @deed(3, reader=READER, amount=AMOUNT, means=MEANS)
    def take_deposit(self, reader, amount, means):
        reader = self.reader(reader)

        refused = self.refusal(
            lambda: take_deposit(
                self.patron(reader),
                amount=dong(amount),
                through=self.till(means),
                by=self.desks[0],
            )
        )

        assert (refused is None) == self.can_give(means, 0)
        if not refused:
            reader.held += amount
            self.moved(means, amount)

    @deed(4, any_money, reader=READER, means=MEANS, part=(None, None, 1_000, 20_000))
    def return_deposit(self, reader, means, part):
        reader = self.reader(reader)
        amount = part or reader.held or 1

        refused = self.refusal(
            lambda: return_deposit(
                self.patron(reader),
                amount=dong(amount),
                through=self.till(means),
                by=self.desks[0],
            )
        )

        assert (refused is None) == (amount <= reader.held and self.can_give(means, amount))
        if not refused:
            reader.held -= amount
            self.moved(means, -amount)

    @deed(2, any_money, reader=READER, amount=AMOUNT)
    def use_deposit(self, reader, amount):
        reader = self.reader(reader)

        refused = self.refusal(
            lambda: use_deposit(
                self.patron(reader),
                amount=dong(amount),
                library=self.libraries[0],
                by=self.desks[0],
            )
        )

        assert (refused is None) == (amount <= min(reader.held, reader.owed))
        if not refused:
            reader.held -= amount
            reader.owed -= amount

    @deed(3, any_money, place=range(200))
    def reverse(self, place):
        living = [reader.pk for reader in self.books.readers]
        entries = list(Entry.objects.filter(patron__in=living).order_by("id"))
        if not entries:
            return
        entry = entries[place % len(entries)]
        postings = list(entry.postings.all())
        reader = next(each for each in self.books.readers if each.pk == entry.patron_id)

        refused = self.refusal(lambda: reverse(entry, reason="Nhầm", by=self.desks[0]))

        if entry.kind in BY_ANOTHER_DEED:
            assert refused is not None
        if refused:
            return
        if entry.source:
            self.books.taken_back.add(entry.source)
        for posting in postings:
            self.undone(reader, Account(posting.account), posting.amount)

    def undone(self, reader: Reader, account: Account, amount: int) -> None:
        match account:
            case Account.OWED:
                reader.owed -= amount
            case Account.DEPOSIT:
                reader.held += amount
            case Account.DRAWER:
                self.in_drawer -= amount
            case Account.BANK:
                self.in_bank -= amount

    @deed(3, start=(0, 50_000))
    def open_the_drawer(self, start):
        refused = self.refusal(
            lambda: open_session(self.drawer, start=dong(start), by=self.desks[0])
        )

        assert (refused is not None) == self.is_open
        if not refused:
            self.is_open = True
            self.in_drawer += start

    @deed(1, lambda machine: machine.is_open, amount=AMOUNT)
    def bring_change(self, amount):
        bring_cash(
            self.session,
            amount=dong(amount),
            account=Account.SAFE,
            reason="Tiền lẻ",
            by=self.desks[0],
        )

        self.in_drawer += amount

    @deed(
        1,
        lambda machine: machine.is_open,
        notes=({}, {NOTES[0]: 1}, {NOTES[-1]: 3, NOTES[2]: 7}),
    )
    def close_the_drawer(self, notes):
        closed = close_session(self.session, notes=notes, explanation="Đếm lại", by=self.desks[0])

        assert closed.expected == self.in_drawer
        self.in_drawer, self.is_open = 0, False
