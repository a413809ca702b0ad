import pytest
from django.core.management import CommandError, call_command

from tangthu.patrons import sealing
from tangthu.patrons.actions import see_citizen_number, set_citizen_number
from tangthu.patrons.actions.applying import code_of
from tangthu.patrons.actions.resealing import Resealed, reseal
from tangthu.patrons.errors import CannotUnseal
from tangthu.patrons.models import Application, Patron
from tests.factories import PatronFactory
from tests.patrons.afar import NUMBER, begun

pytestmark = pytest.mark.django_db


def test_a_number_copied_to_another_reader_does_not_open(patron, administrator):
    set_citizen_number(patron, NUMBER, by=administrator)
    other = PatronFactory(library=patron.library)
    patron.refresh_from_db()

    Patron.objects.filter(pk=other.pk).update(citizen_number_sealed=patron.citizen_number_sealed)

    other.refresh_from_db()
    with pytest.raises(CannotUnseal):
        see_citizen_number(other, by=administrator)


def test_a_number_sealed_before_rows_were_bound_is_read_and_then_bound(patron, administrator):
    old = sealing.seal(NUMBER)
    Patron.objects.filter(pk=patron.pk).update(
        citizen_number_sealed=old, citizen_number_digest=sealing.digest(NUMBER)
    )
    patron.refresh_from_db()
    assert see_citizen_number(patron, by=administrator) == NUMBER

    assert reseal() == Resealed(done=1, newest=0, lost=0)

    patron.refresh_from_db()
    assert sealing.is_newest(bytes(patron.citizen_number_sealed), row=f"patron:{patron.pk}")
    assert reseal() == Resealed(done=0, newest=1, lost=0)


def test_after_resealing_the_former_key_can_go(patron, administrator, settings, capsys):
    set_citizen_number(patron, NUMBER, by=administrator)
    application, code = begun()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, just as long as the one before it"

    call_command("reseal")
    settings.SECRET_KEY_FALLBACKS = []

    assert capsys.readouterr().out == "sealed=2 newest=0 lost=0\n"
    patron.refresh_from_db()
    assert see_citizen_number(patron, by=administrator) == NUMBER
    assert Application.objects.by_code(code).get() == application
    application.refresh_from_db()
    assert code_of(application) == code


def test_a_lost_key_is_told_and_nothing_is_destroyed(patron, administrator, settings):
    set_citizen_number(patron, NUMBER, by=administrator)
    patron.refresh_from_db()
    before = bytes(patron.citizen_number_sealed)
    settings.SECRET_KEY = "another key, just as long as the one before it"

    with pytest.raises(CommandError):
        call_command("reseal")

    patron.refresh_from_db()
    assert bytes(patron.citizen_number_sealed) == before
