import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tangthu.patrons import sealing
from tangthu.patrons.actions import see_citizen_number, set_citizen_number
from tangthu.patrons.errors import CannotUnseal, NoCitizenNumber
from tangthu.patrons.models import Patron

CITIZEN = "066301001234"


@given(st.text())
def test_what_is_sealed_comes_back(plain):
    assert sealing.unseal(sealing.seal(plain)) == plain


def test_the_same_number_is_sealed_differently_each_time():
    assert sealing.seal(CITIZEN) != sealing.seal(CITIZEN)
    assert sealing.digest(CITIZEN) == sealing.digest(CITIZEN)
    assert CITIZEN.encode() not in sealing.seal(CITIZEN)


@given(st.integers(0, 43), st.integers(1, 255))
def test_a_seal_that_was_tampered_with_does_not_open(place, difference):
    sealed = bytearray(sealing.seal(CITIZEN))
    sealed[place] ^= difference

    with pytest.raises(CannotUnseal):
        sealing.unseal(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"\0" * 60])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(CannotUnseal):
        sealing.unseal(sealed)


def test_after_a_change_of_keys_old_numbers_are_read_and_found(settings):
    sealed, digest = sealing.seal(CITIZEN), sealing.digest(CITIZEN)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, just as long as the one before it"

    assert sealing.unseal(sealed) == CITIZEN
    assert digest in sealing.every_digest(CITIZEN)
    assert sealing.digest(CITIZEN) != digest

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotUnseal):
        sealing.unseal(sealed)


def test_only_who_may_sees_it_and_that_is_written_down(patron, desk, administrator):
    set_citizen_number(patron, CITIZEN, by=desk)
    patron.refresh_from_db()

    with pytest.raises(NotPermitted):
        see_citizen_number(patron, by=desk)
    assert see_citizen_number(patron, by=administrator) == CITIZEN

    entry = AuditEntry.objects.get(action="patron.citizen_number_seen")
    assert entry.user_id == administrator.user_id


def test_a_reader_without_one_has_none_to_show(patron, administrator):
    with pytest.raises(NoCitizenNumber):
        see_citizen_number(patron, by=administrator)


def test_it_stands_nowhere_in_the_database_in_clear(patron, desk):
    set_citizen_number(patron, CITIZEN, by=desk)

    with connection.cursor() as cursor:
        for model in (Patron, AuditEntry, Change):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert CITIZEN not in str(cursor.fetchall())


def test_it_finds_its_reader_for_those_who_may_see_it(patron, desk, administrator, machine):
    set_citizen_number(patron, CITIZEN, by=desk)

    assert list(Patron.objects.matching("066 301 001 234", by=administrator)) == [patron]
    assert list(Patron.objects.matching(CITIZEN, by=machine)) == [patron]
    assert not Patron.objects.matching(CITIZEN, by=desk)
    assert not Patron.objects.matching(CITIZEN)
