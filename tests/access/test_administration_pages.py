import pytest
from django.urls import reverse

from tangthu.access import actions
from tangthu.access.models import Role, User
from tangthu.core.models import AuditEntry
from tests.factories import UserFactory


@pytest.fixture
def roles(machine, network):
    return actions.create_default_roles(by=machine)


def new_user(library, role=None, **others):
    told = {"name": "Nguyễn Thị Lan", "username": "lan", "library": library.pk}
    return {**told, **({"role": role.pk} if role else {}), **others}


def test_a_user_is_made_with_a_role_and_the_password_shown(administrator_client, province, roles):
    response = administrator_client.post(
        reverse("staff_users:new_user"), new_user(province, roles["desk"])
    )

    user = User.objects.get(username="lan")
    shown = response.content.decode().split('id="first-password">')[1].split("<")[0].strip()
    assert user.check_password(shown)
    assert user.grants.get().role == roles["desk"]
    assert "no-store" in response["Cache-Control"]


def test_a_name_that_is_taken_is_said_at_its_field(administrator_client, province, desk_user):
    response = administrator_client.post(
        reverse("staff_users:new_user"), new_user(province, username="desk")
    )

    assert response.status_code == 422
    assert response.context["form"].errors["username"]


def test_no_user_is_made_with_a_role_that_may_not_be_given(neighbour_client, commune, roles):
    response = neighbour_client.post(
        reverse("staff_users:new_user"), new_user(commune, roles["network-administrator"])
    )

    assert response.status_code == 422
    assert not User.objects.filter(username="lan").exists()


def test_the_staff_of_another_library_are_not_there(neighbour_client, neighbour_user, desk_user):
    page = neighbour_client.get(reverse("staff_users:users"))

    assert list(page.context["page"].object_list) == [neighbour_user]
    for name in ("user", "edit_user"):
        url = reverse(f"staff_users:{name}", args=[desk_user.pk])
        assert neighbour_client.get(url).status_code == 404
    for name in ("bar", "readmit", "unlock", "reset_password", "end_sessions", "grant"):
        url = reverse(f"staff_users:{name}", args=[desk_user.pk])
        assert neighbour_client.post(url).status_code == 404
    desk_user.refresh_from_db()
    assert desk_user.is_active


@pytest.mark.parametrize("name", ["users", "new_user", "roles", "new_role", "audit"])
def test_staff_without_the_right_are_turned_away(desk_client, name):
    assert desk_client.get(reverse(f"staff_users:{name}")).status_code == 403


def test_the_list_is_narrowed(administrator_client, province, commune, desk_user, machine):
    UserFactory(username="an", name="Trần Thị Ân", library=commune)
    actions.bar_user(desk_user, by=machine)

    def names(**wanted):
        page = administrator_client.get(reverse("staff_users:users"), wanted)
        return [user.username for user in page.context["page"].object_list]

    assert names(q="tran thi an") == ["an"]
    assert names(library=commune.pk) == ["an"]
    assert names(state="barred") == ["desk"]
    assert names(q="\x00") == ["admin", "desk", "an"]


def test_the_list_costs_the_same_queries_for_many(
    administrator_client, province, roles, machine, django_assert_max_num_queries
):
    for number in range(30):
        user = UserFactory(username=f"u{number}", library=province)
        actions.grant_role(user, roles["desk"], province, by=machine)

    with django_assert_max_num_queries(14):
        administrator_client.get(reverse("staff_users:users"))


def test_a_user_is_barred_and_readmitted(administrator_client, desk_user):
    page = reverse("staff_users:user", args=[desk_user.pk])

    administrator_client.post(reverse("staff_users:bar", args=[desk_user.pk]))
    assert "Mở lại tài khoản" in administrator_client.get(page).content.decode()
    administrator_client.post(reverse("staff_users:readmit", args=[desk_user.pk]))

    desk_user.refresh_from_db()
    assert desk_user.is_active


def test_the_last_administrator_is_kept_in_plain_words(administrator_client, administrator_user):
    grant = administrator_user.grants.get()
    url = reverse("staff_users:revoke", args=[administrator_user.pk, grant.pk])

    response = administrator_client.post(url)

    assert response.status_code == 409
    assert "quản trị mạng lưới cuối cùng" in response.content.decode()
    assert administrator_user.grants.get() == grant


def test_a_role_is_made_by_ticking_rights(administrator_client):
    told = {"name": "Phòng đọc", "code": "phong-doc", "permissions": ["patrons.see"]}

    response = administrator_client.post(reverse("staff_users:new_role"), told)

    assert response.status_code == 302
    assert Role.objects.get(code="phong-doc").permissions == ["patrons.see"]
    page = administrator_client.get(
        reverse("staff_users:role", args=[Role.objects.get(code="phong-doc").pk])
    )
    assert 'value="patrons.see" checked' in " ".join(page.content.decode().split())


def entry(library_id, action="patron.changed", **values):
    return AuditEntry.objects.create(
        at="2026-03-02T03:00:00Z",
        actor=values.pop("actor", "Lan"),
        face="staff",
        library_id=library_id,
        action=action,
        object_kind=values.pop("kind", "patron"),
        object_key=values.pop("key", "1"),
        **values,
    )


def test_the_log_shows_what_happened_at_ones_libraries(
    administrator_client, neighbour_user, neighbour_client, province, commune, network
):
    AuditEntry.objects.all().delete()
    here, there = entry(province.pk), entry(commune.pk)
    nowhere = entry(None, action="role.changed", kind="role")

    page = administrator_client.get(reverse("staff_users:audit"))

    assert [line.entry for line in page.context["lines"]] == [nowhere, there, here]
    assert neighbour_client.get(reverse("staff_users:audit")).status_code == 403


def test_the_log_is_narrowed_and_paged(administrator_client, province):
    AuditEntry.objects.all().delete()
    rows = [entry(province.pk, key=str(number), changes={"a": [1, 2]}) for number in range(60)]
    other = entry(province.pk, actor="Hoa", kind="user")

    def lines(**wanted):
        return administrator_client.get(reverse("staff_users:audit"), wanted).context

    assert [line.entry for line in lines(who="hoa")["lines"]] == [other]
    assert [line.entry for line in lines(kind="patron", key="7")["lines"]] == [rows[7]]
    assert len(lines(since="02/03/2026", until="02/03/2026")["lines"]) == 50
    assert lines(since="03/03/2026")["lines"] == []
    first = lines(kind="patron")
    assert len(first["lines"]) == 50
    second = administrator_client.get(reverse("staff_users:audit") + first["older_url"])
    assert [line.entry for line in second.context["lines"]] == rows[9::-1]


@pytest.mark.parametrize("wanted", [{"since": "01/01/0001"}, {"until": "31/12/9999"}])
def test_a_day_at_the_end_of_time_does_not_break_the_log(administrator_client, wanted):
    page = administrator_client.get(reverse("staff_users:audit"), wanted)

    assert page.status_code == 200
    assert list(page.context["form"].errors) == list(wanted)
