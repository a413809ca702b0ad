from datetime import date, timedelta

import pytest

from tangthu.core.errors import NotPermitted, StaleVersion
from tangthu.core.models import AuditEntry, Change
from tangthu.patrons.actions import (
    lift,
    note_seen,
    renew_card,
    replace_card,
    report_card_lost,
    restore_card,
    restrict,
    withdraw_card,
)
from tangthu.patrons.errors import CardNotInUse, CardTaken, PatronInvalid
from tangthu.patrons.models import CardStatus, Restriction, RestrictionKind
from tests.factories import PatronFactory
from tests.patrons.conftest import NOW


@pytest.fixture
def reader(province, adult):
    return PatronFactory(library=province, category=adult, card="TV1", expires_on=date(2026, 3, 12))


def test_a_renewed_card_lasts_another_term(reader, desk, clock):
    renewed = renew_card(reader, by=desk, version=1)

    assert renewed.expires_on == date(2027, 3, 12)
    entry = AuditEntry.objects.get()
    assert entry.changes == {"expires_on": ["2026-03-12", "2027-03-12"]}
    assert Change.objects.get().key == str(reader.pk)


def test_a_button_pressed_twice_renews_once(reader, desk, clock):
    renew_card(reader, by=desk, version=1)

    with pytest.raises(StaleVersion):
        renew_card(reader, by=desk, version=1)

    reader.refresh_from_db()
    assert reader.expires_on == date(2027, 3, 12)


@pytest.mark.parametrize("put_away", [report_card_lost, withdraw_card])
def test_a_card_not_in_use_is_not_renewed_until_it_is_restored(reader, desk, clock, put_away):
    put_away(reader, by=desk)

    with pytest.raises(CardNotInUse):
        renew_card(reader, by=desk)
    restore_card(reader, by=desk)

    assert renew_card(reader, by=desk).expires_on == date(2027, 3, 12)


def test_a_lost_card_is_replaced_by_one_with_another_number(reader, desk):
    report_card_lost(reader, by=desk)

    replaced = replace_card(reader, by=desk)

    assert replaced.card == "DLKT000001"
    assert replaced.card_status == CardStatus.ACTIVE
    former = replaced.former_cards.get()
    assert (former.card, former.was_lost) == ("TV1", True)


def test_the_new_number_may_be_chosen_but_not_taken(reader, desk, province):
    PatronFactory(library=province, card="TV2")

    with pytest.raises(CardTaken):
        replace_card(reader, card="tv2", by=desk)
    with pytest.raises(PatronInvalid):
        replace_card(reader, card="thẻ", by=desk)
    with pytest.raises(CardTaken):
        replace_card(reader, card="TV1", by=desk)

    reader.refresh_from_db()
    assert reader.card == "TV1"
    assert replace_card(reader, card=" tv3 ", by=desk).card == "TV3"


def test_reporting_a_lost_card_twice_changes_nothing_more(reader, desk):
    report_card_lost(reader, by=desk)
    report_card_lost(reader, by=desk)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "deed", [renew_card, report_card_lost, withdraw_card, restore_card, replace_card]
)
def test_cards_of_another_library_are_left_alone(reader, neighbour, deed):
    with pytest.raises(NotPermitted):
        deed(reader, by=neighbour)

    reader.refresh_from_db()
    assert (reader.card, reader.card_status, reader.version) == ("TV1", CardStatus.ACTIVE, 1)


def test_a_restriction_holds_until_its_day_or_until_it_is_lifted(reader, desk, clock):
    for_ever = restrict(reader, RestrictionKind.CONDUCT, note="Cắt trang sách", by=desk)
    restrict(reader, RestrictionKind.MANUAL, until=date(2026, 3, 2), by=desk)

    assert Restriction.objects.in_force(NOW.date()).count() == 2
    assert Restriction.objects.in_force(NOW.date() + timedelta(days=1)).get() == for_ever

    lift(for_ever, by=desk)
    lift(for_ever, by=desk)
    for_ever.refresh_from_db()
    assert for_ever.lifted_by == desk.name
    assert AuditEntry.objects.filter(action="patron.restriction_lifted").count() == 1


def test_restrictions_of_another_library_are_left_alone(reader, desk, neighbour):
    restriction = restrict(reader, RestrictionKind.MANUAL, by=desk)

    with pytest.raises(NotPermitted):
        lift(restriction, by=neighbour)
    with pytest.raises(NotPermitted):
        restrict(reader, RestrictionKind.MANUAL, by=neighbour)

    assert Restriction.objects.get().lifted_at is None


def test_looking_at_a_file_is_noted_once_in_ten_minutes(reader, desk, administrator, clock):
    for _ in range(3):
        note_seen(reader, by=desk)
    note_seen(reader, by=administrator)
    clock.shift(timedelta(minutes=11))
    note_seen(reader, by=desk)

    seen = AuditEntry.objects.filter(action="patron.seen")
    assert [entry.user_id for entry in seen.order_by("pk")] == [
        desk.user_id,
        administrator.user_id,
        desk.user_id,
    ]
