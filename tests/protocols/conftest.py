from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject
from tests.protocols.making import keep_object


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for each test."""
    folder = tmp_path_factory.mktemp("store")
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


@pytest.fixture
def new_object(province: Library) -> Callable[..., DigitalObject]:
    """Keep published objects of the provincial library, with pages that can be shown."""
    return lambda **values: keep_object(province, **values)


@pytest.fixture
def book(new_object: Callable[..., DigitalObject]) -> DigitalObject:
    """Three pages that are open to all."""
    return new_object()
