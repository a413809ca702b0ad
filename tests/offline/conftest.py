"""The staff of an offline desk."""

from __future__ import annotations

import pytest

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.libraries.models import Library
from tangthu.offline.permissions import OfflinePermission
from tests.factories import grant
from tests.offline.desk import OfflineDesk


@pytest.fixture
def offline_user(desk_user: User, province: Library) -> User:
    """Staff at the desk who may also work at it without a line."""
    return grant(desk_user, province, *OfflinePermission)


@pytest.fixture
def staff(offline_user: User) -> Actor:
    return actor_for(offline_user, face=Face.STAFF)


@pytest.fixture
def away(province: Library, staff: Actor) -> OfflineDesk:
    """A desk of the provincial library that has been without a line for eight hours."""
    return OfflineDesk.at(province, by=staff)
