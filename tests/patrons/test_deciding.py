from datetime import date, timedelta

import pytest

from tangthu.core.actor import NOBODY
from tangthu.core.errors import NotPermitted
from tangthu.libraries.actions import set_preference
from tangthu.patrons import disclosure, messages
from tangthu.patrons.actions import applying, renew_card
from tangthu.patrons.actions.deciding import (
    Approval,
    approve_application,
    confirm_identity,
    refuse_application,
    return_application,
)
from tangthu.patrons.actions.forgetting import forget_applications
from tangthu.patrons.errors import ApplicationDecided, CardIsTemporary, CitizenNumberHere
from tangthu.patrons.likeness import Sign, alike
from tangthu.patrons.models import Application, Consent, Patron, ReturnReason
from tangthu.patrons.policy.applying import Purpose
from tests.factories import PatronFactory
from tests.patrons.afar import NUMBER, begun, picture, reach, sent
from tests.support.threads import at_once

TODAY = date(2026, 3, 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
class TestOne:
    def test_an_approved_application_is_a_reader_with_a_temporary_card(
        self, province, adult, desk, heard
    ):
        application, _code = begun()
        applying.save_reach(application, reach(province, adult))
        applying.save_photo(application, picture(), address=None)
        applying.save_consents(application, [Purpose.CARD, Purpose.PHOTO], language="vi")
        row = applying.send_application(application, by=NOBODY)

        patron = approve_application(row, Approval(), version=row.version, by=desk)

        assert patron.card == "DLKT000001"
        assert patron.is_temporary
        assert patron.expires_on == TODAY + timedelta(days=30)
        assert patron.photo is not None
        assert disclosure.citizen_number_of(patron) == NUMBER
        assert set(patron.consents.values_list("purpose", flat=True)) == {"card", "photo"}
        assert heard[-1].kind is messages.MessageKind.APPLICATION_APPROVED
        assert heard[-1].patron == patron

    def test_of_the_application_only_the_state_stays(self, province, adult, desk):
        row = sent(province, adult)

        approve_application(row, Approval(), version=row.version, by=desk)

        kept = Application.objects.values().get()
        assert kept["state"] == "approved"
        assert not [
            kept[name]
            for name in ("name", "phone", "email", "address", "birth_on", "citizen_number_sealed")
            if kept[name]
        ]

    def test_papers_shown_at_the_desk_give_the_full_term(self, province, adult, desk):
        row = sent(province, adult)
        patron = approve_application(row, Approval(), version=row.version, by=desk)

        with pytest.raises(CardIsTemporary):
            renew_card(patron, by=desk)
        patron = confirm_identity(patron, by=desk)

        assert not patron.is_temporary
        assert patron.expires_on == date(2027, 3, 2)

    def test_a_library_may_give_the_full_term_at_once(self, province, adult, desk, machine):
        set_preference(province, "temporary_card_days", "0", by=machine)
        row = sent(province, adult)

        patron = approve_application(row, Approval(), version=row.version, by=desk)

        assert not patron.is_temporary
        assert patron.expires_on == date(2027, 3, 2)

    def test_a_returned_application_is_corrected_and_keeps_its_place(
        self, province, adult, desk, heard
    ):
        row = sent(province, adult)
        sent_at = row.sent_at

        returned = return_application(
            row, ReturnReason.PHOTO, text="Ảnh tối.", version=row.version, by=desk
        )
        assert heard[-1].values["reason"] == returned.why
        applying.save_photo(returned, picture(), address=None)
        applying.save_consents(returned, [Purpose.CARD, Purpose.PHOTO], language="vi")
        again = applying.send_application(returned, by=NOBODY)

        assert again.state == "waiting"
        assert again.sent_at == sent_at
        assert again.why == ""

    def test_a_refused_application_is_forgotten_after_a_month(self, province, adult, desk, clock):
        row = sent(province, adult)
        refuse_application(row, ReturnReason.KNOWN, version=row.version, by=desk)

        clock.shift(timedelta(days=30, seconds=1))

        assert forget_applications() == 1
        assert not Application.objects.exists()
        assert not Consent.objects.exists()

    def test_staff_of_another_library_neither_see_nor_decide(self, province, adult, neighbour):
        row = sent(province, adult)

        with pytest.raises(NotPermitted):
            approve_application(row, Approval(), version=row.version, by=neighbour)

        assert not Application.objects.visible_to(neighbour).exists()
        assert not Patron.objects.exists()

    def test_what_the_applicant_changed_is_looked_at_again(self, province, adult, desk):
        row = sent(province, adult)
        seen = row.version
        return_application(row, ReturnReason.NAME, version=seen, by=desk)
        applying.send_application(row, by=NOBODY)

        with pytest.raises(ApplicationDecided):
            approve_application(row, Approval(), version=seen, by=desk)

        assert not Patron.objects.exists()

    def test_the_same_number_twice_is_refused_to_staff_and_told_to_no_applicant(
        self, province, adult, desk
    ):
        first = sent(province, adult)
        second = sent(province, adult, name="Trần Văn Hai")
        approve_application(first, Approval(), version=first.version, by=desk)

        with pytest.raises(CitizenNumberHere):
            approve_application(second, Approval(), version=second.version, by=desk)

        second.refresh_from_db()
        assert second.state == "waiting"
        assert Patron.objects.count() == 1

    def test_duplicates_are_shown_to_staff_with_what_they_have_in_common(
        self, province, commune, adult, desk
    ):
        row = sent(province, adult)
        twin = PatronFactory(
            library=province, name=row.name, folded_name=row.folded_name, birth_on=row.birth_on
        )
        family = PatronFactory(library=province, name="Nguyễn Văn Cha", phone=row.phone)
        PatronFactory(library=commune, name="Ai Đó", phone=row.phone)
        other = sent(province, adult, name="Trần Văn Hai")

        found = {each.patron or each.application: each.signs for each in alike(row, by=desk)}

        assert found == {
            twin: (Sign.NAME_AND_BIRTH,),
            family: (Sign.PHONE,),
            other: (Sign.NUMBER, Sign.PHONE),
        }

    def test_a_reader_of_another_library_is_told_of_but_not_named(
        self, province, commune, adult, desk, neighbour
    ):
        known = sent(commune, adult)
        approve_application(known, Approval(), version=known.version, by=neighbour)
        row = sent(province, adult)

        (found,) = alike(row, by=desk)

        assert found.is_hidden
        assert found.patron is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_in_one_instant_one_does(province, adult, desk, administrator):
    row = sent(province, adult)

    results = at_once(
        lambda: approve_application(row, Approval(), version=row.version, by=desk),
        lambda: refuse_application(row, ReturnReason.OTHER, version=row.version, by=administrator),
        lambda: approve_application(row, Approval(), version=row.version, by=administrator),
    )

    refused = [each for each in results if isinstance(each, ApplicationDecided)]
    assert len(refused) == 2
    assert Patron.objects.count() == (Application.objects.get().state == "approved")
