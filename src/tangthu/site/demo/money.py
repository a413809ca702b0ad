"""The demo's money: card fees, a day at the till, deposits, a counted drawer. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction

from tangthu.core.actor import Actor, Face
from tangthu.core.money import Money
from tangthu.fees import actions as fees
from tangthu.fees.actions import CardFeeData, Till
from tangthu.fees.models import CashDrawer, CashSession, Exemption, FeeKind, Means, Posting
from tangthu.fees.policy import NOTES
from tangthu.libraries import actions as libraries
from tangthu.libraries.models import Library, LibraryKind
from tangthu.patrons.models import Patron
from tangthu.site.demo.words import MARK

MACHINE = Actor.machine("demo", face=Face.COMMAND)
LAW = f"{MARK} Nghị quyết mẫu số 00/2025/NQ-HĐND"
SINCE = date(2025, 7, 1)
ACCOUNT = {
    "bank_bin": "970436",
    "bank_account": "DEMO000001",  # no bank has such a number: nobody can pay into it
    "bank_holder": "THU VIEN TRINH DIEN",
}
EXEMPTIONS = (("nguoi-co-cong", "Người có công với cách mạng"), ("khuyet-tat", "Người khuyết tật"))
AMOUNTS = ((LibraryKind.PROVINCE, 15_000), (LibraryKind.WARD, 10_000))
DEPOSIT = 200_000
FEES = (
    (FeeKind.OVERDUE, 3_000, "3 ngày × 1.000 đ"),
    (FeeKind.PHOTOCOPY, 12_000, "24 trang A4"),
    (FeeKind.LOST, 180_000, "Bồi thường sách mất"),
    (FeeKind.OVERDUE, 7_000, "7 ngày × 1.000 đ"),
    (FeeKind.DAMAGE, 45_000, "Rách bìa, mất trang"),
    (FeeKind.CARD, 15_000, LAW),
)


@transaction.atomic
def load(tree: dict[str, Library]) -> None:
    """Bring the demo's money in, once."""
    if CashDrawer.objects.exists():
        return
    rules(tree["MLDL"])
    province = tree["DLK"]
    for name, value in ACCOUNT.items():
        libraries.set_preference(province, name, value, by=MACHINE)
    drawer = fees.add_drawer(province, "Quầy mượn trả", by=MACHINE)
    session = fees.open_session(drawer, start=Money(200_000), by=MACHINE)
    readers = list(Patron.objects.filter(library=province).order_by("card")[:12])
    day_at_the_till(readers, province)
    count(session)


def rules(network: Library) -> None:
    """Set the card fees, as resolutions of the kind do: by level, children free, merit half."""
    for code, name in EXEMPTIONS:
        fees.add_exemption(code, name, by=MACHINE)
    by_code = {exemption.code: exemption for exemption in Exemption.objects.all()}
    base = CardFeeData(from_on=SINCE, legal_reference=LAW)
    rows = [replace(base, library_kind=kind, amount=amount) for kind, amount in AMOUNTS]
    rows += [
        replace(base, minimum_age=6, maximum_age=15, reduction=100),
        replace(base, exemption=by_code["khuyet-tat"], reduction=100),
        replace(base, exemption=by_code["nguoi-co-cong"], reduction=50),
    ]
    for row in rows:
        fees.set_card_fee(network, row, by=MACHINE)


def day_at_the_till(readers: list[Patron], library: Library) -> None:
    """Let readers owe, pay in full or in part, and leave deposits."""
    cash, bank = Till(library=library), Till(library=library, means=Means.BANK)
    for number, reader in enumerate(readers):
        kind, amount, note = FEES[number % len(FEES)]
        entry = fees.charge(
            reader, kind=kind, amount=Money(amount), library=library, by=MACHINE, note=note
        )
        if number % 3 == 0:
            fees.pay(reader, amount=Money(amount), through=cash, by=MACHINE)
        elif number % 4 == 1:
            fees.pay(reader, amount=Money(amount // 3), through=bank, by=MACHINE)
        elif number == 4:
            fees.waive(entry, reason=f"{MARK} Hư hỏng do lũ", by=MACHINE)
        if number in {1, 6, 7}:
            fees.take_deposit(reader, amount=Money(DEPOSIT), through=cash, by=MACHINE)
    fees.return_deposit(readers[7], amount=Money(DEPOSIT), through=cash, by=MACHINE)
    fees.ask_for_transfer(readers[2], library=library, by=MACHINE)


def count(session: CashSession) -> None:
    """Close the drawer with two thousand đồng too little, as it happens."""
    left = Posting.objects.filter(session=session).total() - 2_000
    notes: dict[int, int] = {}
    for note in NOTES:
        notes[note], left = divmod(left, note)
    fees.close_session(session, notes=notes, explanation=f"{MARK} Thối nhầm 2.000 đ", by=MACHINE)
