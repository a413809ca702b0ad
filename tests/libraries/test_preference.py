import pytest

from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.libraries.actions import clear_preference, set_preference
from tangthu.libraries.errors import PreferenceRefused
from tangthu.libraries.models import PreferenceValue
from tangthu.libraries.reading import network as known_network
from tangthu.libraries.reading import preference
from tests.factories import LibraryFactory

pytestmark = pytest.mark.django_db


def test_a_preference_holds_for_the_library_and_those_below(province, commune, administrator):
    ward = LibraryFactory(parent=province)

    set_preference(province, "opening_hour", " 7 ", by=administrator)

    assert preference(province, "opening_hour") == 7
    assert preference(ward, "opening_hour") == 7
    assert preference(commune, "opening_hour") == 8


def test_a_preference_is_changed_then_taken_back(province, network, administrator):
    set_preference(network, "opening_hour", "6", by=administrator)
    set_preference(province, "opening_hour", "7", by=administrator)
    set_preference(province, "opening_hour", "9", by=administrator)

    assert PreferenceValue.objects.get(library=province).value == "9"
    assert AuditEntry.objects.newest().first().changes == {"value": ["7", "9"]}

    clear_preference(province, "opening_hour", by=administrator)

    assert preference(province, "opening_hour") == 6


def test_the_screen_learns_which_library_decided(province, network, administrator):
    set_preference(network, "opening_hour", "6", by=administrator)

    known = known_network()

    assert known.effective(province.chain, "opening_hour").source == network.pk
    assert known.effective(province.chain, "card_digits").source is None


@pytest.mark.parametrize(
    ("name", "value", "field", "fault"),
    [
        ("opening_hour", "24", "value", "too_large"),
        ("lending_rules_from", "nobody", "value", "not_a_choice"),
        ("favourite_colour", "red", "name", "unknown_name"),
    ],
)
def test_what_does_not_suit_is_refused(province, administrator, name, value, field, fault):
    with pytest.raises(PreferenceRefused) as refused:
        set_preference(province, name, value, by=administrator)

    assert (refused.value.field, refused.value.data["fault"]) == (field, fault)
    assert not PreferenceValue.objects.exists()


def test_the_desk_decides_nothing_for_the_library(province, desk):
    with pytest.raises(NotPermitted):
        set_preference(province, "opening_hour", "7", by=desk)
    with pytest.raises(NotPermitted):
        clear_preference(province, "opening_hour", by=desk)
