"""Where our things stand on the web, as other programs are told: whole addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tangthu.reading import addresses
from tangthu.repository import naming

_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")
_UNNAMED = "catalogue.localhost"


@dataclass(frozen=True, slots=True)
class Site:
    """The site as others reach it. `root` has no slash at its end."""

    root: str

    @classmethod
    def of(cls, request: HttpRequest) -> Site:
        """Return the site: by the address in the settings, else as this visitor reached it."""
        chosen: str = settings.SITE_ADDRESS
        return cls((chosen or request.build_absolute_uri("/")).rstrip("/"))

    @property
    def domain(self) -> str:
        """The name of the host, or a stand-in where the site is reached by a number."""
        host = self.root.partition("://")[2].partition("/")[0].partition(":")[0]
        return host if _DOMAIN.fullmatch(host) else _UNNAMED

    def at(self, path: str) -> str:
        return f"{self.root}{path}"

    def record(self, pk: int) -> str:
        return self.at(reverse("opac:record", args=[pk]))

    def object(self, identifier: str) -> str:
        return self.at(reverse("reading:object", args=[identifier]))

    def manifest(self, identifier: str) -> str:
        return self.at(addresses.manifest(identifier))

    def image(self, page: str, size: str) -> str:
        return self.at(f"{addresses.image(page)}/full/{size}/0/default.jpg")

    def ark_of_object(self, identifier: str) -> str:
        return naming.address_of(naming.of_object(identifier), self.root)

    def ark_of_record(self, pk: int) -> str:
        return naming.address_of(naming.of_record(pk), self.root)
