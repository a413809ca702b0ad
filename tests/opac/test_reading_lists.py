import pytest

from tangthu.core.errors import NotPermitted
from tangthu.opac import actions, policy
from tangthu.opac.errors import NameMissing, NameTaken, TooMany
from tangthu.opac.models import ListEntry, ReadingList
from tangthu.patrons.actions import actor_for
from tests.factories import RecordFactory
from tests.support.threads import at_once


@pytest.fixture
def reader(patron):
    return actor_for(patron)


@pytest.fixture
def other(foreign_patron):
    return actor_for(foreign_patron)


@pytest.fixture
def wanted(reader):
    return actions.create_list("  Muốn   đọc ", by=reader)


def test_a_list_has_a_name_and_belongs_to_its_reader(wanted, patron):
    assert (wanted.name, wanted.patron, wanted.secret) == ("Muốn đọc", patron, None)


@pytest.mark.parametrize(("name", "refusal"), [("  ", NameMissing), ("Muốn đọc", NameTaken)])
def test_a_name_that_cannot_be_makes_no_list(wanted, reader, name, refusal):
    with pytest.raises(refusal):
        actions.create_list(name, by=reader)

    assert ReadingList.objects.get() == wanted


def test_another_reader_may_use_the_same_name(wanted, other):
    assert actions.create_list("Muốn đọc", by=other) != wanted


@pytest.mark.parametrize("name", ["Đã đọc", "Muốn đọc"])
def test_a_list_is_renamed(wanted, reader, name):
    assert actions.rename_list(wanted, name, by=reader).name == name


def test_a_record_stands_on_a_list_once(wanted, reader, province):
    record = RecordFactory(library=province)

    added = [actions.add_to_list(wanted, record, by=reader) for _ in range(2)]

    assert added == [True, False]
    assert ListEntry.objects.get().record == record


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_add_it_once(wanted, reader, province):
    record = RecordFactory(library=province)

    answers = at_once(*[lambda: actions.add_to_list(wanted, record, by=reader)] * 4)

    assert sorted(answers) == [False, False, False, True]


def test_a_list_is_full_at_its_limit(wanted, reader, province, monkeypatch):
    monkeypatch.setattr(policy, "MOST_ENTRIES", 1)
    actions.add_to_list(wanted, RecordFactory(library=province), by=reader)

    with pytest.raises(TooMany):
        actions.add_to_list(wanted, RecordFactory(library=province), by=reader)

    assert ListEntry.objects.count() == 1


def test_a_reader_has_so_many_lists(wanted, reader, monkeypatch):
    monkeypatch.setattr(policy, "MOST_LISTS", 1)

    with pytest.raises(TooMany):
        actions.create_list("Đã đọc", by=reader)


def test_a_record_is_taken_off(wanted, reader, province):
    record = RecordFactory(library=province)
    actions.add_to_list(wanted, record, by=reader)

    actions.remove_from_list(wanted, record.pk, by=reader)

    assert not ListEntry.objects.exists()


def test_a_shared_list_keeps_its_link_until_it_is_taken_back(wanted, reader):
    first = actions.share_list(wanted, by=reader)
    again = actions.share_list(wanted, by=reader)
    actions.stop_sharing(wanted, by=reader)
    later = actions.share_list(wanted, by=reader)

    assert first == again != later
    assert len(first) == 32


def test_nobody_touches_the_list_of_another(wanted, other, desk, province):
    record = RecordFactory(library=province)
    for stranger in (other, desk):
        for deed in (
            lambda by: actions.add_to_list(wanted, record, by=by),
            lambda by: actions.rename_list(wanted, "x", by=by),
            lambda by: actions.remove_from_list(wanted, record.pk, by=by),
            lambda by: actions.share_list(wanted, by=by),
            lambda by: actions.stop_sharing(wanted, by=by),
            lambda by: actions.remove_list(wanted, by=by),
        ):
            with pytest.raises(NotPermitted):
                deed(stranger)

    wanted.refresh_from_db()
    assert (wanted.name, wanted.secret) == ("Muốn đọc", None)


def test_staff_make_no_lists_and_see_none(wanted, desk, administrator, reader):
    with pytest.raises(NotPermitted):
        actions.create_list("Muốn đọc", by=desk)

    assert not ReadingList.objects.visible_to(administrator).exists()
    assert ReadingList.objects.visible_to(reader).get() == wanted


def test_a_list_goes_with_all_that_is_on_it(wanted, reader, province):
    actions.add_to_list(wanted, RecordFactory(library=province), by=reader)

    actions.remove_list(wanted, by=reader)

    assert not ReadingList.objects.exists()
    assert not ListEntry.objects.exists()
