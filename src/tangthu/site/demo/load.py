"""Loading the demo network through the same deeds that a library uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils import timezone

from tangthu.access import actions as access
from tangthu.access.actions import UserData
from tangthu.access.models import User
from tangthu.catalogue import actions as catalogue
from tangthu.catalogue.actions import imports
from tangthu.catalogue.actions.imports import ImportOptions
from tangthu.catalogue.importing.holder import Holder
from tangthu.catalogue.importing.running import run_import
from tangthu.catalogue.importing.source import facts_of
from tangthu.catalogue.models import Item, ItemType, OnDuplicate, Record
from tangthu.circulation import actions as circulation
from tangthu.circulation.actions import PastLoan
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor, Face
from tangthu.formats.marc.record import DataField, MarcRecord
from tangthu.formats.marc.writer import write_iso2709
from tangthu.libraries import actions as libraries
from tangthu.libraries.actions import LibraryData, LocationData
from tangthu.libraries.models import Library, StackAccess
from tangthu.libraries.policy import DayEntry, DayRule, LibraryKind
from tangthu.patrons import actions as patrons
from tangthu.patrons.actions import PatronData
from tangthu.patrons.models import Patron, PatronCategory
from tangthu.site.demo import (
    digital,
    figures,
    lending,
    money,
    people,
    recordings,
    records,
    scanning,
    showing,
    words,
)
from tangthu.site.demo.applications import applications
from tangthu.site.demo.carried import bring_books
from tangthu.site.demo.mishaps import mishaps
from tangthu.site.demo.reader import ask_for_the_diary, give_account
from tangthu.site.demo.waiting import place_holds

Say = Callable[[str], None]

MACHINE = Actor.machine("demo", face=Face.COMMAND)
FOUNDED = date(2020, 1, 1)
MERGED = date(2025, 7, 1)

TREE = (
    ("MLDL", "Mạng lưới thư viện Đắk Lắk (trình diễn)", LibraryKind.NETWORK, None),
    ("DLK", "Thư viện tỉnh Đắk Lắk (trình diễn)", LibraryKind.PROVINCE, "MLDL"),
    ("EAKAO", "Thư viện phường Ea Kao (trình diễn)", LibraryKind.WARD, "DLK"),
    ("BDON", "Thư viện xã Buôn Đôn (trình diễn)", LibraryKind.WARD, "DLK"),
    ("THDEMO", "Thư viện Trường THCS Mẫu (trình diễn)", LibraryKind.SCHOOL, "EAKAO"),
    ("XE01", "Xe thư viện lưu động 01 (trình diễn)", LibraryKind.MOBILE, "DLK"),
)
STACKS = (
    ("M", "Kho mượn", StackAccess.OPEN, False),
    ("TN", "Kho thiếu nhi", StackAccess.OPEN, False),
    ("DC", "Kho địa chí", StackAccess.CLOSED, True),
)
STAFF = (
    ("admin", "Quản trị Demo", "network-administrator", "MLDL", "DLK", "trinh-dien-quan-tri-2026"),
    ("desk", "Thủ thư Demo", "desk", "DLK", "DLK", "trinh-dien-thu-thu-2026"),
    ("cataloguer", "Biên mục Demo", "cataloguer", "DLK", "DLK", "trinh-dien-bien-muc-2026"),
    ("scanner", "Số hoá Demo", "cataloguer", "DLK", "DLK", "trinh-dien-so-hoa-2026"),
    ("eakao", "Thủ thư Ea Kao Demo", "keeper", "EAKAO", "EAKAO", "trinh-dien-ea-kao-2026"),
)
RULES = (
    ("MLDL", None, None, {"max_loans": "3", "loan_length": "14", "due_mode": "next_open"}),
    ("MLDL", None, None, {"renewals": "1", "max_loans_total": "6", "overdue_blocks": "1"}),
    ("MLDL", "child", None, {"max_loans": "3", "loan_length": "10"}),
    ("MLDL", "staff", None, {"max_loans": "10", "max_loans_total": "10", "loan_length": "30"}),
    ("MLDL", None, "serial", {"loan_length": "5", "renewals": "0"}),
    ("MLDL", None, None, {"overdue_fee": "1000", "overdue_fee_cap": "50000", "max_debt": "200000"}),
    ("MLDL", "child", None, {"overdue_fee": "", "suspension_days": "1", "suspension_cap": "14"}),
    ("MLDL", None, None, {"lost_percent": "200", "processing_fee": "10000"}),
    ("XE01", None, None, {"loan_length": "30"}),
)
EXPECTED = (
    "thiếu nhi mượn tối đa 3 cuốn trong 10 ngày",
    "báo tạp chí mượn 5 ngày, không gia hạn",
)


def load(say: Say) -> bool:
    """Load what is not there yet; return False when everything was there already."""
    if Loan.objects.exists() and User.objects.filter(username="admin").exists():
        return False
    say("libraries")
    tree = network()
    staff(tree)
    rules(tree)
    expectations(tree["DLK"])
    say("records")
    books(tree)
    say("readers")
    readers(tree)
    applications(tree)
    say("loans")
    year_of_loans(tree, now=timezone.now())
    say("money")
    money.load(tree)
    mishaps(tree["DLK"], by=MACHINE)
    say("holds")
    place_holds(tree, by=MACHINE)
    give_account(tree["DLK"], by=MACHINE)
    say("deliveries")
    bring_books(tree, by=MACHINE)
    say("digital objects")
    digital.load(tree, by=MACHINE)
    ask_for_the_diary()
    scanning.load(tree)
    recordings.load(tree, by=MACHINE)
    figures.load(tree, by=MACHINE)
    showing.load(tree, by=MACHINE)
    lending.load(tree, by=MACHINE)
    return True


def network() -> dict[str, Library]:
    """Found the libraries with their stacks and calendars."""
    found = {library.code: library for library in Library.objects.all()}
    for code, name, kind, parent in TREE:
        if code not in found:
            found[code] = found_library(code, name, kind, found.get(parent or ""))
    return found


@transaction.atomic
def found_library(code: str, name: str, kind: LibraryKind, parent: Library | None) -> Library:
    data = LibraryData(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        address="Số 1 đường Mẫu, Buôn Ma Thuột",
        valid_from=MERGED if kind is LibraryKind.WARD else FOUNDED,
    )
    library = libraries.create_library(data, by=MACHINE)
    if kind is LibraryKind.NETWORK:
        sunday = DayEntry(rule=DayRule.WEEKLY, weekday=6)
        libraries.set_calendar_entry(library, sunday, note="Chủ nhật", by=MACHINE)
        for year in (timezone.localdate().year, timezone.localdate().year + 1):
            libraries.take_over_holidays(library, year, by=MACHINE)
        return library
    for stack, stack_name, openness, on_site in STACKS:
        if stack != "DC" or code == "DLK":
            place = LocationData(code=stack, name=stack_name, access=openness, on_site_only=on_site)
            libraries.add_location(library, place, by=MACHINE)
    return library


@transaction.atomic
def staff(tree: dict[str, Library]) -> None:
    """Make the demo's staff with their printed passwords."""
    roles = access.create_default_roles(by=MACHINE)
    for username, name, role, at, home, password in STAFF:
        if User.objects.filter(username=username).exists():
            continue
        data = UserData(username=username, name=name, library=tree[home])
        user, _password = access.create_user(data, by=MACHINE, password=password)
        access.grant_role(user, roles[role], tree[at], by=MACHINE)


@transaction.atomic
def rules(tree: dict[str, Library]) -> None:
    """Make the categories, the item types and the lending rules."""
    categories = patrons.create_default_categories(by=MACHINE)
    catalogue.provide_item_types()
    types = {kind.code: kind for kind in ItemType.objects.all()}
    for library, category, item_type, values in RULES:
        for rule, value in values.items():
            circulation.set_rule(
                tree[library],
                rule,
                value,
                category=categories[category] if category else None,
                item_type=types[item_type] if item_type else None,
                by=MACHINE,
            )


def expectations(library: Library) -> None:
    """Keep what must stay true of the rules, whoever changes them."""
    for sentence in EXPECTED:
        circulation.keep_expectation(library, sentence, by=MACHINE)


def books(tree: dict[str, Library]) -> None:
    """Import the demo's records library by library, as MARC files with copies in field 952."""
    by_library: defaultdict[str, list[MarcRecord]] = defaultdict(list)
    for record in records.marc_records():
        for library, part in by_holder(record):
            by_library[library].append(part)
    with TemporaryDirectory() as folder:
        for code in (code for code, *_rest in TREE if code in by_library):
            path = Path(folder) / f"demo-{code}.mrc"
            path.write_bytes(b"".join(map(write_iso2709, by_library[code])))
            options = ImportOptions(on_duplicate=OnDuplicate.MERGE, item_profile="952")
            holder = Holder()
            job = imports.open_job(facts_of(path), options, library=tree[code], by=MACHINE)
            run_import(imports.take(job, holder), path, by=MACHINE, holder=holder)


def by_holder(record: MarcRecord) -> Iterator[tuple[str, MarcRecord]]:
    """Yield, for each library with copies, the record with that library's copies only."""
    copies: defaultdict[str, list[DataField]] = defaultdict(list)
    for field in record.data("952"):
        copies[field.get("a") or ""].append(field)
    plain = record.without_tags("952")
    for library, held in copies.items():
        yield library, plain.with_fields(held)


def readers(tree: dict[str, Library]) -> None:
    """Register the demo's readers."""
    categories = {category.code: category for category in PatronCategory.objects.all()}
    there = set(Patron.objects.values_list("card", flat=True))
    today = timezone.localdate()
    for reader in people.readers():
        if reader.card not in there:
            patrons.register_patron(
                PatronData(
                    name=reader.name,
                    card=reader.card,
                    category=categories[reader.category],
                    library=tree[reader.library],
                    birth_on=reader.birth_on,
                    phone=reader.phone,
                    address=reader.address,
                    guardian_name=reader.guardian_name,
                    guardian_phone=reader.guardian_phone,
                    note=f"{words.MARK} Bạn đọc trình diễn, không có thật.",
                    registered_on=today - timedelta(days=300),
                    expires_on=today + timedelta(days=reader.days_left),
                ),
                by=MACHINE,
            )


def year_of_loans(tree: dict[str, Library], *, now: datetime) -> None:
    """Enter a year of loans: most came back, some are open, a few are late."""
    chance = Random(20260703)  # noqa: S311 (the same every time, on purpose)
    for code in people.SHARES:
        library = tree[code]
        lenders = list(
            Patron.objects.filter(library=library).select_related("category").order_by("card")
        )
        stock = list(
            Item.objects.filter(library=library, item_type__loanable=True)
            .exclude(location__on_site_only=True)
            .order_by("barcode")
        )
        circulation.enter_past_loans(
            list(loans_of(lenders, stock, chance, now)), at=library, by=MACHINE
        )


def loans_of(
    lenders: list[Patron], stock: Iterable[Item], chance: Random, now: datetime
) -> Iterator[PastLoan]:
    """Lend each copy a few times over the year; readers keep at most three at a time."""
    open_now: defaultdict[int, int] = defaultdict(int)
    for item in stock:
        for loan in history(item, lenders, chance, now):
            if loan.returned_at is None:
                if open_now[loan.patron.pk] >= 3:
                    break
                open_now[loan.patron.pk] += 1
            yield loan


def history(item: Item, lenders: list[Patron], chance: Random, now: datetime) -> Iterator[PastLoan]:
    """Yield the loans of one copy, one after another; the last may still be open, or late."""
    lent = now - timedelta(days=chance.randint(1, 900), hours=chance.randint(0, 6))
    while lent < now:
        days_ago = (now - lent).days
        back = lent + timedelta(days=chance.randint(2, 15), hours=1)
        kept = days_ago < 60 and chance.random() < 0.03
        is_open = kept or back > now
        if days_ago <= 365:
            yield PastLoan(
                item=item,
                patron=chance.choice(lenders),
                lent_at=lent,
                due_at=datetime.combine(lent.date() + timedelta(days=14), time(16, 59), UTC),
                returned_at=None if is_open else back,
            )
        if is_open:
            break
        lent = back + timedelta(days=chance.randint(20, 900))


def counts() -> dict[str, int]:
    """Return how much of everything there is."""
    return {
        "libraries": Library.objects.count(),
        "records": Record.objects.count(),
        "items": Item.objects.count(),
        "readers": Patron.objects.count(),
        "loans": Loan.objects.count(),
    }
