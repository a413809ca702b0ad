"""The desk in its two forms: with htmx, which swaps the board, and without script."""

from __future__ import annotations

import pytest
from django.test import Client

from tangthu.circulation import actions
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory, PatronFactory, RecordFactory

HTMX = {"HX-Request": "true"}


def scan(client: Client, q: str, *, patron: str = "", mode: str = "lend", override: str = ""):
    data = {"q": q, "patron": patron, "mode": mode, "override": override}
    return client.post("/desk/scan", data, headers=HTMX)


@pytest.fixture
def item(province: Library):
    return ItemFactory(
        library=province,
        record=RecordFactory(library=province, title="Đất rừng phương Nam"),
        barcode="DLK00000001",
    )


def test_a_card_brings_up_its_reader(desk_client, patron):
    response = scan(desk_client, patron.card.lower())

    assert response.status_code == 200
    assert patron.name in response.content.decode()
    assert "<html" not in response.content.decode()


def test_a_book_scanned_after_the_card_is_lent(desk_client, patron, item):
    response = scan(desk_client, " dlk0000 0001 ", patron=patron.card)

    loan = Loan.objects.get()
    assert (loan.item, loan.patron) == (item, patron)
    assert 'data-sound="done"' in response.content.decode()


def test_a_card_scanned_in_the_place_of_a_book_changes_the_reader(desk_client, patron, province):
    other = PatronFactory(library=province, name="Lê Thị Hồng Ánh")

    response = scan(desk_client, other.card, patron=patron.card)

    assert "Lê Thị Hồng Ánh" in response.content.decode()
    assert not Loan.objects.exists()


def test_a_book_scanned_without_a_card_says_who_has_it(desk_client, patron, item, desk):
    actions.check_out(item, to=patron, by=desk)

    response = scan(desk_client, item.barcode)

    assert patron.card in response.content.decode()
    assert Loan.objects.count() == 1


def test_a_book_comes_back_without_its_reader(desk_client, patron, item, desk):
    actions.check_out(item, to=patron, by=desk)

    response = scan(desk_client, item.barcode, mode="return")

    assert Loan.objects.get().returned_at is not None
    assert patron.name in response.content.decode()


def test_a_book_is_renewed_once_and_then_refused_with_the_reason(
    desk_client, patron, item, desk, province
):
    actions.check_out(item, to=patron, by=desk)
    first = scan(desk_client, item.barcode, mode="renew")
    Loan.objects.update(renewals=1)

    second = scan(desk_client, item.barcode, mode="renew")

    assert 'role="alert"' in second.content.decode()
    assert first.status_code == second.status_code == 200
    assert Loan.objects.get().renewals == 1


def test_a_refusal_offers_the_override_to_those_who_may(desk_client, item, province):
    expired = PatronFactory(library=province, expires_on="2026-01-31")

    refused = scan(desk_client, item.barcode, patron=expired.card)
    lent = scan(desk_client, item.barcode, patron=expired.card, override="card_expired")

    assert 'value="card_expired"' in refused.content.decode()
    assert "31/01/2026" in refused.content.decode()
    assert 'data-sound="done"' in lent.content.decode()
    assert Loan.objects.get().overridden == ["card_expired"]


def test_words_offer_readers_and_copies_to_choose_from(desk_client, item, province):
    PatronFactory(library=province, name="Trần Văn Nam")
    PatronFactory(library=province, name="Nguyễn Hoài Nam")

    response = scan(desk_client, "nam")

    page = response.content.decode()
    assert "Trần Văn Nam" in page
    assert "Nguyễn Hoài Nam" in page


def test_what_is_like_nothing_here_says_so(desk_client, item):
    assert 'role="alert"' in scan(desk_client, "không có gì").content.decode()


def test_readers_of_another_library_stay_unseen(desk_client, foreign_patron, province):
    by_card = scan(desk_client, foreign_patron.card)
    by_address = desk_client.get("/desk/", {"patron": foreign_patron.card})

    assert foreign_patron.name not in by_card.content.decode()
    assert foreign_patron.name not in by_address.content.decode()


def test_without_script_a_deed_ends_in_a_redirect(desk_client, patron, item):
    data = {"q": item.barcode, "patron": patron.card, "mode": "lend"}

    response = desk_client.post("/desk/scan", data)

    assert response.status_code == 302
    assert response["Location"] == f"/desk/?mode=lend&patron={patron.card}"
    assert item.record.title in desk_client.get(response["Location"]).content.decode()


def test_all_loans_are_renewed_in_one_step(desk_client, patron, province, desk):
    for _ in range(2):
        actions.check_out(ItemFactory(library=province), to=patron, by=desk)

    desk_client.post("/desk/renew-all", {"patron": patron.card}, headers=HTMX)

    assert [loan.renewals for loan in Loan.objects.all()] in ([1, 1], [0, 0])


@pytest.mark.parametrize("q", ["", "   ", "\x00", "x" * 5000, "'; drop", "%%%", "🙂"])
def test_whatever_is_typed_the_desk_answers(desk_client, province, q):
    assert scan(desk_client, q).status_code == 200


def test_a_stranger_is_sent_to_log_in(client: Client, db: None):
    assert client.get("/desk/").status_code == 302
    answer = client.post("/desk/scan", {"q": "x"}, headers=HTMX)
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/staff/login")


def test_the_desk_costs_the_same_for_one_loan_and_for_many(
    desk_client, province, patron, desk: Actor, django_assert_max_num_queries
):
    actions.check_out(ItemFactory(library=province), to=patron, by=desk)
    with django_assert_max_num_queries(14) as few:
        desk_client.get("/desk/", {"patron": patron.card})
    lend_more(patron, province)

    with django_assert_max_num_queries(len(few.captured_queries)):
        desk_client.get("/desk/", {"patron": patron.card})


def lend_more(patron: Patron, province: Library) -> None:
    for _ in range(5):
        Loan.objects.create(
            item=ItemFactory(library=province),
            patron=patron,
            library=province,
            lent_at="2026-01-05T08:00:00Z",
            due_at="2099-01-05T08:00:00Z",
        )


def test_a_cataloguer_who_arrives_at_the_desk_goes_on_to_the_catalogue(cataloguer_client):
    response = cataloguer_client.get("/desk/")

    assert response.status_code == 302
    assert response["Location"] == "/desk/catalogue/"


def test_who_may_not_lend_scans_nothing(cataloguer_client, item):
    """Having no desk."""
    assert scan(cataloguer_client, item.barcode).status_code == 403
    assert not Loan.objects.exists()
