"""A Handle.Net server, by its HTTP JSON interface (Handle.Net technical manual, chapter 14)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import httpx

from tangthu.formats.datacite import Json, Named
from tangthu.protocols.errors import RegistryRefused
from tangthu.protocols.registering.registrar import asked, json_of

SUCCESS, NOT_FOUND = 1, 100
OWNER_INDEX, ADMIN_INDEX = 200, 100
MAY_ALL = "011111110011"
TOLD_FOR_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class HandleServer:
    """The server of the settings. `admin` is an index and a handle: `300:0.NA/20.500.12345`."""

    http: httpx.Client
    address: str
    prefix: str
    admin: str
    password: str
    code: str = "handle"

    def name_of(self, identifier: str) -> str:
        return f"{self.prefix}/{identifier}"

    def register(self, work: Named) -> None:
        self._put(work, [_value(1, "URL", work.address), _value(2, "DESC", work.title)])

    def bury(self, work: Named) -> None:
        told = [_value(1, "URL", work.address), _value(2, "DESC", f"Withdrawn: {work.title}")]
        self._put(work, told)

    def try_out(self) -> None:
        """Ask for the handle of our own prefix, which every server of it knows."""
        self._ask("GET", f"0.NA/{self.prefix}")

    def _put(self, work: Named, values: list[Json]) -> None:
        admin = {
            "handle": f"0.NA/{self.prefix}",
            "index": OWNER_INDEX,
            "permissions": MAY_ALL,
        }
        kept = {
            "index": ADMIN_INDEX,
            "type": "HS_ADMIN",
            "data": {"format": "admin", "value": admin},
        }
        self._ask("PUT", f"{self.name_of(work.identifier)}?overwrite=true", [*values, kept])

    def _ask(self, method: str, name: str, values: list[Json] | None = None) -> None:
        address = f"{self.address.rstrip('/')}/api/handles/{name}"
        # A colon parts user and password in Basic, so that of the user is written as %3A.
        known = httpx.BasicAuth(quote(self.admin, safe="/."), self.password)
        told = {"json": {"values": values}} if values is not None else {}
        found = json_of(asked(self.http, method, address, auth=known, **told))
        if found.get("responseCode") != SUCCESS:
            raise RegistryRefused(httpx.codes.OK)


def _value(index: int, kind: str, words: str) -> Json:
    data = {"format": "string", "value": words}
    return {"index": index, "type": kind, "ttl": TOLD_FOR_A_DAY, "data": data}
