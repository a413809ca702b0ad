from dataclasses import replace
from datetime import date

import pytest

from tangthu.core.errors import NotPermitted, StaleVersion
from tangthu.core.models import AuditEntry, Change
from tangthu.libraries.models import PreferenceValue
from tangthu.patrons import reading
from tangthu.patrons.actions import (
    PatronData,
    change_patron,
    register_patron,
    replace_card,
    set_citizen_number,
)
from tangthu.patrons.errors import CardTaken, CitizenNumberHere, CitizenNumberTaken, PatronInvalid
from tangthu.patrons.models import Patron
from tests.factories import PatronFactory
from tests.support.threads import at_once

CITIZEN = "066 301 001 234"


@pytest.fixture
def data(province, adult):
    return PatronData(name="Nguyễn  Văn An", category=adult, library=province)


def test_a_new_reader_gets_the_next_card_until_the_end_of_the_term(data, desk, clock):
    patron = register_patron(data, by=desk)

    assert patron.card == "DLKT000001"
    assert patron.name == "Nguyễn Văn An"
    assert patron.sort_name == "An | Nguyễn | Văn"
    assert patron.registered_on == date(2026, 3, 2)
    assert patron.expires_on == date(2027, 3, 2)
    assert patron.version == 1


def test_the_news_and_the_audit_log_tell_of_it(data, desk):
    patron = register_patron(data, by=desk)

    assert Change.objects.get().kind == "patron"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_key) == ("patron.registered", str(patron.pk))
    assert entry.changes["name"] == [None, "Nguyễn Văn An"]


def test_cards_count_on_and_step_over_numbers_in_use(data, desk, province):
    PatronFactory(library=province, card="DLKT000001")
    PatronFactory(library=province, card="DLKT000003")

    cards = [register_patron(data, by=desk).card for _ in range(3)]

    assert cards == ["DLKT000004", "DLKT000005", "DLKT000006"]


def test_a_library_may_choose_how_its_cards_begin(data, desk, network):
    for name, value in (("card_prefix", "TV."), ("card_digits", "4")):
        PreferenceValue.objects.create(library=network, name=name, value=value)

    assert register_patron(data, by=desk).card == "TV.0001"


def test_what_was_entered_is_kept_in_its_one_form(data, desk):
    patron = register_patron(
        replace(data, card=" tv 12 ", phone="0905.123.456", note="một\r\n\r\n\r\n\r\nhai"),
        by=desk,
    )

    assert patron.card == "TV12"
    assert patron.phone == "+84905123456"
    assert patron.dialled_phone == "0905123456"
    assert patron.note == "một\n\nhai"


def test_a_child_is_registered_with_a_guardian(data, desk, child):
    parent = register_patron(replace(data, birth_on=date(1985, 1, 1)), by=desk)
    application = replace(data, category=child, birth_on=date(2016, 5, 1))

    with pytest.raises(PatronInvalid) as refused:
        register_patron(application, by=desk)
    assert refused.value.data["errors"] == [
        {"field": "guardian_name", "code": "guardian_needed", "limit": 16}
    ]
    ward = register_patron(replace(application, guardian=parent), by=desk)

    assert list(parent.wards.all()) == [ward]


def test_nothing_is_written_for_an_application_that_is_refused(data, desk):
    with pytest.raises(PatronInvalid):
        register_patron(replace(data, name="4n", phone="x"), by=desk)

    assert not Patron.objects.exists()
    assert not Change.objects.exists()
    assert not AuditEntry.objects.exists()


def test_readers_are_registered_only_where_one_may(data, desk, commune, neighbour):
    with pytest.raises(NotPermitted):
        register_patron(replace(data, library=commune), by=desk)
    with pytest.raises(NotPermitted):
        register_patron(data, by=neighbour)

    assert not Patron.objects.exists()


def test_a_card_is_given_once(data, desk):
    register_patron(replace(data, card="TV1"), by=desk)

    with pytest.raises(CardTaken) as refused:
        register_patron(replace(data, card="tv 1"), by=desk)

    assert refused.value.data == {"field": "card", "card": "TV1"}
    assert Patron.objects.count() == 1


def test_a_replaced_card_is_not_given_again(data, desk):
    patron = register_patron(replace(data, card="TV1"), by=desk)
    replace_card(patron, by=desk)

    with pytest.raises(CardTaken):
        register_patron(replace(data, card="TV1"), by=desk)


@pytest.mark.django_db(transaction=True)
def test_of_two_registrations_of_one_card_in_one_instant_one_wins(data, desk):
    application = replace(data, card="TV1")

    answers = at_once(*[lambda: register_patron(application, by=desk)] * 2)

    assert sorted(type(answer).__name__ for answer in answers) == ["CardTaken", "Patron"]
    assert Patron.objects.get().card == "TV1"


@pytest.mark.django_db(transaction=True)
def test_many_desks_get_different_numbers(data, desk):
    answers = at_once(*[lambda: register_patron(data, by=desk)] * 6)

    assert sorted(patron.card for patron in answers) == [f"DLKT00000{n}" for n in range(1, 7)]


def test_one_citizen_number_makes_one_reader(data, desk):
    first = register_patron(replace(data, citizen_number=CITIZEN), by=desk)

    with pytest.raises(CitizenNumberHere) as refused:
        register_patron(replace(data, citizen_number="066301001234"), by=desk)

    assert refused.value.data == {"field": "citizen_number", "card": first.card}


def test_the_card_is_not_told_to_those_who_may_not_see_the_reader(data, desk, neighbour, commune):
    register_patron(replace(data, citizen_number=CITIZEN), by=desk)

    with pytest.raises(CitizenNumberTaken) as refused:
        register_patron(replace(data, library=commune, citizen_number=CITIZEN), by=neighbour)

    assert refused.value.data == {"field": "citizen_number"}
    assert Patron.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_citizen_number_twice_in_one_instant_makes_one_reader(data, desk):
    application = replace(data, citizen_number=CITIZEN)

    answers = at_once(*[lambda: register_patron(application, by=desk)] * 2)

    assert sorted(type(answer).__name__ for answer in answers) == ["CitizenNumberHere", "Patron"]


def test_a_correction_changes_what_is_told_of_the_reader(data, desk):
    patron = register_patron(data, by=desk)

    changed = change_patron(patron, replace(data, name="H’Hen Niê"), version=1, by=desk)

    assert (changed.name, changed.sort_name) == ("H’Hen Niê", "Hen | Niê | H’")
    assert changed.version == 2
    entry = AuditEntry.objects.get(action="patron.changed")
    assert entry.changes["name"] == ["Nguyễn Văn An", "H’Hen Niê"]


def test_a_sort_name_that_staff_corrected_stays(data, desk):
    patron = register_patron(replace(data, sort_name="Văn An | Nguyễn"), by=desk)

    changed = change_patron(
        patron, replace(data, name="Nguyễn Văn Ân", sort_name="Văn An | Nguyễn"), version=1, by=desk
    )

    assert changed.sort_name == "Văn An | Nguyễn"


def test_a_computed_sort_name_follows_the_name(data, desk):
    patron = register_patron(data, by=desk)

    changed = change_patron(
        patron, replace(data, name="Lê Thị Hoa", sort_name=patron.sort_name), version=1, by=desk
    )

    assert changed.sort_name == "Hoa | Lê | Thị"


def test_who_saves_over_somebody_else_is_told(data, desk):
    patron = register_patron(data, by=desk)
    change_patron(patron, replace(data, address="Buôn Ma Thuột"), version=1, by=desk)

    with pytest.raises(StaleVersion):
        change_patron(patron, replace(data, address="Buôn Hồ"), version=1, by=desk)

    patron.refresh_from_db()
    assert patron.address == "Buôn Ma Thuột"


def test_a_reader_moves_only_between_libraries_of_one_actor(data, desk, commune, administrator):
    patron = register_patron(data, by=desk)
    moved = replace(data, library=commune)

    with pytest.raises(NotPermitted):
        change_patron(patron, moved, version=1, by=desk)
    assert change_patron(patron, moved, version=1, by=administrator).library == commune


def test_a_correction_keeps_the_card_and_the_citizen_number(data, desk):
    patron = register_patron(replace(data, citizen_number=CITIZEN), by=desk)

    changed = change_patron(patron, replace(data, card="OTHER"), version=1, by=desk)

    assert changed.card == patron.card
    assert changed.has_citizen_number


def test_somebody_who_resembles_a_reader_is_shown(data, desk, neighbour, commune):
    known = register_patron(replace(data, phone="0905123456"), by=desk)
    again = replace(data, name="nguyễn văn an", phone="+84905123456")

    assert reading.resembling(again, by=desk) == [known]
    assert reading.resembling(again, by=neighbour) == []
    assert reading.resembling(data, by=desk) == []


def test_a_citizen_number_is_set_and_removed(data, desk):
    patron = register_patron(data, by=desk)

    assert set_citizen_number(patron, CITIZEN, by=desk).has_citizen_number
    assert not set_citizen_number(patron, "", by=desk).has_citizen_number
    with pytest.raises(PatronInvalid):
        set_citizen_number(patron, "12", by=desk)
