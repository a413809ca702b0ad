import pytest

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.patrons.actions.contacts import (
    accept_contact_change,
    refuse_contact_change,
    request_contact_change,
    withdraw_contact_change,
)
from tangthu.patrons.errors import ContactInvalid, NothingToChange, RequestAnswered
from tangthu.patrons.models import ContactChange
from tests.support.threads import at_once


def reader(patron):
    return Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)


@pytest.mark.django_db
class TestOne:
    def test_a_change_waits_until_staff_accept_it(self, patron, desk, heard):
        change = request_contact_change(
            patron, phone="0905 123 456", email="an@example.org", by=reader(patron)
        )
        patron.refresh_from_db()
        assert (patron.phone, patron.email) == ("", "")

        accept_contact_change(change, by=desk)

        patron.refresh_from_db()
        assert (patron.phone, patron.email) == ("+84905123456", "an@example.org")
        assert heard[-1].values == {"fields": ["email", "phone"]}
        change.refresh_from_db()
        assert (change.state, change.phone, change.email) == ("accepted", None, None)

    def test_a_new_wish_takes_the_place_of_the_former(self, patron, desk):
        first = request_contact_change(patron, phone="0905 123 456", by=reader(patron))

        second = request_contact_change(patron, phone="0905 123 457", by=reader(patron))

        assert ContactChange.objects.waiting().get() == second
        with pytest.raises(RequestAnswered):
            accept_contact_change(first, by=desk)

    def test_a_refusal_tells_why_and_changes_nothing(self, patron, desk, heard):
        change = request_contact_change(patron, address="Nơi khác", by=reader(patron))

        refuse_contact_change(change, reason="Chưa gặp được bạn.", by=desk)

        patron.refresh_from_db()
        assert patron.address == ""
        assert heard[-1].values["reason"] == "Chưa gặp được bạn."

    @pytest.mark.parametrize(
        ("wish", "refusal"),
        [
            ({}, NothingToChange),
            ({"phone": ""}, NothingToChange),
            ({"phone": "abc"}, ContactInvalid),
            ({"email": "an@"}, ContactInvalid),
        ],
    )
    def test_what_cannot_be_is_refused(self, patron, wish, refusal):
        with pytest.raises(refusal):
            request_contact_change(patron, by=reader(patron), **wish)

        assert not ContactChange.objects.exists()

    def test_only_the_reader_and_their_library_act(self, patron, foreign_patron, desk, neighbour):
        with pytest.raises(NotPermitted):
            request_contact_change(patron, phone="0905 123 456", by=reader(foreign_patron))
        change = request_contact_change(patron, phone="0905 123 456", by=reader(patron))
        for deed in (accept_contact_change, withdraw_contact_change):
            with pytest.raises(NotPermitted):
                deed(change, by=neighbour)
        with pytest.raises(NotPermitted):
            accept_contact_change(change, by=reader(patron))
        assert not ContactChange.objects.visible_to(neighbour).exists()

        withdraw_contact_change(change, by=reader(patron))

        patron.refresh_from_db()
        assert patron.phone == ""

    def test_the_log_names_what_was_asked_for_but_not_the_values(self, patron, desk):
        request_contact_change(patron, phone="0905 123 456", by=reader(patron))

        (entry,) = AuditEntry.objects.filter(action="patron.contact_change_asked")
        assert entry.changes == {"fields": [None, ["phone"]]}


@pytest.mark.django_db(transaction=True)
def test_two_wishes_in_one_instant_leave_one(patron):
    at_once(
        *[
            lambda n=n: request_contact_change(patron, phone=f"090512345{n}", by=reader(patron))
            for n in range(4)
        ]
    )

    assert ContactChange.objects.waiting().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_in_one_instant_one_does(patron, desk, administrator):
    change = request_contact_change(patron, phone="0905123456", by=reader(patron))

    results = at_once(
        lambda: accept_contact_change(change, by=desk),
        lambda: refuse_contact_change(change, reason="Không", by=administrator),
    )

    assert len([each for each in results if isinstance(each, RequestAnswered)]) == 1
    change.refresh_from_db()
    patron.refresh_from_db()
    assert (change.state == "accepted") == (patron.phone == "+84905123456")
