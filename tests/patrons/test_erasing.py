import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import Conflict, NotPermitted
from tangthu.core.idempotency import Answer, answer_once
from tangthu.core.models import AuditEntry, IdempotencyKey
from tangthu.patrons import holders
from tangthu.patrons.actions import register_patron, replace_card, see_citizen_number
from tangthu.patrons.actions.contacts import request_contact_change
from tangthu.patrons.actions.deciding import Approval, approve_application
from tangthu.patrons.actions.erasing import erase_patron
from tangthu.patrons.actions.forgetting import forget_old_traces
from tangthu.patrons.actions.photos import set_photo
from tangthu.patrons.actions.registering import PatronData
from tangthu.patrons.actions.requests import (
    complete_data_request,
    export_data,
    postpone_data_request,
    request_data_right,
    withdraw_data_request,
)
from tangthu.patrons.errors import ErasureNotYet, RequestAnswered, RequestOpen
from tangthu.patrons.models import DataRequest, Patron, Photo, RequestKind
from tangthu.patrons.permissions import PatronsPermission
from tests.factories import PatronFactory
from tests.patrons.afar import NUMBER, picture, sent

pytestmark = pytest.mark.django_db


def reader(patron):
    return Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)


@pytest.fixture
def known(province, adult, administrator):
    """A reader of whom the library knows everything that it can know."""
    application = sent(province, adult)
    patron = approve_application(
        application, Approval(), version=application.version, by=administrator
    )
    set_photo(patron, picture(), by=administrator)
    patron = replace_card(patron, by=administrator)
    see_citizen_number(patron, by=administrator)
    request_contact_change(patron, address="Nơi Bí Mật 7", by=reader(patron))
    body = json.dumps({"card": patron.card, "name": patron.name})
    answer_once("k", scope="s", request="r", work=lambda: Answer(201, body))
    return patron


@pytest.fixture
def objecting():
    """An app above this one that holds a loan of every reader, until it is emptied."""
    open_loans = ["loan"]
    forgotten: list[int] = []

    def objects(patron):
        if open_loans:
            raise Conflict(count=1)

    holders.register(
        holders.Holder(
            name="test",
            tells=lambda patron: [
                holders.Section(
                    key="loans",
                    title="Lượt mượn",
                    columns={"title": "Sách"},
                    rows=[{"title": "Kiều"}],
                )
            ],
            objects=objects,
            forgets=lambda patron: forgotten.append(patron.pk),
        )
    )
    yield open_loans, forgotten
    holders._holders.pop("test")


def everything_stored() -> str:
    """Return the values of every table as one text."""
    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            stored += [str(row) for row in cursor.fetchall()]
    return "\n".join(stored)


def test_nothing_of_an_erased_reader_is_left_in_any_table(known, administrator):
    card, former = known.card, known.former_cards.get().card
    request = request_data_right(known, RequestKind.ERASE, text="Xin xóa", by=reader(known))

    erased = erase_patron(request, by=administrator)

    stored = everything_stored()
    for trace in (
        "Nguyễn Thị Mẫu", "nguyen thi mau", "0905123456", "905123456", "mau@example.org",
        "12 Lê Duẩn", "Nơi Bí Mật", "2001-09-05", f"'{card}'", former, NUMBER, "Xin xóa",
    ):  # fmt: skip
        assert trace not in stored, trace
    assert erased.name == "—"
    assert not Photo.objects.exists()
    assert not Patron.objects.visible_to(administrator).filter(pk=erased.pk).exists()


def test_that_it_was_done_stays_written_down(known, administrator):
    request = request_data_right(known, RequestKind.ERASE, by=reader(known))

    erase_patron(request, by=administrator)

    request.refresh_from_db()
    assert (request.state, request.answered_by) == ("done", administrator.name)
    entries = AuditEntry.objects.about("patron", known.pk)
    assert entries.filter(action="patron.erased").count() == 1
    assert entries.exclude(changes={}).count() == 0
    assert IdempotencyKey.objects.get().status == 201


def test_while_something_is_open_nothing_is_erased(known, administrator, objecting):
    open_loans, forgotten = objecting
    PatronFactory(library=known.library, guardian=known)
    request = request_data_right(known, RequestKind.ERASE, by=reader(known))

    with pytest.raises(ErasureNotYet) as refused:
        erase_patron(request, by=administrator)

    assert [block["code"] for block in refused.value.data["blocks"]] == [
        "conflict",
        "still_guardian",
    ]
    known.refresh_from_db()
    assert known.name == "Nguyễn Thị Mẫu"
    assert forgotten == []
    postponed = postpone_data_request(request, reason="Còn 1 cuốn sách.", by=administrator)
    assert postponed.is_open
    open_loans.clear()
    known.wards.update(guardian=None)
    erase_patron(request, by=administrator)
    assert forgotten == [known.pk]


def test_an_erased_reader_is_not_erased_again(known, administrator):
    request = request_data_right(known, RequestKind.ERASE, by=reader(known))
    erase_patron(request, by=administrator)

    with pytest.raises(RequestAnswered):
        erase_patron(request, by=administrator)


def test_erasing_takes_a_right_of_its_own(known, desk, neighbour):
    request = request_data_right(known, RequestKind.ERASE, by=reader(known))

    for actor in (desk, neighbour, reader(known)):
        with pytest.raises(NotPermitted):
            erase_patron(request, by=actor)

    known.refresh_from_db()
    assert known.name == "Nguyễn Thị Mẫu"


@pytest.mark.usefixtures("clock")
def test_a_request_has_two_working_days(patron, administrator, heard):
    request = request_data_right(patron, RequestKind.EXPORT, by=reader(patron))

    assert str(request.answer_by) == "2026-03-04"
    assert heard[-1].values["until"] == request.answer_by
    with pytest.raises(RequestOpen):
        request_data_right(patron, RequestKind.EXPORT, by=reader(patron))
    complete_data_request(request, answer="Đã gửi.", by=administrator)
    assert DataRequest.objects.open().count() == 0
    assert heard[-1].values["answer"] == "Đã gửi."


def test_a_reader_takes_a_request_back(patron, foreign_patron):
    request = request_data_right(patron, RequestKind.ERASE, by=reader(patron))

    with pytest.raises(NotPermitted):
        withdraw_data_request(request, by=reader(foreign_patron))
    withdraw_data_request(request, by=reader(patron))

    assert not DataRequest.objects.open().exists()


def test_a_copy_of_the_data_holds_what_every_app_tells(known, objecting):
    told = json.loads(export_data(known, by=reader(known)).as_json())

    assert told["data"]["person"][0]["name"] == "Nguyễn Thị Mẫu"
    assert told["data"]["person"][0]["birth_on"] == "2001-09-05"
    assert told["data"]["person"][0]["citizen_number"] == NUMBER
    assert told["data"]["loans"] == [{"title": "Kiều"}]
    assert {consent["version"] for consent in told["data"]["consents"]} == {"2026-11"}
    assert "patron.exported" in AuditEntry.objects.values_list("action", flat=True)


def test_nobody_else_takes_a_copy(known, foreign_patron, desk, neighbour):
    assert not desk.may(PatronsPermission.ANSWER_DATA_REQUESTS)

    for actor in (desk, neighbour, reader(foreign_patron)):
        with pytest.raises(NotPermitted):
            export_data(known, by=actor)


def test_after_two_years_the_log_forgets_the_values(province, adult, desk):
    data = PatronData(name="Trần Văn Hai", category=adult, library=province, phone="0905123456")
    register_patron(data, by=desk)
    AuditEntry.objects.update(at=timezone.now() - timedelta(days=731))
    register_patron(PatronData(name="Lê Ba", category=adult, library=province), by=desk)

    assert forget_old_traces() == 1
    assert forget_old_traces() == 0

    old, new = AuditEntry.objects.filter(action="patron.registered").order_by("pk")
    assert (old.changes, old.actor) == ({}, desk.name)
    assert new.changes["name"] == [None, "Lê Ba"]
