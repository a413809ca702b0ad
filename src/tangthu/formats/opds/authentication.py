"""The document by which a client learns how its user logs in: Authentication for OPDS 1.0."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.formats.opds import model
from tangthu.formats.opds.json2 import Json
from tangthu.formats.opds.model import Rel


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Who asks for the login, in which words, and where else its user may turn."""

    identifier: str
    title: str
    description: str
    login: str
    password: str
    logo: str
    register: str
    help: str
    start: str
    shelf: str


def document(about: Service) -> Json:
    """Return the document, with Basic authentication by card number and password."""
    return {
        "id": about.identifier,
        "title": about.title,
        "description": about.description,
        "links": [
            {"rel": "start", "href": about.start, "type": model.OPDS2},
            {"rel": "logo", "href": about.logo, "type": "image/svg+xml"},
            {"rel": "register", "href": about.register, "type": model.HTML},
            {"rel": "help", "href": about.help, "type": model.HTML},
            {"rel": str(Rel.SHELF), "href": about.shelf, "type": model.OPDS2},
        ],
        "authentication": [
            {
                "type": "http://opds-spec.org/auth/basic",
                "labels": {"login": about.login, "password": about.password},
            }
        ],
    }
