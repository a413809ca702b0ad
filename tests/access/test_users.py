import pytest

from tangthu.access import actions
from tangthu.access.actions import UserData
from tangthu.access.errors import (
    AboveYou,
    AlreadyGranted,
    CannotGive,
    LastAdministrator,
    NotYourself,
    UsernameInvalid,
    UsernameTaken,
)
from tangthu.access.grants import actor_for, grants_of
from tangthu.access.models import RoleGrant, User
from tangthu.access.permissions import AccessPermission
from tangthu.access.tokens import actor_of_token
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.patrons.permissions import PatronsPermission
from tests.factories import UserFactory, grant
from tests.support.threads import at_once


@pytest.fixture
def in_charge_user(province):
    """Who administers the users of the provincial library, and may lend there."""
    user = UserFactory(username="truong", library=province)
    return grant(user, province, AccessPermission.MANAGE_USERS, CirculationPermission.LEND)


@pytest.fixture
def in_charge(in_charge_user):
    return actor_for(in_charge_user, face=Face.STAFF)


@pytest.fixture
def roles(machine, network):
    return actions.create_default_roles(by=machine)


def data(library, username="lan.nguyen", **others):
    return UserData(username=username, name="Nguyễn  Thị Lan", library=library, **others)


def test_a_new_user_gets_a_first_password_that_must_be_changed(province, in_charge):
    user, first = actions.create_user(data(province, username=" Lan.Nguyen "), by=in_charge)

    assert user.username == "lan.nguyen"
    assert user.name == "Nguyễn Thị Lan"
    assert user.check_password(first)
    assert user.must_change_password
    assert len(first) == 14


def test_no_password_reaches_the_audit_log(province, in_charge):
    user, first = actions.create_user(data(province), by=in_charge)
    actions.reset_password(user, by=in_charge)

    kept = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert first not in kept
    assert user.password not in kept


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("truong", UsernameTaken), ("TRUONG", UsernameTaken), ("lân", UsernameInvalid)],
)
def test_a_user_name_that_cannot_be_makes_no_user(province, in_charge, username, refusal):
    with pytest.raises(refusal):
        actions.create_user(data(province, username=username), by=in_charge)

    assert User.objects.count() == 1


def test_nobody_makes_users_of_another_library(province, commune, in_charge, neighbour):
    with pytest.raises(NotPermitted):
        actions.create_user(data(commune), by=in_charge)
    with pytest.raises(NotPermitted):
        actions.create_user(data(province), by=neighbour)

    assert not User.objects.filter(username="lan.nguyen").exists()


def test_a_user_moves_only_between_libraries_of_one_administrator(
    province, commune, desk_user, in_charge, administrator
):
    moved = data(commune, username="desk")
    desk_user.grants.all().delete()

    with pytest.raises(NotPermitted):
        actions.change_user(desk_user, moved, by=in_charge)
    assert actions.change_user(desk_user, moved, by=administrator).library == commune


def test_nobody_changes_a_user_who_holds_more(desk_user, administrator_user, in_charge):
    # `desk` sees patrons, which `in_charge` may not; `admin` may everything.
    for user in (desk_user, administrator_user):
        for deed in (
            lambda user=user: actions.bar_user(user, by=in_charge),
            lambda user=user: actions.reset_password(user, by=in_charge),
            lambda user=user: actions.unlock_user(user, by=in_charge),
            lambda user=user: actions.change_user(user, data(user.library), by=in_charge),
            lambda user=user: actions.revoke_role(user.grants.get(), by=in_charge),
        ):
            with pytest.raises(AboveYou):
                deed()

    assert User.objects.filter(is_active=True).count() == 3
    assert RoleGrant.objects.count() == 3


def test_a_role_is_given_and_holds_below(province, network, administrator, roles):
    user = UserFactory(library=province)

    actions.grant_role(user, roles["desk"], network, by=administrator)

    assert grants_of(user)[CirculationPermission.LEND] == {network.pk, province.pk}


def test_nobody_gives_what_they_do_not_hold(province, in_charge, roles):
    user = UserFactory(library=province)

    for code in ("desk", "network-administrator"):
        with pytest.raises(CannotGive):
            actions.grant_role(user, roles[code], province, by=in_charge)

    assert not user.grants.exists()


def test_nobody_gives_themselves_more(province, in_charge, in_charge_user, roles):
    with pytest.raises(CannotGive):
        actions.grant_role(in_charge_user, roles["network-administrator"], province, by=in_charge)

    assert in_charge_user.grants.count() == 1


def test_nobody_gives_outside_their_tree(network, province, commune, in_charge, machine):
    lenders = actions.create_role(
        actions.RoleData(
            code="lenders", name="Cho mượn", permissions=frozenset({"circulation.lend"})
        ),
        by=machine,
    )
    user = UserFactory(library=province)

    for library in (network, commune):
        with pytest.raises(NotPermitted):
            actions.grant_role(user, lenders, library, by=in_charge)
    actions.grant_role(user, lenders, province, by=in_charge)

    assert user.grants.get().library == province


def test_a_role_is_held_once_at_a_library(province, administrator, roles):
    user = UserFactory(library=province)
    actions.grant_role(user, roles["desk"], province, by=administrator)

    with pytest.raises(AlreadyGranted):
        actions.grant_role(user, roles["desk"], province, by=administrator)

    assert user.grants.count() == 1


def test_the_last_administrator_stays(administrator_user, administrator, machine):
    with pytest.raises(LastAdministrator):
        actions.revoke_role(administrator_user.grants.get(), by=administrator)
    with pytest.raises(LastAdministrator):
        actions.bar_user(administrator_user, by=machine)

    administrator_user.refresh_from_db()
    assert administrator_user.is_active
    assert administrator_user.grants.count() == 1


def test_one_of_two_administrators_may_go(administrator_user, administrator, network, machine):
    other = grant(UserFactory(library=network), network)

    actions.bar_user(other, by=administrator)

    other.refresh_from_db()
    assert not other.is_active


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_bar_each_other_in_one_instant(
    administrator_user, administrator, network
):
    other_user = grant(UserFactory(library=network), network)
    other = actor_for(other_user, face=Face.STAFF)

    answers = at_once(
        lambda: actions.bar_user(other_user, by=administrator),
        lambda: actions.bar_user(administrator_user, by=other),
    )

    assert [type(answer) for answer in answers if answer is not None] == [LastAdministrator]
    assert User.objects.filter(is_active=True).count() == 1


def test_a_barred_user_is_out_at_once_and_may_be_readmitted(desk_user, administrator):
    actions.begin_session(desk_user, session_key="here", address=None, browser="")
    _, plain = actions.issue_token(desk_user, "máy quầy", by=actor_for(desk_user, face=Face.STAFF))

    actions.bar_user(desk_user, by=administrator)

    assert not desk_user.staff_sessions.exists()
    assert actor_of_token(plain) is None

    actions.readmit_user(desk_user, by=administrator)

    assert actor_of_token(plain) is not None


def test_nobody_bars_themselves_or_resets_their_own_password(in_charge_user, in_charge):
    with pytest.raises(NotYourself):
        actions.bar_user(in_charge_user, by=in_charge)
    with pytest.raises(NotYourself):
        actions.reset_password(in_charge_user, by=in_charge)


def test_a_reset_password_ends_what_is_open(cataloguer_user, administrator):
    actions.begin_session(cataloguer_user, session_key="here", address=None, browser="")
    _, plain = actions.issue_token(cataloguer_user, "máy quét", by=Actor.machine("test"))
    assert actor_of_token(plain) is not None

    first = actions.reset_password(cataloguer_user, by=administrator)

    cataloguer_user.refresh_from_db()
    assert cataloguer_user.check_password(first)
    assert cataloguer_user.must_change_password
    assert not cataloguer_user.staff_sessions.exists()
    assert actor_of_token(plain) is None


def test_people_are_found_without_marks_in_their_names(province, commune, neighbour_user):
    lan = UserFactory(username="lan", name="Nguyễn Thị Lân", library=province)

    assert list(User.objects.get_queryset().matching("nguyen thi lan").filter(pk=lan.pk)) == [lan]
    assert not User.objects.get_queryset().matching("nobody").exists()


def test_only_the_staff_of_ones_libraries_are_visible(
    desk_user, neighbour_user, neighbour, in_charge, in_charge_user
):
    assert set(User.objects.visible_to(neighbour)) == {neighbour_user}
    assert set(User.objects.visible_to(in_charge)) == {desk_user, in_charge_user}


def test_seeing_patrons_gives_no_sight_of_staff(desk, desk_user, in_charge_user):
    assert PatronsPermission.SEE_PATRONS in desk.grants
    assert list(User.objects.visible_to(desk)) == [desk_user]
