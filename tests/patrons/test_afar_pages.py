"""The staff's pages of applications, requests, photos and printed cards."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tangthu.core.actor import Actor, Face
from tangthu.core.models import AuditEntry
from tangthu.patrons.actions.contacts import request_contact_change
from tangthu.patrons.actions.requests import request_data_right
from tangthu.patrons.models import Application, ContactChange, DataRequest, Patron, RequestKind
from tests.factories import PatronFactory
from tests.patrons.afar import NUMBER, picture, sent

pytestmark = pytest.mark.django_db

QUEUE = "/desk/patrons/applications/"


def reader(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)


def test_the_queue_shows_the_oldest_first(desk_client, province, adult):
    sent(province, adult, name="Trước Thị Nhất", citizen_number="")
    sent(province, adult, name="Sau Văn Hai", citizen_number="")

    page = desk_client.get(QUEUE).content.decode()

    assert page.index("Trước Thị Nhất") < page.index("Sau Văn Hai")


def test_an_application_is_approved_at_the_desk(desk_client, province, adult):
    row = sent(province, adult)
    page = desk_client.get(f"{QUEUE}{row.pk}/").content.decode()
    assert NUMBER not in page

    told = {"version": row.version, "category": adult.pk}
    answer = desk_client.post(f"{QUEUE}{row.pk}/approve", told)

    assert answer["Location"] == QUEUE
    assert Patron.objects.get().card == "DLKT000001"
    assert AuditEntry.objects.filter(action="application.seen").count() == 1
    again = desk_client.post(f"{QUEUE}{row.pk}/approve", told)
    assert again.status_code == 409
    assert Patron.objects.count() == 1


def test_a_reason_of_one_s_own_needs_words(desk_client, province, adult):
    row = sent(province, adult)
    address = f"{QUEUE}{row.pk}/return"

    empty = desk_client.post(
        address, {"version": row.version, "return_form-reason": "other", "return_form-text": ""}
    )
    assert empty.status_code == 422
    told = {"version": row.version, "return_form-reason": "photo", "return_form-text": "Ảnh mờ."}
    desk_client.post(address, told)

    row.refresh_from_db()
    assert row.state == "returned"
    assert row.why.endswith("Ảnh mờ.")


def test_staff_of_another_library_see_nothing(neighbour_client, province, adult, patron):
    row = sent(province, adult)

    assert row.name not in neighbour_client.get(QUEUE).content.decode()
    for path in (
        f"{QUEUE}{row.pk}/",
        f"{QUEUE}{row.pk}/photo.jpg",
        f"/desk/patrons/{patron.pk}/photo.jpg",
    ):
        assert neighbour_client.get(path).status_code == 404
    for path in ("approve", "return", "refuse"):
        assert neighbour_client.post(f"{QUEUE}{row.pk}/{path}").status_code == 404
    assert Application.objects.get().state == "waiting"


def test_contacts_wait_in_the_queue_with_old_and_new(desk_client, patron):
    change = request_contact_change(patron, phone="0905 123 456", by=reader(patron))

    page = desk_client.get("/desk/patrons/requests/").content.decode()
    assert "0905123456" in page
    desk_client.post(f"/desk/patrons/requests/contacts/{change.pk}/accept")

    patron.refresh_from_db()
    assert patron.phone == "+84905123456"
    assert not ContactChange.objects.waiting().exists()


def test_an_erasure_is_done_by_those_who_may(desk_client, administrator_client, patron):
    request = request_data_right(patron, RequestKind.ERASE, by=reader(patron))
    address = f"/desk/patrons/requests/{request.pk}/erase"

    assert desk_client.post(address).status_code == 403
    assert administrator_client.post(address)["Location"] == "/desk/patrons/requests/"

    patron.refresh_from_db()
    assert patron.name == "—"
    assert administrator_client.get(f"/desk/patrons/{patron.pk}/").status_code == 404


def test_a_request_by_letter_is_entered_on_the_file(desk_client, patron):
    answer = desk_client.post(
        f"/desk/patrons/{patron.pk}/request", {"kind": "export", "text": "Thư ngày 1/3"}
    )

    assert answer["Location"] == f"/desk/patrons/{patron.pk}/"
    assert DataRequest.objects.get().text == "Thư ngày 1/3"


@pytest.mark.parametrize("form", ["html", "json"])
def test_a_copy_of_the_data_is_for_those_who_may(desk_client, administrator_client, patron, form):
    address = f"/desk/patrons/{patron.pk}/data.{form}"

    assert desk_client.get(address).status_code == 403
    assert patron.name in administrator_client.get(address).content.decode()


def test_photo_and_guardian_are_set_on_the_file(desk_client, patron, province):
    mother = PatronFactory(library=province, name="Trần Thị Mẹ", card="ME1")
    photo = SimpleUploadedFile("x.png", picture(kind="PNG"), "image/png")

    desk_client.post(f"/desk/patrons/{patron.pk}/photo", {"photo": photo})
    desk_client.post(f"/desk/patrons/{patron.pk}/guardian", {"guardian_card": " me1 "})

    patron.refresh_from_db()
    assert patron.guardian == mother
    shown = desk_client.get(f"/desk/patrons/{patron.pk}/photo.jpg")
    assert shown.content.startswith(b"\xff\xd8")
    assert patron.name in desk_client.get(f"/desk/patrons/{mother.pk}/").content.decode()
    desk_client.post(f"/desk/patrons/{mother.pk}/guardian", {"guardian_card": "ME1"})
    mother.refresh_from_db()
    assert mother.guardian is None


def test_cards_are_printed_of_those_chosen_and_that_is_written_down(
    desk_client, patron, foreign_patron
):
    address = f"/desk/patrons/cards?chosen={patron.pk}&chosen={foreign_patron.pk}&chosen=x"

    page = desk_client.get(f"{address}&shape=cr80").content.decode()

    assert page.count('class="card-side card-front"') == 1
    assert page.count('class="card-side card-back"') == 1
    assert patron.card in page
    assert foreign_patron.card not in page
    (entry,) = AuditEntry.objects.filter(action="patron.cards_printed")
    assert entry.object_key == str(patron.pk)
    assert desk_client.get("/desk/patrons/cards")["Location"] == "/desk/patrons/"
