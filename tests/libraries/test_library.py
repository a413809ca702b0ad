from datetime import date, timedelta

import pytest
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tangthu.libraries.actions import (
    LibraryData,
    LocationData,
    add_location,
    change_library,
    change_location,
    create_library,
    dissolve_library,
    revive_library,
)
from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.models import Library, LibraryKind, Location, StackAccess
from tangthu.libraries.policy import LibraryKind as Kind
from tests.factories import LibraryFactory

pytestmark = pytest.mark.django_db


def ward(parent, **changes):
    return LibraryData(
        **{"code": "EAK", "name": "Thư viện Ea Kao", "kind": Kind.WARD, "parent": parent, **changes}
    )


def refused(deed):
    before = list(Library.objects.order_by("pk").values())
    entries = AuditEntry.objects.count()
    with pytest.raises(LibraryRefused) as refusal:
        deed()
    assert list(Library.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.count() == entries
    return refusal.value.field, refusal.value.data["fault"]


def test_a_library_is_founded_under_its_parent(province, administrator):
    library = create_library(ward(province, ward_code="24121"), by=administrator)

    library.refresh_from_db()
    assert library.path == f"{province.path}{library.pk}/"
    assert library.chain[1] == province.pk
    assert (library.kind, library.ward_code) == (LibraryKind.WARD, "24121")
    assert AuditEntry.objects.newest().first().action == "library.create"
    assert Change.objects.filter(kind="library", key=str(library.pk)).count() == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": Kind.PROVINCE}, ("parent", "parent_kind")),
        ({"code": "DLK"}, ("code", "taken")),
        ({"code": "thử xã"}, ("code", "not_plain")),
        ({"code": " "}, ("code", "blank")),
        ({"name": ""}, ("name", "blank")),
    ],
)
def test_a_library_that_may_not_be_is_refused_with_its_field(
    province, administrator, changes, fault
):
    assert refused(lambda: create_library(ward(province, **changes), by=administrator)) == fault


def test_a_tree_of_its_own_is_planted_by_the_machine_alone(administrator, machine):
    root = LibraryData(code="NEW", name="Mạng mới", kind=Kind.NETWORK)

    with pytest.raises(NotPermitted):
        create_library(root, by=administrator)

    assert create_library(root, by=machine).path.count("/") == 2


def test_a_stranger_founds_nothing_here(province, neighbour, desk):
    for actor in (neighbour, desk):
        with pytest.raises(NotPermitted):
            create_library(ward(province), by=actor)

    assert not Library.objects.filter(code="EAK").exists()


def test_a_moved_library_takes_everything_below_along(province, network, machine):
    district = create_library(
        ward(province, code="KRP", name="Huyện", kind=Kind.DISTRICT), by=machine
    )
    commune = create_library(ward(district), by=machine)
    room = create_library(ward(commune, code="R1", kind=Kind.BOOK_ROOM), by=machine)

    moved = change_library(commune, ward(province), by=machine)

    room.refresh_from_db()
    district.refresh_from_db()
    assert moved.path == f"{province.path}{commune.pk}/"
    assert room.path == f"{moved.path}{room.pk}/"
    assert district.path == f"{province.path}{district.pk}/"
    assert set(Library.objects.under(moved)) == {moved, room}


def test_a_library_does_not_move_below_itself(province, machine):
    district = create_library(ward(province, code="KRP", kind=Kind.DISTRICT), by=machine)
    commune = create_library(ward(district), by=machine)

    fault = refused(
        lambda: change_library(district, ward(commune, code="KRP", kind=Kind.DISTRICT), by=machine)
    )

    assert fault[0] == "parent"


def test_a_library_moves_only_to_where_one_may_manage(province, commune, network, desk):
    manager = Actor(
        face=desk.face,
        name="manager",
        user_id=desk.user_id,
        grants={permission: frozenset({commune.pk}) for permission in _manage()},
    )
    data = LibraryData(code=commune.code, name="Tên mới", kind=Kind.WARD, parent=network)

    assert change_library(commune, data, by=manager).name == "Tên mới"
    with pytest.raises(NotPermitted):
        change_library(
            commune,
            LibraryData(code=commune.code, name="x", kind=Kind.WARD, parent=province),
            by=manager,
        )


def _manage():
    from tangthu.libraries.permissions import LibrariesPermission

    return list(LibrariesPermission)


def test_a_dissolved_library_names_its_last_day_and_its_successor(province, machine):
    old = create_library(ward(province), by=machine)
    new = create_library(ward(province, code="BMT"), by=machine)

    dissolve_library(old, on=date(2025, 6, 30), successor=new, by=machine)

    old.refresh_from_db()
    assert (old.valid_to, old.successor) == (date(2025, 6, 30), new)
    assert not old.is_living(date(2025, 7, 1))
    assert AuditEntry.objects.newest().first().changes["valid_to"] == [None, "2025-06-30"]


def test_a_library_is_not_dissolved_over_the_heads_of_its_branches(province, machine):
    commune = create_library(ward(province), by=machine)
    create_library(ward(commune, code="R1", kind=Kind.BOOK_ROOM), by=machine)
    next_month = timezone.localdate() + timedelta(days=30)

    fault = refused(lambda: dissolve_library(commune, on=next_month, by=machine))

    assert fault == ("valid_to", "living_branches")


def test_a_successor_lives(province, machine):
    old, dead = (create_library(ward(province, code=code), by=machine) for code in ("OLD", "DEAD"))
    dissolve_library(dead, on=date(2025, 6, 30), by=machine)
    dead.refresh_from_db()

    fault = refused(lambda: dissolve_library(old, on=date(2025, 6, 30), successor=dead, by=machine))
    itself = refused(lambda: dissolve_library(old, on=date(2025, 6, 30), successor=old, by=machine))

    assert fault == ("successor", "successor_dissolved")
    assert itself == ("successor", "successor_cycle")


def test_an_end_entered_by_mistake_is_taken_back(province, machine):
    library = create_library(ward(province), by=machine)
    dissolve_library(library, on=date(2025, 6, 30), by=machine)

    revive_library(library, by=machine)

    library.refresh_from_db()
    assert library.valid_to is None


def test_a_stack_is_opened_changed_and_taken_out_of_use(province, administrator):
    location = add_location(province, LocationData(code="KM", name="Kho mượn"), by=administrator)

    changed = change_location(
        location,
        LocationData(
            code="KD", name="Kho đọc", access=StackAccess.CLOSED, on_site_only=True, is_active=False
        ),
        by=administrator,
    )

    changed.refresh_from_db()
    assert (changed.code, changed.access, changed.on_site_only, changed.is_active) == (
        "KD",
        "closed",
        True,
        False,
    )
    assert AuditEntry.objects.newest().first().changes["code"] == ["KM", "KD"]


def test_stacks_of_one_library_have_different_codes(province, commune, administrator, machine):
    add_location(province, LocationData(code="KM", name="Kho mượn"), by=administrator)

    fault = refused(
        lambda: add_location(province, LocationData(code="KM", name="Kho"), by=administrator)
    )

    assert fault == ("code", "taken")
    assert add_location(commune, LocationData(code="KM", name="Kho"), by=machine)
    assert Location.objects.filter(code="KM").count() == 2


def test_the_desk_opens_no_stack(province, desk):
    with pytest.raises(NotPermitted):
        add_location(province, LocationData(code="KM", name="Kho mượn"), by=desk)


def test_a_library_outside_the_tree_has_no_parent_there(machine):
    stranger = LibraryFactory(kind=LibraryKind.NETWORK)

    assert create_library(ward(stranger), by=machine).chain[1] == stranger.pk
