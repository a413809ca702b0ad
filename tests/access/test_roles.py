import pytest

from tangthu.access import actions
from tangthu.access.actions import RoleData
from tangthu.access.errors import (
    CannotGive,
    LastAdministrator,
    RoleCodeTaken,
    RoleFixed,
    RoleInUse,
    UnknownPermission,
)
from tangthu.access.grants import actor_for, grants_of, permissions_of
from tangthu.access.models import Role, RoleGrant
from tangthu.access.permissions import AccessPermission
from tangthu.core.actor import Face
from tangthu.core.errors import NotPermitted
from tangthu.core.permissions import every_permission
from tests.factories import UserFactory, grant


def data(*permissions, code="reading-room", name="Phòng đọc"):
    return RoleData(code=code, name=name, permissions=frozenset(permissions))


@pytest.fixture
def definer(province, network):
    """Who defines roles for the whole network, but may not see citizen numbers."""
    user = grant(
        UserFactory(library=province), network, AccessPermission.MANAGE_ROLES, "patrons.see"
    )
    return actor_for(user, face=Face.STAFF)


def test_the_default_roles_name_only_rights_that_exist(machine, network):
    roles = actions.create_default_roles(by=machine)

    known = {str(permission) for permission in every_permission()}
    assert list(roles) == [
        "network-administrator",
        "librarian-in-charge",
        "desk",
        "cataloguer",
        "keeper",
    ]
    for role in roles.values():
        assert set(role.permissions) <= known
    assert permissions_of(roles["network-administrator"]) == frozenset(every_permission())
    assert permissions_of(roles["desk"]) < permissions_of(roles["librarian-in-charge"])


def test_making_the_default_roles_again_changes_nothing(machine, network):
    roles = actions.create_default_roles(by=machine)
    actions.change_role(roles["desk"], data("patrons.see", code="desk", name="Quầy"), by=machine)

    again = actions.create_default_roles(by=machine)

    assert Role.objects.count() == 5
    assert again["desk"].permissions == ["patrons.see"]


def test_a_changed_role_changes_what_its_holders_may(definer, network):
    role = actions.create_role(data("patrons.see"), by=definer)
    user = UserFactory(library=network)
    RoleGrant.objects.create(user=user, role=role, library=network)

    actions.change_role(role, data(), by=definer)

    assert grants_of(user) == {}


def test_nobody_puts_into_a_role_what_they_do_not_hold(definer):
    with pytest.raises(CannotGive):
        actions.create_role(data("patrons.see", "patrons.citizen_number"), by=definer)

    assert not Role.objects.filter(code="reading-room").exists()


def test_nobody_takes_out_of_a_role_what_they_do_not_hold(definer, machine):
    role = actions.create_role(data("patrons.citizen_number"), by=machine)

    with pytest.raises(CannotGive):
        actions.change_role(role, data("patrons.see"), by=definer)

    role.refresh_from_db()
    assert role.permissions == ["patrons.citizen_number"]


def test_roles_are_defined_for_the_network_not_by_one_library(province):
    user = grant(UserFactory(library=province), province)
    only_there = actor_for(user, face=Face.STAFF)

    with pytest.raises(NotPermitted):
        actions.create_role(data("patrons.see"), by=only_there)


def test_a_role_is_not_changed_so_that_nobody_administers(administrator_user, machine):
    role = administrator_user.grants.get().role

    with pytest.raises(LastAdministrator):
        actions.change_role(role, data("patrons.see", code=role.code), by=machine)

    assert permissions_of(Role.objects.get(pk=role.pk)) == frozenset(every_permission())


def test_the_role_with_everything_is_fixed(machine, network):
    role = actions.create_default_roles(by=machine)["network-administrator"]

    with pytest.raises(RoleFixed):
        actions.change_role(role, data("patrons.see"), by=machine)
    with pytest.raises(RoleFixed):
        actions.remove_role(role, by=machine)

    assert Role.objects.get(pk=role.pk).everything


def test_a_role_goes_only_when_nobody_holds_it(machine, network):
    role = actions.create_role(data("patrons.see"), by=machine)
    held = RoleGrant.objects.create(user=UserFactory(library=network), role=role, library=network)

    with pytest.raises(RoleInUse):
        actions.remove_role(role, by=machine)
    held.delete()
    actions.remove_role(role, by=machine)

    assert not Role.objects.filter(code="reading-room").exists()


def test_codes_are_unique_and_rights_known(machine, network):
    actions.create_role(data("patrons.see"), by=machine)

    with pytest.raises(RoleCodeTaken):
        actions.create_role(data("patrons.see"), by=machine)
    with pytest.raises(UnknownPermission):
        actions.create_role(data("patrons.fly", code="flyers"), by=machine)

    assert Role.objects.count() == 1
