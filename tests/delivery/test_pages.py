"""The staff's pages, from the request to the way, and what strangers do not see of them."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from tangthu.circulation.models import Loan, SetAside
from tangthu.core.models import AuditEntry
from tangthu.delivery import actions, links
from tangthu.delivery.models import Carrier, Delivery, Run
from tests.delivery.conftest import HOME
from tests.factories import ItemFactory, PatronFactory

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(administrator_client):
    return administrator_client


def text(answer):
    return answer.content.decode()


def step(client, delivery, name, **values):
    return client.post(f"/desk/delivery/{delivery.pk}/step", {"step": name, **values})


def test_the_board_shows_a_request_in_its_state(client, asked):
    page = text(client.get("/desk/delivery/"))

    assert asked.reference in page
    assert HOME in page


def test_the_neighbour_does_not_find_it(neighbour_client, asked):
    assert neighbour_client.get("/desk/delivery/").status_code == 403
    assert neighbour_client.get(f"/desk/delivery/{asked.pk}/").status_code == 403


def test_looking_at_an_address_is_written_down(client, asked, reader):
    client.get(f"/desk/delivery/{asked.pk}/")

    assert AuditEntry.objects.filter(action="patron.seen", object_key=str(reader.pk)).exists()


def test_a_request_is_approved_on_its_page(client, asked):
    step(client, asked, "approve")

    asked.refresh_from_db()
    assert asked.state == "approved"
    assert SetAside.objects.count() == 1


def test_a_book_is_left_out_by_ticking_it(client, asked):
    line = asked.lines.get()

    answer = step(client, asked, "approve", **{f"drop-{line.pk}": "on"})

    assert answer.status_code == 409
    assert "Hãy hủy lượt giao này" in text(answer)


def test_declining_needs_a_reason(client, asked):
    answer = step(client, asked, "reject", reason="")

    asked.refresh_from_db()
    assert answer.status_code == 409
    assert "bạn đọc sẽ đọc được" in text(answer)
    assert asked.state == "asked"


def test_books_are_taken_by_the_order_of_the_shelves(client, approved):
    page = text(client.get("/desk/delivery/pick/"))
    line = approved.lines.get()

    client.post(f"/desk/delivery/pick/{line.pk}")

    approved.refresh_from_db()
    assert line.item.barcode in page
    assert approved.state == "picked"


def test_a_copy_that_is_not_there_is_said_to_be(client, approved, library, book):
    twin = ItemFactory(library=library, record=book)

    page = text(
        client.post(f"/desk/delivery/pick/{approved.lines.get().pk}", {"missing": "1"}, follow=True)
    )

    assert twin.barcode in page


def test_books_are_scanned_into_the_parcel(client, approved, staff):
    line = approved.lines.get()
    actions.pick(line, by=staff)

    wrong = text(client.post(f"/desk/delivery/{approved.pk}/scan", {"q": "SAI"}, **HTMX))
    right = text(
        client.post(f"/desk/delivery/{approved.pk}/scan", {"q": line.item.barcode}, **HTMX)
    )

    approved.refresh_from_db()
    assert "không thuộc lượt này" in wrong
    assert "Gói đã đủ" in right
    assert approved.state == "packed"


def test_the_label_shows_where_it_goes_and_no_title(client, packed, book, reader):
    page = text(client.get(f"/desk/delivery/labels/?pk={packed.pk}"))

    assert packed.reference in page
    assert HOME in page
    assert "<path d=" in page
    assert book.title not in page
    assert reader.card not in page


def test_a_run_is_loaded_and_handed_over(client, packed, carrier):
    client.post("/desk/delivery/runs/begin", {"carrier": carrier.pk})
    run = Run.objects.get()

    client.post(f"/desk/delivery/runs/{run.pk}/load", {"q": packed.reference}, **HTMX)
    page = text(client.post(f"/desk/delivery/runs/{run.pk}/change", {"deed": "send"}, follow=True))

    packed.refresh_from_db()
    assert packed.state == "on_the_way"
    assert "/carry/?key=" in page


def test_a_parcel_is_unloaded_before_the_run_leaves(client, packed, carrier, staff):
    run = actions.begin_run(carrier, by=staff)
    actions.load(run, packed.reference, by=staff)

    client.post(f"/desk/delivery/runs/{run.pk}/change", {"delivery": packed.pk})

    packed.refresh_from_db()
    assert packed.run is None


def test_the_list_for_the_carrier_prints_and_holds_no_formula(client, sent):
    Delivery.objects.filter(pk=sent.pk).update(name="=HYPERLINK(A1)", note="+cmd|' /C calc'!A0")

    printed = text(client.get(f"/desk/delivery/runs/{sent.run_id}/list/"))
    answer = client.get(f"/desk/delivery/runs/{sent.run_id}/excel")

    sheet = load_workbook(io.BytesIO(answer.content)).active
    values = [cell.value for cell in sheet[2]]
    assert values[2] == "=HYPERLINK(A1)"
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert values[3] == "0905123456"
    assert sent.reference in printed


def test_labels_are_scanned_in_a_row(client, sent):
    page = text(
        client.post("/desk/delivery/scan/do", {"mode": "deliver", "q": sent.reference}, **HTMX)
    )
    again = text(
        client.post("/desk/delivery/scan/do", {"mode": "deliver", "q": sent.reference}, **HTMX)
    )

    assert Loan.objects.count() == 1
    assert 'data-sound="done"' in page
    assert 'data-sound="stopped"' in again


def test_a_scanned_label_opens_its_delivery(client, asked):
    found = client.get("/desk/delivery/find", {"q": asked.reference.lower()})
    missing = client.get("/desk/delivery/find", {"q": "GS00000000"})

    assert found.headers["Location"] == f"/desk/delivery/{asked.pk}/"
    assert missing.headers["Location"] == "/desk/delivery/"


def test_the_address_is_corrected_on_its_own_page(client, sent):
    client.post(
        f"/desk/delivery/{sent.pk}/address/",
        {
            "name": "Nguyễn Văn An",
            "phone": "0905 999 888",
            "address": "99 Lê Duẩn",
            "tracking_number": "EV1VN",
        },
    )

    sent.refresh_from_db()
    assert (sent.address, sent.phone, sent.tracking_number) == (
        "99 Lê Duẩn",
        "+84905999888",
        "EV1VN",
    )


def test_staff_ask_for_a_reader_by_card_and_barcode(client, reader, library, book):
    client.post(
        "/desk/delivery/new/",
        {
            "card": reader.card,
            "library": library.pk,
            "name": reader.name,
            "phone": "0905123456",
            "address": HOME,
            "barcodes": book.items.get().barcode,
        },
    )

    assert Delivery.objects.get().patron == reader


def test_what_is_against_a_request_stands_above_the_form(client, reader, library):
    answer = client.post(
        "/desk/delivery/new/",
        {
            "card": reader.card,
            "library": library.pk,
            "name": reader.name,
            "phone": "0905123456",
            "address": HOME,
            "barcodes": "KHONGCO",
        },
    )

    assert answer.status_code == 422
    assert "ít nhất một cuốn" in text(answer)


def test_carriers_are_added_and_corrected(client, library):
    client.post(
        "/desk/delivery/carriers/",
        {"library": library.pk, "name": "Viettel Post", "kind": "courier", "is_active": "on"},
    )
    carrier = Carrier.objects.get()
    client.post(
        f"/desk/delivery/carriers/{carrier.pk}/",
        {"name": "Viettel Post", "kind": "courier", "phone": "0262 3852 420"},
    )

    carrier.refresh_from_db()
    assert (carrier.phone, carrier.is_active) == ("+842623852420", False)


def test_the_carrier_sees_one_run_and_marks_it(sent):
    phone = Client()
    key = links.key_of(sent.run)

    entered = phone.get("/carry/", {"key": key})
    page = text(phone.get("/carry/"))
    phone.post(f"/carry/{sent.pk}", {"deed": "deliver"})
    after = text(phone.get("/carry/"))

    assert entered.headers["Location"] == "/carry/"
    assert HOME in page
    assert HOME not in after
    assert Loan.objects.count() == 1
    assert sent.events.last().by == "Bưu tá Ama Thuột"


def test_a_carrier_says_why_it_did_not_work(sent):
    phone = Client()
    phone.get("/carry/", {"key": links.key_of(sent.run)})

    phone.post(f"/carry/{sent.pk}", {"deed": "fail", "why": "not_home", "note": "Đã gọi"})

    sent.refresh_from_db()
    assert (sent.state, sent.failed_for) == ("failed", "not_home")


@pytest.mark.parametrize("key", ["", "1.abc", "1.abc:forged"])
def test_a_made_up_link_opens_nothing(sent, key):
    phone = Client()
    phone.get("/carry/", {"key": key})

    answer = phone.get("/carry/")

    assert answer.status_code == 404
    assert HOME not in text(answer)
    assert phone.post(f"/carry/{sent.pk}", {"deed": "deliver"}).status_code == 404


def test_an_ended_link_opens_nothing(sent, staff):
    phone = Client()
    phone.get("/carry/", {"key": links.key_of(sent.run)})
    actions.end_link(sent.run, by=staff)

    assert phone.get("/carry/").status_code == 404


def test_a_link_opens_no_parcel_of_another_run(sent, library, staff):
    stranger = Delivery.objects.create(
        library=library,
        patron=PatronFactory(library=library),
        leg="out",
        state="on_the_way",
        reference="GSOTHER",
        asked_at=sent.asked_at,
    )
    phone = Client()
    phone.get("/carry/", {"key": links.key_of(sent.run)})

    assert phone.post(f"/carry/{stranger.pk}", {"deed": "deliver"}).status_code == 404


def test_books_due_at_home_are_planned_to_be_fetched(client, sent, staff):
    delivered = actions.deliver(sent, by=staff)
    Loan.objects.update(due_at=delivered.closed_at)

    due = text(client.get("/desk/delivery/?leg=back"))
    client.post("/desk/delivery/collect", {"delivery": sent.pk})

    collection = Delivery.objects.get(leg="back")
    assert HOME in due
    assert collection.state == "approved"
    assert collection.lines.get().loan == Loan.objects.get()


def test_the_finished_ones_are_listed(client, asked, staff):
    actions.reject(asked, reason="Hết xe", by=staff)

    assert asked.reference in text(client.get("/desk/delivery/done/"))
