from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tangthu.access.authority import administrators
from tangthu.access.models import User
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory


def set_up(**values):
    out = StringIO()
    told = {"code": "DLK", "name": "Thư viện tỉnh Đắk Lắk", "admin": "Lan", **values}
    call_command("setup", stdout=out, **told)
    return out.getvalue()


def test_the_first_library_and_its_administrator_are_made(db):
    said = set_up()

    user = User.objects.get()
    library = Library.objects.get(code="DLK")
    assert said.splitlines()[0] == "user: lan"
    assert user.check_password(said.splitlines()[1].removeprefix("password: "))
    assert user.library == library
    assert library.parent.kind == "network"
    assert administrators() == {user.pk}
    assert set(PatronCategory.objects.values_list("code", flat=True)) == {
        "adult",
        "child",
        "student",
        "staff",
    }


def test_a_district_stands_alone(db):
    set_up(kind="district")

    assert Library.objects.get().parent is None
    assert administrators() == {User.objects.get().pk}


def test_it_is_refused_where_somebody_works_already(desk_user):
    with pytest.raises(CommandError, match="chỉ làm một lần"):
        set_up(code="NEW")

    assert User.objects.get() == desk_user
    assert not Library.objects.filter(code="NEW").exists()


def test_a_code_that_cannot_be_leaves_nothing_behind(db):
    with pytest.raises(CommandError):
        set_up(admin="không dấu")

    assert not Library.objects.exists()
    assert not User.objects.exists()
