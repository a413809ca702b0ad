from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.community.permissions import CommunityPermission
from tangthu.core.actor import Actor, Face
from tangthu.libraries.models import Library
from tangthu.repository.actions import ObjectData, add_file, create_object, make_ready, publish
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.models import Collection, Recording
from tests.factories import UserFactory, grant
from tests.protocols.conftest import book, new_object, store
from tests.repository.sounds import sound

__all__ = ["book", "new_object", "store"]


@pytest.fixture
def teller_user(province: Library) -> User:
    user = UserFactory(username="teller", library=province)
    return grant(user, province, *CommunityPermission)


@pytest.fixture
def teller(teller_user: User) -> Actor:
    """Staff of the provincial library who compose exhibitions and podcasts."""
    return actor_for(teller_user, face=Face.STAFF)


@pytest.fixture
def voices(machine: Actor) -> Collection:
    return add_collection(CollectionData(code="tieng-noi", name="Tiếng nói"), by=machine)


@pytest.fixture
def tape(
    province: Library, machine: Actor, voices: Collection, tmp_path: Path
) -> Callable[..., Recording]:
    """Make published recordings that stand in the collection of voices."""

    def make(title: str = "Kể khan", **values: str) -> Recording:
        told = {"rights": "PDM", "access": "public", "kind": "audio"} | values
        data = ObjectData(title=title, collections=(voices,), **told)
        obj = create_object(data, library=province, by=machine)
        add_file(obj, sound(tmp_path, f"{obj.identifier}.mp3", seconds=1), by=machine)
        make_ready(obj, by=machine)
        publish(obj, by=machine)
        return obj.recordings.select_related("object", "source").get()

    return make
