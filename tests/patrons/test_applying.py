from datetime import date, timedelta

import pytest
from django.utils import timezone

from tangthu.core.actor import NOBODY
from tangthu.core.models import AuditEntry
from tangthu.libraries.actions import set_preference
from tangthu.patrons import messages, sealing
from tangthu.patrons.actions import applying
from tangthu.patrons.actions.forgetting import forget_applications
from tangthu.patrons.errors import (
    ApplicationIncomplete,
    ApplicationNotChangeable,
    CategoryNotFromAfar,
    LibraryTakesNoApplications,
    PatronInvalid,
    PhotoUnreadable,
    TooManyTries,
    UnknownCode,
)
from tangthu.patrons.models import Application, Consent, Knock, Photo
from tangthu.patrons.policy.applying import BEGUN_PER_HOUR, CODE_LETTERS, TRIED_PER_HOUR, Purpose
from tests.factories import PatronCategoryFactory
from tests.patrons.afar import NUMBER, begun, picture, reach, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_an_application_is_begun_with_a_code_that_only_the_applicant_has():
    application, code = begun()

    assert len(code) == 16
    assert set(code) <= set(CODE_LETTERS)
    assert Application.objects.by_code(f" {code[:4].lower()}-{code[4:]} ").get() == application
    assert code not in str(Application.objects.values().get())
    assert applying.code_of(application) == code


def test_the_citizen_number_is_sealed_for_its_row_alone():
    application, _code = begun()
    other, _code = begun(name="Trần Văn Hai")

    stored = Application.objects.values().get(pk=application.pk)

    assert NUMBER.encode() not in bytes(stored["citizen_number_sealed"])
    assert NUMBER not in str(stored)
    sealed = bytes(application.citizen_number_sealed)
    assert sealing.unseal(sealed, row=applying.number_row(application)) == NUMBER
    with pytest.raises(applying.sealing.CannotUnseal):
        sealing.unseal(sealed, row=applying.number_row(other))


def test_the_text_of_a_scanned_card_fills_what_is_empty():
    text = f"{NUMBER}||Lê Thị Thẻ|01022000|Nữ|Buôn Hồ|01012022"

    application, _code = begun(name="", birth_on=None, address="", citizen_number=text)

    assert application.name == "Lê Thị Thẻ"
    assert application.birth_on == date(2000, 2, 1)
    assert application.address == "Buôn Hồ"
    assert application.citizen_number_digest == sealing.digest(NUMBER)


@pytest.mark.parametrize(
    ("about", "fault"),
    [
        ({"name": ""}, "name_missing"),
        ({"name": "An 123"}, "name_invalid"),
        ({"birth_on": None}, "birth_missing"),
        ({"birth_on": date(2030, 1, 1)}, "birth_in_future"),
        ({"citizen_number": "123"}, "citizen_number_invalid"),
        ({"citizen_number": "a|b|c|d"}, "citizen_card_unreadable"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(about, fault):
    with pytest.raises(PatronInvalid) as refused:
        begun(**about)

    assert fault in [each.code for each in refused.value.faults]
    assert not Application.objects.exists()


def test_a_flood_from_one_address_is_stopped(clock):
    for _ in range(BEGUN_PER_HOUR):
        begun(citizen_number="")

    with pytest.raises(TooManyTries):
        begun()

    assert Application.objects.count() == BEGUN_PER_HOUR
    clock.shift(timedelta(hours=1, seconds=1))
    begun()


def test_codes_are_not_guessed():
    _application, code = begun()
    for _ in range(TRIED_PER_HOUR):
        with pytest.raises(UnknownCode):
            applying.find_application("2222-3333-4444-5555", address="203.0.113.9")

    with pytest.raises(TooManyTries):
        applying.find_application(code, address="203.0.113.9")

    assert applying.find_application(code, address="203.0.113.10")


def test_an_application_is_sent_when_everything_needed_is_there(province, adult, heard):
    application, code = begun()

    with pytest.raises(ApplicationIncomplete) as refused:
        applying.send_application(application, by=NOBODY)
    assert refused.value.data["steps"] == {
        "contact": ["phone", "library", "category"],
        "consents": ["consent_card"],
    }
    applying.save_reach(application, reach(province, adult))
    applying.save_consents(application, [Purpose.CARD], language="vi")
    row = applying.send_application(application, by=NOBODY)

    assert row.state == "waiting"
    assert row.sent_at == timezone.now()
    (message,) = heard
    assert message.kind is messages.MessageKind.APPLICATION_RECEIVED
    assert (message.phone, message.email) == ("+84905123456", "mau@example.org")
    assert message.values["code"] == code


def test_a_sent_application_is_the_library_s(province, adult):
    row = sent(province, adult)

    with pytest.raises(ApplicationNotChangeable):
        applying.save_reach(row, reach(province, adult, phone="0911111111"))
    with pytest.raises(ApplicationNotChangeable):
        applying.save_photo(row, picture(), address=None)

    row.refresh_from_db()
    assert row.phone == "+84905123456"
    assert not Photo.objects.exists()


def test_a_child_needs_a_guardian_who_agrees_for_it(province, child):
    application, _code = begun(birth_on=date(2016, 5, 1))

    with pytest.raises(PatronInvalid) as refused:
        applying.save_reach(application, reach(province, child))
    assert [fault.code for fault in refused.value.faults] == ["guardian_needed"]
    told = reach(province, child, guardian_name="Nguyễn Văn Bố", guardian_phone="0905 999 888")
    applying.save_reach(application, told)
    applying.save_consents(application, [Purpose.CARD], language="vi")

    assert Consent.objects.get().given_by == "Nguyễn Văn Bố, Nguyễn Thị Mẫu"


def test_under_seven_the_guardian_agrees_alone(province, child):
    application, _code = begun(birth_on=date(2021, 5, 1))
    told = reach(province, child, guardian_name="Nguyễn Văn Bố", guardian_phone="0905 999 888")
    applying.save_reach(application, told)

    applying.save_consents(application, [Purpose.CARD], language="vi")

    assert Consent.objects.get().given_by == "Nguyễn Văn Bố"


def test_each_consent_keeps_its_words_version_and_time(province, adult):
    application, _code = begun()
    applying.save_reach(application, reach(province, adult))

    applying.save_consents(application, [Purpose.CARD, Purpose.ZALO], language="vi")
    applying.save_consents(application, [Purpose.CARD, Purpose.PHOTO], language="vi")

    kept = {consent.purpose: consent for consent in Consent.objects.all()}
    assert set(kept) == {"card", "photo"}
    assert province.name in kept["card"].text
    assert kept["card"].version == "2026-11"
    assert kept["card"].given_at == timezone.now()


def test_a_photo_needs_the_consent_to_it(province, adult):
    application, _code = begun()
    applying.save_reach(application, reach(province, adult))
    applying.save_photo(application, picture(), address=None)
    applying.save_consents(application, [Purpose.CARD], language="vi")

    with pytest.raises(ApplicationIncomplete) as refused:
        applying.send_application(application, by=NOBODY)

    assert refused.value.data["steps"] == {"consents": ["consent_photo"]}


def test_another_photo_takes_the_place_of_the_first():
    application, _code = begun()
    applying.save_photo(application, picture(), address=None)

    row = applying.save_photo(application, picture(700, 900, "PNG"), address=None)

    assert Photo.objects.get() == row.photo
    assert not applying.drop_photo(application).photo
    assert not Photo.objects.exists()


def test_a_photo_that_is_none_leaves_the_first():
    application, _code = begun()
    applying.save_photo(application, picture(), address=None)

    with pytest.raises(PhotoUnreadable):
        applying.save_photo(application, b"<svg onload=alert(1)>", address=None)

    assert Photo.objects.count() == 1


def test_a_library_says_which_cards_it_gives_to_people_at_home(province, adult, machine):
    staff = PatronCategoryFactory(code="staff", name="Cán bộ")
    application, _code = begun()

    with pytest.raises(CategoryNotFromAfar):
        applying.save_reach(application, reach(province, staff))
    set_preference(province, "application_categories", "", by=machine)
    with pytest.raises(LibraryTakesNoApplications):
        applying.save_reach(application, reach(province, adult))

    application.refresh_from_db()
    assert application.library is None


def test_what_is_withdrawn_leaves_nothing(province, adult):
    row = sent(province, adult)

    applying.withdraw_application(row, by=NOBODY)

    assert not Application.objects.exists()
    assert not Consent.objects.exists()
    assert AuditEntry.objects.get(action="application.withdrawn").changes == {}


def test_drafts_are_forgotten_after_a_week_and_waiting_ones_are_not(province, adult, clock):
    waiting = sent(province, adult)
    draft, _code = begun(name="Trần Văn Hai", citizen_number="")
    applying.save_photo(draft, picture(), address=None)

    clock.shift(timedelta(days=7, seconds=-1))
    assert forget_applications() == 0
    clock.shift(timedelta(seconds=2))
    assert forget_applications() == 1

    assert Application.objects.get() == waiting
    assert not Photo.objects.exists()
    assert not Knock.objects.exists()


def test_nothing_of_the_number_is_in_the_audit_log(province, adult):
    sent(province, adult)

    assert NUMBER not in str(list(AuditEntry.objects.values()))
    assert "Mẫu" not in str(list(AuditEntry.objects.values()))
