from __future__ import annotations

import pytest

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.libraries.models import Library
from tests.factories import UserFactory, grant
from tests.protocols.conftest import book, new_object, store

__all__ = ["book", "new_object", "store"]


@pytest.fixture
def corrector_user(province: Library) -> User:
    user = UserFactory(username="corrector", name="Chị Hai", library=province)
    return grant(user, province, DigitisationPermission.CORRECT)


@pytest.fixture
def corrector(corrector_user: User) -> Actor:
    """Staff of the provincial library who correct text and decide on volunteers' work."""
    return actor_for(corrector_user, face=Face.STAFF)


@pytest.fixture
def second_corrector(province: Library) -> Actor:
    user = UserFactory(username="corrector2", name="Anh Ba", library=province)
    grant(user, province, DigitisationPermission.CORRECT)
    return actor_for(user, face=Face.STAFF)
