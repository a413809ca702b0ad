"""Readers come, keep their past or not, and are forgotten; and time passes."""

from __future__ import annotations

from datetime import date

from tangthu.circulation.actions import forget_own_past
from tangthu.patrons.actions import PatronData, keep_history, register_patron
from tangthu.patrons.actions.erasing import erase_patron
from tangthu.patrons.actions.requests import request_data_right, withdraw_data_request
from tangthu.patrons.errors import ErasureNotYet
from tangthu.patrons.models import Patron, RequestKind
from tests.model.deeds import deed
from tests.model.lending import READER
from tests.model.library import Library
from tests.model.things import Reader


class People(Library):
    @deed(3, reader=READER)
    def forget_a_reader(self, reader):
        reader = self.reader(reader)
        patron, against = self.patron(reader), self.books.against_erasure(reader)
        request = request_data_right(patron, RequestKind.ERASE, by=self.oneself(reader))

        refused = self.refusal(lambda: erase_patron(request, by=self.desks[0]))

        if refused:
            assert isinstance(refused, ErasureNotYet)
            assert {each.code for each in refused.refusals} == against
            withdraw_data_request(request, by=self.oneself(reader))
            return
        assert not against
        self.books.erase(reader)
        self.register(patron)

    def register(self, like: Patron) -> None:
        """Let somebody else become a reader in the place of the one who is forgotten."""
        data = PatronData(
            name="Trần Thị Bình",
            category=like.category,
            library=like.library,
            expires_on=date(2099, 12, 31),
        )
        patron = register_patron(data, by=self.desks[0])
        self.books.readers.append(Reader(patron.pk))

    @deed(1, reader=READER)
    def keep_the_past(self, reader):
        reader = self.reader(reader)
        keep_history(self.patron(reader), text="1", by=self.oneself(reader))
        reader.keeps = reader.keeps or self.books.now

    @deed(1, reader=READER)
    def forget_the_past(self, reader):
        reader = self.reader(reader)
        forget_own_past(self.patron(reader), by=self.oneself(reader))
        reader.keeps = None
        self.books.forget_old_past(of=reader)

    @deed(10, days=(1, 2, 3, 4, 5, 14, 15, 20, 35, 100))
    def let_time_pass(self, days):
        self.let_days_pass(days)
