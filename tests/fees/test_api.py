"""A reader's account over the API: the entries sum to the balance."""

from __future__ import annotations

import pytest

from tangthu.access.actions import issue_token
from tangthu.core.models import AuditEntry
from tangthu.fees.actions import Till, charge, pay, reverse, take_deposit
from tangthu.fees.models import FeeKind, Means
from tests.fees.money import dong

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, till_user, till):
    _token, plain = issue_token(till_user, "thử", by=till)

    def get(card):
        headers = {"Authorization": f"Bearer {plain}"}
        return client.get(f"/api/v1/patrons/{card}/account", headers=headers)

    return get


def test_the_entries_sum_to_the_balance(ask, patron, province, till, chief):
    bank = Till(library=province, means=Means.BANK)
    charge(
        patron, kind=FeeKind.OVERDUE, amount=dong(5_000), library=province, by=till, note="3 ngày"
    )
    wrong = charge(patron, kind=FeeKind.LOST, amount=dong(90_000), library=province, by=till)
    pay(patron, amount=dong(3_000), through=bank, by=till)
    reverse(wrong, reason="Đã tìm thấy", by=chief)
    take_deposit(patron, amount=dong(200_000), through=bank, by=till)

    account = ask(patron.card.lower()).json()

    assert (account["balance"], account["deposits"], account["currency"]) == (2_000, 200_000, "VND")
    assert sum(entry["amount"] for entry in account["entries"]) == account["balance"]
    assert [(e["kind"], e["fee"], e["amount"], e["note"]) for e in account["entries"]] == [
        ("charge", "overdue", 5_000, "3 ngày"),
        ("charge", "lost", 90_000, ""),
        ("payment", "", -3_000, ""),
        ("reversal", "", -90_000, "Đã tìm thấy"),
    ]
    assert AuditEntry.objects.about("patron", patron.pk).filter(action="patron.seen").exists()


def test_an_account_with_nothing_in_it(ask, patron):
    assert ask(patron.card).json() == {
        "balance": 0,
        "deposits": 0,
        "currency": "VND",
        "entries": [],
    }


def test_a_reader_of_another_library_is_not_found(ask, foreign_patron):
    answer = ask(foreign_patron.card)

    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_patron"
