"""DOIs and handles: given when something is published, led on when it moves, never taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.protocols.actions.names import register_names
from tangthu.protocols.models import OutsideName
from tangthu.protocols.places import Site
from tangthu.protocols.registering.known import registrars
from tangthu.protocols.registering.registrar import client as registry_client
from tangthu.repository.models import DigitalObject
from tangthu.site import health
from tests.factories import RecordFactory
from tests.protocols.registries import (
    DataCiteRegistry,
    HandleRegistry,
    Registry,
    open_to_us,
)

pytestmark = pytest.mark.django_db
SITE = Site("https://thuvien.example")


@pytest.fixture
def datacite(settings: Settings) -> Iterator[Registry]:
    with open_to_us(DataCiteRegistry("THUVIEN.DAKLAK", "mật khẩu")) as registry:
        settings.DATACITE_URL, settings.DATACITE_PREFIX = registry.address, "10.5072"
        settings.DATACITE_ACCOUNT, settings.DATACITE_PASSWORD = registry.user, registry.password
        yield registry


@pytest.fixture
def handles(settings: Settings) -> Iterator[Registry]:
    with open_to_us(HandleRegistry("300%3A0.NA/20.500.12345", "bí mật")) as registry:
        settings.HANDLE_URL, settings.HANDLE_PREFIX = registry.address, "20.500.12345"
        settings.HANDLE_PASSWORD = registry.password
        yield registry


@pytest.fixture
def scan(book: DigitalObject) -> DigitalObject:
    """A published book whose record says who wrote it."""
    record = RecordFactory(library=book.library, author="Sabatier, L.", year=1959)
    book.links.create(record=record)
    DigitalObject.objects.filter(pk=book.pk).update(published_at=timezone.now())
    return DigitalObject.objects.get(pk=book.pk)


def tell(by: Actor, *, site: Site = SITE, later: timedelta = timedelta()) -> int:
    with registry_client() as http:
        now = timezone.now() + later
        return register_names(registrars(http), site=site, now=now, by=by)


def test_what_is_published_gets_a_doi_that_is_found(
    datacite: Registry, scan: DigitalObject, machine: Actor
) -> None:
    told = tell(machine)

    kept = datacite.kept[f"10.5072/{scan.identifier}"]
    assert (told, kept["state"]) == (1, "findable")
    assert kept["url"] == f"https://thuvien.example/read/{scan.identifier}/"
    assert (kept["publicationYear"], kept["creators"]) == ("1959", [{"name": "Sabatier, L."}])
    assert datacite.heard == ["POST", "PUT"]
    assert AuditEntry.objects.filter(action="name.given").count() == 1


def test_a_handle_leads_to_the_object(
    handles: Registry, scan: DigitalObject, machine: Actor
) -> None:
    tell(machine)

    kept = handles.kept[f"20.500.12345/{scan.identifier}"]
    assert kept["URL"] == f"https://thuvien.example/read/{scan.identifier}/"


def test_what_did_not_change_is_not_told_again(
    datacite: Registry, scan: DigitalObject, machine: Actor
) -> None:
    tell(machine)

    again = tell(machine)

    assert (again, datacite.heard) == (0, ["POST", "PUT"])


def test_names_follow_the_site_to_its_new_address(
    datacite: Registry, handles: Registry, scan: DigitalObject, machine: Actor
) -> None:
    tell(machine)

    told = tell(machine, site=Site("https://thuvien.daklak.example"))

    address = f"https://thuvien.daklak.example/read/{scan.identifier}/"
    assert told == 2
    assert datacite.kept[f"10.5072/{scan.identifier}"]["url"] == address
    assert handles.kept[f"20.500.12345/{scan.identifier}"]["URL"] == address


def test_a_withdrawn_object_keeps_its_names_which_say_what_it_was(
    datacite: Registry, handles: Registry, scan: DigitalObject, machine: Actor, client: Client
) -> None:
    tell(machine)
    DigitalObject.objects.filter(pk=scan.pk).update(state="withdrawn", updated_at=timezone.now())

    told = tell(machine)

    kept = datacite.kept[f"10.5072/{scan.identifier}"]
    grave = f"https://thuvien.example/ark:99999/{scan.identifier}?info"
    assert (told, kept["state"], kept["url"]) == (2, "registered", grave)
    assert handles.kept[f"20.500.12345/{scan.identifier}"]["URL"] == grave
    assert client.get(grave.removeprefix("https://thuvien.example")).status_code == 410


def test_a_registry_that_is_down_is_asked_again_later_and_ever_more_seldom(
    datacite: Registry, scan: DigitalObject, machine: Actor
) -> None:
    datacite.is_down = True

    told = tell(machine)
    too_soon = tell(machine, later=timedelta(minutes=9))
    row = OutsideName.objects.get()
    datacite.is_down = False
    later = tell(machine, later=timedelta(minutes=11))

    assert (told, too_soon, later) == (0, 0, 1)
    assert (row.state, row.failure, row.attempts) == ("waiting", "registry_down", 1)
    assert OutsideName.objects.get().state == "given"


def test_a_wrong_password_gives_no_name_and_the_doctor_says_so(
    datacite: Registry, scan: DigitalObject, machine: Actor, settings: Settings
) -> None:
    settings.DATACITE_PASSWORD = "sai"
    settings.SITE_ADDRESS = "https://thuvien.example"

    tell(machine)

    assert (datacite.kept, OutsideName.objects.get().failure) == ({}, "registry_refused")
    assert health.names().state == health.State.BROKEN


def test_the_doctor_is_content_with_a_registry_that_knows_us(
    datacite: Registry, handles: Registry, settings: Settings
) -> None:
    settings.SITE_ADDRESS = "https://thuvien.example"

    assert health.names().state == health.State.WELL


@pytest.mark.usefixtures("datacite")
def test_drafts_and_what_is_for_staff_get_no_name(scan: DigitalObject, machine: Actor) -> None:
    DigitalObject.objects.filter(pk=scan.pk).update(access="staff")

    told = tell(machine)

    assert (told, OutsideName.objects.exists()) == (0, False)


def test_without_a_registry_nothing_is_asked_or_written(
    scan: DigitalObject, machine: Actor
) -> None:
    assert (tell(machine), OutsideName.objects.exists()) == (0, False)


@pytest.mark.usefixtures("datacite")
def test_the_doi_stands_where_the_page_is_cited_and_in_what_is_harvested(
    scan: DigitalObject, machine: Actor, client: Client
) -> None:
    tell(machine)

    page = client.get(f"/read/{scan.identifier}/").text
    name = f"oai:catalogue.localhost:object-{scan.identifier}"
    harvested = client.get(
        "/oai", {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": name}
    ).text

    address = f"https://doi.org/10.5072/{scan.identifier}"
    assert f'href="{address}"' in page
    assert f"<dc:identifier>{address}</dc:identifier>" in harvested
