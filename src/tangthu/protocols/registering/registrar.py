"""What a registrar of names is asked to do, and how it is asked."""

from __future__ import annotations

from typing import Protocol

import httpx

from tangthu.formats.datacite import Json, Named
from tangthu.protocols.errors import RegistryDown, RegistryRefused

TIMEOUT = httpx.Timeout(30, connect=10)


class Registrar(Protocol):
    """Someone who keeps names of ours and leads from them to us."""

    @property
    def code(self) -> str:
        """What its names are called among us."""
        ...

    def name_of(self, identifier: str) -> str:
        """Return the name that the object of this identifier has there."""
        ...

    def register(self, work: Named) -> None:
        """Give the name, or tell where it leads now. Raises RegistryDown, RegistryRefused."""
        ...

    def bury(self, work: Named) -> None:
        """Let the name lead to what the thing was. Raises RegistryDown, RegistryRefused."""
        ...

    def try_out(self) -> None:
        """See that the registrar knows us. Raises RegistryDown, RegistryRefused."""
        ...


def client() -> httpx.Client:
    """Return a client that waits no longer than a job may, and follows nobody."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def asked(http: httpx.Client, method: str, address: str, **told: object) -> httpx.Response:
    """Return the answer where it is no refusal. Raises RegistryDown, RegistryRefused."""
    try:
        answer = http.request(method, address, **told)  # type: ignore[arg-type]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RegistryDown from error
    if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise RegistryDown
    if not answer.is_success:
        raise RegistryRefused(answer.status_code)
    return answer


def json_of(answer: httpx.Response) -> Json:
    """Return the answer's JSON object. Raises RegistryRefused where it is none."""
    try:
        found = answer.json()
    except ValueError as error:
        raise RegistryRefused(answer.status_code) from error
    if not isinstance(found, dict):
        raise RegistryRefused(answer.status_code)
    return found
