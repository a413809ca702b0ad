from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.libraries.models import Library
from tangthu.repository.actions import ObjectData, create_object
from tangthu.repository.models import DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tests.factories import UserFactory, grant


@pytest.fixture(autouse=True)
def store(settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for each test, so that what one damages no other finds."""
    folder = tmp_path_factory.mktemp("store")
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


@pytest.fixture
def keeper_user(province: Library) -> User:
    user = UserFactory(username="digital", library=province)
    return grant(user, province, *RepositoryPermission)


@pytest.fixture
def keeper(keeper_user: User) -> Actor:
    """Staff of the provincial library who care for its digital objects."""
    return actor_for(keeper_user, face=Face.STAFF)


@pytest.fixture
def new_object(province: Library, keeper: Actor) -> Callable[..., DigitalObject]:
    """Make objects of the provincial library; what matters to a test is said by the test."""

    def make(title: str = "Địa chí Đắk Lắk", **values: object) -> DigitalObject:
        data = ObjectData(title=title, **({"rights": "PDM", "access": "public"} | values))
        return create_object(data, library=province, by=keeper)

    return make


@pytest.fixture
def draft(new_object: Callable[..., DigitalObject]) -> DigitalObject:
    return new_object()
