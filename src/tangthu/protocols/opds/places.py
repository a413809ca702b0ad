"""Addresses within the catalogue of one version of OPDS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from tangthu.protocols.places import Site

ONE, TWO = 1, 2


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The site, seen through one version of OPDS: links lead on within the same version."""

    site: Site
    version: int

    @classmethod
    def of(cls, request: HttpRequest, version: int) -> Catalogue:
        return cls(Site.of(request), version)

    def address(self, name: str, *values: object, **query: object) -> str:
        """Return the address of a page of the catalogue; what is empty does not stand in it."""
        path = reverse(f"sharing:opds{self.version}_{name}", args=values)
        told = {key: value for key, value in query.items() if value}
        return self.site.at(f"{path}?{urlencode(told, doseq=True)}" if told else path)

    def listing(self, asked: Mapping[str, object], **changed: object) -> str:
        """Return the address of a list, with some of what it is asked for changed."""
        return self.address("publications", **{**asked, **changed})

    @property
    def search(self) -> str:
        """Where a client learns how to search, or searches itself."""
        if self.version == ONE:
            return self.site.at(reverse("sharing:opensearch"))
        return self.address("publications")

    @property
    def authentication(self) -> str:
        return self.site.at(reverse("sharing:opds_authentication"))
