"""The ledger itself: what the database lets in, and what it never lets go."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tangthu.core.money import Money
from tangthu.fees.actions import charge, reverse, reverse_source
from tangthu.fees.errors import AlreadyReversed, BadAmount, CannotReverse, ReasonMissing
from tangthu.fees.models import Entry, EntryKind, FeeKind, Posting
from tests.factories import PatronFactory
from tests.fees.money import balances, dong, ledger_sum, owes
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def fee(patron, province, till):
    return charge(patron, kind=FeeKind.OTHER, amount=dong(5000), library=province, by=till)


def refused_by_the_database(deed) -> bool:
    try:
        with transaction.atomic():
            deed()
    except IntegrityError:
        return True
    return False


def test_a_charge_makes_the_reader_owe_and_the_library_earn(patron, province, till):
    entry = charge(
        patron,
        kind=FeeKind.PHOTOCOPY,
        amount=dong(12_000),
        library=province,
        by=till,
        note="24 trang",
    )

    assert owes(patron) == 12_000
    assert balances() == {"owed": 12_000, "income": -12_000}
    assert (entry.kind, entry.fee_kind, entry.note) == ("charge", "photocopy", "24 trang")
    assert entry.entered_by == "Trần Thị Quầy"
    logged = AuditEntry.objects.about("fee_entry", entry.pk).get()
    assert (logged.action, logged.library_id) == ("fees.charge", province.pk)
    assert Change.objects.filter(kind="account", key=str(patron.pk)).count() == 1


def test_the_same_source_charges_once(patron, province, till):
    first, second = (
        charge(
            patron,
            kind=FeeKind.OVERDUE,
            amount=dong(amount),
            library=province,
            by=till,
            source="loan:12:overdue",
        )
        for amount in (3000, 4000)
    )

    assert first == second
    assert owes(patron) == 3000


@pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(10**10 + 1), Money(5, "USD")])
def test_only_a_sensible_amount_of_dong_is_charged(patron, province, till, amount):
    with pytest.raises(BadAmount):
        charge(patron, kind=FeeKind.OTHER, amount=amount, library=province, by=till)

    assert not Entry.objects.exists()


def test_a_charge_by_hand_needs_the_permission_and_one_of_another_deed_does_not(
    patron, province, desk
):
    with pytest.raises(NotPermitted):
        charge(patron, kind=FeeKind.OTHER, amount=dong(1000), library=province, by=desk)
    charge(
        patron,
        kind=FeeKind.LOST,
        amount=dong(9000),
        library=province,
        by=desk,
        source="loan:1:lost",
    )

    assert owes(patron) == 9000


def test_a_reversal_is_the_mirror_image(patron, fee, chief):
    reversal = reverse(fee, reason="Nhập nhầm bạn đọc", by=chief)

    assert owes(patron) == 0
    assert balances() == {}
    assert (reversal.kind, reversal.reverses, reversal.note) == (
        EntryKind.REVERSAL,
        fee,
        "Nhập nhầm bạn đọc",
    )


def test_an_entry_is_reversed_once_and_a_reversal_never(patron, fee, chief):
    reversal = reverse(fee, reason="Nhầm", by=chief)

    with pytest.raises(AlreadyReversed):
        reverse(fee, reason="Nhầm", by=chief)
    with pytest.raises(CannotReverse):
        reverse(reversal, reason="Nhầm", by=chief)
    assert Entry.objects.count() == 2


def test_a_reversal_needs_a_reason_and_the_permission(fee, till, chief):
    with pytest.raises(ReasonMissing):
        reverse(fee, reason="  ", by=chief)
    with pytest.raises(NotPermitted):
        reverse(fee, reason="Nhầm", by=till)

    assert Entry.objects.count() == 1


def test_what_a_source_charged_is_taken_back_once(patron, province, desk):
    charge(patron, kind=FeeKind.LOST, amount=dong(80_000), library=province, by=desk, source="x:1")

    first = reverse_source("x:1", reason="Đã tìm thấy sách", by=desk)
    second = reverse_source("x:1", reason="Đã tìm thấy sách", by=desk)

    assert first is not None
    assert second is None
    assert reverse_source("x:2", reason="Không có", by=desk) is None
    assert owes(patron) == 0


def test_no_entry_is_changed_or_deleted_not_even_by_sql(fee):
    tables = [Entry._meta.db_table, Posting._meta.db_table]

    def sql(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    assert refused_by_the_database(lambda: Entry.objects.update(note="khác"))
    assert refused_by_the_database(lambda: Posting.objects.update(amount=1))
    for table in tables:
        assert refused_by_the_database(lambda table=table: sql(f"DELETE FROM {table}"))
        assert refused_by_the_database(lambda table=table: sql(f"UPDATE {table} SET id = id"))
    assert ledger_sum() == 0
    assert Entry.objects.count() == 1


def entry_row(key, patron, province, **values):
    return Entry(
        id=key,
        at=timezone.now(),
        kind=EntryKind.PAYMENT,
        library=province,
        patron=patron,
        entered_by="sql",
        **values,
    )


@pytest.mark.parametrize(
    "amounts", [[(5000, "owed"), (-4999, "bank")], [(5000, "owed")], []], ids=repr
)
def test_an_entry_that_does_not_balance_is_not_let_in(patron, province, amounts):
    def write():
        for amount, account in amounts:
            reader = patron if account == "owed" else None
            Posting.objects.create(entry_id=77, account=account, amount=amount, patron=reader)
        entry_row(77, patron, province).save(force_insert=True)

    assert refused_by_the_database(write)
    assert not Entry.objects.exists()


def test_no_posting_is_added_to_an_entry_that_is_there(patron, fee):
    def write():
        Posting.objects.create(entry=fee, account="owed", amount=1, patron=patron)

    assert refused_by_the_database(write)
    assert ledger_sum() == 0


@pytest.mark.django_db(transaction=True)
def test_postings_without_an_entry_do_not_outlive_their_transaction(patron):
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(entry_id=99, account="owed", amount=5, patron=patron)
        Posting.objects.create(entry_id=99, account="bank", amount=-5)

    assert not Posting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_charge_a_source_once(patron, province, machine):
    other = PatronFactory(library=province)

    def deed(reader):
        return lambda: (
            charge(
                reader,
                kind=FeeKind.OVERDUE,
                amount=dong(2000),
                library=province,
                by=machine,
                source="loan:7:overdue",
            ).pk
        )

    answers = at_once(*[deed(patron), deed(other)] * 4)

    assert len(set(answers)) == 1
    assert Entry.objects.count() == 1
    assert owes(patron) + owes(other) == 2000


@pytest.mark.django_db(transaction=True)
def test_six_at_once_reverse_an_entry_once(patron, province, machine):
    fee = charge(patron, kind=FeeKind.OTHER, amount=dong(2000), library=province, by=machine)

    answers = at_once(*[lambda: reverse(fee, reason="Nhầm", by=machine)] * 6)

    assert sum(isinstance(answer, Entry) for answer in answers) == 1
    assert sum(isinstance(answer, AlreadyReversed) for answer in answers) == 5
    assert owes(patron) == 0


def test_only_those_who_see_the_reader_or_the_library_see_an_entry(
    foreign_patron, province, till, neighbour, cataloguer, fee
):
    ours = charge(foreign_patron, kind=FeeKind.OTHER, amount=dong(1000), library=province, by=till)

    assert set(Entry.objects.visible_to(till)) == {fee, ours}
    assert set(Entry.objects.visible_to(neighbour)) == {ours}
    assert not Entry.objects.visible_to(cataloguer).exists()
