"""The desk that a device takes along decides as the desk of the library."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from tangthu.catalogue.models import Item
from tangthu.circulation.actions import check_out, place_hold
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.wording import reasons
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline import taking
from tangthu.offline.bundle import bundle, modules
from tangthu.offline.policy import BadPlain, Desk, encode, open_desk, read_book, read_event
from tangthu.patrons.actions import restrict
from tangthu.patrons.models import Patron, RestrictionKind
from tests.factories import ItemFactory, PatronFactory

pytestmark = pytest.mark.django_db


def ask(
    library: Library, item: Item, patron: Patron, *, ask: str = "check_out"
) -> dict[str, object]:
    """Ask the desk of a device that has taken everything along just now."""
    desk = open_desk(taking.book_text(library).text)
    items = {row[0]: row for row in taking.item_page(library, after=0).rows}
    patrons = {row[0]: row for row in taking.patron_page(library, after=0).rows}
    held = [row for row in items.values() if row[9] and row[9]["patron"] == patron.pk]  # type: ignore[index, call-overload]
    question = {
        "ask": "check_out",
        "now": timezone.now().isoformat(),
        "patron": patrons[patron.pk],
        "item": items[item.pk],
        "held": held,
        "lends_for": [library.pk],
    }
    found: dict[str, object] = json.loads(desk(json.dumps(question)))
    return found


def test_the_rules_travel_as_nothing_but_themselves() -> None:
    names = set(modules())

    assert "tangthu.circulation.policy.judge" in names
    assert not any(".models" in name or ".actions" in name for name in names)
    assert len(bundle().content) < 200_000


def test_a_loan_is_due_on_the_day_that_the_library_says(
    province: Library, patron: Patron, desk: Actor
) -> None:
    item = ItemFactory(library=province)

    answer = ask(province, item, patron)

    loan = check_out(item, to=patron, by=desk)
    assert answer["allowed"]
    assert answer["due_at"] == timezone.localtime(loan.due_at).isoformat()


def test_every_block_is_said_in_the_words_of_the_library(
    province: Library, patron: Patron, desk: Actor
) -> None:
    for _ in range(3):
        check_out(ItemFactory(library=province), to=patron, by=desk)
    restrict(patron, RestrictionKind.CONDUCT, by=desk, until=timezone.localdate())
    Patron.objects.filter(pk=patron.pk).update(expires_on=timezone.localdate() - timedelta(days=3))
    item = ItemFactory(library=province, status="damaged")

    with translation.override("vi"):
        answer = ask(province, item, patron)
        with pytest.raises(CheckoutRefused) as refused:
            check_out(item, to=patron, by=desk)
        words = reasons(refused.value.verdict.blocks)

    assert answer["codes"] == [str(code) for code in refused.value.verdict.codes]
    assert len(refused.value.verdict.codes) == 4
    assert answer["sentences"] == words


def test_a_copy_that_others_wait_for_is_kept_from_the_next_reader(
    province: Library, patron: Patron, desk: Actor
) -> None:
    item = ItemFactory(library=province)
    check_out(item, to=PatronFactory(library=province), by=desk)
    place_hold(record=item.record, for_=PatronFactory(library=province), pickup=province, by=desk)

    rows = {row[0]: row for row in taking.item_page(province, after=0).rows}

    claims = rows[item.pk][11]
    assert isinstance(claims, dict)
    assert len(claims["waiting"]) == 1  # type: ignore[arg-type]


def test_a_device_knows_no_more_than_the_desk_needs(province: Library) -> None:
    PatronFactory(
        library=province,
        name="Nguyễn Thị Kín",
        phone="+84905123456",
        address="12 Lê Duẩn",
        email="kin@example.vn",
    )

    text = json.dumps(taking.patron_page(province, after=0).rows, ensure_ascii=False)

    assert "Nguyễn Thị Kín" in text
    for secret in ("905123456", "Lê Duẩn", "kin@example.vn"):
        assert secret not in text


def test_what_changes_is_told_and_what_leaves_is_named(
    province: Library, commune: Library, patron: Patron, desk: Actor
) -> None:
    item = ItemFactory(library=province)
    start = taking.head()
    check_out(item, to=patron, by=desk)

    first = taking.rows_of(province, {patron.pk}, {item.pk})
    Patron.objects.filter(pk=patron.pk).update(library=commune)
    Item.objects.filter(pk=item.pk).update(library=commune)
    second = taking.rows_of(province, {patron.pk}, {item.pk})

    assert [row[0] for row in first.items] == [item.pk]
    if connection.vendor == "sqlite":  # On PostgreSQL a test's own transaction is not yet news.
        assert taking.news(province, since=start).gone_items == [item.pk]
    assert second.gone_items == [item.pk]
    assert second.gone_patrons == [patron.pk]
    assert taking.news(province, since="never:heard").anew


def test_a_book_comes_back_as_it_went(province: Library) -> None:
    text = taking.book_text(province).text

    book = read_book(json.loads(text))

    assert encode(book) == json.loads(text)


@pytest.mark.parametrize(
    "event",
    [
        None,
        {},
        {"id": "no uuid", "number": 1},
        {"id": "x" * 36, "number": True, "kind": "check_in"},
        [1, 2],
        {"kind": "steal"},
    ],
)
def test_what_is_no_event_is_refused(event: object) -> None:
    with pytest.raises(BadPlain):
        read_event(event)


def test_a_question_that_nobody_answers_is_refused(province: Library) -> None:
    desk = Desk(read_book(json.loads(taking.book_text(province).text)))

    with pytest.raises(BadPlain):
        desk.answer({"ask": "nothing"})
