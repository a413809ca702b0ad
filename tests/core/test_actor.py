from __future__ import annotations

import pytest

from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import NOBODY, Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.permissions import every_permission

LEND = CirculationPermission.LEND
CLERK = Actor(face=Face.STAFF, name="Lan", user_id=1, grants={LEND: frozenset({5})})


def test_a_permission_holds_where_it_was_granted():
    assert CLERK.may(LEND, at=5)
    assert not CLERK.may(LEND, at=6)
    assert CLERK.may(LEND)


def test_a_permission_that_was_not_granted_holds_nowhere():
    with pytest.raises(NotPermitted) as refused:
        CLERK.require(CirculationPermission.OVERRIDE, at=5)

    assert refused.value.data == {"permission": "circulation.override", "library": 5}


def test_nobody_may_do_anything():
    assert not any(NOBODY.may(permission) for permission in every_permission())


def test_the_machine_may_do_everything():
    assert all(Actor.machine("job").may(permission, at=1) for permission in every_permission())


def test_permissions_have_codes_of_their_own_and_words():
    permissions = list(every_permission())

    assert len({str(permission) for permission in permissions}) == len(permissions)
    assert all(str(permission.label) for permission in permissions)
