"""The desk's pages of licences, of borrowers, of rules and of usage."""

from __future__ import annotations

import pytest
from django.test import Client

from tangthu.access.models import User
from tangthu.core.models import AuditEntry
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import borrow
from tangthu.reading.models import DigitalRule, Licence
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of
from tests.reading.lending import as_reader, ebook, licensed

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(province: Library) -> DigitalObject:
    return ebook(province, title="Từ điển Việt – Ê Đê", folded_title="tu dien viet – e de")


@pytest.fixture
def staff(administrator_user: User) -> Client:
    return client_of(administrator_user)


def terms(library: Library, **values: object) -> dict[str, object]:
    return {"library": library.pk, "limit": "places", "at_once": 2, **values}


def test_a_licence_is_entered_for_a_document_that_is_lent(
    staff: Client, book: DigitalObject, province: Library
) -> None:
    offered = staff.get("/desk/reading/licences/new?q=tu+dien").content.decode()
    form = staff.get(f"/desk/reading/licences/new?object={book.identifier}")
    answer = staff.post(
        f"/desk/reading/licences/new?object={book.identifier}",
        terms(province, expires_on="2099-12-31", loans_bought=26, price=350000, source="NXB Trẻ"),
    )

    licence = Licence.objects.get()
    shown = staff.get(answer["Location"]).content.decode()
    assert f"?object={book.identifier}" in offered
    assert form.status_code == 200
    assert (licence.at_once, licence.loans_left, licence.price) == (2, 26, 350000)
    assert f"{licence.expires_at:%Y-%m-%d %H:%M}" == "2099-12-31 16:59"
    assert "còn 26 trên 26 lượt mượn" in shown


def test_terms_are_changed_and_the_list_tells_them(
    staff: Client, book: DigitalObject, province: Library
) -> None:
    licence = licensed(book)

    answer = staff.post(
        f"/desk/reading/licences/{licence.pk}/", terms(province, at_once=3, version=1)
    )
    shown = staff.get("/desk/reading/licences/?q=tu dien").content.decode()

    licence.refresh_from_db()
    assert (answer.status_code, licence.at_once) == (302, 3)
    assert "Từ điển Việt – Ê Đê" in shown
    assert "3/3" in shown


def test_terms_that_cannot_be_are_told_at_their_field(
    staff: Client, book: DigitalObject, province: Library
) -> None:
    address = f"/desk/reading/licences/new?object={book.identifier}"

    missing = staff.post(address, terms(province, at_once=""))
    backwards = staff.post(
        address, terms(province, begins_on="2026-12-31", expires_on="2026-01-01")
    )

    assert (missing.status_code, backwards.status_code) == (422, 422)
    assert "Giấy phép hết hạn trước khi có hiệu lực" in backwards.content.decode()
    assert not Licence.objects.exists()


def test_a_name_of_a_publication_is_a_uuid_and_said_to_be_one(
    staff: Client, book: DigitalObject, province: Library
) -> None:
    address = f"/desk/reading/licences/new?object={book.identifier}"
    key = "c6abe80a-1681-4694-b6f4-80c165213780"

    refused = staff.post(address, terms(province, protection="lcp", content_id="nxbtre-117"))
    taken = staff.post(address, terms(province, protection="lcp", content_id=f" {key.upper()} "))

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Máy chủ giấy phép gọi tài liệu bằng mã UUID" in refused.content.decode()
    assert Licence.objects.get().content_id == key


def test_a_licence_is_stopped_and_lent_on_again(staff: Client, book: DigitalObject) -> None:
    licence = licensed(book)
    states = []

    for deed in ("stop", "restart"):
        staff.post(f"/desk/reading/licences/{licence.pk}/switch", {"deed": deed})
        licence.refresh_from_db()
        states.append(licence.state)

    assert states == ["stopped", "active"]


def test_who_looks_who_has_it_is_written_down_and_may_end_it(
    staff: Client, book: DigitalObject, patron: Patron
) -> None:
    licensed(book)
    loan = borrow(book, for_=patron, by=as_reader(patron))
    address = f"/desk/reading/borrowers/{book.pk}/"

    shown = staff.get(address).content.decode()
    staff.post(address, {"loan": loan.pk})

    loan.refresh_from_db()
    assert patron.card in shown
    assert AuditEntry.objects.filter(action="digital_loan.looked").count() == 1
    assert loan.ending == "by_staff"


def test_libraries_decide_and_decide_no_more(staff: Client, province: Library) -> None:
    staff.post("/desk/reading/rules/", {"library": province.pk, "loans": 2, "days": 7})
    rule = DigitalRule.objects.get()
    shown = staff.get("/desk/reading/rules/").content.decode()
    staff.post(f"/desk/reading/rules/{rule.pk}/clear")

    assert (rule.loans, rule.days, rule.renewals, rule.category) == (2, 7, None, None)
    assert "Thư viện tỉnh" in shown
    assert not DigitalRule.objects.exists()


def test_usage_is_shown_and_handed_out(staff: Client) -> None:
    shown = staff.get("/desk/reading/usage/")
    table = staff.get("/desk/reading/usage/?report=IR&as=csv")
    wrong = staff.get("/desk/reading/usage/?begin=2026-11&end=2026-01")

    assert (shown.status_code, wrong.status_code) == (200, 422)
    assert table["Content-Disposition"].startswith('attachment; filename="IR_DLK_')
    assert table.content.decode().startswith("\ufeffReport_Name,Item Report\r\n")


def test_the_pages_are_for_those_who_may(
    desk_user: User, neighbour_user: User, book: DigitalObject
) -> None:
    licence = licensed(book)

    for user in (desk_user, neighbour_user):
        paths = [
            "licences/",
            "licences/new",
            f"licences/{licence.pk}/",
            f"borrowers/{book.pk}/",
            "rules/",
            "usage/",
        ]
        assert {client_of(user).get(f"/desk/reading/{path}").status_code for path in paths} == {403}
