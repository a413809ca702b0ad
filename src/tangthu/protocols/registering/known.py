"""The registrars that are set up, and how their names are resolved."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from django.conf import settings

from tangthu.protocols.registering.dois import DataCite
from tangthu.protocols.registering.handles import HandleServer
from tangthu.protocols.registering.registrar import Registrar
from tangthu.repository.models import DigitalObject

HANDLE, DOI = "handle", "doi"
RESOLVERS: Mapping[str, str] = {HANDLE: "https://hdl.handle.net/", DOI: "https://doi.org/"}
LABELS: Mapping[str, str] = {HANDLE: "Handle", DOI: "DOI"}


def names_elsewhere(obj: DigitalObject) -> list[tuple[str, str]]:
    """Return the names that others resolve to the object: their kind, and the whole address."""
    rows = sorted(obj.outside_names.all(), key=lambda row: row.registry)
    return [
        (LABELS[row.registry], f"{RESOLVERS[row.registry]}{row.name}")
        for row in rows
        if row.is_resolvable
    ]


def registrars(http: httpx.Client) -> list[Registrar]:
    """Return the registrars of the settings; none where nothing is set up."""
    found: list[Registrar] = []
    if settings.HANDLE_URL and settings.HANDLE_PREFIX:
        found.append(
            HandleServer(
                http,
                settings.HANDLE_URL,
                settings.HANDLE_PREFIX,
                settings.HANDLE_ADMIN or f"300:0.NA/{settings.HANDLE_PREFIX}",
                settings.HANDLE_PASSWORD,
            )
        )
    if settings.DATACITE_PREFIX and settings.DATACITE_ACCOUNT:
        found.append(
            DataCite(
                http,
                settings.DATACITE_URL,
                settings.DATACITE_PREFIX,
                settings.DATACITE_ACCOUNT,
                settings.DATACITE_PASSWORD,
            )
        )
    return found
