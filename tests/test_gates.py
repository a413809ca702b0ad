"""Every page says who may open it, and holds to it: a walk over the URL configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tangthu.access.models import User
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.site.api import api
from tangthu.ui.readers import READERS
from tangthu.ui.staff import ANY_STAFF, PUBLIC
from tests.conftest import client_of, client_of_reader
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
SHUT = {403, 404, 405}


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the site, and the view behind it."""

    name: str
    route: str
    view: Callable[..., object]

    @property
    def opens_to(self) -> object:
        return getattr(self.view, "opens_to", None)

    @property
    def path(self) -> str:
        return self.path_with({})

    def path_with(self, values: Mapping[str, object]) -> str:
        """Return the address with these values, and plausible ones for the rest."""

        def value(match: re.Match[str]) -> str:
            kind, _, name = match.group(1).rpartition(":")
            return str(values.get(name, SAMPLES[kind or "str"]))

        return re.sub(r"<([^>]+)>", value, self.route)


def pages() -> Iterator[Page]:
    """Yield every page outside the API."""
    yield from walk(get_resolver().url_patterns, "/", "")


def walk(patterns: list[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[Page]:
    for pattern in patterns:
        here = route + plain(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield Page(f"{namespace}{pattern.name or pattern.pattern}", here, pattern.callback)
        elif pattern.namespace != "api":
            below = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from walk(pattern.url_patterns, here, namespace + below)


def plain(pattern: str) -> str:
    """Return a pattern written as a regular expression as one with converters."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<int:\1>", pattern.removeprefix("^").removesuffix("$"))


PAGES = list(pages())
STAFF_PAGES = [page for page in PAGES if page.opens_to not in {PUBLIC, READERS}]
READER_PAGES = [page for page in PAGES if page.opens_to == READERS]
# Pages about one reader or one member of staff, who belong to a library.
PERSONAL = [
    page for page in STAFF_PAGES if re.match(r"/desk/(patrons|users)/<int:pk>/", page.route)
]
RESTRICTED = [page for page in STAFF_PAGES if page.opens_to != ANY_STAFF]


@pytest.fixture
def nobody_special(province: Library) -> User:
    """Staff to whom no role was granted."""
    return UserFactory(username="plain", library=province)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_says_who_may_open_it(page: Page) -> None:
    assert page.opens_to is not None


@pytest.mark.parametrize("page", STAFF_PAGES, ids=lambda page: page.name)
def test_a_stranger_is_sent_to_log_in(client: Client, page: Page) -> None:
    answers = [client.get(page.path), client.post(page.path)]

    opened = [answer for answer in answers if answer.status_code != 405]
    assert opened
    for answer in opened:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("access:login"))


@pytest.mark.parametrize("page", RESTRICTED, ids=lambda page: page.name)
def test_staff_without_the_permission_are_refused(nobody_special: User, page: Page) -> None:
    plain = client_of(nobody_special)

    answers = {plain.get(page.path).status_code, plain.post(page.path).status_code}

    assert answers <= SHUT


@pytest.mark.parametrize("page", STAFF_PAGES, ids=lambda page: page.name)
def test_a_barred_member_of_staff_is_a_stranger(nobody_special: User, page: Page) -> None:
    plain = client_of(nobody_special)
    User.objects.filter(pk=nobody_special.pk).update(is_active=False)

    answers = {plain.get(page.path).status_code, plain.post(page.path).status_code}

    assert answers <= {302, 405}


@pytest.mark.parametrize("page", PERSONAL, ids=lambda page: page.name)
def test_staff_of_another_library_do_not_find_our_people(
    neighbour_client: Client, desk_user: User, patron: Patron, page: Page
) -> None:
    person = patron if page.name.startswith("patrons:") else desk_user
    path = page.path_with({"pk": person.pk})

    answers = {neighbour_client.get(path).status_code, neighbour_client.post(path).status_code}

    assert answers <= SHUT
    assert answers & {403, 404}


@pytest.mark.parametrize("page", READER_PAGES, ids=lambda page: page.name)
def test_a_stranger_is_sent_to_the_readers_log_in(client: Client, page: Page) -> None:
    answers = [client.get(page.path), client.post(page.path)]

    opened = [answer for answer in answers if answer.status_code != 405]
    assert opened
    for answer in opened:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account:login"))


@pytest.mark.parametrize("page", READER_PAGES, ids=lambda page: page.name)
def test_staff_are_strangers_to_readers_pages(administrator_client: Client, page: Page) -> None:
    answers = {
        administrator_client.get(page.path).status_code,
        administrator_client.post(page.path).status_code,
    }

    assert answers <= {302, 405}


@pytest.mark.parametrize("page", STAFF_PAGES, ids=lambda page: page.name)
def test_a_reader_is_a_stranger_to_the_staffs_pages(patron: Patron, page: Page) -> None:
    reader = client_of_reader(patron)

    answers = {reader.get(page.path).status_code, reader.post(page.path).status_code}

    assert answers <= {302, 405}


def operations() -> list[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods]


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_call_of_the_api_asks_for_a_token(client: Client, method: str, path: str) -> None:
    address = path
    while "{" in address:
        before, _, after = address.partition("{")
        address = before + "1" + after.partition("}")[2]
    # So many wrong tokens, from one address, would be told to wait.
    cache.clear()

    bare = client.generic(method.upper(), address)
    wrong = client.generic(method.upper(), address, headers={"Authorization": "Bearer wrong"})

    assert (bare.status_code, wrong.status_code) == (401, 401)
    assert bare.json()["code"] == "token_needed"
