"""DataCite, by its REST interface: a draft first, then findable; hidden when withdrawn."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from tangthu.formats.datacite import Json, Named, metadata
from tangthu.protocols.errors import RegistryRefused
from tangthu.protocols.registering.registrar import asked

MEDIA_TYPE = "application/vnd.api+json"
TAKEN = httpx.codes.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class DataCite:
    """A repository at DataCite: its account, and the prefix under which it gives names."""

    http: httpx.Client
    address: str
    prefix: str
    account: str
    password: str
    code: str = "doi"

    def name_of(self, identifier: str) -> str:
        return f"{self.prefix}/{identifier}"

    def register(self, work: Named) -> None:
        """Make a draft where there is none, then tell all and let it be found.

        A draft may be deleted, a name that was found once never: so what is refused in the draft
        has cost no name.
        """
        doi = self.name_of(work.identifier)
        try:
            self._ask("POST", "/dois", {"doi": doi})
        except RegistryRefused as refused:
            if refused.answered != TAKEN:
                raise
        told = metadata(work, doi=doi)
        self._ask("PUT", f"/dois/{doi}", told | {"url": work.address, "event": "publish"})

    def bury(self, work: Named) -> None:
        doi = self.name_of(work.identifier)
        self._ask("PUT", f"/dois/{doi}", {"url": work.address, "event": "hide"})

    def try_out(self) -> None:
        """Ask for one of the account's names: only it may see drafts."""
        self._ask("GET", "/dois?page[size]=1")

    def _ask(self, method: str, path: str, attributes: Json | None = None) -> None:
        told: dict[str, object] = {
            "headers": {"Accept": MEDIA_TYPE},
            "auth": httpx.BasicAuth(self.account, self.password),
        }
        if attributes is not None:
            told["json"] = {"data": {"type": "dois", "attributes": attributes}}
            told["headers"] = {"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
        asked(self.http, method, f"{self.address.rstrip('/')}{path}", **told)
