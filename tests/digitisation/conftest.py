"""A project of the provincial library, its documents, and the people who take them through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor, Face
from tangthu.digitisation.actions.projects import ProjectData, add_batch, plan_project
from tangthu.digitisation.choosing import by_numbers
from tangthu.digitisation.models import Capture, Project
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.stages import usual_stages
from tangthu.libraries.models import Library
from tangthu.repository.permissions import RepositoryPermission
from tests.factories import ItemFactory, UserFactory, grant


@pytest.fixture
def store(settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for each test."""
    folder = tmp_path_factory.mktemp("store")
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


def staff(name: str, library: Library, *permissions: str) -> User:
    return grant(UserFactory(username=name, name=name, library=library), library, *permissions)


def acting(user: User) -> Actor:
    return actor_for(user, face=Face.STAFF)


@pytest.fixture
def planner_user(province: Library) -> User:
    return staff("planner", province, *DigitisationPermission, *RepositoryPermission)


@pytest.fixture
def planner(planner_user: User) -> Actor:
    """Who plans the project, and may do each of its stages."""
    return acting(planner_user)


@pytest.fixture
def scanner_user(province: Library) -> User:
    permissions = (DigitisationPermission.WORK, RepositoryPermission.EDIT_OBJECTS)
    return staff("scanner", province, *permissions)


@pytest.fixture
def scanner(scanner_user: User) -> Actor:
    """Who fetches and scans, and publishes nothing."""
    return acting(scanner_user)


@pytest.fixture
def project(province: Library, planner: Actor) -> Project:
    data = ProjectData(code="DC26", name="Số hoá địa chí 2026", rights="PDM", access="public")
    return plan_project(data, usual_stages(), library=province, by=planner)


@pytest.fixture
def new_capture(project: Project, planner: Actor) -> Callable[..., Capture]:
    """Choose a copy of the provincial library, or another, for the project."""

    def make(item: Item | None = None) -> Capture:
        item = item or ItemFactory(library=project.library)
        made = add_batch(project, by_numbers([item.barcode], project), by=planner)
        return made.captures[0]

    return make


@pytest.fixture
def capture(new_capture: Callable[..., Capture]) -> Capture:
    return new_capture()
