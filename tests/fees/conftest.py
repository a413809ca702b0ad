"""Those who handle money: at the till, and in charge of it."""

from __future__ import annotations

import pytest
from django.test import Client

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.fees.models import CashDrawer, CashSession
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.models import Library
from tests.conftest import DESK, client_of
from tests.factories import UserFactory, grant
from tests.fees.money import open_session

TILL = (*DESK, FeesPermission.TAKE_MONEY, FeesPermission.CASH_DESK)


@pytest.fixture
def till_user(province: Library) -> User:
    user = UserFactory(username="till", name="Trần Thị Quầy", library=province)
    return grant(user, province, *TILL)


@pytest.fixture
def till(till_user: User) -> Actor:
    """Who takes money at the provincial library, and may neither waive nor reverse."""
    return actor_for(till_user, face=Face.STAFF)


@pytest.fixture
def chief_user(province: Library) -> User:
    user = UserFactory(username="chief", name="Lê Văn Phụ Trách", library=province)
    return grant(user, province, *DESK, *FeesPermission)


@pytest.fixture
def chief(chief_user: User) -> Actor:
    """Who is in charge of the money there."""
    return actor_for(chief_user, face=Face.STAFF)


@pytest.fixture
def drawer(province: Library) -> CashDrawer:
    return CashDrawer.objects.create(library=province, name="Quầy mượn trả")


@pytest.fixture
def session(drawer: CashDrawer, till_user: User) -> CashSession:
    """An open session of the till, with nothing in the drawer yet."""
    return open_session(drawer, till_user)


@pytest.fixture
def till_client(till_user: User) -> Client:
    return client_of(till_user)


@pytest.fixture
def chief_client(chief_user: User) -> Client:
    return client_of(chief_user)
