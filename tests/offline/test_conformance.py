"""The rules decide in a browser as they decide here: thousands of cases in a real Chromium."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tangthu.circulation.policy import (
    CardState,
    DueMode,
    ItemState,
    LendingRules,
    LoanUnit,
    RenewalStart,
    RuleName,
    RuleRow,
    RulesFrom,
)
from tangthu.libraries.policy import Calendar, MonthDay
from tangthu.offline.bundle import bundle
from tangthu.offline.policy import (
    Book,
    CategoryEntry,
    Claims,
    ItemRow,
    LibraryEntry,
    LoanRow,
    PatronRow,
    Stop,
    TypeEntry,
    Words,
    encode,
    open_desk,
    pack,
)
from tests.support.serving import eventually

pytestmark = pytest.mark.browser

ENGINE = Path(__file__).resolve().parents[2] / "node_modules/pyodide"
FILES = Path(__file__).parent / "browser"
CASES = 3000
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TODAY = date(2026, 11, 22)


class Handler(SimpleHTTPRequestHandler):
    """Serves the files under the policies of the page and of its worker."""

    extensions_map = {".mjs": "text/javascript", ".js": "text/javascript", ".html": "text/html"}
    extensions_map |= {".wasm": "application/wasm", "": "application/octet-stream"}

    def end_headers(self) -> None:
        engine = " 'wasm-unsafe-eval'" if self.path.startswith("/worker") else ""
        policy = f"default-src 'none'; script-src 'self'{engine}; connect-src 'self'"
        self.send_header("Content-Security-Policy", policy)
        super().end_headers()

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    if not ENGINE.is_dir():
        pytest.skip("Pyodide is not installed: npm ci")
    for file in [*ENGINE.iterdir(), *FILES.iterdir()]:
        if file.is_file():
            shutil.copy(file, tmp_path)
    (tmp_path / "rules.zip").write_bytes(bundle().content)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def rules(chance: random.Random) -> LendingRules:
    values = {
        RuleName.MAX_LOANS: ["1", "5", "9", ""],
        RuleName.MAX_LOANS_TOTAL: ["3", "9", "", ""],
        RuleName.LOAN_LENGTH: ["1", "7", "14", "30"],
        RuleName.LOAN_UNIT: list(LoanUnit),
        RuleName.DUE_MODE: list(DueMode),
        RuleName.HARD_DUE_ON: ["", "", "2027-01-31"],
        RuleName.RENEWALS: ["1", "3", ""],
        RuleName.NO_RENEWAL_BEFORE_DAYS: ["", "3"],
        RuleName.OVERDUE_BLOCKS: ["", "", "2"],
        RuleName.MINIMUM_AGE: ["", "", "16"],
        RuleName.MAX_DEBT: ["", "", "20000"],
    }
    rows = [
        RuleRow(
            name=name,
            distance=distance,
            library="AB"[distance],
            category=None if distance == 1 else chance.choice([None, "adult"]),
            item_type=None
            if distance == 1 or name is RuleName.MAX_LOANS_TOTAL
            else chance.choice([None, "book"]),
            value=chance.choice(known),
        )
        for name, known in values.items()
        for distance in (0, 1)
        if distance == 1 or chance.random() < 0.3
    ]
    calendar = Calendar(
        closed_weekdays=frozenset(chance.sample(range(7), 2)),
        closed_yearly=frozenset({MonthDay(11, 24), MonthDay(1, 1)}),
        closed_on=frozenset({TODAY + timedelta(days=chance.randint(1, 40)) for _ in range(5)}),
    )
    start = chance.choice(list(RenewalStart))
    return LendingRules(rows=tuple(rows), calendar=calendar, renewal_start=start)


def a_book(chance: random.Random) -> Book:
    entries = {
        1: LibraryEntry(code="A", name="Tỉnh", chain=(1, 9), rules_from=RulesFrom.ITEM_LIBRARY),
        2: LibraryEntry(code="C", name="Xã", chain=(2, 9), rules_from=RulesFrom.DESK_LIBRARY),
        9: LibraryEntry(code="B", name="Mạng", chain=(9,), rules_from=RulesFrom.PATRON_LIBRARY),
    }
    categories = {name: CategoryEntry(name=name, card_months=12) for name in ("adult", "child")}
    return Book(
        library=1,
        libraries=entries,
        rules={pk: {name: rules(chance) for name in categories} for pk in entries},
        types={"book": TypeEntry(name="Sách"), "map": TypeEntry(name="Bản đồ", loanable=False)},
        categories=categories,
        guardian_until_age=16,
        words=Words(blocks={"max_loans": "%(count)s / %(limit)s"}, rule="%(rule)s: %(value)s"),
    )


def a_loan(chance: random.Random) -> LoanRow:
    return LoanRow(
        id=chance.randint(1, 99),
        patron=chance.choice([5, 6]),
        due_at=NOW + timedelta(days=chance.randint(-3, 20)),
        lent_at=NOW - timedelta(days=30),
        renewals=chance.randint(0, 3),
        library=chance.choice([1, 2]),
    )


def an_item(chance: random.Random, *, lent: bool | None = None) -> ItemRow:
    is_lent = chance.random() < 0.2 if lent is None else lent
    wanted = Claims(waiting=tuple(chance.sample([5, 6, 7], 2)), is_short=chance.random() < 0.5)
    return ItemRow(
        id=chance.randint(1, 10**6),
        record=chance.randint(1, 5),
        barcode="B1",
        number="V.1",
        title="Núi",
        type=chance.choice([*["book"] * 9, "map"]),
        state=chance.choice([*ItemState, *[ItemState.AVAILABLE] * 40]),
        library=chance.choice([1, 1, 2]),
        on_site=chance.random() < 0.1,
        loan=a_loan(chance) if is_lent else None,
        claims=wanted if chance.random() < 0.2 else None,
    )


def a_question(chance: random.Random) -> dict[str, object]:
    patron = PatronRow(
        id=5,
        card="C5",
        name="H’Hen Niê",
        words="hen nie",
        category=chance.choice(["adult", "child"]),
        library=chance.choice([1, 2]),
        expires_on=TODAY + timedelta(days=chance.randint(-3, 90)),
        card_state=chance.choice([*CardState, *[CardState.ACTIVE] * 20]),
        born=chance.choice([None, 40, date(2011, 11, 22), date(2010, 11, 23)]),
        stops=(Stop(kind="manual", until=TODAY),) if chance.random() < 0.1 else (),
        further={"debt": chance.choice([0, 30000])},
    )
    ask = chance.choice(["check_out", "renew"])
    item = an_item(chance, lent=True if ask == "renew" else None)
    held = [pack(an_item(chance, lent=True)) for _ in range(chance.randint(0, 4))]
    moment = NOW + timedelta(minutes=chance.randint(0, 60 * 24))
    return {
        "ask": ask,
        "now": moment.isoformat(),
        "patron": pack(patron),
        "item": pack(item),
        "held": held,
        "lends_for": chance.choice([[1], [1, 2]]),
        "override": chance.choice([[], [], ["max_loans", "card_expired"]]),
    }


def test_a_browser_decides_as_the_server(browser: Browser, site: str, tmp_path: Path) -> None:
    chance = random.Random(20261122)
    book = json.dumps(encode(a_book(chance)))
    questions = [a_question(chance) for _ in range(CASES)]
    (tmp_path / "book.json").write_text(book, encoding="utf-8")
    (tmp_path / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    here = open_desk(book)
    expected = [json.loads(here(json.dumps(question))) for question in questions]

    page = browser.new_page()
    page.goto(site)
    assert eventually(lambda: page.evaluate("window.answers !== undefined"), within=90)
    found = [json.loads(answer) for answer in page.evaluate("window.answers")]
    page.close()

    assert found == expected
    assert 0.1 < sum(answer["allowed"] for answer in expected) / CASES < 0.9
