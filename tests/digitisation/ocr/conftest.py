from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.libraries.models import Library
from tangthu.repository.actions import ObjectData, add_page_images, create_object, make_ready
from tangthu.repository.models import DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tests.digitisation.ocr.writing import scan
from tests.factories import UserFactory, grant


@pytest.fixture(autouse=True)
def store(settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for each test."""
    folder = tmp_path_factory.mktemp("store")
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


@pytest.fixture
def keeper_user(province: Library) -> User:
    user = UserFactory(username="reader-of-pages", library=province)
    return grant(user, province, *RepositoryPermission, DigitisationPermission.RECOGNISE)


@pytest.fixture
def keeper(keeper_user: User) -> Actor:
    """Staff who care for the digital objects, and may have text recognised."""
    return actor_for(keeper_user, face=Face.STAFF)


@pytest.fixture
def new_object(province: Library, keeper: Actor) -> Callable[..., DigitalObject]:
    def make(title: str = "Địa chí Đắk Lắk", **values: object) -> DigitalObject:
        given = {"rights": "PDM", "access": "public", "languages": "vie"} | values
        return create_object(ObjectData(title=title, **given), library=province, by=keeper)

    return make


@pytest.fixture
def draft(new_object: Callable[..., DigitalObject]) -> DigitalObject:
    return new_object()


@pytest.fixture
def scanned(draft: DigitalObject, keeper: Actor, tmp_path: Path) -> Callable[..., DigitalObject]:
    """Give the draft pages with these lines on them, drawn and ready."""

    def make(*lines: str, turned: float = 0.0) -> DigitalObject:
        numbered = enumerate(lines, 1)
        files = [scan(tmp_path, line, number=at, turned=turned) for at, line in numbered]
        add_page_images(draft, files, by=keeper)
        make_ready(draft, by=keeper)
        return draft

    return make
