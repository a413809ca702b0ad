"""The self-service station: readers serve themselves, and nobody finds anything of another."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tangthu.circulation.actions import add_station, check_out, close_station, open_station
from tangthu.circulation.errors import StationNameTaken
from tangthu.circulation.models import Loan, LoanEvent, Station
from tangthu.core.errors import NotPermitted
from tangthu.libraries.actions import set_preference
from tests.conftest import client_of
from tests.factories import ItemFactory, PatronFactory, RecordFactory, grant

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def place(province, administrator):
    return add_station(province, "Sảnh tầng 1", by=administrator)


@pytest.fixture
def station(place, administrator_client):
    """The browser that stands in the hall."""
    answer = administrator_client.post(f"/desk/stations/{place.pk}/open")
    assert answer.headers["Location"] == "/station/"
    return administrator_client


@pytest.fixture
def book(province):
    return ItemFactory(library=province, record=RecordFactory(library=province, title="Đam San"))


@pytest.fixture
def reader(province):
    return PatronFactory(library=province, name="H'Linh Niê Kđăm", card="TV900001")


def scan(station, text, mode=""):
    return station.post("/station/scan", {"q": text, "mode": mode}, **HTMX).content.decode()


def test_opening_a_station_logs_the_staff_out_of_the_browser(station):
    assert station.get("/station/").status_code == 200
    assert station.get("/desk/").headers["Location"].startswith("/staff/login")
    assert station.get("/desk/patrons/").headers["Location"].startswith("/staff/login")


def test_a_browser_without_the_key_is_no_station(place, administrator, client, reader):
    open_station(place, by=administrator)

    page = client.get("/station/").content.decode()

    assert "Trạm đang đóng" in page
    assert client.post("/station/scan", {"q": reader.card}).status_code == 302


def test_a_new_key_ends_the_old_one(station, place, administrator):
    open_station(Station.objects.get(), by=administrator)

    assert "Trạm đang đóng" in station.get("/station/").content.decode()


def test_a_station_is_closed_from_afar(station, place, administrator):
    close_station(place, by=administrator)

    assert "Trạm đang đóng" in station.get("/station/").content.decode()


def test_only_those_who_may_open_stations_do(place, desk, desk_user, province):
    with pytest.raises(NotPermitted):
        open_station(place, by=desk)

    assert not Station.objects.get().is_open


def test_two_stations_of_a_library_have_two_names(place, administrator, province):
    with pytest.raises(StationNameTaken):
        add_station(province, " Sảnh  tầng 1 ", by=administrator)

    assert Station.objects.count() == 1


def test_a_reader_borrows_with_card_and_book(station, reader, book, province):
    hello = scan(station, reader.card.lower())
    answer = scan(station, f" {book.barcode.lower()} ")

    loan = Loan.objects.get()
    assert (loan.patron, loan.item, loan.library) == (reader, book, province)
    assert LoanEvent.objects.get().face == "station"
    assert "Linh" in hello
    assert "Kđăm" not in hello
    assert "Đam San" in answer


def test_a_book_before_the_card_is_not_lent(station, book):
    answer = scan(station, book.barcode)

    assert "quét thẻ trước" in answer
    assert not Loan.objects.exists()


def test_a_refusal_names_the_librarian_and_no_other_reader(station, reader, book, province, desk):
    other = PatronFactory(library=province, name="Trần Thị Bí Mật", card="TV900002")
    check_out(book, to=other, by=desk)
    scan(station, reader.card)

    answer = scan(station, book.barcode)

    assert "Hãy gặp thủ thư" in answer
    assert "Bí Mật" not in answer
    assert other.card not in answer
    assert Loan.objects.get().patron == other


def test_a_return_needs_no_card_and_tells_nobodys_name(station, reader, book, desk):
    check_out(book, to=reader, by=desk)

    answer = scan(station, book.barcode, mode="return")

    assert Loan.objects.get().returned_at is not None
    assert "Đã nhận trả" in answer
    assert "Linh" not in answer


def test_a_reader_renews_their_own_loans(station, reader, book, desk):
    check_out(book, to=reader, by=desk)
    Loan.objects.update(due_at=timezone.now() + timedelta(days=1))
    scan(station, reader.card)

    station.post("/station/renew", {"loan": Loan.objects.get().pk}, **HTMX)

    assert Loan.objects.get().renewals == 1


def test_nobody_renews_the_loan_of_another(station, reader, book, province, desk):
    other = PatronFactory(library=province)
    loan = check_out(book, to=other, by=desk)
    scan(station, reader.card)

    station.post("/station/renew", {"loan": loan.pk}, **HTMX)

    loan.refresh_from_db()
    assert loan.renewals == 0


def test_the_station_forgets_who_walked_away(station, reader, book):
    scan(station, reader.card)

    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        page = station.get("/station/").content.decode()
        scan(station, book.barcode)

    assert "Linh" not in page
    assert not Loan.objects.exists()


def test_finishing_forgets_at_once(station, reader, book):
    scan(station, reader.card)
    scan(station, book.barcode)

    slip = station.post("/station/finish", {"slip": "show"}).content.decode()
    page = station.get("/station/").content.decode()

    assert "Đam San" in slip
    assert "Linh" not in slip
    assert reader.card not in slip
    assert "Đam San" not in page


def test_the_next_card_ends_the_visit_before(station, reader, book, province):
    other = PatronFactory(library=province, name="Lê Văn Bảo", card="TV900003")
    scan(station, reader.card)

    scan(station, other.card)
    scan(station, book.barcode)

    assert Loan.objects.get().patron == other


def test_cards_are_not_guessed_one_after_another(station, reader):
    for number in range(6):
        scan(station, f"TV{number:06}")

    answer = scan(station, reader.card)

    assert "Linh" not in answer
    assert "hai phút" in answer


def test_the_password_is_asked_where_the_library_wants_it(station, reader, province, machine):
    set_preference(province, "station_proof", "password", by=machine)

    asked = scan(station, reader.card)
    refused = station.post("/station/password", {"password": "sai"}, **HTMX).content.decode()

    assert "Mật khẩu của bạn" in asked
    assert "Mật khẩu sai" in refused
    assert "Linh" not in refused


def test_a_reader_of_the_library_closes_no_station(station, reader):
    answer = station.post("/station/close", {"username": "desk", "password": "x"})

    assert answer.status_code == 422
    assert Station.objects.get().is_open


def test_the_list_shows_stations_of_ones_own_libraries(place, neighbour_client, province):
    assert neighbour_client.get("/desk/stations/").status_code == 403

    assert neighbour_client.post(f"/desk/stations/{place.pk}/open").status_code == 403


def test_staff_see_and_add_stations(desk_user, province):
    grant(desk_user, province, "circulation.station")
    client = client_of(desk_user)

    client.post("/desk/stations/", {"library": province.pk, "name": "Phòng thiếu nhi"})

    assert "Phòng thiếu nhi" in client.get("/desk/stations/").content.decode()


def test_the_page_is_kept_by_no_cache(station):
    assert "no-store" in station.get("/station/").headers["Cache-Control"]


def test_without_script_the_station_works_too(station, reader, book):
    page = station.post("/station/scan", {"q": reader.card}).content.decode()
    station.post("/station/scan", {"q": book.barcode})

    assert "<html" in page
    assert Loan.objects.get().item == book


def test_nobody_opens_a_station_by_making_up_its_session():
    stranger = Client()
    session = stranger.session
    session["station"] = {"pk": 1, "key": "guess"}
    session.save()

    assert "Trạm đang đóng" in stranger.get("/station/").content.decode()
