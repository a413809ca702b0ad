"""The reader's own pages of delivery: ask, follow, call off, have fetched."""

import pytest

from tangthu.circulation.actions import check_out
from tangthu.circulation.models import Loan
from tangthu.delivery import actions
from tangthu.delivery.models import Delivery
from tests.conftest import client_of_reader
from tests.delivery.conftest import HOME
from tests.factories import PatronFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(reader):
    return client_of_reader(reader)


def text(answer):
    return answer.content.decode()


def told(library, **changes):
    values = {
        "library": library.pk,
        "name": "Nguyễn Văn An",
        "phone": "0905 123 456",
        "address": HOME,
    }
    return {**values, **changes}


def test_a_reader_asks_from_the_page_of_a_book(client, book, library, reader):
    page = text(client.get(f"/record/{book.pk}"))
    form = text(client.get(f"/account/deliveries/ask?record={book.pk}"))

    client.post("/account/deliveries/ask", told(library, record=book.pk))

    assert f"/account/deliveries/ask?record={book.pk}" in page
    assert HOME in form
    assert "15.000" in form
    assert Delivery.objects.get().patron == reader


def test_what_is_against_it_stands_above_the_form(client, book, library):
    answer = client.post(
        "/account/deliveries/ask", told(library, record=book.pk, address="Nơi khác")
    )

    assert answer.status_code == 422
    assert "đóng tiền cược trước" in text(answer)
    assert not Delivery.objects.exists()


def test_a_telephone_number_must_be_one(client, book, library):
    answer = client.post("/account/deliveries/ask", told(library, record=book.pk, phone="gọi sau"))

    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_a_book_that_is_out_is_not_offered(client, book, library, patron, desk):
    check_out(book.items.get(), to=patron, by=desk)

    page = text(client.get(f"/account/deliveries/ask?record={book.pk}"))

    assert "đặt mượn" in page
    assert "<textarea" not in page


def test_a_reader_follows_and_calls_off(client, approved):
    listed = text(client.get("/account/deliveries/"))
    page = text(client.get(f"/account/deliveries/{approved.pk}"))
    client.post(f"/account/deliveries/{approved.pk}/cancel")

    approved.refresh_from_db()
    assert approved.reference in listed
    assert 'aria-current="step"' in page
    assert approved.state == "cancelled"


def test_a_parcel_on_its_way_is_no_longer_called_off(client, sent):
    page = text(client.get(f"/account/deliveries/{sent.pk}"))
    client.post(f"/account/deliveries/{sent.pk}/cancel")

    sent.refresh_from_db()
    assert "/cancel" not in page
    assert sent.state == "on_the_way"


def test_names_of_the_staff_are_not_shown_to_readers(client, sent):
    page = text(client.get(f"/account/deliveries/{sent.pk}"))

    assert "Nguyễn Thị Thủ Thư" not in page


def test_a_reader_has_borrowed_books_fetched(client, sent, staff, library):
    actions.deliver(sent, by=staff)
    loan = Loan.objects.get()

    page = text(client.get("/account/deliveries/fetch"))
    client.post("/account/deliveries/fetch", told(library, loan=loan.pk))

    collection = Delivery.objects.get(leg="back")
    assert "Đam San" in page
    assert collection.lines.get().loan == loan


def test_another_reader_finds_nothing(asked, library):
    stranger = client_of_reader(PatronFactory(library=library))

    assert stranger.get(f"/account/deliveries/{asked.pk}").status_code == 404
    assert stranger.post(f"/account/deliveries/{asked.pk}/cancel").status_code == 404
    asked.refresh_from_db()
    assert asked.state == "asked"
