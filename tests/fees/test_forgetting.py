"""A reader who is forgotten: their papers go, the ledger stays."""

from __future__ import annotations

import pytest

from tangthu.fees.actions import (
    add_exemption,
    ask_for_transfer,
    bring_in,
    charge,
    grant_exemption,
)
from tangthu.fees.models import BankLine, BankTransfer, FeeKind, PatronExemption, Receipt
from tangthu.libraries.actions import set_preference
from tangthu.patrons import holders
from tests.fees.money import balances, dong, owes

pytestmark = pytest.mark.django_db


def test_exemptions_codes_and_the_banks_words_go_and_the_ledger_stays(
    patron, province, machine, till
):
    for name, value in {"bank_bin": "970436", "bank_account": "123"}.items():
        set_preference(province, name, value, by=machine)
    merit = add_exemption("merit", "Người có công", by=machine)
    grant_exemption(patron, merit, until_on=None, by=till)
    charge(patron, kind=FeeKind.OTHER, amount=dong(5_000), library=province, by=till)
    asked = ask_for_transfer(patron, library=province, by=till)
    raw = f"Ngày;Ghi có;Nội dung\n22/11/2026;5.000;NGUYEN VAN AN {asked.reference}\n"
    bring_in(raw.encode(), name="a.csv", library=province, by=machine)
    charge(patron, kind=FeeKind.OTHER, amount=dong(7_000), library=province, by=till)
    waiting = ask_for_transfer(patron, library=province, by=till)
    told = {section.key: section for section in holders.told_by_all(patron)}
    before = balances()

    holders.forget_everywhere(patron)

    assert told["exemptions"].rows == [{"name": "Người có công", "until": None}]
    assert [row["amount"] for row in told["receipts"].rows] == [5_000]
    assert not PatronExemption.objects.exists()
    assert BankTransfer.objects.get(pk=waiting.pk).state == "cancelled"
    assert BankLine.objects.get().text == ""
    assert Receipt.objects.count() == 1
    assert (balances(), owes(patron)) == (before, 7_000)
