"""The form for a card, as a phone without any script sends it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tangthu.core.models import AuditEntry
from tangthu.libraries.models import Library
from tangthu.patrons.actions.deciding import Approval, approve_application
from tangthu.patrons.models import Application, Consent, Patron, Photo
from tests.factories import PatronCategoryFactory
from tests.patrons.afar import NUMBER, picture

pytestmark = pytest.mark.django_db

ABOUT = {
    "name": "Nguyễn Thị Mẫu",
    "birth_on": "05/09/2001",
    "citizen_number": NUMBER,
    "address": "12 Lê Duẩn",
}


@pytest.fixture
def adult(db: None):
    return PatronCategoryFactory(code="adult", name="Người lớn", minimum_age=16)


@pytest.fixture
def phone() -> Client:
    return Client(REMOTE_ADDR="203.0.113.7")


def filled(phone: Client, library: Library, category) -> Application:
    """Fill the form up to its last page."""
    phone.post("/card/apply/you", ABOUT)
    told = {"library": library.pk, "category": category.pk, "phone": "0905 123 456"}
    phone.post("/card/apply/contact", told)
    phone.post("/card/apply/consents", {"agree": ["card"]})
    return Application.objects.get()


def test_the_form_is_filled_page_by_page_without_a_script(phone, province, adult):
    assert phone.get("/card/apply", follow=True).request["PATH_INFO"] == "/card/apply/you"

    answers = [
        phone.post("/card/apply/you", ABOUT),
        phone.post(
            "/card/apply/contact",
            {"library": province.pk, "category": adult.pk, "phone": "0905 123 456"},
        ),
        phone.post("/card/apply/photo", {}),
        phone.post("/card/apply/consents", {"agree": ["card"]}),
        phone.post("/card/apply/check"),
    ]

    assert [answer["Location"] for answer in answers] == [
        "/card/apply/contact",
        "/card/apply/photo",
        "/card/apply/consents",
        "/card/apply/check",
        "/card/mine",
    ]
    application = Application.objects.get()
    assert (application.state, application.name) == ("waiting", "Nguyễn Thị Mẫu")
    assert application.phone == "+84905123456"


def test_the_phone_goes_on_where_it_stopped(phone, province, adult):
    phone.post("/card/apply/you", ABOUT)

    assert phone.get("/card/apply")["Location"] == "/card/apply/contact"
    assert "Nguyễn Thị Mẫu" in phone.get("/card/apply/you").content.decode()
    assert "Nguyễn Thị Mẫu" not in Client().get("/card/apply/you").content.decode()


def test_nothing_is_ticked_beforehand(phone, province, adult):
    phone.post("/card/apply/you", ABOUT)
    phone.post(
        "/card/apply/contact",
        {"library": province.pk, "category": adult.pk, "phone": "0905 123 456"},
    )

    page = phone.get("/card/apply/consents").content.decode()

    assert page.count('type="checkbox"') == 5
    assert "checked" not in page
    refused = phone.post("/card/apply/consents", {"agree": ["zalo", "made-up"]})
    assert refused.status_code == 422
    assert list(Consent.objects.values_list("purpose", flat=True)) == ["zalo"]


def test_a_scanned_card_fills_the_page_to_be_checked(phone):
    text = f"{NUMBER}|240123456|Lê Thị Thẻ|01022000|Nữ|Buôn Hồ, Đắk Lắk|01012022"

    answer = phone.post("/card/apply/you", {"citizen_number": text})

    assert answer["Location"] == "/card/apply/you"
    page = phone.get("/card/apply/you").content.decode()
    assert "Lê Thị Thẻ" in page
    assert "01/02/2000" in page
    assert NUMBER not in page
    assert "240123456" not in page


def test_a_program_that_fills_every_field_gets_nowhere(phone):
    answer = phone.post("/card/apply/you", ABOUT | {"website": "http://spam.example"})

    assert answer.status_code == 200
    assert not Application.objects.exists()


def test_the_photo_is_seen_by_its_phone_alone(phone, province, adult):
    filled(phone, province, adult)
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("selfie.jpg", picture(), "image/jpeg")
    assert phone.post("/card/apply/photo", {"photo": sent})["Location"] == "/card/apply/photo"

    shown = phone.get("/card/photo.jpg")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in shown["Cache-Control"]
    assert Client().get("/card/photo.jpg").status_code == 404


@pytest.mark.parametrize(
    "data", [b"<svg onload='alert(1)'/>", b"GIF89a", b"\xff\xd8\xff" + b"\0" * 99, b"MZ\x90"]
)
def test_a_hostile_file_is_refused_in_words(phone, province, adult, data):
    filled(phone, province, adult)
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("../../etc/passwd.jpg", data, "image/jpeg")
    answer = phone.post("/card/apply/photo", {"photo": sent})

    assert answer.status_code == 422
    assert not Photo.objects.exists()


def test_a_file_sent_to_any_other_page_is_not_read(phone, province, adult):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")
    phone.post("/card/apply/you", ABOUT | {"photo": sent})

    assert not Photo.objects.exists()


def test_only_the_page_that_scans_may_ask_for_the_camera(phone):
    assert "camera=(self)" in phone.get("/card/apply/you")["Permissions-Policy"]
    for path in ("/card/", "/", "/card/open"):
        assert "camera=()" in phone.get(path)["Permissions-Policy"]


def test_no_input_with_a_name_takes_a_picture_of_the_card(phone):
    page = phone.get("/card/apply/you").content.decode()

    (chooser,) = re.findall(r"<input[^>]*type=\"file\"[^>]*>", page)
    assert "name=" not in chooser


def test_the_receipt_s_code_opens_the_application_on_another_phone(phone, province, adult):
    filled(phone, province, adult)
    phone.post("/card/apply/check")
    page = phone.get("/card/mine").content.decode()
    code = re.search(r'id="code">\s*([0-9A-Z-]{19})', page)[1]

    other = Client(REMOTE_ADDR="203.0.113.8")
    assert other.get("/card/mine")["Location"] == "/card/"
    assert other.get(f"/card/open?code={code}")["Location"] == "/card/mine"

    assert other.get("/card/mine").status_code == 200
    assert code.replace("-", "") not in str(list(AuditEntry.objects.values()))


def test_a_wrong_code_tells_nothing_and_is_counted(phone):
    answers = [
        phone.post("/card/open", {"code": "2222-3333-4444-5555"}).status_code for _ in range(31)
    ]

    assert answers == [404] * 30 + [429]


def test_the_applicant_learns_nothing_of_other_readers(phone, province, adult, desk):
    first = filled(phone, province, adult)
    phone.post("/card/apply/check")
    first.refresh_from_db()
    approve_application(first, Approval(), version=first.version, by=desk)
    twin = Client(REMOTE_ADDR="203.0.113.9")

    told = {"library": province.pk, "category": adult.pk, "phone": "0905 123 456"}
    answers = [
        twin.post("/card/apply/you", ABOUT),
        twin.post("/card/apply/contact", told),
        twin.post("/card/apply/consents", {"agree": ["card"]}),
        twin.post("/card/apply/check"),
    ]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert answers[-1]["Location"] == "/card/mine"


def test_the_card_is_on_the_screen_once_it_is_approved(phone, province, adult, desk):
    application = filled(phone, province, adult)
    phone.post("/card/apply/check")
    assert phone.get("/card/digital").status_code == 404
    application.refresh_from_db()
    patron = approve_application(application, Approval(), version=application.version, by=desk)

    page = phone.get("/card/digital").content.decode()
    saved = phone.get("/card/digital.html")

    assert patron.card in page
    assert page.count("<svg") >= 2
    assert "attachment" in saved["Content-Disposition"]
    assert patron.card in saved.content.decode()
    assert not re.search(r'(?:src|href)="(?!data:)', saved.content.decode())
    assert Client().get("/card/digital").status_code == 404


def test_what_is_withdrawn_is_gone(phone, province, adult):
    filled(phone, province, adult)
    phone.post("/card/apply/check")

    phone.post("/card/withdraw")

    assert not Application.objects.exists()
    assert not Patron.objects.exists()
    assert phone.get("/card/mine")["Location"] == "/card/"
