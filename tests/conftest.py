"""The cast: libraries of a small network, and the people of its tests, by role."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as examples
from playwright.sync_api import Browser, sync_playwright

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.access.permissions import AccessPermission
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor, Face
from tangthu.core.permissions import every_permission
from tangthu.libraries.models import Library, LibraryKind
from tangthu.patrons import sessions
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission
from tests.factories import LibraryFactory, PatronFactory, UserFactory, grant, lending_rules

# Laws are judged by what they find, not by how busy the machine is.
examples.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip(f"the real records are not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all journeys: a process may hold Playwright only once."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("chromium is not installed")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # It keeps a loop running in this thread, beside which tests ask the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def network(db: None) -> Library:
    return LibraryFactory(code="NET", name="Mạng lưới thư viện", kind=LibraryKind.NETWORK)


@pytest.fixture
def province(network: Library) -> Library:
    """The provincial library, with rules that lend three books for fourteen days."""
    library = LibraryFactory(
        code="DLK", name="Thư viện tỉnh", kind=LibraryKind.PROVINCE, parent=network
    )
    lending_rules(library, max_loans=3, loan_length=14, renewals=1)
    return library


@pytest.fixture
def commune(network: Library) -> Library:
    """Another library, outside the province's branch of the tree."""
    library = LibraryFactory(code="EAKAO", name="Thư viện phường Ea Kao", parent=network)
    lending_rules(library, max_loans=2, loan_length=7, renewals=1)
    return library


DESK = (
    CirculationPermission.LEND,
    CirculationPermission.OVERRIDE,
    PatronsPermission.SEE_PATRONS,
    PatronsPermission.EDIT_PATRONS,
)


@pytest.fixture
def desk_user(province: Library) -> User:
    return grant(UserFactory(username="desk", library=province), province, *DESK)


@pytest.fixture
def desk(desk_user: User) -> Actor:
    """Staff at the desk of the provincial library."""
    return actor_for(desk_user, face=Face.STAFF)


@pytest.fixture
def cataloguer_user(province: Library) -> User:
    user = UserFactory(username="cataloguer", library=province)
    return grant(user, province, *CataloguePermission)


@pytest.fixture
def cataloguer(cataloguer_user: User) -> Actor:
    return actor_for(cataloguer_user, face=Face.STAFF)


@pytest.fixture
def administrator_user(province: Library, network: Library) -> User:
    return grant(UserFactory(username="admin", library=province), network, *every_permission())


@pytest.fixture
def administrator(administrator_user: User) -> Actor:
    """The administrator of the whole network."""
    return actor_for(administrator_user, face=Face.STAFF)


@pytest.fixture
def neighbour_user(commune: Library) -> User:
    """Staff of another library, with every permission there and none here."""
    user = UserFactory(username="neighbour", library=commune)
    return grant(user, commune, *DESK, *CataloguePermission, AccessPermission.MANAGE_USERS)


@pytest.fixture
def neighbour(neighbour_user: User) -> Actor:
    return actor_for(neighbour_user, face=Face.STAFF)


@pytest.fixture
def machine() -> Actor:
    return Actor.machine("test")


@pytest.fixture
def patron(province: Library) -> Patron:
    return PatronFactory(library=province)


@pytest.fixture
def foreign_patron(commune: Library) -> Patron:
    """A patron of the other library."""
    return PatronFactory(library=commune, name="Y Ƀlŭl Niê Blô")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.BaseBackend")
    return client


def client_of_reader(patron: Patron) -> Client:
    """Return a browser in which the reader is logged in."""
    client = Client()
    request = HttpRequest()
    request.session = client.session
    sessions.begin(request, patron)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


@pytest.fixture
def reader_client(patron: Patron) -> Client:
    return client_of_reader(patron)


@pytest.fixture
def desk_client(desk_user: User) -> Client:
    return client_of(desk_user)


@pytest.fixture
def cataloguer_client(cataloguer_user: User) -> Client:
    return client_of(cataloguer_user)


@pytest.fixture
def administrator_client(administrator_user: User) -> Client:
    return client_of(administrator_user)


@pytest.fixture
def neighbour_client(neighbour_user: User) -> Client:
    return client_of(neighbour_user)
