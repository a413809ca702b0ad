"""What is done with loans: lent, brought back, renewed, said to be returned, lost and damaged."""

from __future__ import annotations

from tangthu.catalogue.actions.items import change_item
from tangthu.circulation.actions import (
    check_in,
    check_out,
    claim_returned,
    drop_claim,
    forgive_harm,
    forgive_lateness,
    renew,
    report_damage,
    report_lost,
    settle_harm,
    take_replacement,
)
from tangthu.circulation.models import HarmReport, Loan
from tangthu.circulation.policy import Block
from tests.model.books import DAMAGE, PRICE, PROCESSING
from tests.model.deeds import ANY, EITHER, PLACE, any_harm, any_known_loan, any_loan, deed
from tests.model.library import Library
from tests.model.things import Copy, Harm, Lent

COPY, READER = range(3), range(3)
WAIVED = {
    Block.PATRON_RESTRICTED,
    Block.DEBT,
    Block.MAX_LOANS,
    Block.ITEM_LOST,
    Block.ITEM_DAMAGED,
    Block.HELD_FOR_ANOTHER,
    Block.WAITED_FOR,
}


class Lending(Library):
    @deed(12, copy=COPY, reader=READER, waive=EITHER)
    def lend(self, copy, reader, waive):
        copy, reader = self.books.copies[copy], self.reader(reader)
        against = self.books.against_loan(copy, reader)
        override = WAIVED if waive else set()

        refused = self.refusal(
            lambda: check_out(
                self.item(copy), to=self.patron(reader), by=self.desks[0], override=override
            )
        )

        assert set(refused.verdict.codes if refused else ()) == against - override
        if not refused:
            assert set(self.given.overridden) == against
            self.books.hand_over(copy, reader, self.given.pk)

    @deed(12, copy=COPY, at=PLACE)
    def take_back(self, copy, at):
        copy = self.books.copies[copy]
        lent = copy.lent

        result = check_in(self.item(copy), by=self.desks[at])

        routed = self.books.take_back(copy, at)
        assert result.next_action == routed.action
        assert (result.loan.pk if result.loan else None) == (lent.pk if lent else None)
        assert (result.hold.pk if result.hold else None) == (
            routed.wish.pk if routed.wish else None
        )
        whither = result.transfer.destination if result.transfer else None
        assert whither == (None if routed.whither is None else self.libraries[routed.whither])

    @deed(5, any_loan, which=ANY, alone=EITHER)
    def renew(self, which, alone):
        lent = self.a_loan(which)
        by = self.oneself(lent.reader) if alone else self.desks[0]
        against = self.books.against_renewal(lent)

        refused = self.refusal(lambda: renew(self.loan(lent), by=by))

        assert set(refused.verdict.codes if refused else ()) == against
        if not refused:
            self.books.renew(lent)

    @deed(2, any_loan, which=ANY)
    def say_it_was_returned(self, which):
        lent = self.a_loan(which)

        claim_returned(self.loan(lent), by=self.oneself(lent.reader))

        if lent.claimed is None:
            lent.claimed = self.books.now
            self.books.acts += 1

    @deed(1, any_loan, which=ANY)
    def find_it_at_home(self, which):
        lent = self.a_loan(which)

        drop_claim(self.loan(lent), by=self.desks[0])

        lent.claimed = None

    @deed(3, any_loan, which=ANY, alone=EITHER)
    def lose(self, which, alone):
        lent = self.a_loan(which)
        by = self.oneself(lent.reader) if alone else self.desks[0]

        report = report_lost(self.loan(lent), by=by)

        self.books.close(lent)
        lent.copy.state = "lost"
        harm = self.noted(report, lent)
        self.books.charge(lent.reader, PRICE, harm.source)
        self.books.charge(lent.reader, PROCESSING, harm.processing)

    @deed(2, any_known_loan, which=ANY)
    def damage(self, which):
        loans = [lent for lent in self.books.past if lent.copy.state != "lost"]
        loans += self.books.open_loans
        if not loans:
            return
        lent = loans[-1 - which % len(loans)]
        twice = any(h.lent is lent and h.kind == "damaged" for h in self.books.harms)

        refused = self.refusal(lambda: report_damage(self.loan(lent), by=self.desks[0]))

        expected = "loan_forgotten" if lent.reader is None else "harm_closed" if twice else None
        assert (refused.code if refused else None) == expected
        if not refused:
            harm = self.noted(self.given, lent)
            lent.copy.state = "damaged"
            self.books.charge(lent.reader, DAMAGE, harm.source)

    @deed(4, lambda machine: machine.damaged)
    def mend(self):
        copy = self.damaged[0]

        change_item(self.item(copy), status="available", by=self.desks[0])

        copy.state = "available"

    @property
    def damaged(self) -> list[Copy]:
        return [copy for copy in self.books.copies if copy.state == "damaged"]

    @deed(2, any_harm, which=ANY, how=("replaced", "settled", "forgiven"))
    def settle(self, which, how):
        harm = self.books.harms[which % len(self.books.harms)]
        report, by = HarmReport.objects.get(pk=harm.pk), self.desks[0]
        self.books.harms.remove(harm)

        if how == "replaced":
            take_replacement(report, by=by)
            self.books.take_charge_back(harm.source)
            self.books.acts += 1
        elif how == "forgiven":
            forgive_harm(report, reason="Bất khả kháng", by=by)
            self.books.take_charge_back(harm.source)
            self.books.take_charge_back(harm.processing)
        else:
            settle_harm(report, by=by)

    @deed(2, any_known_loan, which=ANY)
    def forgive(self, which):
        lent = self.books.known_loans[which % len(self.books.known_loans)]
        sources = [f"loan:{lent.pk}:overdue:{n}" for n in range(lent.renewals + 1)]
        taken_back = [self.books.take_charge_back(source) for source in sources]
        stops = [stop for stop in lent.reader.stops if stop[0] == lent.pk]
        lent.reader.stops = [stop for stop in lent.reader.stops if stop not in stops]

        done = forgive_lateness(self.loan(lent), reason="Nằm viện", by=self.desks[0])

        assert done == sum(taken_back) + len(stops)

    def loan(self, lent: Lent) -> Loan:
        return Loan.objects.get(pk=lent.pk)

    def noted(self, report: HarmReport, lent: Lent) -> Harm:
        harm = Harm(report.pk, str(report.kind), lent)
        self.books.harms.append(harm)
        self.books.acts += 1
        return harm
